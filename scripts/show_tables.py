#!/usr/bin/env python3
"""Lists the tables of the database that $DATABASE_URL names (embedded:// too), by psql."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from urllib.parse import unquote, urlsplit

from memstack_migrate import embedded


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """Return the URL as libpq reads it and the environment for psql: a password in its arguments could be seen in `ps`."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    environ = {**os.environ, "PAGER": "cat"}
    if password:
        environ["PGPASSWORD"] = unquote(password)
    return parts._replace(scheme="postgresql", netloc=name + at + place).geturl(), environ


def main() -> int:
    """Run psql's list of tables; the exit code is psql's."""
    url, environ = without_password(embedded.resolve(os.environ["DATABASE_URL"]))
    psql = shutil.which("psql") or str(embedded.binaries() / "psql")
    return subprocess.run([psql, "--no-psqlrc", "--command", r"\dt+", url], check=False, env=environ).returncode


if __name__ == "__main__":
    sys.exit(main())
