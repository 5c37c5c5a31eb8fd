"""Connections of other drivers that fail, get lost or are taken away in the middle: what is said, and what stays behind."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

import memstack_migrate
from borrowing import ASYNCHRONOUS, DRIVERS, SHARING_ENV_PY, on_connection
from memstack_migrate import MigrateError, RunReport, errors
from projects import Project
from waiting import Pause, advisory_locks, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from databases import Database

pytestmark = pytest.mark.oldest

KILL = 'op.execute("SELECT pg_terminate_backend(pg_backend_pid())")'


@pytest.fixture
def sharing(project: Project) -> Project:
    """A project whose env.py takes the application's connection, with one revision."""
    project.env_py.write_text(SHARING_ENV_PY)
    project.revision("01", None, 'op.create_table("first", sa.Column("id", sa.Integer))')
    return project


def upgrade(project: Project, connection: Connection) -> RunReport:
    return memstack_migrate.upgrade(config=project.ini, attributes={"connection": connection})


def failing(project: Project, connection: Connection) -> MigrateError:
    with pytest.raises(MigrateError) as raised:
        upgrade(project, connection)
    return raised.value


@pytest.mark.parametrize("begins", [False, True])
@pytest.mark.parametrize("driver", DRIVERS)
def test_a_connection_lost_in_a_revision_was_taken_for_a_commit(
    sharing: Project, database: Database, driver: str, *, begins: bool
) -> None:
    # "stands at 01", where nothing was kept, and a PendingRollbackError in the place of the server's words.
    sharing.revision("02", "01", KILL)

    def migrate(connection: Connection) -> MigrateError:
        error = failing(sharing, connection)
        connection.rollback()
        return error

    error = on_connection(database, driver, migrate, begins=begins)
    assert (error.code, error.revision, error.operation) == ("connection", "02", "op.execute")
    assert "the connection was lost: " in error.message
    assert "stands at <base>, as before: this run changed nothing" in error.state
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)


DIES_AT_COMMIT = '''
op.execute("""CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$""")
op.execute("CREATE TABLE t (i int)")
op.execute("CREATE CONSTRAINT TRIGGER d AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()")
op.execute("INSERT INTO t VALUES (1)")
'''


@pytest.mark.parametrize("per_revision", [False, True])
@pytest.mark.parametrize("driver", DRIVERS)
def test_a_connection_lost_during_commit_was_an_error_of_env_py(
    sharing: Project, database: Database, driver: str, *, per_revision: bool
) -> None:
    sharing.env_py.write_text(
        SHARING_ENV_PY.replace("connection=connection)", f"connection=connection, transaction_per_migration={per_revision})")
    )
    sharing.revision("02", "01", DIES_AT_COMMIT)
    error = on_connection(database, driver, lambda connection: failing(sharing, connection), begins=False)
    assert error.code == "commit_in_doubt"
    assert "the connection was lost during COMMIT" in error.message
    assert "it is not known where" in error.state
    assert (database.version_rows(), advisory_locks(database)) == (["01"] if per_revision else None, 0)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_connection_that_was_lost_before_the_run_is_said_to_be(sharing: Project, database: Database, driver: str) -> None:
    def migrate(connection: Connection) -> MigrateError:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.rollback()
        database.execute(f"SELECT pg_terminate_backend({pid})")
        wait_until(lambda: not database.rows("SELECT 1 FROM pg_stat_activity WHERE pid = %s", pid), "the session to end")
        return failing(sharing, connection)

    error = on_connection(database, driver, migrate, begins=False)
    assert (error.code, error.state) == ("connection", "nothing was changed")


