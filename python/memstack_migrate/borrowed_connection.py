"""A connection of another driver, as the engine's session uses it.

An application hands over a connection of its own engine (``config.attributes["connection"]``), or env.py makes one that only its
driver can open. It is used as it is: statements pass by SQLAlchemy, transactions are SQLAlchemy's, and one that was open before
``configure()`` is left to whoever began it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from memstack_migrate import _engine, _upstream
from memstack_migrate.driver.arguments import libpq_parameters
from memstack_migrate.driver.connection import IDLE, IN_ERROR, IN_TRANSACTION, UNKNOWN
from memstack_migrate.driver.errors import Error as DriverError
from memstack_migrate.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, CursorResult

__all__ = ["BorrowedConnection", "Fetched", "fetched"]

#: Columns, rows in PostgreSQL's text format, and how many rows were changed (None: the statement changes none).
Fetched = tuple[list[str], list[list[str | None]], int | None]

#: Seconds that looking from another session may take, at each of its steps: the run is over already, and nothing depends on it.
_PATIENCE = "5"

#: The numbers of the engine's ``pg::TransactionEnd``.
_COMMITTED, _ROLLED_BACK, _LOST, _IN_DOUBT = range(4)

_PG8000_STATES = {b"I": IDLE, b"T": IN_TRANSACTION, b"E": IN_ERROR}


def fetched(result: CursorResult[Any]) -> Fetched:
    """Take all that a statement gave."""
    columns = list(result.keys()) if result.returns_rows else []
    rows = result.fetchall() if columns else []
    return columns, _texts(rows), result.rowcount if result.rowcount >= 0 else None


class BorrowedConnection:
    """What the engine's ``BorrowedSession`` calls; one thread at a time, until ``release()``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last_error: BaseException | None = None
        self._handlers: list[Callable[[int], None]] = []
        self._has_failed = False
        self._was_open = False
        self._was_autocommit = False
        self._stop_watching = _upstream.watch_transaction_ends(connection, self._ends)

    def release(self) -> None:
        """Leave the connection as it was found."""
        self._stop_watching()
        self._handlers.clear()
        # Its frames hold the engine's objects, through which the garbage collector cannot see.
        self._last_error = None

    # Statements

    def execute(self, sql: str) -> Fetched:
        """Run a statement in SQLAlchemy's transaction, which it begins where there is none."""
        self._notice_end()
        try:
            with self._connection.exec_driver_sql(sql, execution_options={"no_parameters": True}) as result:
                answer = fetched(result)
                self._has_failed = False
                return answer
        except BaseException as error:
            self._has_failed = True
            self._last_error = error
            raise
        finally:
            self._notice_end()

    def execute_outside_transaction(self, sql: str) -> Fetched:
        """Run a statement of the engine's own that must not leave a transaction open where there was none."""
        self._notice_end()
        was_idle = self.transaction_status == IDLE
        driver_connection: Any = self._connection.connection.dbapi_connection
        dialect = self._connection.dialect
        try:
            columns, rows = _fetch(driver_connection, sql)
            if was_idle:
                # What these statements do outlasts it: session-level locks, settings of the session.
                driver_connection.commit()
        except dialect.loaded_dbapi.Error as error:
            is_lost = dialect.is_disconnect(error, driver_connection, None)
            self._has_failed = not was_idle
            if is_lost:
                self._connection.invalidate(error)
            elif was_idle:
                driver_connection.rollback()
            self._last_error = _upstream.sqlalchemy_error(sql, error, dialect, is_lost=is_lost)
            raise self._last_error from error
        except BaseException as error:
            # Interrupted, cancelled, timed out by the driver: what the statement did, a lock, is not known.
            self._connection.invalidate(error)
            raise
        self._has_failed = False
        return columns, _texts(rows), None

    def take_last_error(self) -> BaseException | None:
        """Return what SQLAlchemy raised for the last statement that failed, once."""
        error, self._last_error = self._last_error, None
        return error

    # Transactions

    @property
    def transaction_status(self) -> int:
        """What libpq's PQtransactionStatus would say."""
        if self._connection.closed or self._connection.invalidated:
            return UNKNOWN
        status = _status_of(self._driver_connection)
        if status is None:
            status = IN_TRANSACTION if self._connection.in_transaction() else IDLE
        return IN_ERROR if status == IN_TRANSACTION and self._has_failed and not self._knows_errors else status

    @property
    def is_autocommit(self) -> bool:
        """Whether statements take effect at once, or did before the connection was lost."""
        if self.transaction_status == UNKNOWN:
            return self._was_autocommit
        return bool(getattr(self._connection.connection.dbapi_connection, "autocommit", False))

    def commit_beneath(self) -> None:
        """Commit on the driver's connection, below a transaction object that somebody else goes on with."""
        with self._ends("commit"):
            driver_connection: Any = self._connection.connection.dbapi_connection
            driver_connection.commit()

    def on_transaction_end(self, handler: Callable[[int], None]) -> None:
        """Have ``handler`` called with how each transaction ended."""
        self._handlers.append(handler)

    def _ends(self, how: str) -> _TransactionEnd:
        return _TransactionEnd(self, how)

    def _notice_end(self) -> None:
        """Hear of a transaction that a statement ended by itself (``COMMIT``), or that went with the connection."""
        status = self.transaction_status
        if status != UNKNOWN:
            self._was_autocommit = self.is_autocommit
        is_open = status in {IN_TRANSACTION, IN_ERROR}
        if self._was_open and not is_open:
            self.ended(_LOST if status == UNKNOWN else _COMMITTED)
        self._was_open = is_open

    def ended(self, end: int) -> None:
        """Tell of the end of a transaction."""
        self._was_open = self._has_failed = False
        for handler in list(self._handlers):
            handler(end)

    # The session

    @property
    def backend_pid(self) -> int:
        """The server's process as the driver knows it; 0 where it does not say."""
        connection = self._driver_connection
        info: Any = getattr(connection, "info", None)
        if hasattr(info, "backend_pid"):
            return int(info.backend_pid)
        ask = getattr(connection, "get_server_pid", None)  # asyncpg
        if ask is not None:
            return int(ask())
        key = getattr(connection, "_backend_key_data", None)  # pg8000: as the protocol has it, the process before the secret
        return int.from_bytes(key[:4], "big") if isinstance(key, bytes) else 0

    @property
    def database(self) -> str:
        """Which database, for messages."""
        url = self._connection.engine.url
        info = getattr(self._driver_connection, "info", None)
        name = getattr(info, "dbname", None) or url.database or "the database"
        host = getattr(info, "host", None) or url.host or "localhost"
        return f"{name} on {host}:{getattr(info, 'port', None) or url.port or 5432}"

    def open_other(self) -> _engine.Connection | None:
        """Open a connection of the engine's own to the same address, in a transaction, where the address says all it takes."""
        dialect, url = self._connection.dialect, self._connection.engine.url
        try:
            _, arguments = dialect.create_connect_args(url)
            other = _engine.Connection.open([*libpq_parameters(dialect.driver, arguments), ("connect_timeout", _PATIENCE)])
            # In a transaction, which the engine ends: a pooler would hand the setting on with its server connection.
            other.execute(f"BEGIN READ ONLY; SET LOCAL statement_timeout = '{_PATIENCE}s'")
        except (MigrateError, DriverError) as error:
            # Asked for here: a logger that is there before env.py's fileConfig() is disabled by it.
            logging.getLogger("memstack_migrate").info(
                "what was committed could not be looked at from another session: %s", error
            )
            return None
        return other

    @property
    def _driver_connection(self) -> Any:
        return self._connection.connection.driver_connection

    @property
    def _knows_errors(self) -> bool:
        return _status_of(self._driver_connection) is not None and not hasattr(self._driver_connection, "is_in_transaction")


