"""Any number of processes, and of threads in one process, may start at once: each revision runs once, and none meets another."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from projects import Outcome, Project
from waiting import Pause, advisory_locks, migrating_sessions, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from databases import Database

    Start = Callable[..., subprocess.Popen[str]]

LOG_TABLE = "CREATE TABLE runs (number serial, revision text, pid int DEFAULT pg_backend_pid())"
HOLDER = r"held by server process (\d+), user postgres, memstack-migrate pid (\d+) \S+ \d\d:\d\d:\d\dZ, from 127\.0\.0\.1"


def log_run(revision: str) -> str:
    return f"op.execute(\"INSERT INTO runs (revision) VALUES ('{revision}')\")"


def logged_chain(project: Project, database: Database, first: str = "") -> list[str]:
    """Write four revisions that leave a row each; `first` goes in front of the first one's body."""
    database.execute(LOG_TABLE)
    ids = ["0001", "0002", "0003", "0004"]
    for down_revision, revision in zip([None, *ids], ids, strict=False):
        project.revision(revision, down_revision, (first if down_revision is None else "") + "\n" + log_run(revision))
    return ids


def outcome(process: subprocess.Popen[str]) -> Outcome:
    out, err = process.communicate(timeout=60)
    return Outcome(process.returncode, out, err)


@pytest.mark.every_major
def test_of_eight_processes_one_runs_and_seven_wait_and_say_for_whom(
    project: Project, database: Database, start: Start, tmp_path: Path
) -> None:
    pause = Pause(tmp_path / "pause")
    ids = logged_chain(project, database, pause.source)
    processes = [start(project, "upgrade") for _ in range(8)]
    names = wait_until(lambda: len(found := migrating_sessions(database)) == 8 and found, "eight named sessions")
    assert all(len(name.encode()) <= 63 for name in names)
    pause.release()
    outcomes = [outcome(process).ok() for process in processes]

    rows = database.rows("SELECT revision, pid FROM runs ORDER BY number")
    assert [revision for revision, _ in rows] == ids
    assert database.version_rows() == [ids[-1]]
    (holder,) = {pid for _, pid in rows}
    told = [match.groups() for result in outcomes if (match := re.search(HOLDER, result.err))]
    pids = [process.pid for process in processes]
    assert len(told) == 7
    assert all((int(server_process), int(pid) in pids) == (holder, True) for server_process, pid in told)
    assert advisory_locks(database) == 0


def test_who_waits_too_long_names_the_holder_and_changes_nothing(
    project: Project, database: Database, start: Start, tmp_path: Path
) -> None:
    pause = Pause(tmp_path / "pause")
    ids = logged_chain(project, database, pause.source)
    holder = start(project, "upgrade")
    pause.wait_until_reached()
    late = project.memstack("upgrade", "--lock-timeout", "0.3")
    late.failed(14, "waited 0.3 s for the migration lock of alembic_version", "nothing was changed", "pg_terminate_backend")
    match = re.search(HOLDER, late.err)
    assert match is not None
    assert int(match.group(2)) == holder.pid
    pause.release()
    outcome(holder).ok()
    assert database.version_rows() == [ids[-1]]
    # Where nothing is to do, it does not matter who holds the lock, but how long it may be waited for is still read.
    project.memstack("upgrade", "--lock-timeout", "0.3").ok()


def test_the_application_name_of_the_user_is_kept(project: Project, database: Database, start: Start, tmp_path: Path) -> None:
    pause = Pause(tmp_path / "pause")
    logged_chain(project, database, pause.source)
    project.set(**{"sqlalchemy.url": f"{database.url_for('psycopg')}?application_name=billing"})
    process = start(project, "upgrade")
    pause.wait_until_reached()
    assert database.rows("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'billing'") == [(1,)]
    assert migrating_sessions(database) == []
    pause.release()
    outcome(process).ok()


def test_an_index_is_made_concurrently_while_others_wait(
    project: Project, database: Database, start: Start, tmp_path: Path
) -> None:
    pause = Pause(tmp_path / "pause")
    database.execute(LOG_TABLE)
    project.revision("0001", None, f"{log_run('0001')}\nop.create_table('t', sa.Column('id', sa.Integer))")
    body = f"""
{log_run("0002")}
with op.get_context().autocommit_block():
{"".join(f"    {line}{chr(10)}" for line in pause.source.splitlines())}
    op.create_index("i", "t", ["id"], postgresql_concurrently=True)
"""
    project.revision("0002", "0001", body)
    processes = [start(project, "upgrade") for _ in range(4)]
    pause.wait_until_reached()
    wait_until(lambda: len(migrating_sessions(database)) == 4, "three that wait")
    pause.release()
    for process in processes:
        outcome(process).ok()
    assert database.rows("SELECT revision FROM runs ORDER BY number") == [("0001",), ("0002",)]
    assert database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [(True,)]


ENVIRONMENT_BY_ATTRIBUTE = """
from alembic import context
from sqlalchemy import create_engine

with create_engine(context.config.attributes["url"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

# Each look at a proxy is followed by a pause in which other threads run.
WHO_AM_I = """
import time
from alembic import context
for turn in range(5):
    wanted = context.config.attributes["name"]
    time.sleep(0.01)
    seen = op.get_context().config.attributes["name"]
    current, = op.get_bind().exec_driver_sql("SELECT current_database()").one()
    op.execute(f"INSERT INTO runs (revision) VALUES ('{wanted} {seen} {current}')")
"""


@pytest.mark.timeout(180)
def test_runs_in_threads_of_one_process_do_not_mix(make_database: Callable[[], Database], project: Project) -> None:
    import alembic.context
    import alembic.op

    def proxies() -> list[object]:
        return [vars(module).get("_proxy") for module in (alembic.op, alembic.context)]

    before = proxies()
    project.env_py.write_text(ENVIRONMENT_BY_ATTRIBUTE)
    project.revision("0001", None, WHO_AM_I)
    project.revision("0002", "0001", WHO_AM_I)
    databases = [make_database() for _ in range(4)]
    for database in databases:
        database.execute(LOG_TABLE)
    ran: list[tuple[str, tuple[str, ...]]] = []
    errors: list[BaseException] = []

    def run(database: Database) -> None:
        try:
            attributes = {"url": database.url_for("psycopg"), "name": database.name}
            report = memstack_migrate.upgrade(config=project.ini, attributes=attributes)
            ran.append((database.name, report.revisions))
        except BaseException as error:  # noqa: BLE001  the test's thread reports it
            errors.append(error)

    threads = [threading.Thread(target=run, args=(database,)) for database in databases * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    for database in databases:
        assert sorted(revisions for name, revisions in ran if name == database.name) == [(), ("0001", "0002")]
        assert database.rows("SELECT DISTINCT revision FROM runs") == [(f"{database.name} {database.name} {database.name}",)]
        assert database.rows("SELECT count(*) FROM runs") == [(10,)]
    assert proxies() == before
