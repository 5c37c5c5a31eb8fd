"""Batch blocks, without and with a copy of the table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

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
    case(
        "batch, naming_convention argument",
        _batch(lambda b: b.drop_constraint("uq", type_="unique"), naming_convention={"uq": "x"}),
    ),
]
