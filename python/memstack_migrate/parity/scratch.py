"""The scratch databases of a comparison: one for each database that env.py names, for each of the two programs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memstack_migrate import _engine
from memstack_migrate.errors import MigrateError, make_error

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Scratch", "ScratchServer"]

_CANNOT_CREATE = "parity makes databases of its own, and drops them: give the URL of a server and a role that may (--url)"


@dataclass(frozen=True)
class Scratch:
    """One scratch database."""

    name: str
    stands_for: str  #: the database that env.py wanted, as in "shop on db.example:5432"


class ScratchServer:
    """A server on which scratch databases are made; connections are opened for each question."""

    def __init__(self, url: str, prefix: str, template: str) -> None:
        """Use the server of a ``postgresql://`` URL; all names begin with ``prefix``, ``template`` "" is the server's default."""
        self.url = url
        self.prefix = prefix
        self.template = template
        self._parameters: Mapping[str, str] = dict(_engine.DatabaseUrl.parse(url).parameters)

    def database_for(self, stands_for: str) -> str:
        """Return the name of the scratch database for one of env.py's, made if it is not there yet."""
        name = f"{self.prefix}_{hashlib.sha256(stands_for.encode()).hexdigest()[:8]}"
        if name not in {scratch.name for scratch in self.databases()}:
            template = f" TEMPLATE {_engine.quote_identifier(self.template)}" if self.template else ""
            try:
                self.query(f'CREATE DATABASE "{name}"{template}')
            except MigrateError as error:
                raise make_error(
                    "configuration", f"no scratch database can be made: {error.message}", hint=_CANNOT_CREATE
                ) from error
            self.query(f'COMMENT ON DATABASE "{name}" IS {_engine.quote_literal(stands_for, False)}')
        return name

    def check(self) -> None:
        """Make a scratch database and drop it; raises what keeps one from being made."""
        self.database_for("")
        self.drop_databases()

    def databases(self) -> list[Scratch]:
        """List the scratch databases that there are, in the order of what they stand for."""
        rows = self.query(
            "SELECT datname, coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '')"
            " FROM pg_catalog.pg_database ORDER BY 2, 1"
        )
        return [Scratch(name or "", stands_for or "") for name, stands_for in rows if (name or "").startswith(self.prefix)]

    def drop_databases(self) -> None:
        """Drop all of them, whoever is connected."""
        for scratch in self.databases():
            self.query(f'DROP DATABASE IF EXISTS "{scratch.name}" WITH (FORCE)')

    def roles(self) -> set[str]:
        """Return the names of all roles of the server."""
        return {row[0] or "" for row in self.query("SELECT rolname FROM pg_catalog.pg_roles")}

    def drop_role(self, name: str) -> None:
        """Drop a role that owns nothing any more."""
        self.query(f"DROP ROLE IF EXISTS {_engine.quote_identifier(name)}")

    @property
    def major(self) -> int:
        """The server's major version."""
        return int(self.query("SHOW server_version_num")[0][0] or 0) // 10000

    def environment(self) -> dict[str, str]:
        """Return what libpq's own programs need to know of the server, as variables of the environment."""
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE"}
        names |= {"sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "hostaddr": "PGHOSTADDR"}
        return {variable: self._parameters[key] for key, variable in names.items() if key in self._parameters}

    def query(self, sql: str) -> list[tuple[str | None, ...]]:
        """Run a statement outside any transaction and return its rows, values as text."""
        connection = _engine.Connection.open(list(self._parameters.items()))
        try:
            result = connection.execute(sql)
            return result.rows(0, result.row_count) if result.has_rows else []
        finally:
            connection.close()
