"""Columns changed, added, dropped."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ddl_cases.case import CONVENTION, Call, case


def _identity_alter(wanted: Any, existing: Any) -> Call:
    return lambda op: op.alter_column("t", "c", server_default=wanted, existing_server_default=existing)


CASES = [
    case("alter_column, nothing", lambda op: (op.alter_column("t", "c"), op.execute("SELECT 1"))),
    case("alter_column, nullable", lambda op: op.alter_column("t", "c", nullable=True, existing_type=sa.Integer())),
    case("alter_column, not null", lambda op: op.alter_column("T", "C", nullable=False, schema="a.b", existing_nullable=True)),
    case("alter_column, by keyword", lambda op: op.alter_column(table_name="t", column_name="c", nullable=False)),
    case("alter_column, new name", lambda op: op.alter_column("t", "c", new_column_name="Order")),
    case("alter_column, using", lambda op: op.alter_column("t", "c", type_=sa.Integer(), postgresql_using="c::integer % 5")),
    case("alter_column, using without type", lambda op: op.alter_column("t", "c", postgresql_using="c::integer")),
    case("alter_column, comment", lambda op: op.alter_column("t", "c", comment="it's", existing_comment="old", schema="s")),
    case("alter_column, comment empty", lambda op: op.alter_column("t", "c", comment="")),
    case("alter_column, comment none", lambda op: op.alter_column("t", "c", comment=None)),
    case(
        "alter_column, all",
        lambda op: op.alter_column(
            "t",
            "c",
            type_=sa.String(5),
            nullable=False,
            server_default="x",
            comment="y",
            new_column_name="d",
            existing_type=sa.Integer(),
            existing_server_default="5",
            existing_nullable=True,
        ),
    ),
    case(
        "alter_column, boolean to integer",
        lambda op: op.alter_column("t", "c", existing_type=sa.Boolean(create_constraint=True, name="ck"), type_=sa.Integer()),
    ),
    case(
        "alter_column, checked enums",
        lambda op: op.alter_column(
            "t",
            "c",
            existing_type=sa.Enum("a", name="ck1", native_enum=False, create_constraint=True),
            type_=sa.Enum("a", "b", name="ck2", native_enum=False, create_constraint=True),
        ),
    ),
    case(
        "alter_column, checked enums, naming convention",
        lambda op: op.alter_column(
            "t",
            "c",
            existing_type=sa.Enum("a", name="one", native_enum=False, create_constraint=True),
            type_=sa.Enum("b", name="two", native_enum=False, create_constraint=True),
        ),
        CONVENTION,
    ),
    case(
        "alter_column, unnamed check",
        lambda op: op.alter_column(
            "t", "c", existing_type=sa.Enum("a", native_enum=False, create_constraint=True), type_=sa.Integer()
        ),
    ),
    case(
        "alter_column, enum to string",
        lambda op: op.alter_column(
            "t", "c", existing_type=sa.Enum("a", name="e"), type_=sa.String(5), postgresql_using="c::text"
        ),
    ),
    case(
        "alter_column, types given as classes",
        lambda op: op.alter_column("t", "c", existing_type=sa.Integer, type_=sa.BigInteger),
    ),
    case("alter_column, other databases", lambda op: op.alter_column("t", "c", nullable=True, mysql_nonsense=5, sqlite_x=1)),
    case("alter_column, add identity", _identity_alter(sa.Identity(always=True, start=5), None)),
    case("alter_column, add identity, existing false", _identity_alter(sa.Identity(), False)),
    case("alter_column, drop identity", _identity_alter(None, sa.Identity())),
    case("alter_column, change identity", _identity_alter(sa.Identity(always=True, start=5, cycle=True), sa.Identity(start=3))),
    case("alter_column, change identity by less", _identity_alter(sa.Identity(), sa.Identity(always=True, cache=5))),
    case("alter_column, same identity", _identity_alter(sa.Identity(), sa.Identity()), None, "alter_column"),
    case("alter_column, computed", _identity_alter(sa.Computed("a"), None)),
    case("alter_column, existing computed", _identity_alter(None, sa.Computed("a"))),
    case("drop_column", lambda op: op.drop_column("T", "C", schema="a.b")),
    case("drop_column, mssql arguments", lambda op: op.drop_column("t", "c", mssql_drop_default=True, mssql_drop_check=True)),
    case(
        "add_column, dotted schema",
        lambda op: op.add_column("t", sa.Column("c", sa.Integer(), unique=True, index=True, comment="x"), schema="a.b"),
    ),
    case(
        "add_column, the same column twice",
        lambda op: [op.add_column(t, c) for c in [sa.Column("c", sa.Integer(), sa.ForeignKey("o.id"))] for t in ("t", "u")],
    ),
    case(
        "add_column, boolean checked",
        lambda op: op.add_column("t", sa.Column("c", sa.Boolean(create_constraint=True))),
        CONVENTION,
    ),
]
