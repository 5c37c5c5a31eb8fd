"""The calls that :mod:`test_ddl_oracle` compares: each directive with each of its arguments."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import TypeDecorator, UserDefinedType

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass
class Case:
    """One call; ``library`` names the directives in it that go Alembic's way, all others being the engine's."""

    name: str
    call: Callable[[Any], object]
    naming_convention: dict[str, str] | None = None
    library: frozenset[str] = frozenset()


class Mood(enum.Enum):
    happy = 1
    sad = 2


class Vector(UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, size: int) -> None:
        self.size = size

    def get_col_spec(self, **kw: Any) -> str:
        return f"vector({self.size})"


class Trimmed(TypeDecorator[str]):
    impl = sa.String
    cache_ok = True


TYPES: dict[str, Callable[[], Any]] = {
    "Integer": sa.Integer,
    "Integer class": lambda: sa.Integer,
    "SmallInteger": sa.SmallInteger,
    "BigInteger": sa.BigInteger,
    "INTEGER": sa.INTEGER,
    "BIGINT": sa.BIGINT,
    "SMALLINT": sa.SMALLINT,
    "String": sa.String,
    "String length": lambda: sa.String(length=255),
    "String collation": lambda: sa.String(10, collation="C"),
    "VARCHAR": lambda: sa.VARCHAR(length=20),
    "CHAR": lambda: sa.CHAR(length=2),
    "Unicode": lambda: sa.Unicode(5),
    "UnicodeText": sa.UnicodeText,
    "Text": sa.Text,
    "Text length": lambda: sa.Text(30),
    "TEXT": lambda: sa.TEXT(),
    "Boolean": sa.Boolean,
    "BOOLEAN": sa.BOOLEAN,
    "Boolean create_constraint": lambda: sa.Boolean(create_constraint=True, name="ck_bool"),
    "Date": sa.Date,
    "DATE": sa.DATE,
    "DateTime": sa.DateTime,
    "DateTime timezone": lambda: sa.DateTime(timezone=True),
    "TIMESTAMP": lambda: sa.TIMESTAMP(timezone=True),
    "pg TIMESTAMP": lambda: pg.TIMESTAMP(timezone=True, precision=3),
    "pg TIME": lambda: pg.TIME(precision=2),
    "Time": sa.Time,
    "Interval": sa.Interval,
    "pg INTERVAL": lambda: pg.INTERVAL(fields="DAY TO SECOND", precision=3),
    "INTERVAL": pg.INTERVAL,
    "Numeric": sa.Numeric,
    "Numeric precision": lambda: sa.Numeric(precision=10),
    "Numeric scale": lambda: sa.Numeric(precision=10, scale=2),
    "NUMERIC": lambda: sa.NUMERIC(12, 0),
    "DECIMAL": lambda: sa.DECIMAL(5, 2),
    "Float": sa.Float,
    "Float precision": lambda: sa.Float(precision=24),
    "FLOAT": lambda: sa.FLOAT(53),
    "Double": sa.Double,
    "DOUBLE_PRECISION": lambda: pg.DOUBLE_PRECISION(precision=53),
    "REAL": sa.REAL,
    "LargeBinary": lambda: sa.LargeBinary(),
    "LargeBinary length": lambda: sa.LargeBinary(length=10),
    "BYTEA": pg.BYTEA,
    "BLOB": sa.BLOB,
    "JSON": sa.JSON,
    "pg JSON": lambda: pg.JSON(astext_type=sa.Text()),
    "JSONB": lambda: pg.JSONB(astext_type=sa.Text(), none_as_null=True),
    "Uuid": sa.Uuid,
    "Uuid not native": lambda: sa.Uuid(native_uuid=False),
    "UUID": sa.UUID,
    "pg UUID": lambda: pg.UUID(as_uuid=True),
    "CITEXT": pg.CITEXT,
    "INET": pg.INET,
    "CIDR": pg.CIDR,
    "MACADDR": pg.MACADDR,
    "MACADDR8": pg.MACADDR8,
    "MONEY": pg.MONEY,
    "OID": pg.OID,
    "REGCLASS": pg.REGCLASS,
    "REGCONFIG": pg.REGCONFIG,
    "TSVECTOR": pg.TSVECTOR,
    "TSQUERY": pg.TSQUERY,
    "HSTORE": pg.HSTORE,
    "JSONPATH": pg.JSONPATH,
    "BIT": lambda: pg.BIT(8),
    "BIT VARYING": lambda: pg.BIT(varying=True),
    "INT4RANGE": pg.INT4RANGE,
    "TSTZMULTIRANGE": pg.TSTZMULTIRANGE,
    "ARRAY": lambda: sa.ARRAY(sa.Integer()),
    "pg ARRAY dimensions": lambda: pg.ARRAY(sa.String(5), dimensions=2),
    "ARRAY of timestamps": lambda: pg.ARRAY(sa.DateTime(timezone=True)),
    "ARRAY of enums": lambda: pg.ARRAY(sa.Enum("a", "b", name="letters")),
    "ARRAY of collated": lambda: pg.ARRAY(sa.String(collation="de_DE")),
    "ARRAY of own": lambda: pg.ARRAY(Vector(3)),
    "Enum": lambda: sa.Enum("a", "it's", name="Letters"),
    "Enum schema": lambda: sa.Enum("a", "b", name="letters", schema="my.Types"),
    "Enum class": lambda: sa.Enum(Mood),
    "Enum not native": lambda: sa.Enum("a", "bbb", name="letters", native_enum=False),
    "Enum not native checked": lambda: sa.Enum("a", "b", name="letters", native_enum=False, create_constraint=True),
    "Enum length": lambda: sa.Enum("a", name="letters", native_enum=False, length=40),
    "ENUM": lambda: pg.ENUM("a", "b", name="letters"),
    "ENUM no create": lambda: pg.ENUM("a", "b", name="letters", create_type=False),
    "Enum without name": lambda: sa.Enum("a", "b"),
    "Enum named like a type": lambda: sa.Enum("a", name="text"),
    "DOMAIN": lambda: pg.DOMAIN("positive", sa.Integer(), check="VALUE > 0"),
    "variant": lambda: sa.JSON().with_variant(pg.JSONB(), "postgresql"),
    "variant for others": lambda: sa.String(5).with_variant(sa.Text(), "mysql"),
    "UserDefinedType": lambda: Vector(3),
    "TypeDecorator": lambda: Trimmed(12),
    "PickleType": sa.PickleType,
    "DATETIME": sa.DATETIME,
    "NCHAR": lambda: sa.NCHAR(3),
    "NullType": lambda: sa.types.NullType(),
}



def _type_cases() -> list[Case]:
    cases = []
    for name, make in TYPES.items():
        cases += [
            Case(f"create_table, {name}", lambda op, make=make: op.create_table("t", sa.Column("c", make()))),
            Case(f"add_column, {name}", lambda op, make=make: op.add_column("t", sa.Column("c", make()))),
            Case(f"alter_column, {name}", lambda op, make=make: op.alter_column("t", "c", type_=make())),
        ]
    return cases


DEFAULTS: dict[str, Callable[[], Any]] = {
    "str": lambda: "it's 100% a\\b",
    "empty str": lambda: "",
    "text": lambda: sa.text("'{}'::jsonb"),
    "text with escapes": lambda: sa.text("'a\\:b %% c % d'"),
    "func.now": sa.func.now,
    "func.current_timestamp": sa.func.current_timestamp,
    "false": sa.false,
    "true": sa.sql.expression.true,
    "null": sa.null,
    "literal": lambda: sa.literal("x'y"),
    "literal number": lambda: sa.literal(5),
    "literal_column": lambda: sa.literal_column("gen_random_uuid()"),
    "sequence": lambda: sa.Sequence("my_seq", schema="S").next_value(),
    "cast": lambda: sa.cast("5", sa.Integer()),
    "expression": lambda: sa.func.coalesce(sa.func.lower("A"), "b"),
    "FetchedValue": sa.FetchedValue,
    "None": lambda: None,
}


def _default_cases() -> list[Case]:
    cases = []
    for name, make in DEFAULTS.items():
        cases += [
            Case(
                f"add_column, server_default {name}",
                lambda op, make=make: op.add_column("t", sa.Column("c", sa.Text(), server_default=make())),
            ),
            Case(
                f"alter_column, server_default {name}",
                lambda op, make=make: op.alter_column("t", "c", server_default=make()),
            ),
        ]
    return cases


def _identity_alter(wanted: Any, existing: Any) -> Callable[[Any], object]:
    return lambda op: op.alter_column("t", "c", server_default=wanted, existing_server_default=existing)


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
    "identity": lambda: sa.Column("c", sa.Integer(), sa.Identity(always=True, start=3, increment=2, minvalue=1, maxvalue=99, cycle=True, cache=4)),
    "identity null": lambda: sa.Column("c", sa.Integer(), sa.Identity(nominvalue=True, nomaxvalue=True, cycle=False), nullable=True),
    "computed": lambda: sa.Column("c", sa.Integer(), sa.Computed("a + 1", persisted=True)),
    "computed virtual": lambda: sa.Column("c", sa.Integer(), sa.Computed("a + 1", persisted=False)),
    "computed expression": lambda: sa.Column("c", sa.Text(), sa.Computed(sa.func.lower(sa.column("a")), persisted=True)),
    "unique": lambda: sa.Column("c", sa.Integer(), unique=True),
    "index": lambda: sa.Column("c", sa.Integer(), index=True),
    "unique index": lambda: sa.Column("c", sa.Integer(), index=True, unique=True),
    "comment": lambda: sa.Column("c", sa.Integer(), comment="it's 5% \\ of \"x\""),
    "empty comment": lambda: sa.Column("c", sa.Integer(), comment=""),
    "foreign key": lambda: sa.Column("c", sa.Integer(), sa.ForeignKey("other.id")),
    "foreign key with all": lambda: sa.Column(
        "c", sa.Integer(), sa.ForeignKey("s.Other.Id", name="FK", ondelete="SET NULL", onupdate="CASCADE", deferrable=True, initially="DEFERRED", match="FULL", use_alter=True, postgresql_not_valid=True)
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


def _column_cases() -> list[Case]:
    cases = []
    for name, make in COLUMNS.items():
        for label, convention in (("", None), (", naming convention", CONVENTION)):
            odd = name == "empty comment"
            cases += [
                Case(
                    f"create_table, column {name}{label}",
                    lambda op, make=make: op.create_table("Tab", sa.Column("a", sa.Integer()), make(), schema="s"),
                    convention,
                    frozenset({"create_table"}) if odd else frozenset(),
                ),
                Case(
                    f"add_column, column {name}{label}",
                    lambda op, make=make: op.add_column("Tab", make(), schema="s"),
                    convention,
                    frozenset({"add_column"}) if odd else frozenset(),
                ),
            ]
    return cases


def _case(name: str, call: Callable[[Any], object], convention: dict[str, str] | None = None, *library: str) -> Case:
    return Case(name, call, convention, frozenset(library))


def _create_table(name: str, *items: Callable[[], Any], library: tuple[str, ...] = (), **options: Any) -> list[Case]:
    def call(op: Any) -> object:
        columns = (sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.String(20)))
        return op.create_table("t", *columns, *(item() for item in items), **options)

    return [
        _case(f"create_table, {name}", call, None, *library),
        _case(f"create_table, {name}, naming convention", call, CONVENTION, *library),
    ]


TABLES = [
    *_create_table("plain"),
    *_create_table("schema", schema="My Schema"),
    *_create_table("dotted schema", schema="a.b"),
    *_create_table("comment", comment="a 'b'\nc %"),
    *_create_table("empty comment", comment="", library=("create_table",)),
    *_create_table("if_not_exists", if_not_exists=True),
    *_create_table("prefixes", prefixes=["GLOBAL", "TEMPORARY"], postgresql_on_commit="DELETE_ROWS"),
    *_create_table("partition_by", postgresql_partition_by="RANGE (a)"),
    *_create_table("inherits", postgresql_inherits=("p", "Q")),
    *_create_table("inherits one", postgresql_inherits="p"),
    *_create_table("using and tablespace", postgresql_using="heap", postgresql_tablespace="Fast"),
    *_create_table("with_oids", postgresql_with_oids=False),
    *_create_table("ignore_search_path", postgresql_ignore_search_path=True),
    *_create_table("other databases", mysql_engine="InnoDB", sqlite_autoincrement=True),
    *_create_table("info and extend_existing", info={"a": 1}, extend_existing=True),
    *_create_table("primary key", lambda: sa.PrimaryKeyConstraint("a")),
    *_create_table("primary key named", lambda: sa.PrimaryKeyConstraint("a", "b", name="PK")),
    *_create_table("primary key include", lambda: sa.PrimaryKeyConstraint("a", postgresql_include=["b"], deferrable=True)),
    *_create_table("unique", lambda: sa.UniqueConstraint("a", "b")),
    *_create_table("unique named", lambda: sa.UniqueConstraint("b", name="uq", deferrable=False, initially="IMMEDIATE")),
    *_create_table("unique options", lambda: sa.UniqueConstraint("b", postgresql_nulls_not_distinct=True, postgresql_include=["a"])),
    *_create_table("check", lambda: sa.CheckConstraint("a > 5", name="positive")),
    *_create_table("check text", lambda: sa.CheckConstraint(sa.text("a > 5 AND b LIKE 'x%'"))),
    *_create_table("check expression", lambda: sa.CheckConstraint(sa.and_(sa.column("a") > 5, sa.column("b").in_(["x", "y"])), name="ck")),
    *_create_table("check not valid", lambda: sa.CheckConstraint("a > 5", name="ck", postgresql_not_valid=True)),
    *_create_table("foreign keys", lambda: sa.ForeignKeyConstraint(["a", "b"], ["o.x", "o.y"], name="fk", ondelete="CASCADE"), lambda: sa.ForeignKeyConstraint(["a"], ["s.o.x"])),
    *_create_table("foreign key to itself", lambda: sa.ForeignKeyConstraint(["b"], ["t.a"])),
    *_create_table("foreign key use_alter", lambda: sa.ForeignKeyConstraint(["a"], ["o.x"], name="fk", use_alter=True, match="SIMPLE")),
    *_create_table("exclude", lambda: pg.ExcludeConstraint(("a", "="), (sa.text("b"), "&&"), using="gist", where=sa.text("a > 5"), name="ex")),
    *_create_table("index", lambda: sa.Index("ix_b", "b", postgresql_where=sa.text("a > 1"))),
    *_create_table("index expression", lambda: sa.Index("ix_b", sa.text("lower(b)"), "a", unique=True)),
    *_create_table("many", lambda: sa.CheckConstraint("a > 1"), lambda: sa.UniqueConstraint("a"), lambda: sa.PrimaryKeyConstraint("a"), lambda: sa.CheckConstraint("a > 2", name=quoted_name("Ck", True))),
    *_create_table("f names", lambda: sa.CheckConstraint("a > 1", name=sa.schema.conv("fixed_name"))),
    *_create_table("long name", lambda: sa.CheckConstraint("a > 1", name="x" * 80)),
    *_create_table("long conv name", lambda: sa.CheckConstraint("a > 1", name="y" * 60)),
    *_create_table("ddl_if", lambda: sa.CheckConstraint("a > 1").ddl_if(dialect="mysql"), lambda: sa.CheckConstraint("a > 2").ddl_if(dialect="postgresql")),
    _case("create_table, no columns", lambda op: op.create_table("t")),
    _case("create_table, shared enum", lambda op: (op.create_table("t", sa.Column("a", pg.ENUM("x", name="e"))), op.create_table("u", sa.Column("a", pg.ENUM("x", name="e"))))),
    _case("create_table, enum inherit_schema", lambda op: op.create_table("t", sa.Column("a", pg.ENUM("x", name="e", schema="sch")), schema="sch")),
    _case("create_table, same name as reserved", lambda op: op.create_table("user", sa.Column("order", sa.Integer(), primary_key=True), schema="table")),
    _case("create_table, quoted_name", lambda op: op.create_table(quoted_name("t", True), sa.Column("a", sa.Integer()), schema=quoted_name("Plain", False))),
    _case("create_table, unknown option", lambda op: op.create_table("t", sa.Column("a", sa.Integer()), postgresql_nonsense=True)),
    _case("drop_table", lambda op: op.drop_table("T", schema="s")),
    _case("drop_table, dotted schema", lambda op: op.drop_table("t", schema="a.b")),
    _case("rename_table", lambda op: op.rename_table("t", "New", schema="a.B")),
    _case("rename_table, quoted_name schema", lambda op: op.rename_table("t", "u", schema=quoted_name("a.b", True))),
    _case("create_table_comment", lambda op: op.create_table_comment("t", "it's \\ 5%", schema="s", existing_comment="x")),
    _case("create_table_comment, none", lambda op: op.create_table_comment("t", None)),
    _case("drop_table_comment", lambda op: op.drop_table_comment("t", existing_comment="x", schema="s")),
]

ALTERS = [
    _case("alter_column, nothing", lambda op: (op.alter_column("t", "c"), op.execute("SELECT 1"))),
    _case("alter_column, nullable", lambda op: op.alter_column("t", "c", nullable=True, existing_type=sa.Integer())),
    _case("alter_column, not null", lambda op: op.alter_column("T", "C", nullable=False, schema="a.b", existing_nullable=True)),
    _case("alter_column, by keyword", lambda op: op.alter_column(table_name="t", column_name="c", nullable=False)),
    _case("alter_column, new name", lambda op: op.alter_column("t", "c", new_column_name="Order")),
    _case("alter_column, using", lambda op: op.alter_column("t", "c", type_=sa.Integer(), postgresql_using="c::integer % 5")),
    _case("alter_column, using without type", lambda op: op.alter_column("t", "c", postgresql_using="c::integer")),
    _case("alter_column, comment", lambda op: op.alter_column("t", "c", comment="it's", existing_comment="old", schema="s")),
    _case("alter_column, comment empty", lambda op: op.alter_column("t", "c", comment="")),
    _case("alter_column, comment none", lambda op: op.alter_column("t", "c", comment=None)),
    _case("alter_column, all", lambda op: op.alter_column("t", "c", type_=sa.String(5), nullable=False, server_default="x", comment="y", new_column_name="d", existing_type=sa.Integer(), existing_server_default="5", existing_nullable=True)),
    _case("alter_column, boolean to integer", lambda op: op.alter_column("t", "c", existing_type=sa.Boolean(create_constraint=True, name="ck"), type_=sa.Integer())),
    _case("alter_column, checked enums", lambda op: op.alter_column("t", "c", existing_type=sa.Enum("a", name="ck1", native_enum=False, create_constraint=True), type_=sa.Enum("a", "b", name="ck2", native_enum=False, create_constraint=True))),
    _case("alter_column, checked enums, naming convention", lambda op: op.alter_column("t", "c", existing_type=sa.Enum("a", name="one", native_enum=False, create_constraint=True), type_=sa.Enum("b", name="two", native_enum=False, create_constraint=True)), CONVENTION),
    _case("alter_column, unnamed check", lambda op: op.alter_column("t", "c", existing_type=sa.Enum("a", native_enum=False, create_constraint=True), type_=sa.Integer())),
    _case("alter_column, enum to string", lambda op: op.alter_column("t", "c", existing_type=sa.Enum("a", name="e"), type_=sa.String(5), postgresql_using="c::text")),
    _case("alter_column, types given as classes", lambda op: op.alter_column("t", "c", existing_type=sa.Integer, type_=sa.BigInteger)),
    _case("alter_column, other databases", lambda op: op.alter_column("t", "c", nullable=True, mysql_nonsense=5, sqlite_x=1)),
    _case("alter_column, add identity", _identity_alter(sa.Identity(always=True, start=5), None)),
    _case("alter_column, add identity, existing false", _identity_alter(sa.Identity(), False)),
    _case("alter_column, drop identity", _identity_alter(None, sa.Identity())),
    _case("alter_column, change identity", _identity_alter(sa.Identity(always=True, start=5, cycle=True), sa.Identity(start=3))),
    _case("alter_column, change identity by less", _identity_alter(sa.Identity(), sa.Identity(always=True, cache=5))),
    _case("alter_column, same identity", _identity_alter(sa.Identity(), sa.Identity()), None, "alter_column"),
    _case("alter_column, computed", _identity_alter(sa.Computed("a"), None)),
    _case("alter_column, existing computed", _identity_alter(None, sa.Computed("a"))),
    _case("drop_column", lambda op: op.drop_column("T", "C", schema="a.b")),
    _case("drop_column, mssql arguments", lambda op: op.drop_column("t", "c", mssql_drop_default=True, mssql_drop_check=True)),
    _case("add_column, dotted schema", lambda op: op.add_column("t", sa.Column("c", sa.Integer(), unique=True, index=True, comment="x"), schema="a.b")),
    _case("add_column, the same column twice", lambda op: [op.add_column(t, c) for c in [sa.Column("c", sa.Integer(), sa.ForeignKey("o.id"))] for t in ("t", "u")]),
    _case("add_column, boolean checked", lambda op: op.add_column("t", sa.Column("c", sa.Boolean(create_constraint=True))), CONVENTION),
]


def _fk(**options: Any) -> Callable[[Any], object]:
    return lambda op: op.create_foreign_key("fk", "t", "Other", ["a", "b"], ["c", "d"], **options)


def _index(*columns: Any, **options: Any) -> Callable[[Any], object]:
    return lambda op: op.create_index("ix", "T", list(columns), **options)


CONSTRAINTS = [
    _case("create_primary_key", lambda op: op.create_primary_key("pk", "t", ["a", "B"], schema="s")),
    _case("create_primary_key, unnamed", lambda op: op.create_primary_key(None, "t", ["a"]), CONVENTION),
    _case("create_unique_constraint", lambda op: op.create_unique_constraint("uq", "t", ["a", "b"], schema="s", deferrable=True, initially="DEFERRED")),
    _case("create_unique_constraint, by keyword", lambda op: op.create_unique_constraint(constraint_name="uq", table_name="t", columns=["a"])),
    _case("create_unique_constraint, nulls", lambda op: op.create_unique_constraint("uq", "t", ["a"], postgresql_nulls_not_distinct=True)),
    _case("create_unique_constraint, nulls distinct", lambda op: op.create_unique_constraint("uq", "t", ["a"], postgresql_nulls_not_distinct=False)),
    _case("create_unique_constraint, include", lambda op: op.create_unique_constraint("uq", "t", ["a"], postgresql_include=["a"])),
    _case("create_unique_constraint, unnamed", lambda op: op.create_unique_constraint(None, "t", ["a"])),
    _case("create_unique_constraint, unnamed, naming convention", lambda op: op.create_unique_constraint(None, "t", ["a"]), CONVENTION),
    _case("create_check_constraint", lambda op: op.create_check_constraint("ck", "t", "a > 5 AND b LIKE '%x'", schema="s")),
    _case("create_check_constraint, text", lambda op: op.create_check_constraint("ck", "t", sa.text("a > 5"), postgresql_not_valid=True)),
    _case("create_check_constraint, expression", lambda op: op.create_check_constraint("ck", "t", sa.func.length(sa.column("Name")) > 5)),
    _case("create_check_constraint, naming convention", lambda op: op.create_check_constraint("short", "t", "a > 5"), CONVENTION),
    _case("create_check_constraint, f", lambda op: op.create_check_constraint(op.f("ck_full"), "t", "a > 5"), CONVENTION),
    _case("create_check_constraint, or", lambda op: op.create_check_constraint("ck", "t", sa.or_(sa.column("a").is_(None), sa.column("b") != "x"))),
    _case("create_foreign_key", _fk()),
    _case("create_foreign_key, schemas", _fk(source_schema="a.b", referent_schema="c")),
    _case("create_foreign_key, actions", _fk(ondelete="SET NULL", onupdate="CASCADE", match="FULL")),
    _case("create_foreign_key, deferrable", _fk(deferrable=True, initially="DEFERRED")),
    _case("create_foreign_key, not deferrable", _fk(deferrable=False, initially="IMMEDIATE")),
    _case("create_foreign_key, use_alter", _fk(use_alter=True)),
    _case("create_foreign_key, not valid", _fk(postgresql_not_valid=True)),
    _case("create_foreign_key, bad phrase", _fk(ondelete="CASCADE; DROP TABLE x")),
    _case("create_foreign_key, to itself", lambda op: op.create_foreign_key("fk", "t", "t", ["a"], ["b"], source_schema="s", referent_schema="s")),
    _case("create_foreign_key, unnamed", lambda op: op.create_foreign_key(None, "t", "u", ["a"], ["b"])),
    _case("create_foreign_key, unnamed, naming convention", lambda op: op.create_foreign_key(None, "t", "u", ["a"], ["b"]), CONVENTION),
    _case("create_exclude_constraint", lambda op: op.create_exclude_constraint("ex", "t", ("during", "&&"), ("room", "="), where="room > 5", using="gist", schema="s")),
    _case("create_exclude_constraint, expressions", lambda op: op.create_exclude_constraint("ex", "t", (sa.column("a"), "="), (sa.func.int4range(sa.column("b"), sa.column("c")), "&&"), where=sa.column("d") == "x", deferrable=True, initially="deferred", ops={"a": "my_ops"})),
    *(
        _case(f"drop_constraint, {type_}", lambda op, type_=type_: op.drop_constraint("Con", "t", type_=type_, schema="s"))
        for type_ in ("foreignkey", "primary", "unique", "check", None, "nonsense")
    ),
    *(
        _case(f"drop_constraint, {type_}, naming convention", lambda op, type_=type_: op.drop_constraint("con", "t", type_=type_), CONVENTION)
        for type_ in ("foreignkey", "primary", "unique", "check", None)
    ),
    _case("drop_constraint, f", lambda op: op.drop_constraint(op.f("con"), "t", type_="check"), CONVENTION),
    _case("drop_constraint, no name", lambda op: op.drop_constraint(None, "t", type_="check")),
    _case("create_index", _index("a", "B")),
    _case("create_index, by keyword", lambda op: op.create_index(index_name="ix", table_name="t", columns=["a"])),
    _case("create_index, unique and schema", _index("a", unique=True, schema="a.b")),
    _case("create_index, if_not_exists", _index("a", if_not_exists=True)),
    _case("create_index, if_not_exists false", _index("a", if_not_exists=False)),
    _case("create_index, where text", _index("a", postgresql_where=sa.text("a > 5 AND b LIKE 'x%'"))),
    _case("create_index, where str", _index("a", postgresql_where="a > 5")),
    _case("create_index, where expression", _index("a", postgresql_where=sa.and_(sa.column("a").is_(None), sa.column("b") == "it's"))),
    _case("create_index, where false", _index("a", postgresql_where=sa.column("deleted") == sa.false())),
    _case("create_index, concurrently", _index("a", postgresql_concurrently=True, if_not_exists=True)),
    _case("create_index, using", _index("a", postgresql_using="GIN")),
    _case("create_index, ops", _index("a", "b", postgresql_ops={"a": "gin_trgm_ops"}, postgresql_using="gin")),
    _case("create_index, ops of a label", _index(sa.func.lower(sa.column("a")).label("low"), postgresql_ops={"low": "text_pattern_ops"})),
    _case("create_index, include", _index("a", postgresql_include=["c", "D"])),
    _case("create_index, nulls_not_distinct", _index("a", unique=True, postgresql_nulls_not_distinct=True)),
    _case("create_index, nulls distinct", _index("a", unique=True, postgresql_nulls_not_distinct=False)),
    _case("create_index, with", _index("a", postgresql_with={"fillfactor": 50, "fastupdate": "off"})),
    _case("create_index, tablespace", _index("a", postgresql_tablespace="Fast")),
    _case("create_index, text", _index(sa.text("lower(name)"), sa.text("b DESC"))),
    _case("create_index, desc", _index(sa.column("a").desc().nulls_last(), sa.desc("b"))),
    _case("create_index, desc of literal", _index(sa.literal_column("b").asc(), sa.func.lower(sa.column("A")).desc())),
    _case("create_index, functions", _index(sa.func.lower(sa.column("Name")), sa.func.coalesce(sa.column("b"), "x'y"))),
    _case("create_index, arithmetic", _index(sa.column("a") + sa.column("b"))),
    _case("create_index, json", _index(sa.column("data", pg.JSONB)["key"].astext)),
    _case("create_index, cast", _index(sa.cast(sa.column("a"), sa.Date()))),
    _case("create_index, literal_column", _index(sa.literal_column("(a || ' ' || b)"))),
    _case("create_index, other databases", _index("a", mysql_length=5, sqlite_where=sa.text("a > 1"), mysql_prefix="FULLTEXT")),
    _case("create_index, unnamed", lambda op: op.create_index(None, "t", ["a"])),
    _case("create_index, unnamed, naming convention", lambda op: op.create_index(None, "t", ["a", "b"]), CONVENTION),
    _case("create_index, f", lambda op: op.create_index(op.f("ix_t_a"), "t", ["a"]), CONVENTION),
    _case("create_index, quoted_name", lambda op: op.create_index(quoted_name("ix", True), "t", [quoted_name("a", True)])),
    _case("create_index, long name", lambda op: op.create_index("i" * 64, "t", ["a"])),
    _case("create_index, bad using", _index("a", postgresql_using="gin; drop")),
    _case("drop_index", lambda op: op.drop_index("Ix")),
    _case("drop_index, table", lambda op: op.drop_index(index_name="ix", table_name="t", schema="a.b")),
    _case("drop_index, if_exists", lambda op: op.drop_index("ix", table_name="t", if_exists=True)),
    _case("drop_index, concurrently", lambda op: op.drop_index("ix", postgresql_concurrently=True, if_exists=True)),
    _case("drop_index, autogenerated options", lambda op: op.drop_index("ix", table_name="t", postgresql_where=sa.text("a"), postgresql_using="gin", postgresql_ops={"a": "b"}, postgresql_include=[], postgresql_nulls_not_distinct=True)),
    _case("drop_index, unnamed, naming convention", lambda op: op.drop_index(None, "t"), CONVENTION),
]


def _batch(call: Callable[[Any], object], table: str = "T", **options: Any) -> Callable[[Any], object]:
    def run(op: Any) -> None:
        with op.batch_alter_table(table, **options) as batch_op:
            call(batch_op)

    return run


def _everything(batch_op: Any) -> None:
    batch_op.add_column(sa.Column("a", sa.Integer(), sa.ForeignKey("o.id", name="fk"), nullable=False, index=True, comment="c"))
    batch_op.drop_column("b")
    batch_op.alter_column("c", existing_type=sa.Integer(), type_=sa.String(5), nullable=False, new_column_name="d", server_default="x")
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


BATCHES = [
    _case("batch, everything", _batch(_everything)),
    _case("batch, everything, schema", _batch(_everything, schema="a.b")),
    _case("batch, everything, naming convention", _batch(_everything, schema="s"), CONVENTION),
    _case("batch, never", _batch(lambda b: b.add_column(sa.Column("a", sa.Integer())), recreate="never")),
    _case("batch, execute comes first", _batch(lambda b: (b.drop_column("a"), b.execute("SELECT 1")))),
    _case("batch, insert_after", _batch(lambda b: b.add_column(sa.Column("a", sa.Integer()), insert_after="b"))),
    _case("batch, alter by keyword", _batch(lambda b: b.alter_column(column_name="a", nullable=True))),
    _case("batch, empty", lambda op: (_batch(lambda b: None)(op), op.execute("SELECT 1"))),
    _case(
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
    _case("batch, naming_convention argument", _batch(lambda b: b.drop_constraint("uq", type_="unique"), naming_convention={"uq": "x"})),
]

_ACCOUNT = sa.table("account", sa.column("id", sa.Integer), sa.column("name", sa.String))

EXECUTES = [
    _case("execute, str", lambda op: op.execute("UPDATE t SET a = 5 WHERE b LIKE '100%'")),
    _case("execute, blanks", lambda op: op.execute("\n   SELECT 1\n  ")),
    _case("execute, cast", lambda op: op.execute("SELECT '{}'::jsonb, a::int FROM t")),
    _case("execute, escaped colon", lambda op: op.execute(r"SELECT '12\:30', '\:name', '%% %'")),
    _case("execute, time literal", lambda op: op.execute("SELECT '12:30:00'"), None),
    _case("execute, bind-like", lambda op: op.execute("SELECT :name"), None, "execute"),
    _case("execute, slice and assignment", lambda op: op.execute("SELECT a[1:2], b := 3")),
    _case("execute, several statements", lambda op: op.execute("SELECT 1; SELECT 2;")),
    _case("execute, dollar body", lambda op: op.execute("DO $$ BEGIN RAISE NOTICE '%', 1; END $$")),
    _case("execute, text", lambda op: op.execute(sa.text("SELECT 'a:b', 5 % 3"))),
    _case("execute, text with binds", lambda op: op.execute(sa.text("SELECT :x").bindparams(x=5)), None, "execute"),
    _case("execute, update", lambda op: op.execute(_ACCOUNT.update().where(_ACCOUNT.c.name == op.inline_literal("a")).values({"name": op.inline_literal("b")})), None, "execute"),
    _case("execute, delete", lambda op: op.execute(_ACCOUNT.delete()), None, "execute"),
    _case("execute, CreateSchema", lambda op: op.execute(sa.schema.CreateSchema("x")), None, "execute"),
    _case("execute, DropSequence", lambda op: op.execute(sa.schema.DropSequence(sa.Sequence("q"))), None, "execute"),
    _case("execute, execution_options", lambda op: op.execute("SELECT 1", execution_options={"x": 1}), None, "execute"),
    _case("bulk_insert", lambda op: op.bulk_insert(_ACCOUNT, [{"id": 1, "name": "x'y"}]), None, "bulk_insert"),
]

CASES = [
    *_type_cases(),
    *_default_cases(),
    *_column_cases(),
    *TABLES,
    *ALTERS,
    *CONSTRAINTS,
    *BATCHES,
    *EXECUTES,
]
