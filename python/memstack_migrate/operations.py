"""``op.*`` through the engine.

Every directive of Alembic ends in ``Operations.invoke(operation)``. Here an operation that is plainly Alembic's own becomes a
value of the engine, and its SQL goes to a :class:`StatementSink`; any other goes the way it always went, over the same
connection, and the sink is told why.
"""

from __future__ import annotations

import contextlib
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

import alembic.operations
from alembic import util
from alembic.ddl.postgresql import CreateExcludeConstraintOp, PostgresqlImpl
from alembic.operations import ops
from alembic.operations.batch import BatchOperationsImpl
from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

from memstack_migrate import _engine, _upstream
from memstack_migrate.bound_statements import BoundRows, BoundStatement, bind_expression, bind_rows
from memstack_migrate.driver.dialect import EngineDialect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from alembic.operations.ops import MigrateOperation
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.schema import Table

__all__ = ["BatchOperations", "Operations", "StatementSink", "call_site", "library_reason", "operation_name"]


class StatementSink(Protocol):
    """Where the engine's statements go, and who hears how each operation went."""

    #: Whether it writes a script in which the dialect, and so Alembic, has every percent sign twice.
    doubles_percents: bool

    def execute(self, op_name: str, statements: list[str], *, shown: str | None = None) -> None:
        """Run the statements of one directive in order; ``op_name`` is the user's word for it, ``"create_table"``.

        ``shown`` is what an error says in the place of a statement with values in it.
        """

    def count(self, op_name: str, native: bool, reason: str) -> None:  # noqa: FBT001  the caller names it
        """Note that a directive ran through the engine, or through the library and why; ``reason`` is "" if native."""


_Bound = TypeVar("_Bound")

#: The operations that the engine knows, by exact class, and the user's word for each.
_NAMES: dict[type[MigrateOperation], str] = {
    ops.AddColumnOp: "add_column",
    ops.AlterColumnOp: "alter_column",
    ops.BulkInsertOp: "bulk_insert",
    ops.CreateCheckConstraintOp: "create_check_constraint",
    CreateExcludeConstraintOp: "create_exclude_constraint",
    ops.CreateForeignKeyOp: "create_foreign_key",
    ops.CreateIndexOp: "create_index",
    ops.CreatePrimaryKeyOp: "create_primary_key",
    ops.CreateTableCommentOp: "create_table_comment",
    ops.CreateTableOp: "create_table",
    ops.CreateUniqueConstraintOp: "create_unique_constraint",
    ops.DropColumnOp: "drop_column",
    ops.DropConstraintOp: "drop_constraint",
    ops.DropIndexOp: "drop_index",
    ops.DropTableCommentOp: "drop_table_comment",
    ops.DropTableOp: "drop_table",
    ops.ExecuteSQLOp: "execute",
    ops.RenameTableOp: "rename_table",
}


def operation_name(operation: MigrateOperation) -> str:
    """Answer the name of the directive as the user wrote it behind ``op.``; a plugin's class name if it is a plugin's."""
    return _NAMES.get(type(operation), type(operation).__name__)


#: Where the operation of a batch was written: it runs when the block ends, and the block's own line tells little.
_written_at: ContextVar[tuple[str, int] | None] = ContextVar("memstack_migrate_written_at", default=None)


