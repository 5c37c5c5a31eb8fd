"""Columns changed, added, dropped."""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from ddl_cases.case import CONVENTION, Call, case


def _identity_alter(wanted: Any, existing: Any) -> Call:
    return lambda op: op.alter_column("t", "c", server_default=wanted, existing_server_default=existing)


class Using(str, enum.Enum):
    INTEGER = "c::integer"


def _inheriting_enum() -> sa.Enum:
    return sa.Enum("a", name="e", inherit_schema=True)


def _alter(options: dict[str, Any]) -> Call:
    return lambda op: op.alter_column("T", "c%", **options)


def _drop(options: dict[str, Any]) -> Call:
    return lambda op: op.drop_column("T", "c", **options)


def _drop_named(name: str) -> Call:
    return lambda op: op.drop_column(name, name, schema=name)


#: Words that are reserved, nearly so, or not at all, and names that need quotes for other reasons.
_NAMES = (
    "user all array columns action end window offset only lateral left like over notnull isnull session_user system_user "
    "tablesample verbose binary collation concurrently freeze ilike authorization current_catalog public json values text "
    "É ß _x $x x$ 1x a-b"
)

_ALTERS: dict[str, dict[str, Any]] = {
    "unknown argument": {"nullable": True, "nonsense": 1},
    "unknown PostgreSQL argument": {"nullable": True, "postgresql_nonsense": 1},
    "arguments of mysql": {"nullable": True, "mysql_existing": 2, "insert_after": "x"},
    "a second name was overlooked": {"nullable": True, "name": "x"},
    "using text": {"type_": sa.Integer(), "postgresql_using": sa.text("c::int")},
    "using expression": {"type_": sa.Integer(), "postgresql_using": sa.cast(sa.column("c"), sa.Integer())},
    "using empty": {"type_": sa.Integer(), "postgresql_using": ""},
    "using a member of a str's enum": {"type_": sa.Integer(), "postgresql_using": Using.INTEGER},
    "new name quoted_name": {"new_column_name": quoted_name("x", True)},
    "new name the same": {"new_column_name": "c%"},
    "nullable given as a number": {"nullable": 1},
    "comment false": {"nullable": False, "comment": False},
    "comment of a number": {"comment": 5},
    "comment of bytes was taken": {"comment": b"x"},
    "comment as it was": {"comment": "x", "existing_comment": "x", "schema": "a.b"},
    "default, existing default": {"server_default": sa.text("6"), "existing_server_default": sa.text("5")},
    "all that exists": {
        "nullable": False,
        "existing_type": sa.String(5),
        "existing_nullable": True,
        "existing_server_default": "x",
        "existing_comment": "x",
        "existing_autoincrement": False,
    },
    "existing identity only": {"nullable": True, "existing_server_default": sa.Identity()},
    "existing computed only": {"nullable": True, "existing_server_default": sa.Computed("a")},
    "both computed": {"server_default": sa.Computed("a"), "existing_server_default": sa.Computed("b")},
    "identity and type": {
        "type_": sa.BigInteger(),
        "server_default": sa.Identity(always=True),
        "existing_server_default": sa.Identity(),
    },
    "boolean checked kept": {"existing_type": sa.Boolean(create_constraint=True, name="ck"), "nullable": True},
}

_DROPS: dict[str, dict[str, Any]] = {
    "if_exists": {"if_exists": True, "schema": "s"},
    "if_exists false": {"if_exists": False},
    "unknown argument": {"nonsense": 1},
    "unknown PostgreSQL argument": {"postgresql_nonsense": 1},
}

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
    *(case(f"alter_column, {name}", _alter(options)) for name, options in _ALTERS.items()),
    *(
        case(f"alter_column, identity {name}", _identity_alter(wanted, existing))
        for name, (wanted, existing) in {
            "no limits": (sa.Identity(nominvalue=True, nomaxvalue=True), sa.Identity()),
            "no cycle": (sa.Identity(cycle=False), sa.Identity(cycle=True)),
            "not always": (sa.Identity(always=False), sa.Identity(always=True)),
            "all": (sa.Identity(always=True, start=1, increment=2, minvalue=3, maxvalue=4, cycle=True, cache=5), sa.Identity()),
        }.items()
    ),
    case("alter_column, identity as before", _identity_alter(sa.Identity(), sa.Identity(start=5, cache=3)), None, "alter_column"),
    case("alter_column, enum inherit_schema", lambda op: op.alter_column("t", "c", type_=_inheriting_enum(), schema="s")),
    case("alter_column, quoted_name", lambda op: op.alter_column(quoted_name("t", True), quoted_name("c", True), nullable=True)),
    *(case(f"drop_column, {name}", _drop(options)) for name, options in _DROPS.items()),
    *(case(f"drop_column, name {name}", _drop_named(name)) for name in _NAMES.split()),
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
