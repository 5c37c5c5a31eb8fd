"""What the engine's bridge (``cpp/script/``) asks by name: how SQLAlchemy and Alembic spell the parts of a statement."""

# ruff: noqa: SLF001  the folder for private names

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import types as sqltypes
from sqlalchemy.schema import Column, Constraint, Index, Sequence, Table
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.compiler import FK_ON_DELETE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.ddl.impl import DefaultImpl
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

__all__ = [
    "backslash_escapes",
    "copy_of",
    "counts_for_alter",
    "ddl_compiler",
    "ddl_expression",
    "doubles_percents",
    "exclude_elements",
    "final_name",
    "foreign_compiler",
    "identity_changes",
    "in_order",
    "indexes",
    "is_standard_type",
    "is_type_bound",
    "may_add",
    "on_delete",
    "prefixes",
    "primary_key_columns",
    "serial_keyword",
    "storage_parameters",
    "table_constraints",
    "type_for_dialect",
]


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