def call_site() -> tuple[str, int]:
    """Find the file and line that called a directive: the first frame outside Alembic, SQLAlchemy and this package."""
    written_at = _written_at.get()
    if written_at is not None:
        return written_at
    frame = sys._getframe(1)  # noqa: SLF001  the documented way to walk frames without making a traceback
    while frame.f_back is not None:
        module = frame.f_globals.get("__name__", "")
        if not f"{module}.".startswith(("alembic.", "sqlalchemy.", "memstack_migrate.", "contextlib.")):
            break
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def library_reason(  # noqa: PLR0911  one condition, one answer
    operations: _EngineOperations, operation: MigrateOperation
) -> str | None:
    """Say why an operation must go Alembic's own way; None if the engine may take it.

    Native is what is plainly Alembic's own from end to end: the class, the function that implements it, the dialect and its
    compilers, the statements' spelling; and what nobody else watches. What an operation contains is judged when it is read.
    """
    context = operations.migration_context
    impl, connection = context.impl, context.connection
    if type(operation) not in _NAMES:
        return f"{operation_name(operation)} is not a directive of the engine"
    implementation = _upstream.implementation(operations, operation)
    if implementation.__module__ != "alembic.operations.toimpl":
        return f"implemented by {implementation.__module__}.{implementation.__qualname__}"
    if type(impl) is not PostgresqlImpl:
        return f"the context's impl is {type(impl).__module__}.{type(impl).__qualname__}"
    if (unusual := _upstream.unusual_dialect(context.dialect)) is not None:
        return f"the dialect has {unusual}"
    if (replaced := _upstream.replaced_compiler()) is not None:
        return f"@compiles function {replaced}"
    if (event := _upstream.expression_listeners(connection)) is not None:
        return f"a listener for {event}"
    options = _execution_options(connection)
    # With no_parameters percent signs stay doubled; an op.execute() with that option leaves it on the connection.
    telling = [name for name in ("schema_translate_map", "no_parameters") if options.get(name)]
    if telling:
        return f"the connection has the option {telling[0]}"
    return None


def _execution_options(connection: Any) -> Mapping[str, Any]:
    # The connection of offline mode has no options.
    options = getattr(connection, "get_execution_options", None)
    return options() if options is not None else {}


class _EngineOperations(alembic.operations.AbstractOperations):
    """What ``op`` and ``batch_op`` have in common: an operation becomes statements, or a reason why not."""

    sink: StatementSink

    def _library(self, operation: MigrateOperation, reason: str) -> Any:
        self.sink.count(operation_name(operation), native=False, reason=reason)
        return _upstream.implementation(self, operation)(self, operation)

    def _statements(self, operation: MigrateOperation) -> list[str] | str:
        """Compile an operation; a string says why the library must do it."""
        # Reading gives the column to a table; copied after that, for the library, it would lose its foreign key.
        spare = _upstream.copy_of(operation.column) if isinstance(operation, ops.AddColumnOp) else None
        statements = self._read(operation)
        if isinstance(statements, str) and isinstance(operation, ops.AddColumnOp) and spare is not None:
            operation.column = spare
        return statements

    def _read(self, operation: MigrateOperation) -> list[str] | str:
        try:
            read = _engine.read_operation(operation, self.migration_context)
        except Exception as error:  # noqa: BLE001  the library meets the same fault, and its own words for it are better
            return f"{type(error).__name__}: {error}"
        if isinstance(read, str):
            return read
        _warn_about_autoincrement(operation)
        return self._compile(read)

    def _compile(self, operation: _engine.Operation) -> list[str] | str:
        statements = _engine.compile_op(operation, _upstream.backslash_escapes(self.migration_context.dialect))
        return self._doubled_percent(statements) or statements

    def _doubled_percent(self, statements: list[str]) -> str | None:
        """Say why the library has to write statements with percent signs into a script, if it has to."""
        has_percent = self.sink.doubles_percents and any("%" in statement for statement in statements)
        return "a percent sign, which this dialect doubles in scripts" if has_percent else None

    def _execute_text(self, operation: ops.ExecuteSQLOp) -> None:
        reason = library_reason(self, operation)
        if reason is None:
            statement = _plain_sql(operation, self.migration_context)
            if statement is None:
                self._execute_expression(operation)
                return
            if (reason := self._doubled_percent([statement])) is None:
                self.sink.count("execute", native=True, reason="")
                self.sink.execute("execute", [statement])
                return
        self._library(operation, reason)

    def _execute_expression(self, operation: ops.ExecuteSQLOp) -> None:
        expression = text(operation.sqltext) if isinstance(operation.sqltext, str) else operation.sqltext
        bound: BoundStatement | str = self._bound(operation, lambda: bind_expression(expression, self.migration_context))
        if isinstance(bound, str):
            self._library(operation, bound)
            return
        self.sink.count("execute_expression", native=True, reason="")
        self.sink.execute("execute", [bound.sql], shown=bound.shown)

    def _bound(self, operation: ops.ExecuteSQLOp | ops.BulkInsertOp, make: Callable[[], _Bound | str]) -> _Bound | str:
        if self.migration_context.as_sql:
            return "an expression in a script"
        if getattr(operation, "execution_options", None):
            return "execution options"
        if not isinstance(self.migration_context.dialect, EngineDialect):
            return "another driver's connection, which binds values itself"
        if (event := _upstream.cursor_listeners(self.migration_context.connection)) is not None:
            return f"a listener for {event}, which gets values apart from statements"
        try:
            return make()
        except Exception as error:  # noqa: BLE001  as in _read
            return f"{type(error).__name__}: {error}"


