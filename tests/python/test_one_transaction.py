"""A revision's Python code and its operations share one session and one transaction, and the version table tells what was kept.

Each case runs under Alembic, too, on a database of its own. Where ours keeps other rows on purpose, the case says which and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import alembic.command
import pytest
from alembic.config import Config

import memstack_migrate
from waiting import advisory_locks

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Engine

    from databases import Database
    from projects import Project

pytestmark = pytest.mark.usefixtures("forked")

IMPORTS = "from sqlalchemy.orm import DeclarativeBase, Session"

#: What the first revision does between making the tables `before` and `after`.
BODIES = {
    "nothing": "pass",
    "commit of the bind": "op.get_bind().commit()",
    "rollback of the bind": "op.get_bind().rollback()",
    "execute COMMIT": 'op.execute("COMMIT")',
    "ORM session": """
class Base(DeclarativeBase):
    pass
class Row(Base):
    __tablename__ = "before"
    id = sa.Column(sa.Integer, primary_key=True)
with Session(bind=op.get_bind()) as session:
    session.add(Row(id=1))
    session.flush()
    assert op.get_bind().scalar(sa.text("SELECT count(*) FROM before")) == 1
    session.commit()
""",
    "savepoint": """
with op.get_bind().begin_nested():
    op.execute("INSERT INTO before VALUES (1)")
try:
    with op.get_bind().begin_nested():
        op.execute("INSERT INTO before VALUES (1)")
except sa.exc.IntegrityError:
    op.execute("INSERT INTO before VALUES (2)")
""",
    "autocommit block": """
with op.get_context().autocommit_block():
    op.execute("CREATE TABLE in_block (id int)")
""",
}
FIRST = """
op.create_table("before", sa.Column("id", sa.Integer, primary_key=True))
{body}
op.create_table("after", sa.Column("id", sa.Integer))
"""

ENVIRONMENTS = {
    "whole run": """
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""",
    "transaction per revision": """
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
""",
    "engine.begin()": """
with engine.begin() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""",
    "begin() before configure()": """
with engine.connect() as connection:
    transaction = connection.begin()
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
    transaction.commit()
""",
    "statement before configure()": """
