"""Connections that an application hands over, or that only another driver can make: used as they are, over that driver."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

import memstack_migrate
from borrowing import ASYNCHRONOUS, DRIVERS, SHARING_ENV_PY, SYNCHRONOUS, on_connection
from memstack_migrate import MigrateError, RunReport, errors
from waiting import advisory_locks

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from projects import Project

pytestmark = pytest.mark.oldest

EVERYTHING = """
op.create_table(
    "people",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), server_default="50% of '\\\\\\\\'", comment="it's :name, 100%"),
    sa.Column("mood", sa.Enum("fine", "so so", name="mood")),
)
op.create_index("ix_people_name", "people", [sa.text("lower(name)")], postgresql_where=sa.text("name LIKE 'a%'"))
op.execute("INSERT INTO people VALUES (1, '10%', 'fine'), (2, '%s %(x)s', 'so so')")
op.execute(sa.text("INSERT INTO people VALUES (3, :name, 'fine')").bindparams(name="50% : \\\\\\\\"))
people = sa.table("people", sa.column("id", sa.Integer), sa.column("name", sa.String))
op.bulk_insert(people, [{"id": 4, "name": "a%b"}, {"id": 5, "name": None}])
op.get_bind().execute(people.update().where(people.c.id == 5).values(name="by SQLAlchemy"))
try:
    with op.get_bind().begin_nested():
        op.execute("INSERT INTO people VALUES (1)")
except sa.exc.IntegrityError as error:
    assert "people_pkey" in str(error.orig)
with op.batch_alter_table("people") as batch:
    batch.add_column(sa.Column("age", sa.Integer))
    batch.alter_column("name", nullable=False)
"""


@pytest.fixture
def sharing(project: Project) -> Project:
    """A project whose env.py takes the application's connection, with two revisions."""
    project.env_py.write_text(SHARING_ENV_PY)
    drop = 'op.drop_table("people")\nop.execute("DROP TYPE mood")'
    project.revision("01", None, EVERYTHING, drop)
    project.revision("02", "01", 'op.create_table("second", sa.Column("id", sa.Integer))', 'op.drop_table("second")')
    return project


def upgrade(project: Project, connection: Connection, target: str = "head") -> RunReport:
    return memstack_migrate.upgrade(target, config=project.ini, attributes={"connection": connection})


def upgrade_by_alembic(project: Project, connection: Connection) -> None:
    config = Config(str(project.ini))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_callers_transaction_is_left_to_the_caller(
    sharing: Project, database: Database, make_database: Callable[[], Database], driver: str
) -> None:
    def migrate(connection: Connection) -> RunReport:
        connection.execute(text("CREATE TABLE by_the_application ()"))
        report = upgrade(sharing, connection)
        assert connection.in_transaction()
        assert database.version_rows() is None
        assert advisory_locks(database) == 1
        connection.execute(text("DROP TABLE by_the_application"))
        return report

    report = on_connection(database, driver, migrate, begins=True)
    (run,) = report.databases
    assert (run.is_callers_transaction, run.heads_before, run.heads_after) == (True, (), ("02",))
    assert (run.driver, run.driver_reason) == (driver.removesuffix("_async"), "it was there before env.py ran")
    assert (report.revisions, [step.state for step in run.steps]) == (("01", "02"), ["applied", "applied"])
    assert "create_table" not in run.library_operations
    assert advisory_locks(database) == 0
    oracle = make_database()
    on_connection(oracle, driver, lambda connection: upgrade_by_alembic(sharing, connection), begins=True)
    assert database.dump() == oracle.dump()


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_the_caller_rolls_back_is_not_kept(sharing: Project, database: Database, driver: str) -> None:
    def migrate(connection: Connection) -> None:
        upgrade(sharing, connection)
        connection.rollback()

    on_connection(database, driver, migrate, begins=True)
    assert (database.version_rows(), database.has_table("people"), advisory_locks(database)) == (None, False, 0)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_connection_without_a_transaction_is_committed_by_env_py_and_free_of_locks(
    sharing: Project, database: Database, driver: str
) -> None:
    # Under pg8000 a statement within an autocommit block fails, with Alembic, too.
    block = "if True:" if driver == "pg8000" else "with op.get_context().autocommit_block():"
    concurrently = "" if driver == "pg8000" else "CONCURRENTLY"
    sharing.revision("03", "02", f'{block}\n    op.execute("CREATE INDEX {concurrently} i ON people (name)")')

    def migrate(connection: Connection) -> RunReport:
        report = upgrade(sharing, connection)
        assert not connection.in_transaction()
        assert advisory_locks(database) == 0
        again = upgrade(sharing, connection)
        assert again.nothing_to_do
        assert not connection.in_transaction()
        return report

    report = on_connection(database, driver, migrate, begins=False, pool_size=1, max_overflow=0)
    (run,) = report.databases
    assert (run.is_callers_transaction, run.heads_after, report.revisions) == (False, ("03",), ("01", "02", "03"))
    assert (database.version_rows(), advisory_locks(database)) == (["03"], 0)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_refused_statement_keeps_its_drivers_error_and_is_explained(sharing: Project, database: Database, driver: str) -> None:
    sharing.revision("03", "02", "op.get_bind()\nop.execute(\"INSERT INTO people (id, name) VALUES (1, 'x')\")")

    def migrate(connection: Connection) -> MigrateError:
        with pytest.raises(errors.SqlError) as raised:
            upgrade(sharing, connection)
        return raised.value

    error = on_connection(database, driver, migrate, begins=False)
    assert (error.revision, error.operation, error.line) == ("03", "op.execute", 15)
    assert error.diagnostics is not None
    assert (error.diagnostics["sqlstate"], error.diagnostics["constraint_name"]) == ("23505", "people_pkey")
    assert error.diagnostics["detail"] == "Key (id)=(1) already exists."
    assert error.sql == "INSERT INTO people (id, name) VALUES (1, 'x')"
    assert "this run changed nothing" in error.state
    cause = error.__cause__
    assert isinstance(cause, DBAPIError)
    own = {"psycopg2": "psycopg2", "psycopg": "psycopg", "psycopg_async": "psycopg", "pg8000": "pg8000", "asyncpg": "sqlalchemy"}
    assert type(cause.orig).__module__.split(".")[0] == own[driver]
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)


