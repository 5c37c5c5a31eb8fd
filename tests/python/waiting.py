"""Waiting for what another process or session does, and for how a revision is held up meanwhile: no fixed sleeps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from databases import Database

# A loaded machine takes seconds to start eight interpreters.
PATIENCE = 60.0

#: To be put at the start of a revision's body: tells the test that the revision has come here, and goes on when it may.
PAUSE = """
import pathlib, time
pathlib.Path({directory!r}, "reached").touch()
while not pathlib.Path({directory!r}, "released").exists():
    time.sleep(0.02)
"""


def wait_until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Return the first true answer of `condition`; fail, naming `what`, when there is none for so long."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)
    return answer


class Pause:
    """A place in a revision where it waits for the test."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._directory = directory

    @property
    def source(self) -> str:
        """What goes into the revision's body."""
        return PAUSE.format(directory=str(self._directory))

    def wait_until_reached(self) -> None:
        """Return when a revision has come to the place."""
        wait_until((self._directory / "reached").exists, "the revision to come to its pause")

    def release(self) -> None:
        """Let the revision, and every later one that comes by, go on."""
        (self._directory / "released").touch()


def migrating_sessions(database: Database) -> list[str]:
    """Return the application names of the sessions that hold the migration lock or wait for it, sorted."""
    query = "SELECT application_name FROM pg_stat_activity WHERE datname = %s AND application_name LIKE 'memstack-migrate %%'"
    return sorted(row[0] for row in database.rows(query, database.name))


def advisory_locks(database: Database) -> int:
    """Count the advisory locks that are held in a database."""
    held_in = "pg_locks l JOIN pg_database d ON d.oid = l.database"
    query = f"SELECT count(*) FROM {held_in} WHERE d.datname = %s AND l.locktype = 'advisory'"
    count: int = database.rows(query, database.name)[0][0]
    return count
