"""Two-phase commit of PEP 249: a transaction that another session may finish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memstack_migrate.driver import errors
from memstack_migrate.driver.quoting import quote

if TYPE_CHECKING:
    from memstack_migrate import _engine

__all__ = ["TwoPhase"]

_RECOVER = "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()"


class TwoPhase:
    """The ``tpc_*`` methods; mixed into Connection."""

    engine_connection: _engine.Connection
    _xid: str | None = None
    _is_prepared = False

    def begin(self) -> None:
        raise NotImplementedError

    def commit(self) -> None:
        raise NotImplementedError

    def rollback(self) -> None:
        raise NotImplementedError

    def call(self, action: Any) -> Any:
        raise NotImplementedError

    def xid(self, format_id: int, gtrid: str, bqual: str) -> str:
        """Make one name of PEP 249's three parts."""
        return f"{format_id}_{gtrid}_{bqual}"

    def tpc_begin(self, xid: str) -> None:
        self.begin()
        self._xid = str(xid)

    def tpc_prepare(self) -> None:
        if self._xid is None:
            msg = "prepare() must be called inside a two-phase transaction"
            raise errors.ProgrammingError(msg)
        name = quote(self._xid)
        self.call(lambda: self.engine_connection.execute_outside_transaction(f"PREPARE TRANSACTION {name}"))
        self.commit()  # nothing is open any more: what follows may begin
        self._is_prepared = True

    def tpc_commit(self, xid: str | None = None) -> None:
        self._finish("COMMIT", xid)

    def tpc_rollback(self, xid: str | None = None) -> None:
        self._finish("ROLLBACK", xid)

    def tpc_recover(self) -> list[str]:
        """Give the names of the prepared transactions of this database."""
        result = self.call(lambda: self.engine_connection.execute_outside_transaction(_RECOVER))
        return [row[0] for row in result.rows(0, result.row_count)]

    def _finish(self, word: str, xid: str | None) -> None:
        if xid is None and not self._is_prepared:
            self._xid = None
            (self.commit if word == "COMMIT" else self.rollback)()
            return
        name = quote(str(self._xid if xid is None else xid))
        self._xid, self._is_prepared = None, False
        self.call(lambda: self.engine_connection.execute_outside_transaction(f"{word} PREPARED {name}"))
