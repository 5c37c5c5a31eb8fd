"""Where the statements of native operations go while a revision runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from memstack_migrate import _upstream
from memstack_migrate.errors import SqlError

if TYPE_CHECKING:
    from memstack_migrate import _engine
    from memstack_migrate.migration_context import MigrationContext

__all__ = ["EngineSink"]


class EngineSink:
    """Gives statements to the engine and counts operations.

    What the server refuses is raised as SQLAlchemy would raise it, since revisions write ``except ProgrammingError`` round an
    operation.
    """

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self._sink: _engine.StatementSink | None = None
        self._counts: list[tuple[str, bool, str]] = []
        self.doubles_percents = context.as_sql and _upstream.doubles_percents(context.dialect)

    def connect(self, sink: _engine.StatementSink | None) -> None:
        """Set where statements go, None when the run is over (the engine's call)."""
        self._sink = sink

    def execute(self, op_name: str, statements: list[str], *, shown: str | None = None) -> None:  # noqa: ARG002  the Protocol's
        """Run the statements of one operation, in order."""
        sink = cast("_engine.StatementSink", self._sink)
        for statement in statements:
            try:
                sink.execute(statement)
            except SqlError as error:  # noqa: PERF203  the first that fails ends the loop
                if shown is not None:
                    _hide_values(error, shown)
                raise self._context.raised_for(error, shown or statement) from error

    def count(self, op_name: str, native: bool, reason: str) -> None:  # noqa: FBT001  the Protocol's
        """Note that an operation ran, natively or for `reason` through the alembic package."""
        self._counts.append((op_name, native, reason))

    def take_counts(self) -> list[tuple[str, bool, str]]:
        """Return what was counted since the last call."""
        counts, self._counts = self._counts, []
        return counts


def _hide_values(error: SqlError, shown: str) -> None:
    """Have the error name the statement with its placeholders; a place in the other text means nothing then."""
    error.sql = shown
    error.diagnostics = {**(error.diagnostics or {}), "position": 0}