def _plain_sql(operation: ops.ExecuteSQLOp, context: MigrationContext) -> str | None:
    """Answer the SQL of ``op.execute()`` as it reaches the server; None if SQLAlchemy has to execute it."""
    sqltext = operation.sqltext
    if operation.execution_options:
        return None
    if isinstance(sqltext, str):
        # text() would only change :name and \:.
        if ":" not in sqltext:
            return str.__str__(sqltext)  # a member of a str's enum would spell its own name
        sqltext = text(sqltext)
    if type(sqltext) is not TextClause or _upstream.foreign_compiler(TextClause) is not None:
        return None
    if _execution_options(sqltext):
        return None
    return _upstream.unbound_text(sqltext, context.dialect)


def _warn_about_autoincrement(operation: MigrateOperation) -> None:
    if not isinstance(operation, ops.AlterColumnOp):
        return
    if operation.kw.get("autoincrement") is not None or operation.kw.get("existing_autoincrement") is not None:
        util.warn("autoincrement and existing_autoincrement only make sense for MySQL", stacklevel=3)


class Operations(_EngineOperations, alembic.operations.Operations):
    """``alembic.op`` with the engine behind it."""

    def __init__(self, migration_context: MigrationContext, *, sink: StatementSink) -> None:
        """Bind to a migration context; ``sink`` gets the statements."""
        super().__init__(migration_context)
        self.sink = sink

    def invoke(self, operation: MigrateOperation) -> Any:
        """Run one operation; answers what Alembic answers: the Table of create_table, else None."""
        if isinstance(operation, ops.ExecuteSQLOp):
            return self._execute_text(operation)
        reason = library_reason(self, operation)
        if reason is not None:
            return self._library(operation, reason)
        if isinstance(operation, ops.CreateTableOp):
            return self._create_table(operation)
        if isinstance(operation, ops.DropTableOp):
            return self._drop_table(operation)
        if isinstance(operation, ops.BulkInsertOp):
            return self._bulk_insert(operation)
        return self._change(operation)

    def _change(self, operation: MigrateOperation) -> Any:
        statements = self._statements(operation)
        if isinstance(statements, str):
            return self._library(operation, statements)
        name = operation_name(operation)
        self.sink.count(name, native=True, reason="")
        if statements:
            self.sink.execute(name, statements)
        return None

    def _create_table(self, operation: ops.CreateTableOp) -> Table:
        table = operation.to_table(self.migration_context)
        events = ("before_create", "after_create")
        listener = _upstream.table_listeners(table, events)
        try:
            read = _engine.read_create_table(table, bool(operation.if_not_exists), self.migration_context)
        except Exception as error:  # noqa: BLE001  as in _statements
            read = f"{type(error).__name__}: {error}"
        if listener is not None:
            read = f"a listener for {listener} of the table"
        statements = read if isinstance(read, str) else self._compile(read)
        if isinstance(statements, str):
            self.sink.count("create_table", native=False, reason=statements)
            options = {} if operation.if_not_exists is None else {"if_not_exists": operation.if_not_exists}
            self.impl.create_table(table, **options)
            return table
        first, *rest = statements
        self._run_with_events(table, "create_table", events, first)
        if rest:
            self.sink.execute("create_table", rest)
        return table

    def _bulk_insert(self, operation: ops.BulkInsertOp) -> None:
        rows: BoundRows | list[BoundStatement] | str = self._bound(
            operation, lambda: bind_rows(operation, self.migration_context)
        )
        if isinstance(rows, str):
            self._library(operation, rows)
            return
        self.sink.count("bulk_insert", native=True, reason="")
        if isinstance(rows, list):
            for statement in rows:
                self.sink.execute("bulk_insert", [statement.sql], shown=statement.shown)
            return
        statements = _engine.compile_op(_engine.make_bulk_insert(operation.table, rows.columns, rows.rows))
        self.sink.execute("bulk_insert", statements, shown=rows.shown)

    def _drop_table(self, operation: ops.DropTableOp) -> None:
        table = operation.to_table(self.migration_context)
        events = ("before_drop", "after_drop")
        listener = _upstream.table_listeners(table, events)
        statements: list[str] | str = f"a listener for {listener} of the table"
        if listener is None:
            statements = self._compile(_engine.read_drop_table(table, bool(operation.if_exists)))
        if isinstance(statements, str):
            self.sink.count("drop_table", native=False, reason=statements)
            options = {} if operation.if_exists is None else {"if_exists": operation.if_exists}
            self.impl.drop_table(table, **options)
            return
        self._run_with_events(table, "drop_table", events, statements[0])

    def _run_with_events(self, table: Table, name: str, events: tuple[str, str], statement: str) -> None:
        """Run the statement between the table's events; the column types' enums get created in the first of them."""
        impl = self.migration_context.impl
        self.sink.count(name, native=True, reason="")
        _upstream.fire(table, events[0], impl)
        self.sink.execute(name, [statement])
        _upstream.fire(table, events[1], impl)

    @contextlib.contextmanager
    def batch_alter_table(  # noqa: PLR0913, PLR0917  Alembic's signature
        self,
        table_name: str,
        schema: str | None = None,
        recreate: Literal["auto", "always", "never"] = "auto",
        partial_reordering: list[tuple[str, ...]] | None = None,
        copy_from: Table | None = None,
        table_args: tuple[Any, ...] = (),
        table_kwargs: Mapping[str, Any] = util.immutabledict(),
        reflect_args: tuple[Any, ...] = (),
        reflect_kwargs: Mapping[str, Any] = util.immutabledict(),
        naming_convention: dict[str, str] | None = None,
    ) -> Iterator[BatchOperations]:
        """Collect the operations on one table and run them when the block ends; arguments as Alembic's."""
        impl = _BatchImpl(  # type: ignore[no-untyped-call]  # Alembic's constructor
            self,
            table_name,
            schema,
            recreate,
            copy_from,
            table_args,
            table_kwargs,
            reflect_args,
            reflect_kwargs,
            naming_convention,
            partial_reordering,
        )
        yield BatchOperations(self.migration_context, impl, sink=self.sink)
        impl.flush()


