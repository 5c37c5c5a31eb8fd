"""Expressions of SQLAlchemy as SQL with their values in place, for the engine to run as it runs its own statements.

SQLAlchemy compiles the expression and converts the values as the column types say; what becomes of a converted value is the
driver's rule. Only on a live connection: a script takes its literals from SQLAlchemy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ClauseElement, TextClause
from sqlalchemy.sql.selectable import SelectBase

from memstack_migrate import _upstream
from memstack_migrate.driver.placeholders import bind

if TYPE_CHECKING:
    from alembic.operations.ops import BulkInsertOp
    from alembic.runtime.migration import MigrationContext

    from memstack_migrate.driver.adapt import Adapter
    from memstack_migrate.driver.connection import Connection as DriverConnection

__all__ = ["BoundRows", "BoundStatement", "bind_expression", "bind_rows"]


@dataclass(frozen=True)
class BoundStatement:
    """One statement."""

    sql: str
    shown: str  #: with its placeholders: values may be secrets, so that no message repeats them


@dataclass(frozen=True)
class BoundRows:
    """The rows of one INSERT, each value as SQL, in the order of ``columns``."""

    columns: list[str]
    rows: list[list[str]]
    shown: str


def bind_expression(expression: Any, context: MigrationContext) -> BoundStatement | str:
    """Compile what ``op.execute()`` was given; a string says why SQLAlchemy has to execute it."""
    if not isinstance(expression, (UpdateBase, TextClause, SelectBase, ExecutableDDLElement)):
        return f"an object of {type(expression).__qualname__}"
    if isinstance(expression, ExecutableDDLElement):
        text = str(expression.compile(dialect=context.dialect))
        return BoundStatement(bind(text, {}, _adapter(context).literal), text)
    if (reason := _upstream.needs_execution(expression)) is not None:
        return reason
    compiled = expression.compile(dialect=context.dialect, compile_kwargs={"render_postcompile": True})
    if (reason := _upstream.needs_python_values(compiled)) is not None:
        return reason
    parameters = _upstream.bound_values(compiled, None)
    return BoundStatement(bind(str(compiled), parameters, _adapter(context).literal), str(compiled))


def bind_rows(operation: BulkInsertOp, context: MigrationContext) -> BoundRows | list[BoundStatement] | str:
    """Compile what ``op.bulk_insert()`` was given; a string says why SQLAlchemy has to insert it.

    The result is a list where each row gets a statement of its own: without ``multiinsert``, and of no rows.
    """
    table = operation.table
    rows: Any = operation.rows  # what users pass is not always a list
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return "rows that are no list of dictionaries"
    if not rows or not operation.multiinsert:
        return _one_by_one([bind_expression(table.insert().values(**row), context) for row in rows])
    if any(isinstance(value, ClauseElement) or hasattr(value, "__clause_element__") for row in rows for value in row.values()):
        return "an expression as a value"
    compiled = table.insert().compile(dialect=context.dialect, column_keys=[*rows[0]], for_executemany=True)
    if (reason := _upstream.needs_python_values(compiled)) is not None:
        return reason
    columns = _upstream.inserted_columns(compiled)
    if not columns:
        return "rows without a column of the table"
    literal = _adapter(context).literal
    bound = []
    for row in rows:
        parameters = _upstream.bound_values(compiled, row)
        bound.append([bind(expression, parameters, literal) for _, expression in columns])
    return BoundRows([name for name, _ in columns], bound, str(compiled))


def _one_by_one(statements: list[BoundStatement | str]) -> list[BoundStatement] | str:
    bound = [statement for statement in statements if isinstance(statement, BoundStatement)]
    reasons = (statement for statement in statements if isinstance(statement, str))
    return bound if len(bound) == len(statements) else next(reasons)


def _adapter(context: MigrationContext) -> Adapter:
    connection = cast("Any", context.connection).connection
    return cast("DriverConnection", connection.dbapi_connection).adapter