@pytest.mark.parametrize("driver", ASYNCHRONOUS)
def test_a_cancelled_task_left_its_connection_to_a_run_that_went_on(
    sharing: Project, database: Database, driver: str, tmp_path: Path
) -> None:
    # The pool gave the connection to the next task, whose statements came into the run's transaction.
    pause = Pause(tmp_path / "pause")
    sharing.revision("02", "01", pause.source + 'op.execute("SELECT pg_sleep(60)")')
    sharing.revision("03", "02", "")

    async def cancel_and_go_on() -> None:
        engine = create_async_engine(database.url_for(driver), pool_size=1, max_overflow=0)

        async def migrate() -> Any:
            async with engine.connect() as connection:
                return await connection.run_sync(lambda sync: upgrade(sharing, sync))

        task = asyncio.create_task(migrate())
        await asyncio.to_thread(pause.wait_until_reached)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        pause.release()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT to_regclass('first')")) is None
        await engine.dispose()

    asyncio.run(cancel_and_go_on())
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)


ENV_PY_THAT_FAILS_AFTERWARDS = """
from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
context.configure(connection=connection)
context.run_migrations()
try:
    connection.execute(text("SELECT 1/0"))
except Exception:
    pass
"""


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_transaction_that_failed_after_the_run_kept_the_lock_with_the_session(
    sharing: Project, database: Database, driver: str
) -> None:
    sharing.env_py.write_text(ENV_PY_THAT_FAILS_AFTERWARDS)

    def migrate(connection: Connection) -> int:
        assert failing(sharing, connection).code == "not_committed"
        return advisory_locks(database)

    assert on_connection(database, driver, migrate, begins=False) == 0
    assert database.version_rows() is None


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_a_commit_of_a_failed_transaction_was_a_success(sharing: Project, database: Database, driver: str) -> None:
    # The driver says nothing, and without an address nobody else can look.
    sharing.env_py.write_text(ENV_PY_THAT_FAILS_AFTERWARDS + "connection.commit()\n")
    module = __import__(driver)
    engine = create_engine(
        f"postgresql+{driver}://nobody@127.0.0.1:1/nowhere", creator=lambda: module.connect(database.url_for(""))
    )
    with engine.connect() as connection:
        assert failing(sharing, connection).code == "not_committed"
    engine.dispose()
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_transaction_begun_in_autocommit_mode_was_refused_as_a_poolers(
    sharing: Project, database: Database, driver: str
) -> None:
    report = on_connection(
        database, driver, lambda connection: upgrade(sharing, connection), begins=True, isolation_level="AUTOCOMMIT"
    )
    assert [step.state for step in report.databases[0].steps] == ["committed"]
    assert (database.version_rows(), advisory_locks(database)) == (["01"], 0)


