"""``ServerCursor``: a named cursor, whose rows stay on the server until they are fetched (yield_per, stream_results)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memstack_migrate.driver import errors
from memstack_migrate.driver.cursor import Cursor
from memstack_migrate.driver.query import quote_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from memstack_migrate.driver.connection import Connection

__all__ = ["ServerCursor"]

_IDLE, _IN_TRANSACTION = 0, 2
_EXISTS = "SELECT 1 FROM pg_catalog.pg_cursors WHERE name = $1"


class ServerCursor(Cursor):
    """Lives as long as the transaction that declared it, as psycopg2's and psycopg's named cursors do.

    ``scrollable`` and ``withhold`` are theirs, too. ``rowcount`` is that of the last fetch.
    """

    server_side = True

    def __init__(
        self,
        connection: Connection,
        name: str,
        cursor_factory: Any = None,
        row_factory: Any = None,
        *,
        scrollable: bool | None = None,
        withhold: bool = False,
    ) -> None:
        super().__init__(connection, name, cursor_factory, row_factory)
        self.scrollable = scrollable
        self.withhold = withhold
        self._quoted = quote_name(name)
        self._is_declared = False

    # Statements

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Cursor:
        """Declare the cursor for a query; a second time, the first one is closed."""
        self._check_open()
        if self.connection.autocommit and not self.withhold and self.connection.get_transaction_status() == _IDLE:
            raise self._error(errors.ProgrammingError, "can't use a named cursor outside of transactions")
        sql = text_of(query, self.connection.adapter)
        if params is not None:
            sql = self._bound(sql, params)
        self._close_on_server()
        scroll = {None: "", True: "SCROLL ", False: "NO SCROLL "}[self.scrollable]
        declaration = f"DECLARE {self._quoted} {scroll}CURSOR {'WITH HOLD ' if self.withhold else ''}FOR {sql}"
        self._show(self._run(declaration))
        self._is_declared = True
        self._fetch("FORWARD 0")  # describes the columns
        self.rowcount = -1
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **_options: Any) -> None:
        raise self._error(errors.NotSupportedError, "a named cursor runs one query: use an unnamed one for executemany()")

    # Rows

    def fetchone(self) -> Any:
        rows = self._fetch("FORWARD 1")
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return self._fetch(f"FORWARD {self.arraysize if size is None else int(size)}")

    def fetchall(self) -> list[Any]:
        return self._fetch("FORWARD ALL")

    def __iter__(self) -> Iterator[Any]:
        """Fetch ``itersize`` rows at a time."""
        while rows := self._fetch(f"FORWARD {int(self.itersize)}"):
            yield from rows

    @property
    def rownumber(self) -> int | None:
        return None

    def scroll(self, value: int, mode: str = "relative") -> None:
        """Move on the server, to where there is no row as well."""
        self._check_declared()
        self.connection.run(f"MOVE {'ABSOLUTE' if mode == 'absolute' else 'RELATIVE'} {int(value)} FROM {self._quoted}")

    def _fetch(self, what: str) -> list[Any]:
        self._check_declared()
        self._show(self._run(f"FETCH {what} FROM {self._quoted}"))
        return super().fetchall()

    # The cursor itself

    def close(self) -> None:
        if not self.closed and not self.connection.closed:
            self._close_on_server()
        super().close()

    def _close_on_server(self) -> None:
        # In a failed transaction it cannot be closed, and it goes with the transaction.
        if not self._is_declared or self.connection.get_transaction_status() not in {_IDLE, _IN_TRANSACTION}:
            return
        self._is_declared = False
        engine_connection = self.connection.engine_connection

        def close() -> None:
            # It may have ended with its transaction, or with a savepoint: closing it then would be an error.
            if engine_connection.execute_outside_transaction(_EXISTS, [self.name]).row_count:
                engine_connection.execute_outside_transaction(f"CLOSE {self._quoted}")

        self.connection.call(close)

    def _check_declared(self) -> None:
        self._check_open()
        if not self._is_declared:
            raise self._error(errors.ProgrammingError, "no results to fetch")

    def _error(self, kind: Any, message: str) -> Exception:
        error: Exception = errors.in_flavor(kind, self.connection.flavor)(message)
        return error
