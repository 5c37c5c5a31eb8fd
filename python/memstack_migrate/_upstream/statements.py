"""What decides whether an operation is plainly Alembic's own, and how its expressions are compiled."""

# ruff: noqa: SLF001  the folder for private names

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from sqlalchemy import types as sqltypes
from sqlalchemy.sql import ddl

from memstack_migrate._upstream.leaves import doubles_percents, foreign_compiler

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Iterable, Mapping

    from alembic.ddl.impl import DefaultImpl
    from alembic.operations.batch import BatchOperationsImpl
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Table

__all__ = [
    "bound_values",
    "cursor_listeners",
    "ensure_scope_for_ddl",
    "expression_listeners",
    "fire",
    "implementation",
    "inserted_columns",
    "needs_execution",
    "needs_python_values",
    "replaced_compiler",
    "table_listeners",
    "unbound_text",
    "unusual_dialect",
    "will_recreate",
]


def implementation(operations: Any, operation: Any) -> Any:
    """Answer the function that ``invoke()`` would call."""
    return operations._to_impl.dispatch(operation, operations.migration_context.impl.__dialect__)


def will_recreate(batch_impl: BatchOperationsImpl) -> bool:
    """Tell whether the batch ends in a copy of the table."""
    return batch_impl._should_recreate()


def ensure_scope_for_ddl(connection: Any) -> contextlib.AbstractContextManager[None]:
    """Open a transaction round a batch, if none is open."""
    from alembic.util.sqla_compat import _ensure_scope_for_ddl

    return _ensure_scope_for_ddl(connection)


_LIMITS = (
    "supports_smallserial",
    "supports_identity_columns",
    "supports_native_enum",
    "supports_native_uuid",
    "supports_comments",
)
_CONCURRENTLY = ("_supports_create_index_concurrently", "_supports_drop_index_concurrently")


def unusual_dialect(dialect: Dialect) -> str | None:
    """Name what makes the dialect write other DDL than SQLAlchemy's own PostgreSQL dialect does, if anything."""
    from sqlalchemy.dialects.postgresql import base

    for role, class_, expected in (
        ("DDL compiler", dialect.ddl_compiler, base.PGDDLCompiler),
        ("type compiler", type(dialect.type_compiler_instance), base.PGTypeCompiler),
    ):
        if class_ is not expected:
            return f"a {role} of its own: {class_.__module__}.{class_.__qualname__}"
    preparer = type(dialect.identifier_preparer)
    if not preparer.__module__.startswith(("sqlalchemy.", "memstack_migrate.")):
        return f"an identifier preparer of its own: {preparer.__module__}.{preparer.__qualname__}"
    lacking = [name for name in _LIMITS + _CONCURRENTLY if not getattr(dialect, name, True)]
    return f"no {lacking[0].lstrip('_')}" if lacking else None


def expression_listeners(connection: Any) -> str | None:
    """Name an event that somebody listens to on the connection or its engine, and who, where it gets SQLAlchemy's expressions."""
    return _listener_for(connection, "before_execute", "after_execute")


def cursor_listeners(connection: Any) -> str | None:
    """Name an event likewise that gets the text of each statement, or what the server says against it."""
    dialect = getattr(connection, "dialect", None)
    return _listener_for(connection, "before_cursor_execute", "after_cursor_execute") or _listener_for(dialect, "handle_error")


def _listener_for(target: Any, *event_names: str) -> str | None:
    dispatch = getattr(target, "dispatch", None)
    if dispatch is None:
        return None
    for name in event_names:
        for listener in getattr(dispatch, name):
            return f"{name} ({_listener_name(listener)})"
    return None


def _listener_name(listener: Any) -> str:
    """Name the function that was given to SQLAlchemy, which keeps it in closures of its own; a person may not know of it."""
    around, seen = [listener], []
    while around:
        function = around.pop(0)
        module = getattr(function, "__module__", None) or ""
        if not module.startswith("sqlalchemy."):
            return f"{module}.{getattr(function, '__qualname__', type(function).__qualname__)}"
        seen.append(function)
        cells = getattr(function, "__closure__", None) or ()
        inside = [cell.cell_contents for cell in cells]
        around += [value for value in inside if callable(value) and not isinstance(value, type) and value not in seen]
    return "of SQLAlchemy's own"


