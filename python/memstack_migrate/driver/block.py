"""``with connection.transaction():`` as psycopg has it: a transaction, or a savepoint within one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memstack_migrate.driver.flavor import import_driver
from memstack_migrate.driver.query import quote_name

if TYPE_CHECKING:
    from types import TracebackType

    from memstack_migrate.driver.connection import Connection

__all__ = ["Block"]


class Block:
    """Kept if the block ends, undone if it raises; ``psycopg.Rollback`` undoes it silently."""

    def __init__(self, connection: Connection, savepoint_name: str | None, *, force_rollback: bool) -> None:
        self.connection = connection
        self.savepoint_name = savepoint_name
        self._force_rollback = force_rollback
        self._is_outermost = False

    def __enter__(self) -> Block:  # noqa: PYI034  not made for subclassing
        self._is_outermost = self.connection.get_transaction_status() == 0
        if self._is_outermost:
            self.connection.begin()
        elif self.savepoint_name is None:
            self.savepoint_name = self.connection.next_savepoint()
        if self.savepoint_name is not None:
            self.connection.run(f"SAVEPOINT {quote_name(self.savepoint_name)}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> bool:
        if kind is None and not self._force_rollback:
            self._keep()
        elif not self.connection.closed:
            self._undo()
        return self._is_asked_for(error)

    def _keep(self) -> None:
        if self._is_outermost:
            self.connection.commit()
        else:
            self.connection.run(f"RELEASE {self._savepoint()}")

    def _undo(self) -> None:
        if self._is_outermost:
            self.connection.rollback()
        else:
            self.connection.run(f"ROLLBACK TO {self._savepoint()}; RELEASE {self._savepoint()}")

    def _savepoint(self) -> str:
        return f"SAVEPOINT {quote_name(self.savepoint_name or '')}"

    def _is_asked_for(self, error: Any) -> bool:
        module = import_driver("psycopg")
        return module is not None and isinstance(error, module.Rollback) and error.transaction in {None, self}