with engine.connect() as connection:
    connection.exec_driver_sql("SET lock_timeout = '5s'")
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
""",
    "AUTOCOMMIT engine": """
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""",
}
HEAD = """
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
"""

#: Where the run fails.
FAILURES = ("nowhere", "in the same revision", "in the next revision")


@dataclass(frozen=True)
class Kept:
    """What a run left in its database."""

    ok: bool
    versions: tuple[str, ...]
    tables: dict[str, int]  # and how many rows each has

    @property
    def tells_the_truth(self) -> bool:
        """Whether the version table names the revisions whose last table is there."""
        return self.versions == ("0002",) * ("second" in self.tables) or self.versions == ("0001",) * ("after" in self.tables)


def write_project(project: Project, environment: str, body: str, failure: str) -> None:
    project.env_py.write_text(HEAD + ENVIRONMENTS[environment])
    first = FIRST.format(body=BODIES[body]) + ("\nraise RuntimeError('on purpose')" if failure == FAILURES[1] else "")
    second = "op.create_table('second', sa.Column('id', sa.Integer))"
    second += "\nraise RuntimeError('on purpose')" if failure == FAILURES[2] else ""
    project.revision("0001", None, first, imports=IMPORTS)
    project.revision("0002", "0001", second)


def look_at(database: Database, ok: bool) -> Kept:  # noqa: FBT001  the test's own
    names = [row[0] for row in database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
    tables = {name: database.rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in names if name != "alembic_version"}
    return Kept(ok, tuple(database.version_rows() or ()), tables)


def run_alembic(project: Project, database: Database) -> Kept:
    config = Config(str(project.ini))
    config.set_main_option("sqlalchemy.url", database.url_for("psycopg"))
    try:
        alembic.command.upgrade(config, "head")
    except Exception:  # noqa: BLE001  whatever it is, its traces are compared
        return look_at(database, ok=False)
    return look_at(database, ok=True)


def run_ours(project: Project, database: Database) -> Kept:
    state = None
    try:
        memstack_migrate.upgrade(config=project.ini, main_options={"sqlalchemy.url": database.url_for("psycopg")})
    except memstack_migrate.MigrateError as error:
        state = error.state
    kept = look_at(database, ok=state is None)
    # The error says where the database stands.
    assert state is None or f"stands at {', '.join(kept.versions) or '<base>'}" in state
    return kept


#: Where ours keeps other rows than Alembic, on purpose. Alembic's begin_transaction() commits nothing once a revision has ended
#: the transaction that it began: what comes after is rolled back when env.py closes the connection, and the command still
#: succeeds (the first line). Ours commits the version row of a revision that committed on its own together with the rest of that
#: revision; where env.py began the transaction, too, which is no longer that one.
OURS = {
    ("whole run", "commit of the bind", "nowhere"): Kept(True, ("0002",), {"after": 0, "before": 0, "second": 0}),
    ("whole run", "commit of the bind", "in the next revision"): Kept(False, ("0001",), {"after": 0, "before": 0}),
    ("whole run", "execute COMMIT", "in the next revision"): Kept(False, ("0001",), {"after": 0, "before": 0}),
    ("whole run", "autocommit block", "in the next revision"): Kept(False, ("0001",), {"after": 0, "before": 0, "in_block": 0}),
    ("transaction per revision", "commit of the bind", "in the next revision"): Kept(False, ("0001",), {"after": 0, "before": 0}),
    ("engine.begin()", "execute COMMIT", "in the next revision"): Kept(False, ("0001",), {"after": 0, "before": 0}),
    ("begin() before configure()", "commit of the bind", "nowhere"): Kept(False, ("0001",), {"after": 0, "before": 0}),
    ("begin() before configure()", "commit of the bind", "in the next revision"): Kept(
        False, ("0001",), {"after": 0, "before": 0}
    ),
    ("begin() before configure()", "execute COMMIT", "in the next revision"): Kept(False, ("0001",), {"after": 0, "before": 0}),
    ("statement before configure()", "commit of the bind", "in the next revision"): Kept(
        False, ("0001",), {"after": 0, "before": 0}
    ),
    ("statement before configure()", "execute COMMIT", "in the next revision"): Kept(False, ("0001",), {"after": 0, "before": 0}),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_kept(
    project: Project, database: Database, make_database: Callable[[], Database], environment: str, body: str
) -> None:
    ours = make_database()
    for failure in FAILURES:
        write_project(project, environment, body, failure)
        expected = run_alembic(project, database)
        kept = run_ours(project, ours)
        case = (environment, body, failure)
        if case in OURS:
            assert expected != OURS[case], f"{failure}: Alembic does this as well now"
            expected = OURS[case]
        assert kept == expected, failure
        assert kept.tells_the_truth, failure
        assert advisory_locks(ours) == 0
        for used in (database, ours):
            used.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


@pytest.mark.parametrize("program", ["alembic", "memstack"])
def test_what_followed_a_rollback_is_kept_where_each_revision_has_its_transaction(
    project: Project, database: Database, program: str
) -> None:
    """As after a commit. Alembic succeeds, drops the last such revision, and fails at the next."""
    project.env_py.write_text(HEAD + ENVIRONMENTS["transaction per revision"])
    project.revision("0001", None, "op.create_table('first', sa.Column('id', sa.Integer))")
    rolls_back = "op.create_table('{0}_before', sa.Column('id', sa.Integer))\nwith Session(bind=op.get_bind()) as session:\n"
    rolls_back += (
        "    session.execute(sa.text('SELECT 1'))\n    session.rollback()\nop.create_table('{0}', sa.Column('id', sa.Integer))"
    )
    project.revision("0002", "0001", rolls_back.format("second"), imports=IMPORTS)
    project.revision("0003", "0002", rolls_back.format("third"), imports=IMPORTS)
    last = getattr(project, program)("upgrade", "0002")
    kept = look_at(database, last.code == 0)
    both = getattr(project, program)("upgrade", "0003")
    if program == "alembic":
        assert kept == Kept(True, ("0001",), {"first": 0})
        assert both.code != 0, "the next one rolls back the row of the one before"
        return
    assert kept == Kept(True, ("0002",), {"first": 0, "second": 0})
    assert look_at(database, both.code == 0) == Kept(True, ("0003",), {"first": 0, "second": 0, "third": 0})


POOLED = """
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.QueuePool)
context.config.attributes["engines"].append(engine)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration={per_migration})
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("per_migration", [False, True])
@pytest.mark.parametrize("body", ["nothing", "autocommit block"])
def test_a_pool_gets_its_connection_back_as_it_gave_it(
    project: Project, database: Database, body: str, failure: str, *, per_migration: bool
) -> None:
    write_project(project, "whole run", body, failure)
    project.env_py.write_text(POOLED.format(per_migration=per_migration))
    engines: list[Engine] = []
    try:
        memstack_migrate.upgrade(config=project.ini, attributes={"engines": engines})
    except memstack_migrate.MigrateError:
        assert failure != "nowhere"
    query = "SELECT state, application_name FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    assert database.rows(query, database.name) == [("idle", "")]
    assert advisory_locks(database) == 0
    assert engines[0].pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool
    engines[0].dispose()


ISOLATED = """
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool, isolation_level="SERIALIZABLE")
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def test_the_isolation_level_is_back_after_an_autocommit_block(
    project: Project, database: Database, make_database: Callable[[], Database]
) -> None:
    project.env_py.write_text(ISOLATED)
    note = "op.execute(\"INSERT INTO levels SELECT current_setting('transaction_isolation')\")"
    body = f"{note}\nwith op.get_context().autocommit_block():\n    {note}\n{note}"
    project.revision("0001", None, body)
    project.revision("0002", "0001", note)
    ours = make_database()
    for used in (database, ours):
        used.execute("CREATE TABLE levels (level text)")
    assert run_alembic(project, database).ok
    assert run_ours(project, ours).ok
    levels = ours.rows("SELECT level FROM levels")
    assert levels == database.rows("SELECT level FROM levels")
    assert levels == [("serializable",), ("read committed",), ("serializable",), ("serializable",)]


def test_a_second_begin_is_refused_as_under_alembic(project: Project, database: Database) -> None:
    write_project(project, "whole run", "nothing", "nowhere")
    project.revision("0001", None, "with op.get_bind().begin():\n    pass")
    assert not run_alembic(project, database).ok
    with pytest.raises(memstack_migrate.MigrateError, match="already") as caught:
        memstack_migrate.upgrade(config=project.ini)
    assert caught.value.revision == "0001"
    assert database.version_rows() is None
