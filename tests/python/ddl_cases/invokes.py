"""Operations that are made from tables and reversed, as tools round autogenerate do, and given to op.invoke()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from ddl_cases.case import CONVENTION, Call, Case, case

if TYPE_CHECKING:
    from collections.abc import Callable


def _table(schema: str | None) -> sa.Table:
    metadata = sa.MetaData()
    sa.Table("o", metadata, sa.Column("id", sa.Integer()))
    return sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("o", sa.Integer(), sa.ForeignKey("o.id", ondelete="CASCADE", name="fk")),
        sa.Column("s", sa.String(5), comment="c", server_default="x", index=True),
        sa.Column("e", sa.Enum("a", name="e")),
        schema=schema,
        comment="tc",
        prefixes=["UNLOGGED"],
        postgresql_partition_by="LIST (s)",
    )


def _constraint(table: sa.Table, class_: type[sa.Constraint]) -> sa.Constraint:
    items = [
        *table.constraints,
        sa.UniqueConstraint(table.c.o, name="uq", postgresql_include=["s"]),
        sa.CheckConstraint(table.c.id > 1, name="ck"),
    ]
    return next(item for item in items if type(item) is class_)


def _index(table: sa.Table) -> sa.Index:
    return sa.Index("ix", table.c.o, postgresql_where=table.c.o > 1, postgresql_include=["s"])


def _alter(table: sa.Table) -> ops.AlterColumnOp:
    return ops.AlterColumnOp(
        "t",
        "s",
        schema=table.schema,
        modify_type=sa.Integer(),
        existing_type=sa.String(),
        modify_nullable=True,
        existing_nullable=False,
        modify_server_default="x",
        existing_server_default="y",
        modify_comment="b",
        modify_name="z",
    )


_MADE: dict[str, Callable[[sa.Table], Any]] = {
    "CreateTableOp": ops.CreateTableOp.from_table,
    "DropTableOp": ops.DropTableOp.from_table,
    "CreateIndexOp": lambda table: ops.CreateIndexOp.from_index(_index(table)),
    "DropIndexOp": lambda table: ops.DropIndexOp.from_index(_index(table)),
    "AlterColumnOp": _alter,
    "CreateTableCommentOp": lambda t: ops.CreateTableCommentOp("t", "x", schema=t.schema, existing_comment="y"),
    "CreateTableCommentOp of a new one": lambda t: ops.CreateTableCommentOp("t", "x", schema=t.schema),
    "DropTableCommentOp": lambda table: ops.DropTableCommentOp("t", schema=table.schema, existing_comment="y"),
}


def _cases(name: str, make: Callable[[sa.Table], Any]) -> list[Case]:
    def invoking(schema: str | None, turns: int) -> Call:
        def call(op: Any) -> None:
            operation = make(_table(schema))
            for _ in range(turns):
                operation = operation.reverse()
            op.invoke(operation)

        return call

    return [
        case(f"invoke, {name}{', schema' if schema else ''}, reversed {turns} times{label}", invoking(schema, turns), convention)
        for convention, label in ((None, ""), (CONVENTION, ", naming convention"))
        for schema in (None, "S")
        for turns in (0, 1, 2)
    ]


def _add_constraint(class_: type[sa.Constraint]) -> Callable[[sa.Table], Any]:
    return lambda table: ops.AddConstraintOp.from_constraint(_constraint(table, class_))


def _add_column(name: str) -> Callable[[sa.Table], Any]:
    return lambda table: ops.AddColumnOp.from_column_and_tablename(table.schema, "t", table.c[name])


_MADE.update(
    (f"add {class_.__name__}", _add_constraint(class_))
    for class_ in (sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint, sa.UniqueConstraint, sa.CheckConstraint)
)
_MADE.update((f"AddColumnOp of {name}", _add_column(name)) for name in ("id", "o", "s", "e"))

CASES = [
    *(case for name, make in _MADE.items() for case in _cases(name, make)),
    case("invoke, ModifyTableOps", lambda op: op.invoke(ops.ModifyTableOps("t", [ops.DropColumnOp("t", "x")]))),
]