def test_a_failure_in_a_callers_transaction_is_left_to_roll_back(sharing: Project, database: Database) -> None:
    sharing.revision("03", "02", 'op.execute("SELECT 1/0")')

    def migrate(connection: Connection) -> None:
        connection.begin()
        with pytest.raises(errors.SqlError) as raised:
            upgrade(sharing, connection)
        assert "in the transaction of the caller, to roll back" in raised.value.state
        assert connection.in_transaction()
        connection.rollback()
        assert upgrade(sharing, connection, "02").revisions == ("01", "02")

    on_connection(database, "psycopg2", migrate, begins=False)
    assert (database.version_rows(), advisory_locks(database)) == (["02"], 0)


def test_starters_over_several_drivers_run_each_revision_once(sharing: Project, database: Database) -> None:
    sharing.revision("03", "02", 'op.execute("SELECT pg_sleep(0.3)")\nop.execute("CREATE TABLE once ()")')

    def start(driver: str) -> RunReport:
        report: RunReport = on_connection(database, driver, lambda connection: upgrade(sharing, connection), begins=False)
        return report

    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(start, SYNCHRONOUS * 2))
    assert sorted(len(report.revisions) for report in reports) == [0, 0, 0, 0, 0, 3]
    assert (database.version_rows(), advisory_locks(database)) == (["03"], 0)


@pytest.mark.parametrize("driver", ASYNCHRONOUS)
def test_tasks_of_one_event_loop_wait_for_each_other(sharing: Project, database: Database, driver: str) -> None:
    # A starter that waits must not hold up the loop: the one that has the lock needs it. And runs that left one another in
    # the middle of a call of C++ ended the process.
    sharing.revision("03", "02", 'op.get_bind().execute(sa.text("SELECT pg_sleep(0.2)"))')

    async def start(engine: Any) -> RunReport:
        async with engine.connect() as connection:
            report: RunReport = await connection.run_sync(lambda sync: upgrade(sharing, sync))
            return report

    async def start_all() -> list[RunReport]:
        engine = create_async_engine(database.url_for(driver))
        try:
            return await asyncio.gather(*(start(engine) for _ in range(4)))
        finally:
            await engine.dispose()

    reports = asyncio.run(start_all())
    assert sorted(len(report.revisions) for report in reports) == [0, 0, 0, 3]
    assert (database.version_rows(), advisory_locks(database)) == (["03"], 0)


