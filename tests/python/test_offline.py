"""``--sql``: what goes where, what is refused, and that nothing is left that looks like a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from alembic.ddl.impl import DefaultImpl

from bench import EXIT_CODES, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from projects import Outcome, Project

pytestmark = [pytest.mark.oldest, pytest.mark.usefixtures("forked")]

_PER_REVISION = ("literal_binds=True,", "literal_binds=True, transaction_per_migration=True,")


@pytest.fixture
def shop(project: Project) -> Project:
    """A project with two revisions, in Alembic's own template."""
    project.revision("aa01", None, 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))', 'op.drop_table("t")')
    project.revision("aa02", "aa01", 'op.add_column("t", sa.Column("name", sa.Text))', 'op.drop_column("t", "name")')
    return project


def _edit_env(project: Project, old: str, new: str) -> None:
    text = project.env_py.read_text()
    assert old in text
    project.env_py.write_text(text.replace(old, new, 1))


def _same(project: Project, *command: str) -> str:
    """Run both programs and return the script, which has to be the same."""
    theirs = project.alembic_script(*command)
    ours = project.memstack(*command, "--sql").ok().out
    assert ours == theirs
    return ours


def _refused(project: Project, *command: str, code: str = "usage") -> Outcome:
    outcome = project.memstack(*command, "--sql").failed(EXIT_CODES[code])
    assert outcome.out == ""
    return outcome


@pytest.mark.parametrize(
    "command",
    [
        ("upgrade", "head"),
        ("upgrade", "aa01:head"),
        ("upgrade", "base:aa01"),
        ("upgrade", "aa01:+1"),
        ("upgrade", "aa:aa02"),
        ("downgrade", "head:base"),
        ("downgrade", "aa02:-1"),
        ("downgrade", "head:aa01"),
        ("stamp", "head"),
        ("stamp", "aa01:head"),
        ("stamp", "head:base"),
    ],
    ids=" ".join,
)
def test_ranges(shop: Project, command: tuple[str, str]) -> None:
    if command == ("upgrade", "aa:aa02"):
        theirs = shop.alembic(*command, "--sql")
        assert theirs.code != 0
        assert "of 2 names" in _refused(shop, *command, code="target").err
        return
    script = _same(shop, *command)
    assert script.startswith("BEGIN;")
    assert script.endswith("COMMIT;\n\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        _PER_REVISION,
        ("literal_binds=True,", "literal_binds=True, transactional_ddl=False,"),
        ("literal_binds=True,", 'literal_binds=True, version_table="Versions", version_table_schema="App",'),
        ("literal_binds=True,", "literal_binds=True, version_table_pk=False,"),
        ("literal_binds=True,", 'literal_binds=True, starting_rev="aa01",'),
        ("literal_binds=True,", 'literal_binds=True, tag="x", template_args={},'),
    ],
    ids=lambda value: value if len(value) > len("literal_binds=True,") else "",
)
def test_arguments_of_configure(shop: Project, old: str, new: str) -> None:
    _edit_env(shop, old, new)
    _same(shop, "upgrade", "head")
    if "starting_rev" not in new:
        _same(shop, "downgrade", "aa02:base")


def test_an_autocommit_block_ends_the_transaction_of_the_script(shop: Project) -> None:
    body = """
    op.create_table("u", sa.Column("id", sa.Integer))
    with op.get_context().autocommit_block():
        op.create_index("ix", "t", ["name"], postgresql_concurrently=True)
    op.drop_table("u")
    """
    shop.revision("aa03", "aa02", body)
    assert _same(shop, "upgrade", "aa02:head").count("COMMIT;") == 2


def test_what_is_written_by_hand_stands_in_its_place(shop: Project) -> None:
    body = """
    from alembic import context
    context.static_output("-- by hand")
    op.execute("\\tSELECT 1 WHERE 'a' LIKE '%x%' ;  ")
    op.get_bind().execute(sa.text("UPDATE t SET name = :name").bindparams(name="it's"))
    t = sa.table("t", sa.column("name", sa.Text))
    op.execute(t.update().where(t.c.name == "a").values(name="b"))
    op.bulk_insert(t, [{"name": "one"}, {"name": "two"}])
    """
    shop.revision("aa03", "aa02", body)
    script = _same(shop, "upgrade", "aa02:head")
    assert "-- by hand\n" in script


def test_what_is_printed_stands_in_its_place(shop: Project) -> None:
    shop.revision(
        "aa03", "aa02", 'import sys\nprint("-- a")\nop.execute("SELECT 3")\nsys.stdout.buffer.write("-- ü\\n".encode())'
    )
    _edit_env(shop, "config = context.config", 'config = context.config\nconfig.print_stdout("-- first %s", "é")')
    assert _same(shop, "upgrade", "aa02:head").index("-- a\n") > 0
    for old, new in (("url=url,", "output_buffer=sys.stdout, url=url,"), ("from alembic", "import sys\nfrom alembic")):
        _edit_env(shop, old, new)
    assert "SELECT 3" in _same(shop, "upgrade", "aa02:head")
    shop.revision("aa04", "aa03", 'print("SELECT 4;")\nraise ValueError("after a print")')
    _refused(shop, "upgrade", "head", code="revision_failed")


def test_version_callbacks_are_called(shop: Project) -> None:
    callback = "on_version_apply=lambda ctx, step, heads, run_args, **kw: ctx.impl.static_output(f'-- {step} {sorted(heads)}')"
    _edit_env(shop, "literal_binds=True,", f"literal_binds=True, {callback.replace('{step}', '{step.up_revision_id}')},")
    assert "-- aa02 ['aa02']" in _same(shop, "upgrade", "head")


