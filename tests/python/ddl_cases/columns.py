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
    "unknown argument": lambda: sa.Column("c", sa.Integer(), nonsense=1),
    "unknown PostgreSQL argument": lambda: sa.Column("c", sa.Integer(), postgresql_nonsense=1),
    "argument of an unknown database": lambda: sa.Column("c", sa.Integer(), nosuch_x=1),
    "arguments of other databases": lambda: sa.Column("c", sa.Integer(), mysql_x=1, sqlite_on_conflict_not_null="FAIL"),
    "unknown argument of sqlite": lambda: sa.Column("c", sa.Integer(), sqlite_nonsense="FAIL"),
    "insert_default and server_onupdate": lambda: sa.Column(
        "c", sa.Integer(), insert_default=5, server_onupdate=sa.FetchedValue()
    ),
    "nullable given as a number": lambda: sa.Column("c", sa.Integer(), nullable=0),  # type: ignore[arg-type]
    "primary key variant": lambda: sa.Column(
        "c", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), sa.ForeignKey("o.id"), primary_key=True
    ),
    "primary key ignore_fk": lambda: sa.Column(
        "c", sa.Integer(), sa.ForeignKey("o.id"), primary_key=True, autoincrement="ignore_fk"
    ),
    "primary key numeric": lambda: sa.Column("c", sa.Numeric(10, 0), primary_key=True, autoincrement=True),
    "primary key string autoincrement": lambda: sa.Column("c", sa.String(), primary_key=True, autoincrement=True),
    "primary key nullable": lambda: sa.Column("c", sa.Integer(), primary_key=True, nullable=True),
    "primary key fetched": lambda: sa.Column("c", sa.Integer(), primary_key=True, server_default=sa.FetchedValue()),
    "sequence": lambda: sa.Column(
        "c", sa.Integer(), sa.Sequence("Q", start=1, increment=2, minvalue=1, maxvalue=9, cycle=True, cache=3, schema="s")
    ),
    "sequence and server default": lambda: sa.Column(
        "c", sa.BigInteger(), sa.Sequence("q", data_type=sa.BigInteger()), server_default=sa.Sequence("q").next_value()
    ),
    "identity zeros": lambda: sa.Column("c", sa.Integer(), sa.Identity(start=0, increment=0, minvalue=0, maxvalue=0, cache=0)),
    "identity limits": lambda: sa.Column(
        "c", sa.BigInteger(), sa.Identity(start=-(2**63), minvalue=-(2**63), maxvalue=2**63 - 1, increment=-1)
    ),
    "identity always unsaid": lambda: sa.Column("c", sa.Integer(), sa.Identity(always=None, nominvalue=False)),
    "identity and server default": lambda: sa.Column("c", sa.Integer(), sa.Identity(), server_default="5"),
    "identity start given as a float": lambda: sa.Column("c", sa.Integer(), sa.Identity(start=1.5)),  # type: ignore[arg-type]
    # It was turned into a number.
    "identity start given as text": lambda: sa.Column("c", sa.Integer(), sa.Identity(start="5")),  # type: ignore[arg-type]
    "computed text": lambda: sa.Column("c", sa.Integer(), sa.Computed(sa.text("b + 'x:y%'"))),
    "computed literal": lambda: sa.Column("c", sa.String(), sa.Computed(sa.column("b") + "x%'", persisted=True), nullable=False),
    "check and its options": lambda: sa.Column(
        "c", sa.Integer(), sa.CheckConstraint("c % 2 = 1", deferrable=True, initially="DEFERRED", postgresql_not_valid=True)
    ),
    "two foreign keys": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", name="f1"), sa.ForeignKey("p.id", name="f2")),
    "foreign key to a column object": lambda: sa.Column(
        "c", sa.Integer(), sa.ForeignKey(sa.Table("o", sa.MetaData(), sa.Column("id", sa.Integer()), schema="s").c.id)
    ),
    "foreign key to a table": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("o")),
    "foreign key with comment and link_to_name": lambda: sa.Column(
        "c", sa.Integer(), sa.ForeignKey("o.id", comment="x", info={"a": 1}, link_to_name=True)
    ),
    "foreign key with arguments of others": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", mysql_x=1)),
    "foreign key with an unknown argument": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", postgresql_x=1)),
    "foreign key with an f name": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", name=sa.schema.conv("whole"))),
    "comment of a number": lambda: sa.Column("c", sa.Integer(), comment=5),  # type: ignore[arg-type]
    # Bytes were taken for a string.
    "comment of bytes": lambda: sa.Column("c", sa.Integer(), comment=b"x"),  # type: ignore[arg-type]
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


#: The arguments of add_column; releases before 1.20 refuse those that they do not know.
_ADDED: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "if_not_exists": (lambda: sa.Column("c", sa.Integer(), unique=True, comment="x"), {"if_not_exists": True}),
    "if_not_exists false": (lambda: sa.Column("c", sa.Integer()), {"if_not_exists": False}),
    "inline_references": (COLUMNS["foreign key with all"], {"inline_references": True}),
    "inline_references, no foreign key": (COLUMNS["check"], {"inline_references": True}),
    "inline_references, two foreign keys": (COLUMNS["two foreign keys"], {"inline_references": True}),
    "inline_primary_key": (COLUMNS["primary key"], {"inline_primary_key": True}),
    "inline_primary_key, no primary key": (COLUMNS["not null"], {"inline_primary_key": True}),
    "inline_primary_key, identity": (COLUMNS["primary key identity"], {"inline_primary_key": True}),
    "all": (
        COLUMNS["primary key ignore_fk"],
        {"if_not_exists": True, "inline_references": True, "inline_primary_key": True, "schema": "a.b"},
    ),
    "unknown argument": (COLUMNS["not null"], {"nonsense": 1}),
    "unknown PostgreSQL argument": (COLUMNS["not null"], {"postgresql_nonsense": 1}),
}


def _added_case(name: str, make: Callable[[], sa.Column[Any]], options: dict[str, Any]) -> Case:
    return case(f"add_column, {name}", making(make, lambda op, column: op.add_column("T", column, **options)))


CASES = [
    *(case for convention in (None, CONVENTION) for name, make in COLUMNS.items() for case in _cases(name, make, convention)),
    *(_added_case(name, make, options) for name, (make, options) in _ADDED.items()),
]