def table_listeners(table: Table, event_names: Iterable[str]) -> str | None:
    """Name an event of the table that somebody other than its column types listens to, if there is one."""
    for name in event_names:
        for listener in getattr(table.dispatch, name):
            function = getattr(listener, "func", listener)  # types listen through functools.partial
            function = getattr(function, "target", getattr(function, "__self__", None))
            if not isinstance(function, sqltypes.SchemaType):
                return name
    return None


def fire(table: Table, event_name: str, impl: DefaultImpl) -> None:
    """Fire before_create and its like as ``DefaultImpl`` does: it is where enum types get created."""
    getattr(table.dispatch, event_name)(table, impl.connection, checkfirst=False, _ddl_runner=impl)


def replaced_compiler() -> str | None:
    """Name a ``@compiles`` function that changes one of the statements which the engine writes, if there is one."""
    for class_ in _statement_classes():
        found = foreign_compiler(class_)
        if found is not None:
            return f"{found} for {class_.__name__}"
    return None


@functools.cache
def _statement_classes() -> tuple[type[Any], ...]:
    """List what SQLAlchemy and Alembic compile to make the engine's statements."""
    from alembic.ddl import base, postgresql
    from sqlalchemy import schema
    from sqlalchemy.dialects.postgresql import ExcludeConstraint

    statements = ("CreateTable", "CreateColumn", "DropTable", "CreateIndex", "DropIndex", "AddConstraint", "DropConstraint")
    comments = ("SetTableComment", "DropTableComment", "SetColumnComment")
    alembics: tuple[str, ...] = (
        "RenameTable",
        "AddColumn",
        "DropColumn",
        "ColumnNullable",
        "ColumnType",
        "ColumnName",
        "ColumnDefault",
    )
    alembics += ("ColumnComment", "IdentityColumnDefault")
    items = ("Table", "Column", "Index", "Identity", "CheckConstraint", "UniqueConstraint", "PrimaryKeyConstraint")
    return (
        *(getattr(ddl, name) for name in statements + comments),
        *(getattr(base, name) for name in alembics),
        *(getattr(schema, name) for name in items),
        schema.ForeignKeyConstraint,
        ExcludeConstraint,
        postgresql.PostgresqlColumnType,
    )


def unbound_text(text: Any, dialect: Dialect) -> str | None:
    """Compile a ``text()`` that has no bind parameters to the SQL that reaches the server; None if it has some."""
    if text._bindparams:
        return None
    compiled = str(text.compile(dialect=dialect))
    return compiled.replace("%%", "%") if doubles_percents(dialect) else compiled


def needs_execution(expression: Any) -> str | None:
    """Say why an expression means more than its SQL: the ORM's do work of their own when they are executed."""
    if expression._execution_options:
        return "execution options of the statement"
    return "an expression of the ORM" if expression._propagate_attrs.get("compile_state_plugin") == "orm" else None


def needs_python_values(compiled: Any) -> str | None:
    """Say why a compiled statement cannot be bound once and for all, if it cannot."""
    if compiled.isinsert and compiled.insert_prefetch:
        return "a default of a column that Python makes"
    if (compiled.isupdate and compiled.update_prefetch) or compiled.has_out_parameters:
        return "a value that Python makes"
    return None


def bound_values(compiled: Any, row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Answer the values of a statement by the names of its placeholders, converted as their types say.

    As ``DefaultExecutionContext._init_compiled`` makes them; raises where a value is missing.
    """
    expanded = compiled._post_compile_expanded_state if row is None else None
    processors = {**compiled._bind_processors, **(expanded.processors if expanded is not None else {})}
    values = compiled.construct_params(row, escape_names=False)
    names: Mapping[str, str] = compiled.escaped_bind_names or {}
    return {names.get(key, key): processors[key](value) if key in processors else value for key, value in values.items()}


def inserted_columns(compiled: Any) -> list[tuple[str, str]]:
    """List the names of an INSERT's columns and what stands in VALUES for each, placeholders and casts."""
    many = compiled._insertmanyvalues
    return [] if many is None else [(column.name, expression) for column, _, expression, _ in many.insert_crud_params]
