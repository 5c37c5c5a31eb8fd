"""Every private name of Alembic and SQLAlchemy that this package touches, behind functions of our own.

The engine's bridge (``cpp/script/``) calls the functions of the first part by name; what they return is public objects and
plain values. Whoever moves to a new Alembic or SQLAlchemy release reads this file and nothing else.
"""

# ruff: noqa: SLF001  the one place for private names

from __future__ import annotations

import functools
import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.ddl.impl import DefaultImpl
from alembic.script import Script
from sqlalchemy import types as sqltypes
from sqlalchemy.dialects.postgresql import _psycopg_common
from sqlalchemy.engine import URL
from sqlalchemy.schema import Sequence, Table
from sqlalchemy.sql import coercions, ddl, roles
from sqlalchemy.sql.compiler import FK_ON_DELETE

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

    from alembic.operations.batch import BatchOperationsImpl
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy.engine import Connection, Dialect
    from sqlalchemy.schema import Column, Constraint, Index
    from sqlalchemy.types import TypeEngine

# --- read by the engine's bridge ------------------------------------------------------------------------------------


def ddl_compiler(dialect: Dialect) -> Any:
    """Make a DDL compiler for leaves: it compiles parts, never a whole statement."""
    return dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # a statement is only read by compile()


def doubles_percents(dialect: Dialect) -> bool:
    """Tell whether compiled text has every ``%`` doubled, for a driver that halves it again."""
    return bool(dialect.identifier_preparer._double_percents)


def backslash_escapes(dialect: Dialect) -> bool:
    """Tell whether string literals need their backslashes doubled (standard_conforming_strings is off)."""
    return bool(getattr(dialect, "_backslash_escapes", True))


def foreign_compiler(class_: type[Any]) -> str | None:
    """Name the ``@compiles`` function for PostgreSQL that neither SQLAlchemy nor Alembic put on ``class_``, if there is one."""
    for base in class_.__mro__:
        dispatcher = base.__dict__.get("_compiler_dispatcher")
        if dispatcher is None:
            continue
        function = dispatcher.specs.get("postgresql") or dispatcher.specs.get("default")
        module = getattr(function, "__module__", None) or ""
        if not module.startswith(("sqlalchemy.", "alembic.")):
            return f"{module}.{getattr(function, '__qualname__', function)}"
        return None
    return None


def final_name(compiler: Any, item: Constraint | Index) -> str | None:
    """Answer the name that DDL gives ``item``, naming convention and length limit applied, not yet quoted."""
    if item.name is None:
        return None
    name: str | None = compiler.preparer.format_constraint(item, _alembic_quote=False)
    return name


