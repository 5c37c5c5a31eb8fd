"""What env.py hooks in below ``op.*`` is heard where the engine works on its own, too: at the version table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from alembic.ddl.impl import DefaultImpl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from databases import Database
    from projects import Project

pytestmark = [pytest.mark.compat, pytest.mark.usefixtures("forked")]

_IMPL = """
from alembic.ddl.postgresql import PostgresqlImpl
class WiderImpl(PostgresqlImpl):
    __dialect__ = "postgresql"
    def version_table_impl(self, **options):
        table = super().version_table_impl(**options)
        table.append_column(sa.Column("written_at", sa.Text, server_default={default}))
        return table
"""

_HOOKS = {
    "listener": """
sa.event.listen(sa.Table, "after_create", sa.DDL("COMMENT ON TABLE %(fullname)s IS '%(table)s: 100%%'"))
""",
    "compiles": """
from sqlalchemy.ext.compiler import compiles
@compiles(sa.schema.CreateTable, "postgresql")
def create_table(element, compiler, **kw):
    return compiler.visit_create_table(element, **kw).rstrip() + " WITH (fillfactor = 70)"
""",
}


def _hook_in(project: Project, code: str) -> None:
    text = project.env_py.read_text()
    project.env_py.write_text(
        text.replace("config = context.config\n", f"import sqlalchemy as sa\n{code}\nconfig = context.config\n")
    )


def _dumps(project: Project, make_database: Callable[[], Database], *commands: tuple[str, ...]) -> tuple[list[str], list[str]]:
    theirs, ours = make_database(), make_database()
    dumps: tuple[list[str], list[str]] = ([], [])
    for command in commands:
        project.set(**{"sqlalchemy.url": theirs.url_for("psycopg").replace("%", "%%")}).alembic(*command).ok()
        dumps[0].append(theirs.dump())
        project.set(**{"sqlalchemy.url": ours.url_for("psycopg").replace("%", "%%")}).memstack(*command).ok()
        dumps[1].append(ours.dump())
    return dumps


@pytest.mark.parametrize("hook", _HOOKS)
def test_what_listens_to_tables_did_not_hear_of_the_version_table(
    hook: str, project: Project, make_database: Callable[[], Database]
) -> None:
    project.chain(1)
    _hook_in(project, _HOOKS[hook])
    theirs, ours = _dumps(project, make_database, ("upgrade", "head"))
    assert ours == theirs
    assert project.memstack("upgrade", "head", "--sql").ok().out == project.alembic_script("upgrade", "head")


needs_the_hook = pytest.mark.skipif(not hasattr(DefaultImpl, "version_table_impl"), reason="Alembic has it since 1.14")


@needs_the_hook
def test_the_impls_own_version_table_was_not_made(project: Project, make_database: Callable[[], Database]) -> None:
    project.chain(2)
    _hook_in(project, _IMPL.format(default="'100%'"))
    steps = [("stamp", "0001"), ("stamp", "--purge", "0001"), ("stamp", "base"), ("upgrade", "head"), ("downgrade", "base")]
    theirs, ours = _dumps(project, make_database, *steps)
    assert "written_at" in theirs[0]
    assert ours == theirs
    script = project.memstack("upgrade", "head", "--sql").ok().out
    assert "written_at" in script
    assert script == project.alembic_script("upgrade", "head")


_WIDER = {
    "in its place": """
def widen(context):
    table = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(99), primary_key=True))
    context._version = table
""",
    "its column": """
def widen(context):
    context._version.c.version_num.type = sa.String(99)
""",
}


@pytest.mark.parametrize("how", _WIDER)
def test_a_version_table_that_env_py_widened_was_not_made(
    how: str, project: Project, make_database: Callable[[], Database]
) -> None:
    project.revision("0001" + "x" * 90, None)
    _hook_in(project, _WIDER[how])
    begin = "with context.begin_transaction():"
    widened = "with widen(context.get_context()) or context.begin_transaction():"
    project.env_py.write_text(project.env_py.read_text().replace(begin, widened))
    theirs, ours = _dumps(project, make_database, ("upgrade", "head"), ("downgrade", "base"))
    assert "character varying(99)" in theirs[0]
    assert ours == theirs


@needs_the_hook
def test_an_impls_version_table_that_the_server_refuses_is_an_error_of_the_servers(project: Project, database: Database) -> None:
    project.chain(1)
    _hook_in(project, _IMPL.format(default='sa.text("no_such_function()")'))
    project.memstack("upgrade", "head").failed(11, "no_such_function")
    assert not database.has_table("t0001")


_HEAR = """
import os
from sqlalchemy import Engine, event

