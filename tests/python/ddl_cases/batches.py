"""Batch blocks, without and with a copy of the table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.operations import ops

from ddl_cases.case import CONVENTION, Call, case


def _batch(call: Call, table: str = "T", **options: Any) -> Call:
    def run(op: Any) -> None:
        with op.batch_alter_table(table, **options) as batch_op:
            call(batch_op)

    return run


def _everything(batch_op: Any) -> None:
    batch_op.add_column(sa.Column("a", sa.Integer(), sa.ForeignKey("o.id", name="fk"), nullable=False, index=True, comment="c"))
    batch_op.drop_column("b")
    batch_op.alter_column(
        "c", existing_type=sa.Integer(), type_=sa.String(5), nullable=False, new_column_name="d", server_default="x"
    )
    batch_op.create_index("ix", ["a"], unique=True, postgresql_where=sa.text("a > 1"))
    batch_op.create_index(batch_op.f("ix_f"), ["a"])
    batch_op.drop_index("ix2")
    batch_op.create_foreign_key("fk2", "o", ["a"], ["b"], ondelete="CASCADE", referent_schema="r")
    batch_op.drop_constraint("ck", type_="check")
    batch_op.create_unique_constraint("uq", ["a"])
    batch_op.create_primary_key("pk", ["a"])
    batch_op.create_check_constraint("ck", sa.column("a") > 5)
    batch_op.create_exclude_constraint("ex", ("a", "="), using="gist")
    batch_op.create_table_comment("x", existing_comment="y")
    batch_op.drop_table_comment(existing_comment="y")


def _some(batch_op: Any) -> None:
    batch_op.add_column(sa.Column("n", sa.Integer()))
    batch_op.create_unique_constraint("uq", ["a"])
    batch_op.create_foreign_key(batch_op.f("fk"), "o", ["a"], ["b"])


_CALLS: dict[str, Call] = {
    "add_column's arguments": lambda b: b.add_column(
        sa.Column("a", sa.Integer(), sa.ForeignKey("x.y")), if_not_exists=True, inline_references=True, inline_primary_key=True
    ),
    "drop_column's arguments": lambda b: b.drop_column("a", if_exists=True),
    "drop_column, unknown argument": lambda b: b.drop_column("a", nonsense=1),
    "drop_constraint's arguments": lambda b: b.drop_constraint("a", "foreignkey", if_exists=True),
    "drop_index's arguments": lambda b: b.drop_index("a", if_exists=True, postgresql_concurrently=True),
    "create_index's arguments": lambda b: b.create_index(
        "a", ["b"], if_not_exists=True, unique=True, postgresql_using="gin", postgresql_include=["x"]
    ),
    "alter_column's arguments": lambda b: b.alter_column(
        "a", type_=sa.Integer(), comment="x", existing_comment="y", postgresql_using="a::int", insert_after="z"
    ),
    "create_foreign_key's arguments": lambda b: b.create_foreign_key(
        "f",
        "o",
        ["a"],
        ["b"],
        referent_schema="s",
        onupdate="CASCADE",
        deferrable=True,
        initially="DEFERRED",
        match="FULL",
        postgresql_not_valid=True,
    ),
    "create_foreign_key, unknown argument": lambda b: b.create_foreign_key("f", "o", ["a"], ["b"], nonsense=1),
    "create_unique_constraint's arguments": lambda b: b.create_unique_constraint(
        "u", ["a"], deferrable=True, postgresql_nulls_not_distinct=True, postgresql_include=["a"]
    ),
    "create_check_constraint's arguments": lambda b: b.create_check_constraint("c", "a > 1", postgresql_not_valid=True),
    "enum": lambda b: b.add_column(sa.Column("e", sa.Enum("a", name="e"))),
    "checked boolean": lambda b: b.add_column(sa.Column("e", sa.Boolean(create_constraint=True, name="n"))),
    "an operation of another table": lambda b: b.invoke(ops.AddColumnOp("U", sa.Column("z", sa.Integer()), schema="x")),
    "an error behind an operation": lambda b: (b.drop_column("a"), b.create_foreign_key("f", "o", ["a"], ["b", "c"])),
    "an error of the library's behind an operation": lambda b: (b.drop_column("a"), b.drop_constraint(None)),
}

_OPTIONS: dict[str, dict[str, Any]] = {
    "table_args": {"table_args": (sa.UniqueConstraint("a"),), "table_kwargs": {"mysql_engine": "x"}},
    "reflect_args": {"reflect_args": (sa.Column("a", sa.Integer()),), "reflect_kwargs": {"x": 1}},
    "partial_reordering": {"partial_reordering": [("a", "b")]},
    "copy_from": {"copy_from": sa.Table("T", sa.MetaData(), sa.Column("a", sa.Integer()))},
    "naming_convention and schema": {"naming_convention": CONVENTION, "schema": "S.x"},
    "unknown recreate": {"recreate": "nonsense"},
}

CASES = [
    case("batch, everything", _batch(_everything)),
    case("batch, everything, schema", _batch(_everything, schema="a.b")),
    case("batch, everything, naming convention", _batch(_everything, schema="s"), CONVENTION),
    case("batch, never", _batch(lambda b: b.add_column(sa.Column("a", sa.Integer())), recreate="never")),
    case("batch, execute comes first", _batch(lambda b: (b.drop_column("a"), b.execute("SELECT 1")))),
    case("batch, insert_after", _batch(lambda b: b.add_column(sa.Column("a", sa.Integer()), insert_after="b"))),
    case("batch, alter by keyword", _batch(lambda b: b.alter_column(column_name="a", nullable=True))),
    case("batch, empty", lambda op: (_batch(str)(op), op.execute("SELECT 1"))),
    case(
        "batch, recreate",
        _batch(
            lambda b: (b.add_column(sa.Column("n", sa.Integer())), b.alter_column("a", type_=sa.BigInteger())),
            recreate="always",
            copy_from=sa.Table("T", sa.MetaData(), sa.Column("a", sa.Integer())),
        ),
        None,
        "add_column",
        "alter_column",
    ),
    *(case(f"batch, {name}", _batch(_some, **options)) for name, options in _OPTIONS.items()),
    *(case(f"batch, {name}", _batch(call, schema=schema)) for schema in (None, "s") for name, call in _CALLS.items()),
    case("batch, insert_before", _batch(lambda b: b.add_column(sa.Column("a", sa.Integer()), insert_before="b"))),
    case("batch, rename_table", _batch(lambda b: b.rename_table("x", "y"))),
    case(
        "batch, bulk_insert",
        _batch(lambda b: b.bulk_insert(sa.table("x", sa.column("a")), [{"a": 1}])),
    ),
    case(
        "batch, naming_convention argument",
        _batch(lambda b: b.drop_constraint("uq", type_="unique"), naming_convention={"uq": "x"}),
    ),
]