class _TransactionEnd:
    """Round the end of a transaction: tells how it went."""

    def __init__(self, connection: BorrowedConnection, how: str) -> None:
        self._connection = connection
        self._how = how
        self._has_failed = False

    def __enter__(self) -> None:
        # Drivers commit a failed transaction without a word, and the server rolls it back.
        self._has_failed = self._connection.transaction_status == IN_ERROR

    def __exit__(self, kind: type[BaseException] | None, *_details: object) -> None:
        if self._how == "rollback" or (self._has_failed and kind is None):
            self._connection.ended(_ROLLED_BACK)
        elif kind is None:
            self._connection.ended(_COMMITTED)
        else:
            is_lost = self._connection.transaction_status == UNKNOWN
            self._connection.ended(_IN_DOUBT if is_lost else _ROLLED_BACK)


def _fetch(driver_connection: Any, sql: str) -> tuple[list[str], list[Sequence[Any]]]:
    cursor = driver_connection.cursor()
    try:
        cursor.execute(sql)
        columns = [column[0] for column in cursor.description or ()]
        return columns, list(cursor.fetchall()) if columns else []
    finally:
        cursor.close()


def _status_of(driver_connection: Any) -> int | None:
    info: Any = getattr(driver_connection, "info", None)
    if hasattr(info, "transaction_status"):  # psycopg2, psycopg
        return int(info.transaction_status)
    if hasattr(driver_connection, "is_in_transaction"):  # asyncpg
        if driver_connection.is_closed():
            return UNKNOWN
        return IN_TRANSACTION if driver_connection.is_in_transaction() else IDLE
    state = getattr(driver_connection, "_transaction_status", None)  # pg8000
    return _PG8000_STATES.get(state) if isinstance(state, bytes) else None


def _texts(rows: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    """Write values as PostgreSQL does; the engine's own statements ask for texts, numbers and booleans only."""
    return [[_text(value) for value in row] for row in rows]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
