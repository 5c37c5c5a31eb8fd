"""A run that is killed, or whose server goes down, leaves the database at the revision that it says it is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from databases import Database
from projects import Outcome, Project
from waiting import advisory_locks, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from servers import Server

    Start = Callable[..., subprocess.Popen[str]]

# Sleeps in the server the first time, as a long statement does: nobody is there to answer the end of the client.
SLEEP_ONCE = """
import pathlib
if not pathlib.Path({marker!r}).exists():
    pathlib.Path({marker!r}).touch()
    op.execute("SELECT pg_sleep(300)")
"""
IN_TRANSACTION = """
op.create_table("t0002", sa.Column("id", sa.Integer))
{sleep}
"""
IN_AUTOCOMMIT_BLOCK = """
with op.get_context().autocommit_block():
    op.execute("CREATE TABLE IF NOT EXISTS t0002 (id int)")
{indented_sleep}
"""

# Where the second revision sleeps, how transactions are laid, and which revision is left after the end.
PLACES = {
    "whole run": (IN_TRANSACTION, False, None),
    "transaction per revision": (IN_TRANSACTION, True, ["0001"]),
    "autocommit block in whole run": (IN_AUTOCOMMIT_BLOCK, False, ["0001"]),
    "autocommit block, transaction per revision": (IN_AUTOCOMMIT_BLOCK, True, ["0001"]),
}


class Interrupted:
    """A project of three revisions whose second one sleeps when it runs first."""

    def __init__(self, project: Project, database: Database, place: str, start: Start) -> None:
        body, per_migration, self.left_at = PLACES[place]
        self.project, self.database, self._start = project, database, start
        self._marker = marker = project.root / "marker"
        sleep = SLEEP_ONCE.format(marker=str(marker))
        indented = "".join(f"    {line}\n" for line in sleep.splitlines())
        project.chain(3)
        (project.versions / "0002_.py").unlink()
        project.revision("0002", "0001", body.format(sleep=sleep, indented_sleep=indented))
        if per_migration:
            text = project.env_py.read_text()
            project.env_py.write_text(
                text.replace("connection=connection,", "connection=connection, transaction_per_migration=True,")
            )

    def start(self) -> subprocess.Popen[str]:
        """Start the run; return when its second revision sleeps in the server."""
        process = self._start(self.project, "upgrade")
        wait_until(self._marker.exists, "the second revision")
        active = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND query LIKE 'SELECT pg_sleep%%' AND state = 'active'"
        wait_until(lambda: self.database.rows(active, self.database.name), "the server to sleep")
        return process

    def check_what_was_left(self) -> None:
        """The tables are those of the revision that the version table names."""
        assert (self.database.version_rows() or None) == self.left_at
        assert self.database.has_table("t0001") == (self.left_at is not None)
        assert not self.database.has_table("t0003")
        if self.left_at is None:
            assert not self.database.has_table("t0002")

    def check_that_the_next_run_completes(self) -> None:
        self.project.memstack("upgrade", "--lock-timeout", "20").ok()
        assert self.database.version_rows() == ["0003"]
        assert all(self.database.has_table(name) for name in ("t0001", "t0002", "t0003"))


@pytest.mark.pg(">= 14")
@pytest.mark.parametrize("place", PLACES)
def test_a_killed_process_leaves_a_revision_and_no_lock(project: Project, database: Database, start: Start, place: str) -> None:
    run = Interrupted(project, database, place, start)
    process = run.start()
    process.kill()
    process.communicate(timeout=30)
    # The server looks each second whether its client is there still; the statement would take five minutes.
    wait_until(lambda: advisory_locks(database) == 0, "the lock of a killed run to go", seconds=10)
    run.check_what_was_left()
    run.check_that_the_next_run_completes()


@pytest.mark.parametrize("place", PLACES)
def test_a_stopped_server_leaves_a_revision(own_server: Server, start: Start, place: str, tmp_path: Path) -> None:
    database = Database(own_server, own_server.create_database())
    # Otherwise the server may lose what it has reported as committed; the tests' servers are told not to wait for their disk.
    database.execute(f'ALTER DATABASE "{database.name}" SET synchronous_commit = on')
    project = Project(tmp_path / "project").create(database.url_for("psycopg"))
    run = Interrupted(project, database, place, start)
    process = run.start()
    own_server.control("stop", "-m", "immediate")
    out, err = process.communicate(timeout=30)
    Outcome(process.returncode, out, err).failed(6, "was lost", "revision: 0002", "0002_.py, line", "stands at")
    own_server.control("start")
    run.check_what_was_left()
    run.check_that_the_next_run_completes()


@pytest.mark.pg(">= 14")
def test_a_process_that_waits_for_the_lock_may_be_killed(project: Project, database: Database, start: Start) -> None:
    run = Interrupted(project, database, "whole run", start)
    holder = run.start()
    waiting = start(project, "upgrade")
    sessions: Callable[[], int] = lambda: database.rows(  # noqa: E731
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", database.name
    )[0][0]
    wait_until(lambda: sessions() == 2, "the second run's session")
    waiting.kill()
    waiting.communicate(timeout=30)
    wait_until(lambda: sessions() == 1, "the killed run's session to go")
    holder.kill()
    holder.communicate(timeout=30)
    wait_until(lambda: sessions() == 0, "the holder's session to go")
    run.check_that_the_next_run_completes()
