"""Dumps of scratch databases that can be compared line by line."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from memstack_migrate import embedded
from memstack_migrate.errors import MigrateError, make_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memstack_migrate.parity.scratch import ScratchServer

__all__ = ["Dumper"]

_NOISE = re.compile(r"^(\\(un)?restrict .*|-- Dumped (from|by) .*|-- PostgreSQL database dump( complete)?)\n", re.MULTILINE)
_DEBIANS = Path("/usr/lib/postgresql")


class Dumper:
    """pg_dump of a version that can read the server."""

    def __init__(self, server: ScratchServer) -> None:
        """Find the program; raises ConfigurationError where none is new enough."""
        self._server = server
        self._program = _find_pg_dump(server.major)

    def dump(self, database: str) -> list[str]:
        """Return schema and rows of a database as lines, the rows of each table sorted: their place on disk means nothing."""
        done = subprocess.run(  # noqa: S603  a program that was found, and its arguments
            [self._program, "--inserts", "--dbname", database],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, **self._server.environment()},
        )
        if done.returncode != 0:
            raise make_error("configuration", f"{self._program} failed: {done.stderr.strip()}", hint="")
        return list(_with_sorted_rows(_NOISE.sub("", done.stdout).splitlines()))


def _with_sorted_rows(lines: list[str]) -> Iterator[str]:
    rows: list[str] = []
    for line in lines:
        if line.startswith("INSERT INTO "):
            rows.append(line)
            continue
        yield from sorted(rows)
        rows = []
        yield line
    yield from sorted(rows)


def _find_pg_dump(server_major: int) -> str:
    """Return the oldest pg_dump that is not older than the server."""
    able = {major: program for program in _candidates() if (major := _major(program)) >= server_major}
    if not able:
        raise make_error(
            "configuration",
            f"parity compares dumps, and there is no pg_dump for PostgreSQL {server_major} or newer here",
            hint=f"install PostgreSQL's client programs (postgresql-client-{server_major} on Debian) and put them on the PATH",
        )
    return able[min(able)]


def _candidates() -> Iterator[str]:
    # The later ones win where versions are equal: what is on the PATH is the user's choice.
    with contextlib.suppress(MigrateError):
        yield str(embedded.binaries() / "pg_dump")
    yield from (str(path) for path in sorted(_DEBIANS.glob("*/bin/pg_dump")))
    if (on_path := shutil.which("pg_dump")) is not None:
        yield on_path


def _major(program: str) -> int:
    done = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)  # noqa: S603  as above
    found = re.search(r"(\d+)", done.stdout)
    return int(found[1]) if done.returncode == 0 and found else 0