class BatchOperations(_EngineOperations, alembic.operations.BatchOperations):
    """``batch_op`` with the engine behind it."""

    impl: _BatchImpl

    def __init__(self, migration_context: MigrationContext, impl: _BatchImpl, *, sink: StatementSink) -> None:
        """Collect into ``impl``; ``sink`` gets the statements when the block ends."""
        super().__init__(migration_context, impl)
        self.sink = sink

    def invoke(self, operation: MigrateOperation) -> Any:
        """Note one operation for the end of the block; ``execute`` runs at once, as under Alembic."""
        if isinstance(operation, ops.ExecuteSQLOp):
            return self._execute_text(operation)
        reason = "a batch that copies the table" if _upstream.will_recreate(self.impl) else library_reason(self, operation)
        statements: list[str] | str = reason if reason is not None else self._statements(operation)
        if isinstance(statements, str):
            return self._library(operation, statements)
        name = operation_name(operation)
        self.sink.count(name, native=True, reason="")
        self.impl.add_native(name, statements)
        return None


class _BatchImpl(BatchOperationsImpl):
    """Alembic's list of what a batch has collected, in which the engine's statements stand in their place."""

    operations: Operations

    def add_native(self, op_name: str, statements: list[str]) -> None:
        self.batch.append((_NATIVE, (call_site(), op_name, statements), {}))

    def flush(self) -> None:
        if _upstream.will_recreate(self):
            super().flush()
            return
        with _upstream.ensure_scope_for_ddl(self.impl.connection):
            for method, args, kwargs in self.batch:
                if method is _NATIVE:
                    self._execute(*args)
                else:
                    getattr(self.impl, method)(*args, **kwargs)

    def _execute(self, written_at: tuple[str, int], op_name: str, statements: list[str]) -> None:
        token = _written_at.set(written_at)
        try:
            self.operations.sink.execute(op_name, statements)
        finally:
            _written_at.reset(token)


#: Stands where the name of one of the impl's methods stands otherwise.
_NATIVE = "native"