def test_starters_in_transactions_of_their_own_saw_the_database_as_it_was_before_they_waited(
    sharing: Project, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The snapshot of REPEATABLE READ was taken by the first try for the lock: "relation alembic_version already exists".
    pause = Pause(tmp_path / "pause")
    sharing.revision("02", "01", pause.source)

    def start(driver: str) -> RunReport:
        report: RunReport = on_connection(
            database, driver, lambda connection: upgrade(sharing, connection), begins=True, isolation_level="REPEATABLE READ"
        )
        return report

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(start, "psycopg")
        pause.wait_until_reached()
        others = [pool.submit(start, driver) for driver in ("psycopg2", "pg8000")]
        wait_until(lambda: caplog.text.count("waiting for the migration lock") == len(others), "the others to wait", 20)
        pause.release()
        assert first.result().revisions == ("01", "02")
        assert [other.result().revisions for other in others] == [(), ()]
    assert (database.version_rows(), advisory_locks(database)) == (["02"], 0)


def test_a_commit_in_two_phases_was_said_to_be_none_and_kept_the_lock(sharing: Project, database: Database) -> None:
    sharing.env_py.write_text("""
from alembic import context

with context.config.attributes["engine"].connect() as connection:
    transaction = connection.begin_twophase()
    context.configure(connection=connection)
    context.run_migrations()
    transaction.prepare()
    transaction.commit()
""")
    engine = create_engine(database.url_for("psycopg2"))
    report = memstack_migrate.upgrade(config=sharing.ini, attributes={"engine": engine})
    assert [step.state for step in report.databases[0].steps] == ["committed"]
    assert (database.version_rows(), advisory_locks(database)) == (["01"], 0)
    engine.dispose()


def test_an_applications_session_kept_the_name_of_the_run(sharing: Project, database: Database) -> None:
    sharing.env_py.write_text(SHARING_ENV_PY.replace("with context.begin_transaction():\n    ", ""))

    def migrate(connection: Connection) -> object:
        upgrade(sharing, connection)
        connection.commit()
        return connection.scalar(text("SHOW application_name"))

    assert on_connection(database, "psycopg2", migrate, begins=False) == ""
    assert database.version_rows() == ["01"]


@pytest.mark.parametrize("kind", ["connection", "sync_connection"])
@pytest.mark.parametrize("driver", ASYNCHRONOUS)
def test_an_async_connection_without_run_sync_is_refused_in_words(
    sharing: Project, database: Database, driver: str, kind: str
) -> None:
    async def migrate() -> MigrateError:
        engine = create_async_engine(database.url_for(driver))
        async with engine.connect() as connection:
            error = failing(sharing, connection if kind == "connection" else connection.sync_connection)  # type: ignore[arg-type]
            assert await connection.scalar(text("SELECT 1")) == 1
        await engine.dispose()
        return error

    error = asyncio.run(migrate())
    assert (error.code, "run_sync" in error.message, "await connection.run_sync(" in error.hint) == ("unsupported", True, True)


def test_a_role_that_the_application_takes_on_did_not_hold_for_the_second_session(sharing: Project, database: Database) -> None:
    # What was committed was an error: the role of the address may not read the version table.
    database.execute("""CREATE ROLE borrowed_owner;
        CREATE ROLE borrowed_login LOGIN NOINHERIT IN ROLE borrowed_owner PASSWORD 'login';
        GRANT CREATE ON SCHEMA public TO borrowed_owner""")
    url = database.url_for("psycopg2")
    engine = create_engine(url.replace(url.partition("//")[2].partition("@")[0], "borrowed_login:login"))

    @event.listens_for(engine, "connect")
    def take_role(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE borrowed_owner")
        connection.commit()

    try:
        with engine.connect() as connection:
            assert upgrade(sharing, connection).revisions == ("01",)
    finally:
        engine.dispose()
        database.execute("DROP OWNED BY borrowed_owner, borrowed_login; DROP ROLE borrowed_login, borrowed_owner")


ENV_PY_WITH_AN_ASYNC_LISTENER = """
import asyncio
import json
from alembic import context
from sqlalchemy import event
from sqlalchemy.dialects import registry
from sqlalchemy.ext.asyncio import create_async_engine

url = context.config.get_main_option("sqlalchemy.url")

def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine(url, json_serializer=lambda value: json.dumps([value]))
    own = registry.load("postgresql.{dialect}")

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect, record, arguments, parameters):
        return own(dbapi=own.import_dbapi()).connect(*arguments, **parameters)

    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""


@pytest.mark.parametrize(("driver", "dialect"), [("asyncpg", "asyncpg"), ("psycopg", "psycopg_async"), ("psycopg_async",) * 2])
def test_a_listener_that_connects_an_async_engine_keeps_that_engines_dialect(
    project: Project, database: Database, driver: str, dialect: str
) -> None:
    # An AttributeError of asyncpg's module, or the synchronous dialect; and json_serializer= was dropped.
    project.set(**{"sqlalchemy.url": database.url_for(driver)})
    project.env_py.write_text(ENV_PY_WITH_AN_ASYNC_LISTENER.format(dialect=dialect))
    # psycopg's serializer is an argument of its connect(), which the listener has not got.
    kept = "[1]" if driver == "asyncpg" else "1"
    body = f"""table = op.create_table("things", sa.Column("thing", sa.JSON))
op.get_bind().execute(table.insert(), {{"thing": 1}})
assert op.get_bind().scalar(sa.text("SELECT thing::text FROM things")) == {kept!r}"""
    project.revision("01", None, body)
    assert "a listener for do_connect" in project.memstack("upgrade").ok().out
    assert database.version_rows() == ["01"]


def test_an_error_of_the_lost_connection_does_not_hide_behind_the_pool(
    sharing: Project, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    # SQLAlchemy shields the end of such a connection: "There is no current event loop in thread".
    sharing.revision("02", "01", KILL)
    with pytest.raises(errors.MigrateError):
        on_connection(database, "asyncpg", lambda connection: upgrade(sharing, connection), begins=False)
    assert not [record for record in caplog.records if record.name.startswith("sqlalchemy.pool")]


def test_a_transaction_that_has_failed_already_is_refused_in_words(sharing: Project, database: Database) -> None:
    def migrate(connection: Connection) -> MigrateError:
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1/0"))
        return failing(sharing, connection)

    error = on_connection(database, "psycopg", migrate, begins=False)
    assert (error.code, error.state) == ("environment", "nothing was changed by this run")
    assert "a statement has failed already" in error.message
    assert "roll it back" in error.hint
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)


def test_a_run_within_run_sync_waited_for_a_thread_of_the_loop_that_it_had_itself(sharing: Project, database: Database) -> None:
    # The address of a host is looked up in the loop's own threads, of which there may be one.
    sharing.revision("02", "01", "with op.get_bind().engine.connect() as other:\n    other.execute(sa.text('SELECT 1'))")
    url = database.url_for("asyncpg").replace("127.0.0.1", "localhost")

    async def migrate() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(lambda sync: upgrade(sharing, sync))
        await engine.dispose()

    asyncio.run(asyncio.wait_for(migrate(), 60))
    assert database.version_rows() == ["02"]


def test_a_run_within_a_revision_ended_the_watch_of_the_run_round_it(
    sharing: Project, database: Database, make_database: Callable[[], Database], tmp_path: Path
) -> None:
    # "ended without a commit ... this run changed nothing", and all was kept.
    inner = Project(tmp_path / "inner").create(make_database().url_for("psycopg"))
    inner.env_py.write_text(
        SHARING_ENV_PY.replace("connection=connection", 'connection=connection, version_table="inner_version"')
    )
    inner.revision("in", None, 'op.execute("CREATE TABLE by_the_inner ()")')
    call = f"memstack_migrate.upgrade(config={str(inner.ini)!r}, attributes={{'connection': op.get_bind()}})"
    sharing.revision("02", "01", call, imports="import memstack_migrate")
    on_connection(database, "psycopg", lambda connection: upgrade(sharing, connection), begins=False)
    assert (database.version_rows(), database.has_table("by_the_inner"), advisory_locks(database)) == (["02"], True, 0)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_server_that_is_not_there_is_no_mistake_of_env_py(project: Project, driver: str) -> None:
    project.chain(1)
    project.env_py.write_text(NOBODY_LISTENS.format(name=driver.removesuffix("_async"), is_async=driver in ASYNCHRONOUS))
    project.memstack("upgrade").failed(6, "the connection could not be made", "hint: see whether the server runs")


NOBODY_LISTENS = """
import asyncio
from alembic import context
from sqlalchemy import create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.ext.asyncio import create_async_engine

url = "postgresql+{name}://nobody@127.0.0.1:7/nothing"
engine = create_async_engine(url) if {is_async} else create_engine(url)

@event.listens_for(getattr(engine, "sync_engine", engine), "do_connect")
def connect(dialect, record, arguments, parameters):
    own = registry.load("postgresql.{name}")
    own = own.get_async_dialect_cls(None) if {is_async} else own
    return own(dbapi=own.import_dbapi()).connect(*arguments, **parameters)

async def main():
    async with engine.connect():
        pass

if {is_async}:
    asyncio.run(main())
else:
    engine.connect()
"""


def test_looking_from_another_session_where_nobody_answers_ends(project: Project, database: Database) -> None:
    # The run had ended well, and the process stayed for ever.
    project.chain(1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        project.env_py.write_text(CONNECTS_ELSEWHERE.format(url=database.url, port=silent.getsockname()[1]))
        assert "1 of 1 revisions kept" in project.memstack("upgrade").ok().out
    assert database.version_rows() == ["0001"]


CONNECTS_ELSEWHERE = """
import psycopg
from alembic import context
from sqlalchemy import create_engine

engine = create_engine("postgresql+psycopg://u@127.0.0.1:{port}/x", creator=lambda: psycopg.connect({url!r}))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