@pytest.mark.parametrize("driver", DRIVERS)
def test_autocommit_takes_effect_statement_by_statement(sharing: Project, database: Database, driver: str) -> None:
    sharing.revision("01", None, 'op.execute("CREATE TABLE first ()")')
    sharing.revision("03", "02", 'op.execute("CREATE TABLE kept ()")\nop.execute("SELECT 1/0")')

    def migrate(connection: Connection) -> None:
        with pytest.raises(errors.SqlError) as raised:
            upgrade(sharing, connection)
        assert "which is kept" in raised.value.state

    on_connection(database, driver, migrate, begins=False, isolation_level="AUTOCOMMIT")
    assert (database.version_rows(), database.has_table("kept"), advisory_locks(database)) == (["02"], True, 0)


@pytest.mark.parametrize("statement", ['op.execute("COMMIT")', "op.get_bind().commit()"])
def test_a_revision_that_commits_keeps_its_row(sharing: Project, database: Database, statement: str) -> None:
    sharing.revision("03", "02", f'op.execute("CREATE TABLE kept ()")\n{statement}')
    sharing.revision("04", "03", 'op.execute("SELECT 1/0")')

    def migrate(connection: Connection) -> None:
        with pytest.raises(errors.SqlError):
            upgrade(sharing, connection)

    on_connection(database, "psycopg", migrate, begins=False)
    assert (database.version_rows(), database.has_table("kept"), advisory_locks(database)) == (["03"], True, 0)


ENV_PY_WITH_ITS_OWN = """
from alembic import context
from sqlalchemy import create_engine, event, text
{imports}
url = context.config.get_main_option("sqlalchemy.url")
{engine}
with engine.connect() as connection:
    context.configure(connection=connection)
    {migrate}
"""
MIGRATE = """with context.begin_transaction():
        context.run_migrations()"""


def test_an_engine_with_a_creator_runs_over_its_driver_and_says_so_once(project: Project, database: Database) -> None:
    project.chain(2)
    engine = 'engine = create_engine(url, creator=lambda: psycopg.connect(url.replace("+psycopg", "")))'
    project.env_py.write_text(ENV_PY_WITH_ITS_OWN.format(imports="import psycopg", engine=engine, migrate=MIGRATE))
    out = project.memstack("upgrade").ok().out
    told = "over a connection of psycopg: the argument creator= of create_engine() makes the connections itself"
    assert out.count(told) == 1
    assert (database.version_rows(), advisory_locks(database)) == (["0002"], 0)
    assert "nothing to do" in project.memstack("upgrade").ok().out


def test_a_listener_that_connects_by_itself_runs_over_its_driver_and_says_so_once(project: Project, database: Database) -> None:
    project.set(**{"sqlalchemy.url": database.url_for("psycopg2")})
    project.chain(2)
    engine = """engine = create_engine(url)

@event.listens_for(engine, "do_connect")
def connect(dialect, record, arguments, parameters):
    return psycopg2.connect(**parameters)
"""
    project.env_py.write_text(ENV_PY_WITH_ITS_OWN.format(imports="import psycopg2", engine=engine, migrate=MIGRATE))
    out = project.memstack("upgrade").ok().out
    assert out.count("over a connection of psycopg2: a listener for do_connect makes the connections itself") == 1
    assert (database.version_rows(), advisory_locks(database)) == (["0002"], 0)


def test_without_the_driver_the_error_names_the_argument(project: Project) -> None:
    project.chain(1)
    engine = 'engine = create_engine("postgresql+psycopg2cffi://nowhere/x", creator=lambda: None)'
    project.env_py.write_text(ENV_PY_WITH_ITS_OWN.format(imports="", engine=engine, migrate=MIGRATE))
    project.memstack("upgrade").failed(12, "psycopg2cffi", "the argument creator=", "hint: install psycopg2cffi")


REGISTERING = """engine = create_engine(url)

@event.listens_for(engine, "connect")
def register_enums(connection, record):
    {register}
"""