def type_for_dialect(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Resolve ``with_variant()``."""
    return type_._variant_mapping.get(dialect.name, type_) if type_._variant_mapping else type_


def is_standard_type(type_: TypeEngine[Any]) -> bool:
    """Tell whether the type compiler, and nobody else, decides how this very class is spelled."""
    class_ = type(type_)
    return class_.__module__.startswith("sqlalchemy.") and "_compiler_dispatcher" not in class_.__dict__


def serial_keyword(compiler: Any, column: Column[Any]) -> str | None:
    """Answer ``SERIAL`` and its like if the column's default is a sequence that the server makes (PGDDLCompiler's rule)."""
    # Of every column, as SQLAlchemy does it: a type that cannot be copied is refused here.
    impl_type: Any = column.type.dialect_impl(compiler.dialect)
    if not column.primary_key or column.identity is not None or column is not column.table._autoincrement_column:
        return None
    if column.default is not None and not (isinstance(column.default, Sequence) and column.default.optional):
        return None
    if isinstance(impl_type, sqltypes.TypeDecorator):
        impl_type = impl_type.impl
    if isinstance(impl_type, sqltypes.BigInteger):
        return "BIGSERIAL"
    return "SMALLSERIAL" if isinstance(impl_type, sqltypes.SmallInteger) else "SERIAL"


def table_constraints(compiler: Any, table: Table) -> list[Constraint]:
    """List what CREATE TABLE writes behind the columns, in its order."""
    constraints = [table.primary_key] if len(table.primary_key) else []
    constraints += [c for c in table._sorted_constraints if c is not table.primary_key]  # type: ignore[misc]
    return [c for c in constraints if c._should_create_for_compiler(compiler) and not getattr(c, "use_alter", False)]


def in_order(constraints: Iterable[Constraint]) -> list[Constraint]:
    """Sort a set of constraints by their making; Alembic takes them as the set happens to give them."""
    return sorted(constraints, key=lambda constraint: constraint._creation_order)


def primary_key_columns(constraint: Any) -> list[Column[Any]]:
    """List the columns of a primary key in the order of the DDL."""
    return list(constraint.columns_autoinc_first if constraint._implicit_generated else constraint.columns)


def may_add(constraint: Constraint, impl: DefaultImpl) -> bool:
    """Tell whether ``impl.add_constraint()`` would do anything (a type's CHECK may be for other databases)."""
    return constraint._create_rule is None or bool(constraint._create_rule(impl))


def counts_for_alter(constraint: Constraint, dialect: Dialect) -> bool:
    """Tell whether ``alter_column`` drops or adds this constraint along with the type (``toimpl.alter_column``)."""
    rule = constraint._create_rule
    return rule is None or bool(rule(dialect.statement_compiler(dialect, None)))


def is_type_bound(constraint: Constraint) -> bool:
    """Tell whether the constraint was made by a column's type."""
    return bool(constraint._type_bound)


def prefixes(table: Table) -> list[str]:
    """List the words between CREATE and TABLE."""
    return list(table._prefixes)


def indexes(table: Table) -> list[Index]:
    """List the indexes of a table by name; Alembic takes them as the set happens to give them."""
    return sorted(table.indexes, key=lambda index: str(index.name))


def storage_parameters(compiler: Any, parameters: dict[str, Any]) -> str:
    """Render WITH (...): SQLAlchemy 2.1 knows parameters without a value, 2.0 writes ``str()`` of anything."""
    if hasattr(compiler, "_prepare_withclause_opts"):
        text: str = compiler._prepare_withclause_opts(parameters)
        return text
    return ", ".join(f"{name} = {value}" for name, value in parameters.items())


def ddl_expression(expression: Any) -> Any:
    """Coerce a condition: a plain string becomes text."""
    return coercions.expect(roles.DDLExpressionRole, expression)


def exclude_elements(constraint: Any) -> list[tuple[Any, str]]:
    """List the expressions of an EXCLUDE constraint with their operators."""
    return [(expression, operator) for expression, _name, operator in constraint._render_exprs]


def on_delete(compiler: Any, constraint: Any) -> str | None:
    """Answer what stands behind ON DELETE: key words, and for SET NULL a list of columns; anything else is refused."""
    if constraint.ondelete is None:
        return None
    if not hasattr(compiler, "define_constraint_ondelete_cascade"):  # SQLAlchemy before 2.0.40
        phrase: str = compiler.preparer.validate_sql_phrase(constraint.ondelete, FK_ON_DELETE)
        return phrase
    text: str = compiler.define_constraint_ondelete_cascade(constraint)
    return text.removeprefix(" ON DELETE ")


def copy_of(column: Column[Any]) -> Column[Any]:
    """Copy a column that already belongs to a table."""
    return column._copy()


def identity_changes(impl: DefaultImpl, identity: Any, existing: Any) -> list[str]:
    """List the attributes in which two identities differ, in the order in which Alembic sets them."""
    changed, _ignored, _differ = impl._compare_identity_default(identity, existing)  # type: ignore[no-untyped-call]
    return sorted(changed)


# --- used by operations.py ------------------------------------------------------------------------------------------


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


def statement_listeners(connection: Any) -> str | None:
    """Name an event that somebody listens to on the connection or its engine, and who, if statements would pass by it."""
    dispatch = getattr(connection, "dispatch", None)
    if dispatch is None:
        return None
    for name in ("before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute"):
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


# --- used by bound_statements.py --------------------------------------------------------------------------------------


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


# --- used by driver/ --------------------------------------------------------------------------------------------------

# What psycopg2's and psycopg's dialects share; the public classes of both import their drivers.
PsycopgDialect: Any = _psycopg_common._PGDialect_common_psycopg
PsycopgExecutionContext: Any = _psycopg_common._PGExecutionContext_common_psycopg


class UpstreamChanged(Exception):  # noqa: N818  it is no error of the user's
    """A private name is gone or has another signature: go the library's own way instead of guessing."""


def install_engine_hook(hook: Callable[[URL, Mapping[str, Any]], URL]) -> Callable[[], None]:
    """Have ``hook(url, keyword_arguments)`` choose the URL of every engine that is made; gives the function that undoes it.

    create_engine() calls ``URL._instantiate_plugins`` with all its keyword arguments, just before it asks the URL it gets back
    for the dialect; it is the one place that sees everything, for all four ways of making an engine.
    """
    original = URL.__dict__.get("_instantiate_plugins")
    if original is None or list(inspect.signature(original).parameters) != ["self", "kwargs"]:
        msg = "sqlalchemy.engine.URL._instantiate_plugins"
        raise UpstreamChanged(msg)

    def _instantiate_plugins(self: URL, kwargs: Mapping[str, Any]) -> Any:
        url, plugins, rest = original(self, kwargs)
        return hook(url, rest), plugins, rest

    URL._instantiate_plugins = _instantiate_plugins  # type: ignore[method-assign]

    def undo() -> None:
        URL._instantiate_plugins = original  # type: ignore[method-assign]

    return undo


_choose_dialect: Callable[[URL], Any] = lambda _: None  # noqa: E731


def choose_dialect_by(choose: Callable[[URL], Any]) -> None:
    """Set what an :class:`EntrypointURL` asks for its dialect class; ``None`` from it means SQLAlchemy's own."""
    global _choose_dialect
    _choose_dialect = choose


class EntrypointURL(URL):
    """A URL that equals the one it was made from and brings its own dialect."""

    __slots__ = ()

    def _get_entrypoint(self) -> Any:
        return _choose_dialect(self) or super()._get_entrypoint()


# --- used by _proxies.py and statement_sink.py --------------------------------------------------------------------------


class InstalledProxies:
    """Our objects behind ``alembic.op`` and ``alembic.context``, until ``remove()`` puts back what was there."""

    def __init__(self, operations: Any, context: Any) -> None:
        """Install at once."""
        import alembic.context
        import alembic.op

        self._modules: dict[ModuleType, Any] = {alembic.op: operations, alembic.context: context}
        self._before = {module: vars(module).get("_proxy") for module in self._modules}
        for module, proxy in self._modules.items():
            vars(module)["_proxy"] = proxy
        # config and script are no functions: Alembic puts them into the module for the time of a run.
        vars(alembic.context)["__getattr__"] = lambda name: _module_attribute(context, name)

    def remove(self) -> None:
        """Put back what was there, unless somebody has put another object in the place meanwhile."""
        for module, proxy in self._modules.items():
            if vars(module).get("_proxy") is proxy:
                vars(module)["_proxy"] = self._before[module]
            vars(module).pop("__getattr__", None)


def _module_attribute(context: Any, name: str) -> Any:
    if name not in {"config", "script"}:
        msg = f"module 'alembic.context' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(context, name)


def install_proxies(operations: Any, context: Any) -> InstalledProxies:
    """Put our objects behind ``alembic.op`` and ``alembic.context``."""
    return InstalledProxies(operations, context)


def sqlalchemy_error(statement: str, original: BaseException, dialect: Dialect) -> BaseException:
    """Wrap a driver's exception as SQLAlchemy does when a statement fails."""
    from sqlalchemy.exc import DBAPIError

    return DBAPIError.instance(statement, None, original, dialect.loaded_dbapi.Error, dialect=dialect)


# --- used by migration_context.py --------------------------------------------------------------------------------------


def version_table(context: MigrationContext) -> Table:
    """Return the table that the context keeps its revisions in."""
    table: Table = context._version
    return table


def is_plain_version_table(context: MigrationContext) -> bool:
    """Tell whether the version table is Alembic's own and nobody hears of its creation or changes its text."""
    # Releases before 1.14 have no such hook.
    if getattr(type(context.impl), "version_table_impl", None) is not getattr(DefaultImpl, "version_table_impl", None):
        return False
    listener = table_listeners(version_table(context), ("before_create", "after_create"))
    return listener is None and replaced_compiler() is None and unusual_dialect(context.dialect) is None


def version_directories(script: ScriptDirectory) -> list[str]:
    """Return the directories out of which the ScriptDirectory takes revision files."""
    return [os.fspath(directory) for directory in script._version_locations]


# --- used by borrowed_connection.py -------------------------------------------------------------------------------------


def watch_transaction_ends(
    connection: Connection, watched: Callable[[str], contextlib.AbstractContextManager[None]]
) -> Callable[[], None]:
    """Run each commit and rollback that SQLAlchemy does on the connection within ``watched("commit")``, or "rollback".

    The public events come before the fact, and say nothing of a COMMIT that fails. Gives the function that ends the watch.
    """

    def watch(how: str) -> None:
        original = getattr(connection, f"_{how}_impl")

        @functools.wraps(original)
        def end() -> None:
            with watched(how):
                original()

        setattr(connection, f"_{how}_impl", end)

    def stop() -> None:
        for how in ("commit", "rollback"):
            vars(connection).pop(f"_{how}_impl", None)

    for how in ("commit", "rollback"):
        watch(how)
    return stop


# --- used by revision_runner.py ---------------------------------------------------------------------------------------


def loaded_revisions(script: ScriptDirectory | None) -> dict[Path, ModuleType]:
    """Return the modules of revision files by path if the ScriptDirectory has loaded its files; does not make it load them."""
    if script is None or "_revision_map" not in vars(script.revision_map):
        return {}
    # The same revision stands there under its id and its labels, and the base as None.
    revisions = script.revision_map._revision_map.values()
    return {Path(revision.path).resolve(): revision.module for revision in revisions if isinstance(revision, Script)}
