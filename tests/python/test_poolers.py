"""Through PgBouncer: a lock for the transaction where the pooler keeps no session, and one for the session where it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

import memstack_migrate
from borrowing import SHARING_ENV_PY
from memstack_migrate.driver.redirect import redirected_engines
from poolers import pgbouncer
from waiting import advisory_locks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from databases import Database
    from projects import Project

PER_REVISION = "context.configure(transaction_per_migration=True,"
IN_A_BLOCK = 'with op.get_context().autocommit_block():\n    op.execute("CREATE INDEX CONCURRENTLY i ON t0001 (name)")'


@pytest.fixture(params=["transaction", "session"])
def mode(request: pytest.FixtureRequest) -> str:
    """The pool_mode of PgBouncer."""
    return str(request.param)


@pytest.fixture
def pooled(project: Project, database: Database, tmp_path: Path, mode: str) -> Iterator[Database]:
    """The project's database through PgBouncer, where the project now looks for it."""
    folder = tmp_path / "pgbouncer"
    folder.mkdir()
    with pgbouncer(database, folder, mode=mode) as through:
        project.set(**{"sqlalchemy.url": through.url_for("psycopg")})
        if mode == "session":
            project.ini.write_text(project.ini.read_text() + "\n[memstack_migrate]\npooler = session\n")
        yield through


def test_starters_take_turns(project: Project, database: Database, pooled: Database) -> None:
    project.chain(3)
    project.revision("0004", "0003", 'op.execute("SELECT pg_sleep(0.5)")\nop.execute("CREATE TABLE once ()")')
    starters = [project.start_memstack("upgrade") for _ in range(4)]
    said = [starter.communicate() for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0], said
    assert sum("4 of 4 revisions kept" in out for out, _ in said) == 1
    assert sum("nothing to do" in out for out, _ in said) == 3
    assert (database.version_rows(), advisory_locks(database)) == (["0004"], 0)
    assert pooled.version_rows() == ["0004"]


def test_several_transactions_need_a_session(project: Project, database: Database, pooled: Database, mode: str) -> None:
    project.chain(2)
    project.env_py.write_text(project.env_py.read_text().replace("context.configure(", PER_REVISION))
    outcome = project.memstack("upgrade")
    if mode == "session":
        outcome.ok()
    else:
        outcome.failed(17, "through a pooler", 'pooler = "session"', "nothing was changed")
    expected = ["0002"] if mode == "session" else None
    assert (database.version_rows(), pooled.version_rows(), advisory_locks(database)) == (expected, expected, 0)


def test_a_revision_that_leaves_the_transaction_keeps_the_run_whole(
    project: Project, database: Database, pooled: Database
) -> None:
    project.chain(1)
    project.revision("0002", "0001", IN_A_BLOCK)
    project.revision("0003", "0002", 'op.execute("CREATE TABLE behind ()")')
    project.memstack("upgrade").ok()
    assert (database.version_rows(), pooled.has_table("behind"), advisory_locks(database)) == (["0003"], True, 0)


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_an_applications_connection_through_a_pooler(project: Project, database: Database, pooled: Database, driver: str) -> None:
    project.chain(2)
    project.env_py.write_text(SHARING_ENV_PY)
    engine = create_engine(pooled.url_for(driver))
    with engine.connect() as connection:
        memstack_migrate.upgrade(config=project.ini, attributes={"connection": connection})
    engine.dispose()
    assert (database.version_rows(), advisory_locks(database)) == (["0002"], 0)


def test_looking_for_what_was_committed_left_a_time_limit_with_the_poolers_server_connection(
    project: Project, database: Database, tmp_path: Path
) -> None:
    project.chain(1)
    project.env_py.write_text(SHARING_ENV_PY)
    with pgbouncer(database, tmp_path, mode="transaction", size=1) as through:
        engine = create_engine(through.url_for("psycopg2"))
        with engine.connect() as connection:
            memstack_migrate.upgrade(config=project.ini, attributes={"connection": connection})
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT current_setting('statement_timeout')")) == "0"
        engine.dispose()


@pytest.mark.parametrize("pool_mode", ["transaction", "session"])
def test_a_pooler_that_takes_no_options_refused_what_asyncpg_does_not_send_as_options(
    database: Database, tmp_path: Path, pool_mode: str
) -> None:
    arguments = {"server_settings": {"application_name": "of env.py", "TimeZone": "Asia/Tokyo"}, "command_timeout": 60}
    with pgbouncer(database, tmp_path, mode=pool_mode, ignored="extra_float_digits") as through:
        with redirected_engines():
            engine = create_engine(through.url_for("asyncpg"), connect_args=arguments)
        with engine.connect() as connection:
            asked = (
                "SELECT current_setting('application_name'), current_setting('TimeZone'), current_setting('statement_timeout')"
            )
            assert connection.execute(text(asked)).one() == ("of env.py", "Asia/Tokyo", "0")
        engine.dispose()