def test_percent_signs_are_doubled_as_alembic_doubles_them_and_that_is_said(shop: Project) -> None:
    shop.revision("aa03", "aa02", 'op.execute("UPDATE t SET name = \'100%\'"); op.create_table_comment("t", "50%")')
    _edit_env(shop, 'dialect_opts={"paramstyle": "named"},', "")
    ours = shop.memstack("upgrade", "aa02:head", "--sql").ok()
    assert ours.out == shop.alembic("upgrade", "aa02:head", "--sql").ok().out
    assert "'100%%'" in ours.out
    assert "percent signs are doubled" in ours.err


def test_a_revision_that_needs_a_connection_is_refused_before_any_output(shop: Project) -> None:
    for number, body in enumerate(
        ('op.get_bind().execute(sa.text("SELECT 1")).scalar()', 'sa.inspect(op.get_bind()).has_table("t")'), start=3
    ):
        file = shop.revision(f"aa0{number}", f"aa0{number - 1}", body)
        for edit in (False, True):
            if edit and number == 3:
                _edit_env(shop, *_PER_REVISION)
            refused = _refused(shop, "upgrade", "head", code="revision_failed")
            where = shop.versions / "aa03_.py"
            assert f"{where}, line {line_of(where, 'op.get_bind()')}" in refused.err
            assert "revision: aa03" in refused.err
            assert "no script was written" in refused.err
            assert "is_offline_mode" in refused.err
        assert file.exists()
    _same(shop, "upgrade", "aa01:aa02")
    inspecting = _refused(shop, "upgrade", "aa03:head", code="revision_failed")
    assert "revision: aa04" in inspecting.err


def test_a_file_of_env_pys_own_says_that_it_is_not_complete(shop: Project) -> None:
    _edit_env(shop, "url=url,", 'output_buffer=open("out.sql", "w"), url=url,')
    _same(shop, "upgrade", "head")
    complete = (shop.root / "out.sql").read_text()
    assert complete.endswith("COMMIT;\n\n")
    shop.revision("aa03", "aa02", 'op.get_bind().execute(sa.text("SELECT 1")).scalar()')
    _refused(shop, "upgrade", "head", code="revision_failed")
    assert (shop.root / "out.sql").read_text().endswith("-- This script is not complete: what follows here failed.\n\n")


def test_an_env_py_that_keeps_a_failure_to_itself_gets_no_script(shop: Project) -> None:
    shop.revision("aa03", "aa02", 'op.get_bind().execute(sa.text("SELECT 1")).scalar()')
    _edit_env(
        shop,
        "    with context.begin_transaction():\n        context.run_migrations()",
        "    try:\n        context.run_migrations()\n    except AttributeError:\n        pass",
    )
    assert "revision: aa03" in _refused(shop, "upgrade", "head", code="revision_failed").err


def test_what_cannot_be_combined(shop: Project) -> None:
    assert "<from>:<to>" in _refused(shop, "downgrade", "base").err
    assert "one starting revision" in _refused(shop, "stamp", "aa01:aa02", "base:aa02").err
    assert "--purge" in _refused(shop, "stamp", "--purge", "head").err
    refused = shop.memstack("upgrade", "head", "--sql", "--json").failed(EXIT_CODES["usage"])
    assert json.loads(refused.err.splitlines()[-1])["error"]["code"] == "usage"
    _refused(shop, "upgrade", "nowhere", code="target")
    _refused(shop, "upgrade", "nowhere:head", code="target")
    shop.memstack("upgrade", "aa01:head").failed(EXIT_CODES["target"], "is a range")


def test_no_database_is_touched(shop: Project, database: Database) -> None:
    before = database.dump()
    shop.memstack("upgrade", "head", "--sql").ok()
    shop.set(**{"sqlalchemy.url": "postgresql://nobody@127.0.0.1:1/nowhere"})
    shop.memstack("upgrade", "head", "--sql").ok()
    assert database.dump() == before


def test_a_range_for_another_dbms_is_refused(shop: Project) -> None:
    shop.set(**{"sqlalchemy.url": "sqlite://"})
    assert "PostgreSQL only" in _refused(shop, "upgrade", "head", code="database_url").err


_OWN_SHAPE = """
from alembic.ddl.postgresql import PostgresqlImpl


class OwnImpl(PostgresqlImpl):
    __dialect__ = "postgresql"

    def version_table_impl(self, **names):
        table = super().version_table_impl(**names)
        table.append_column(sa.Column("at", sa.DateTime, server_default=sa.text("now()"), comment="100%"))
        return table

"""


@pytest.mark.skipif(not hasattr(DefaultImpl, "version_table_impl"), reason="since Alembic 1.14")
def test_a_version_table_that_the_users_impl_shapes(shop: Project, make_database: Callable[[], Database]) -> None:
    text = shop.env_py.read_text()
    shop.env_py.write_text(
        text.replace("from alembic import context\n", f"from alembic import context\nimport sqlalchemy as sa\n{_OWN_SHAPE}", 1)
    )
    assert "at TIMESTAMP" in _same(shop, "upgrade", "head")
    dumps = []
    for run in (shop.alembic, shop.memstack):
        database = make_database()
        shop.set(**{"sqlalchemy.url": database.url_for("psycopg").replace("%", "%%")})
        run("upgrade", "head").ok()
        dumps.append(database.schema_dump())
    assert dumps[0] == dumps[1]