@event.listens_for(Engine, "before_cursor_execute", retval=True)
def hear(connection, cursor, statement, parameters, context, executemany):
    if "heard" in statement:
        with open(os.environ["HEARD"], "a") as file:
            print(repr((statement.strip(), dict(parameters), executemany)), file=file)
    return statement.replace("'as written'", "'as rewritten'"), parameters
"""


def test_a_listener_of_a_monitoring_library_made_every_operation_the_librarys(
    project: Project, database: Database, make_database: Callable[[], Database], tmp_path: Path
) -> None:
    """It hears the same statements as under Alembic, and the engine has written them."""
    project.revision(
        "01",
        None,
        """
        op.create_table("heard", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, comment="100%"))
        op.create_index("ix_heard", "heard", ["name"], postgresql_where=sa.text("name LIKE 'a%'"))
        op.execute("INSERT INTO heard VALUES (1, 'as written')")
        op.bulk_insert(sa.table("heard", sa.column("id")), [{"id": 2}])
        try:
            with op.get_bind().begin_nested():
                op.execute("INSERT INTO heard VALUES (1, '%s')")
        except sa.exc.IntegrityError:
            op.execute("INSERT INTO heard VALUES (3, 'caught')")
        """,
    )
    _hook_in(project, _HEAR)
    run = json.loads(project.memstack("upgrade", "--json", env={"HEARD": str(tmp_path / "ours")}).ok().out)["databases"][0]
    assert run["native_operations"] == {"create_index": 1, "create_table": 1, "execute": 3}
    reason = "bulk_insert: a listener for before_cursor_execute (env_py.hear), which gets values apart from statements"
    assert run["library_reasons"] == {reason: 1}
    oracle = make_database()
    project.set(**{"sqlalchemy.url": oracle.url_for("psycopg")})
    project.alembic("upgrade", "head", env={"HEARD": str(tmp_path / "alembics")}).ok()
    assert (tmp_path / "ours").read_text() == (tmp_path / "alembics").read_text()
    assert "as rewritten" in database.dump()
    assert database.dump() == oracle.dump()


_BECOME = """
@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def become(connection, cursor, statement, parameters, context, executemany):
    cursor.connection.cursor().execute("SET ROLE hooks_owner")
"""


def test_the_version_table_was_not_made_by_the_role_that_a_listener_sets(
    project: Project, database: Database, make_database: Callable[[], Database]
) -> None:
    """The login may be anybody: "permission denied for table alembic_version"."""
    database.execute("CREATE ROLE hooks_owner")
    try:
        project.chain(1)
        oracle = make_database()
        for one in (database, oracle):
            one.execute("GRANT CREATE ON SCHEMA public TO hooks_owner")
        _hook_in(project, _BECOME)
        project.memstack("upgrade", "head").ok()
        project.set(**{"sqlalchemy.url": oracle.url_for("psycopg")}).alembic("upgrade", "head").ok()
        owners = "SELECT relname, relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
        assert database.rows(owners) == oracle.rows(owners)
        assert {owner for _, owner in database.rows(owners)} == {"hooks_owner"}
    finally:
        for one in (database, oracle):
            one.execute("DROP OWNED BY hooks_owner")
        database.execute("DROP ROLE hooks_owner")


_COMPLAIN = """
@sa.event.listens_for(sa.Engine, "handle_error")
def complain(context):
    print("heard:", type(context.original_exception).__name__, context.statement)
"""


def test_listeners_for_errors_did_not_hear_of_the_engines_statements(project: Project) -> None:
    project.revision("01", None, 'op.execute("SELECT 1/0")')
    _hook_in(project, _COMPLAIN)
    outcome = project.memstack("upgrade").failed(11, "division by zero", "revision: 01")
    assert "heard: DivisionByZero SELECT 1/0" in outcome.out
