"""Columns with each of their flags and options, in a new table and in an old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ddl_cases.case import CONVENTION, Case, case, making

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS: dict[str, Callable[[], Any]] = {
    "not null": lambda: sa.Column("c", sa.Integer(), nullable=False),
    "primary key": lambda: sa.Column("c", sa.Integer(), primary_key=True),
    "primary key bigint": lambda: sa.Column("c", sa.BigInteger(), primary_key=True),
    "primary key smallint": lambda: sa.Column("c", sa.SmallInteger(), primary_key=True),
    "primary key no autoincrement": lambda: sa.Column("c", sa.Integer(), primary_key=True, autoincrement=False),
    "primary key string": lambda: sa.Column("c", sa.String(), primary_key=True),
    "primary key uuid": lambda: sa.Column("c", sa.Uuid(), primary_key=True, server_default=sa.text("gen_random_uuid()")),
    "primary key with default": lambda: sa.Column("c", sa.Integer(), primary_key=True, default=5),
    "primary key with server default": lambda: sa.Column("c", sa.Integer(), primary_key=True, server_default="5"),
    "primary key with sequence": lambda: sa.Column("c", sa.Integer(), sa.Sequence("q"), primary_key=True),
    "primary key with optional sequence": lambda: sa.Column("c", sa.Integer(), sa.Sequence("q", optional=True), primary_key=True),
    "primary key identity": lambda: sa.Column("c", sa.Integer(), sa.Identity(), primary_key=True),
    "autoincrement only": lambda: sa.Column("c", sa.Integer(), autoincrement=True, nullable=False),
    "identity": lambda: sa.Column(
        "c", sa.Integer(), sa.Identity(always=True, start=3, increment=2, minvalue=1, maxvalue=99, cycle=True, cache=4)
    ),
    "identity null": lambda: sa.Column(
        "c", sa.Integer(), sa.Identity(nominvalue=True, nomaxvalue=True, cycle=False), nullable=True
    ),
    "computed": lambda: sa.Column("c", sa.Integer(), sa.Computed("a + 1", persisted=True)),
    "computed virtual": lambda: sa.Column("c", sa.Integer(), sa.Computed("a + 1", persisted=False)),
    "computed expression": lambda: sa.Column("c", sa.Text(), sa.Computed(sa.func.lower(sa.column("a")), persisted=True)),
    "unique": lambda: sa.Column("c", sa.Integer(), unique=True),
    "index": lambda: sa.Column("c", sa.Integer(), index=True),
    "unique index": lambda: sa.Column("c", sa.Integer(), index=True, unique=True),
    "comment": lambda: sa.Column("c", sa.Integer(), comment='it\'s 5% \\ of "x"'),
    "empty comment": lambda: sa.Column("c", sa.Integer(), comment=""),
    "foreign key": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("other.id")),
    "foreign key with all": lambda: sa.Column(
        "c",
        sa.Integer(),
        sa.ForeignKey(
            "s.Other.Id",
            name="FK",
            ondelete="SET NULL",
            onupdate="CASCADE",
            deferrable=True,
            initially="DEFERRED",
            match="FULL",
            use_alter=True,
            postgresql_not_valid=True,
        ),
    ),
    "foreign key ondelete columns": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL (c)")),
    "check": lambda: sa.Column("c", sa.Integer(), sa.CheckConstraint("c > 5 AND c % 2 = 0", name="ck_c")),
    "check unnamed": lambda: sa.Column("c", sa.Integer(), sa.CheckConstraint("c > 5")),
    "quoted": lambda: sa.Column("Group", sa.Integer(), key="g", nullable=False, unique=True),
    "quote forced": lambda: sa.Column("c", sa.Integer(), quote=True),
    "quote never": lambda: sa.Column("SomeName", sa.Integer(), quote=False),
    "percent": lambda: sa.Column("100%", sa.Integer(), unique=True),
    "info and default": lambda: sa.Column("c", sa.Integer(), default=5, onupdate=6, info={"a": 1}, doc="x"),
    "reserved": lambda: sa.Column("user", sa.Integer()),
    "system": lambda: sa.Column("xmin", sa.Integer(), system=True),
}


def _cases(name: str, make: Callable[[], sa.Column[Any]], convention: dict[str, str] | None) -> list[Case]:
    # Releases of Alembic differ on empty comments: they are left to it.
    library = name == "empty comment"
    label = f"{name}, naming convention" if convention else name
    return [
        case(
            f"create_table, column {label}",
            making(make, lambda op, column: op.create_table("Tab", sa.Column("a", sa.Integer()), column, schema="s")),
            convention,
            *(["create_table"] if library else []),
        ),
        case(
            f"add_column, column {label}",
            making(make, lambda op, column: op.add_column("Tab", column, schema="s")),
            convention,
            *(["add_column"] if library else []),
        ),
    ]


CASES = [case for convention in (None, CONVENTION) for name, make in COLUMNS.items() for case in _cases(name, make, convention)]