def test_a_listener_that_needs_the_drivers_connection_gets_it_and_that_is_said_once(project: Project, database: Database) -> None:
    # An AttributeError, or a TypeError of psycopg2's "argument 2 must be a connection, cursor or None".
    project.set(**{"sqlalchemy.url": database.url_for("psycopg2")})
    project.chain(2)
    engine = REGISTERING.format(register="psycopg2.extras.register_uuid(conn_or_curs=connection)")
    project.env_py.write_text(ENV_PY_WITH_ITS_OWN.format(imports="import psycopg2.extras", engine=engine, migrate=MIGRATE))
    out = project.memstack("upgrade").ok().out
    assert out.count("over a connection of psycopg2: the listener register_enums (env.py:") == 1
    assert (database.version_rows(), advisory_locks(database)) == (["0002"], 0)


def test_without_the_driver_the_error_names_the_listener(project: Project, database: Database) -> None:
    project.set(**{"sqlalchemy.url": database.url_for("psycopg2cffi")})
    project.chain(1)
    engine = REGISTERING.format(register="connection.add_what_only_psycopg2cffi_has()")
    project.env_py.write_text(ENV_PY_WITH_ITS_OWN.format(imports="", engine=engine, migrate=MIGRATE))
    project.memstack("upgrade").failed(
        12, "the listener register_enums (env.py:", "psycopg2cffi is not installed", "hint: install psycopg2cffi"
    )
    assert database.version_rows() is None


def test_an_autobegun_transaction_that_nobody_commits_is_no_success(project: Project, database: Database) -> None:
    # Alembic answers 0 here, and nothing is kept.
    project.chain(1)
    engine = "engine = create_engine(url, creator=lambda: psycopg.connect(url.replace('+psycopg', '')))"
    env_py = ENV_PY_WITH_ITS_OWN.format(imports="import psycopg", engine=engine, migrate=MIGRATE)
    project.env_py.write_text(
        env_py.replace("    context.configure", '    connection.execute(text("SELECT 1"))\n    context.configure')
    )
    project.memstack("upgrade").failed(16, "env.py ended without a commit", "this run changed nothing")
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)


def test_a_commit_that_did_not_reach_the_server_is_no_success(sharing: Project, database: Database) -> None:
    engine = create_engine(database.url_for("psycopg2"))

    @event.listens_for(engine, "commit")
    def undo(connection: Connection) -> None:
        connection.connection.rollback()

    with engine.connect() as connection, pytest.raises(errors.NotCommittedError, match="another session sees it as it was"):
        upgrade(sharing, connection)
    engine.dispose()
    assert database.version_rows() is None


def test_an_applications_engine_that_env_py_imports_keeps_its_driver(project: Project, database: Database) -> None:
    project.chain(1)
    package = project.root / "the_application_of_this_test.py"
    package.write_text(f"from sqlalchemy import create_engine\nengine = create_engine({database.url_for('psycopg2')!r})\n")
    engine = "from the_application_of_this_test import engine"
    project.env_py.write_text(ENV_PY_WITH_ITS_OWN.format(imports="", engine=engine, migrate=MIGRATE))
    project.set(prepend_sys_path=str(project.root))
    report = memstack_migrate.upgrade(config=project.ini)
    (run,) = report.databases
    assert (run.driver, run.driver_reason) == ("psycopg2", "its engine is made outside the migration project")
    import the_application_of_this_test as application  # type: ignore[import-not-found]

    with application.engine.connect() as connection:
        assert type(connection.connection.dbapi_connection).__module__.startswith("psycopg2")
    application.engine.dispose()


def test_a_pool_of_one_fixed_connection_is_not_closed(sharing: Project, database: Database) -> None:
    engine = create_engine(database.url_for("psycopg"), poolclass=StaticPool)
    with engine.begin() as connection:
        upgrade(sharing, connection)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "02"
    engine.dispose()


def test_migrations_in_two_tasks_of_env_pys_own_loop_are_refused(project: Project, database: Database) -> None:
    # They ended the process; under Alembic they mix up their operations.
    project.set(**{"sqlalchemy.url": database.url_for("asyncpg")})
    project.chain(2)
    project.env_py.write_text("""
import asyncio
import asyncpg
from alembic import context
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def migrate_tenant(engine):
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        await connection.rollback()
        await connection.run_sync(migrate)

async def main():
    url = context.config.get_main_option("sqlalchemy.url")
    engine = create_async_engine(url, async_creator=lambda: asyncpg.connect(url.replace("+asyncpg", "")))
    await asyncio.gather(migrate_tenant(engine), migrate_tenant(engine))

asyncio.run(main())
""")
    project.memstack("upgrade").failed(17, "several tasks of one event loop", "hint: await one")
