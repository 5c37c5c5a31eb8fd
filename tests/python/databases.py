"""A fresh database per test, what tests ask it, and a dump that two databases can be compared by."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from servers import Server

# Lines in which two dumps of one database differ: random ids, and the programs' own versions.
_NOISE = re.compile(r"^(\\(un)?restrict .*|-- Dumped (from|by) .*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Database:
    """One database of a server. Connections are opened for each question, so no test waits for another's."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        """The address as libpq and SQLAlchemy read it, password included."""
        return self.server.url(self.name)

    def url_for(self, driver: str) -> str:
        """Return the address for a driver, such as "psycopg2" or "asyncpg"."""
        return self.server.url(self.name, driver)

    def execute(self, statements: str) -> None:
        """Run SQL, several statements too."""
        with self.server.connect(self.name) as connection:
            connection.execute(statements)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query; ``%s`` stands for a parameter."""
        with self.server.connect(self.name) as connection:
            return connection.execute(query, parameters or None).fetchall()

    def has_table(self, name: str) -> bool:
        """Whether a table of this name, with its schema or on the search path, exists."""
        return self.rows("SELECT to_regclass(%s) IS NOT NULL", name) == [(True,)]

    def version_rows(self, table: str = "alembic_version", schema: str = "public") -> list[str] | None:
        """Return the version table's rows in order, or None where there is no such table."""
        if not self.has_table(f'"{schema}"."{table}"'):
            return None
        query = sql.SQL("SELECT version_num FROM {} ORDER BY 1").format(sql.Identifier(schema, table))
        with self.server.connect(self.name) as connection:
            return [row[0] for row in connection.execute(query)]

    def dump(self, *options: str) -> str:
        """Return pg_dump's output, rows as INSERT included, without the lines that always differ. The order is kept."""
        return _NOISE.sub("", self._run_client("pg_dump", "--inserts", *options, self.name))

    def run_script(self, script: str) -> None:
        """Have psql run a script; fails the test at its first error."""
        self._run_client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.name, script=script)

    def _run_client(self, program: str, *arguments: str, script: str = "") -> str:
        place = {"PGHOST": self.server.host, "PGPORT": str(self.server.port), "PGUSER": self.server.user}
        # Not the environment of the tests, as for the server's own programs: a sanitizer loaded into pg_dump keeps it waiting.
        environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **place, "PGPASSWORD": self.server.password}
        command = [str(self.server.client_programs / program), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environ, input=script)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def schema_dump(self) -> str:
        """Return :meth:`dump` without rows."""
        return self.dump("--schema-only")
