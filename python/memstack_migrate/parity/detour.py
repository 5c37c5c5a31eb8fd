"""Sends every engine that env.py makes to a scratch database, whatever its URL says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import Pool

from memstack_migrate import _upstream
from memstack_migrate.driver.dialect import default_driver
from memstack_migrate.errors import make_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from memstack_migrate.parity.scratch import ScratchServer

__all__ = ["REFUSAL_HINT", "Detour"]

REFUSAL_HINT = "have env.py make its engine from a URL alone, or compare the dumps of two databases by hand"

# What says where a database is and who asks: of the scratch server, never of the URL that is replaced.
_PLACE = {"host", "hostaddr", "port", "user", "password", "passfile", "dbname", "database", "dsn", "service", "unix_sock"}
_PLACE |= {"target_session_attrs", "load_balance_hosts", "require_auth", "requirepeer", "channel_binding", "krbsrvname"}


def _says_where(key: str) -> bool:
    return key in _PLACE or key.startswith(("ssl", "gss"))


class Detour:
    """From its making to the end of the process, engines lead to ``server``."""

    def __init__(self, server: ScratchServer, *, may_replace_driver: bool) -> None:
        """Install the hook; ``may_replace_driver``: a driver that is not installed is told in :attr:`missing_driver`."""
        self._server = server
        self._target = make_url(server.url)
        self.missing_driver = ""
        #: Why a connection was refused, "" if none was.
        self.refusal = ""
        self._may_replace_driver = may_replace_driver
        _upstream.install_engine_hook(self._send)
        event.listen(Pool, "connect", self._check)

    def _send(self, url: URL, keywords: Mapping[str, Any]) -> URL:
        if url.get_backend_name() != "postgresql":
            return url
        for name in ("creator", "async_creator", "pool"):
            if keywords.get(name) is not None:
                raise self._refusal(f"the argument {name}= of create_engine() makes the connections itself")
        own = sorted(key for key in keywords.get("connect_args") or {} if key in _PLACE or key.endswith("_creator_fn"))
        if own:
            raise self._refusal(f"connect_args of create_engine() says by {own[0]!r} where the database is")
        if self._may_replace_driver:
            self._note_missing_driver(url)
        if (url.database or "").startswith(self._server.prefix):
            return url
        query = {key: value for key, value in url.query.items() if not _says_where(key)} | dict(self._target.query)
        return self._target.set(drivername=url.drivername, database=self._server.database_for(_display(url)), query=query)

    def _note_missing_driver(self, url: URL) -> None:
        try:
            url.get_dialect().import_dbapi()
        except (ImportError, NoSuchModuleError):
            self.missing_driver = url.drivername.partition("+")[2] or default_driver()
            raise

    def _check(self, connection: Any, _record: object) -> None:
        """Refuse any connection that a listener or an environment variable has led elsewhere after all."""
        cursor = connection.cursor()
        cursor.execute("SELECT pg_catalog.current_database()")
        (name,) = cursor.fetchone()
        cursor.close()
        connection.rollback()
        if not str(name).startswith(self._server.prefix):
            raise self._refusal(f"something led the connection to the database {name}")

    def _refusal(self, reason: str) -> Exception:
        self.refusal = f"parity cannot send env.py's connection to a scratch database: {reason}"
        return make_error("unsupported", self.refusal, hint=REFUSAL_HINT)


def _display(url: URL) -> str:
    host = url.host or url.query.get("host") or "the default host"
    where = f"{host}:{url.port}" if url.port else str(host)
    return f"{url.database or url.username or 'the default database'} on {where}"
