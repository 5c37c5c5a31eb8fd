"""Tables with each of their options and constraints."""

from __future__ import annotations

import enum
import functools
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.elements import quoted_name

from ddl_cases.case import CONVENTION, Call, Case, case

if TYPE_CHECKING:
    from collections.abc import Callable


def _create_table(name: str, *items: Callable[[], Any], library: tuple[str, ...] = (), **options: Any) -> list[Case]:
    def call(op: Any) -> object:
        columns = (sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.String(20)))
        return op.create_table("t", *columns, *(item() for item in items), **options)

    return [
        case(f"create_table, {name}", call, None, *library),
        case(f"create_table, {name}, naming convention", call, CONVENTION, *library),
    ]


class Word(str, enum.Enum):
    ONE = "LIST (b)"


def _ignore(*_args: Any, **_options: Any) -> None:
    """A listener."""


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), primary_key=True)


_CONSTRAINTS: dict[str, Callable[..., Any]] = {
    "primary key": functools.partial(sa.PrimaryKeyConstraint, "a"),
    "unique": functools.partial(sa.UniqueConstraint, "a"),
    "check": functools.partial(sa.CheckConstraint, "a > 1"),
    "foreign key": functools.partial(sa.ForeignKeyConstraint, ["a"], ["o.x"]),
    "exclude": functools.partial(pg.ExcludeConstraint, ("a", "="), name="ex"),
}
_CONSTRAINT_ARGUMENTS: dict[str, dict[str, Any]] = {
    "deferrable": {"deferrable": True, "initially": "immediate"},
    "not deferrable": {"deferrable": False},
    "bad initially": {"initially": "x; y"},
    "info": {"info": {"a": 1}},
    "comment": {"comment": "x"},
    "quoted_name": {"name": quoted_name("x", True)},
    "percent in its name": {"name": "A%b"},
    "include": {"postgresql_include": ["b"]},
    "include nothing": {"postgresql_include": []},
    "include an unknown column": {"postgresql_include": ["z"]},
    "nulls_not_distinct": {"postgresql_nulls_not_distinct": True},
    "nulls_not_distinct no bool": {"postgresql_nulls_not_distinct": 1},
    "not_valid": {"postgresql_not_valid": True},
    "not_valid false": {"postgresql_not_valid": False},
    "unknown PostgreSQL argument": {"postgresql_nonsense": 1},
    "arguments of other databases": {"mssql_clustered": True, "sqlite_on_conflict": "FAIL", "mysql_x": 1},
    "unknown argument of sqlite": {"sqlite_nonsense": 1},
    "unknown argument": {"nonsense": 1},
}
_TABLE_ARGUMENTS: dict[str, dict[str, Any]] = {
    "if_exists": {"if_exists": True, "schema": "s"},
    "if_exists false": {"if_exists": False},
    "unknown argument": {"nonsense": 1},
    "unknown PostgreSQL argument": {"postgresql_nonsense": 1},
    "argument of an unknown database": {"nosuch_x": 1},
    "arguments of other databases": {"mysql_x": 1, "sqlite_autoincrement": True},
}


def _with_options(make: Callable[..., Any], options: dict[str, Any]) -> Callable[[], Any]:
    return lambda: make(**options)


def _call(directive: str, options: dict[str, Any]) -> Call:
    more = {"rename_table": ["u"], "create_table_comment": ["x"]}.get(directive, [])
    return lambda op: getattr(op, directive)("T", *more, **options)


CASES = [
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
    *_create_table(
        "unique options", lambda: sa.UniqueConstraint("b", postgresql_nulls_not_distinct=True, postgresql_include=["a"])
    ),
    *_create_table("check", lambda: sa.CheckConstraint("a > 5", name="positive")),
    *_create_table("check text", lambda: sa.CheckConstraint(sa.text("a > 5 AND b LIKE 'x%'"))),
    *_create_table(
        "check expression", lambda: sa.CheckConstraint(sa.and_(sa.column("a") > 5, sa.column("b").in_(["x", "y"])), name="ck")
    ),
    *_create_table("check not valid", lambda: sa.CheckConstraint("a > 5", name="ck", postgresql_not_valid=True)),
    *_create_table(
        "foreign keys",
        lambda: sa.ForeignKeyConstraint(["a", "b"], ["o.x", "o.y"], name="fk", ondelete="CASCADE"),
        lambda: sa.ForeignKeyConstraint(["a"], ["s.o.x"]),
    ),
    *_create_table("foreign key to itself", lambda: sa.ForeignKeyConstraint(["b"], ["t.a"])),
    *_create_table(
        "foreign key use_alter", lambda: sa.ForeignKeyConstraint(["a"], ["o.x"], name="fk", use_alter=True, match="SIMPLE")
    ),
    *_create_table(
        "exclude", lambda: pg.ExcludeConstraint(("a", "="), (sa.text("b"), "&&"), using="gist", where=sa.text("a > 5"), name="ex")
    ),
    *_create_table("index", lambda: sa.Index("ix_b", "b", postgresql_where=sa.text("a > 1"))),
    *_create_table("index expression", lambda: sa.Index("ix_b", sa.text("lower(b)"), "a", unique=True)),
    *_create_table(
        "many",
        lambda: sa.CheckConstraint("a > 1"),
        lambda: sa.UniqueConstraint("a"),
        lambda: sa.PrimaryKeyConstraint("a"),
        lambda: sa.CheckConstraint("a > 2", name=quoted_name("Ck", True)),
    ),
    *_create_table("f names", lambda: sa.CheckConstraint("a > 1", name=sa.schema.conv("fixed_name"))),
    *_create_table("long name", lambda: sa.CheckConstraint("a > 1", name="x" * 80)),
    *_create_table("long conv name", lambda: sa.CheckConstraint("a > 1", name="y" * 60)),
    *_create_table(
        "ddl_if",
        lambda: sa.CheckConstraint("a > 1").ddl_if(dialect="mysql"),
        lambda: sa.CheckConstraint("a > 2").ddl_if(dialect="postgresql"),
    ),
    # Options with a value each, and what is taken for one.
    *_create_table("with", postgresql_with={"fillfactor": 70, "autovacuum_enabled": False, "x": None}),
    *_create_table("with list", postgresql_with=["a", "b"]),
    *_create_table("with empty", postgresql_with={}),
    *_create_table("with_oids true", postgresql_with_oids=True),
    *_create_table("with_oids no bool", postgresql_with_oids="x"),
    *_create_table("on_commit", postgresql_on_commit="preserve rows"),
    *_create_table("tablespace quoted_name", postgresql_tablespace=quoted_name("My", False)),
    *_create_table("inherits list", postgresql_inherits=["a.b", quoted_name("c.d", False)]),
    *_create_table("inherits empty", postgresql_inherits=()),
    *_create_table("partition_by text", postgresql_partition_by=sa.text("LIST (b)")),
    *_create_table("partition_by, a member of a str's enum was not spelled as Python does", postgresql_partition_by=Word.ONE),
    *_create_table("prefixes empty", prefixes=[]),
    *_create_table("a prefix that is no string was taken", prefixes=[sa.text("TEMPORARY")]),
    *_create_table("a comment of bytes was taken", comment=b"x"),
    *_create_table("comment of a number", comment=5),
    *_create_table("if_not_exists false", if_not_exists=False),
    *_create_table("quote", quote=True, schema="s", quote_schema=True),
    *_create_table("quote false", quote=False, schema="S", quote_schema=False),
    *_create_table("blank schema", schema=sa.BLANK_SCHEMA),
    *_create_table("empty schema", schema=""),
    *_create_table("keep_existing", keep_existing=True, implicit_returning=False, resolve_fks=False),
    *_create_table("must_exist", must_exist=True),
    *_create_table("listeners", listeners=[("after_create", _ignore)], library=("create_table",)),
    *_create_table("listeners of other events", listeners=[("after_parent_attach", _ignore)]),
    *_create_table("unknown argument", nonsense=1),
    *_create_table("argument of an unknown database", nosuch_x=1),
    *_create_table("unknown arguments of other databases", mysql_x=1, mssql_x=1, oracle_compress=True),
    *_create_table("unknown argument of sqlite", sqlite_x=1),
    # Each constraint with each argument, whether it takes it or not.
    *(
        each
        for kind, make in _CONSTRAINTS.items()
        for argument, options in _CONSTRAINT_ARGUMENTS.items()
        for each in _create_table(f"{kind}, {argument}", _with_options(make, options))
    ),
    *_create_table("a unique constraint without columns left an empty line", lambda: sa.UniqueConstraint(name="uq")),
    *_create_table(
        "a unique constraint without columns beside others",
        lambda: sa.UniqueConstraint(name="uq"),
        lambda: sa.CheckConstraint("a > 1", name="ck"),
    ),
    *_create_table("primary key without columns", lambda: sa.PrimaryKeyConstraint(name="pk")),
    *_create_table("primary key of an unknown column", lambda: sa.PrimaryKeyConstraint("nonsense")),
    *_create_table("primary key in another order", lambda: sa.PrimaryKeyConstraint("b", "a")),
    *_create_table(
        "exclude, an access method of two words was taken", lambda: pg.ExcludeConstraint(("a", "="), using="set null")
    ),
    *_create_table(
        "exclude, an operator class that is no string was taken",
        lambda: pg.ExcludeConstraint(("a", "="), ops={"a": sa.text("x")}),
    ),
    *_create_table("exclude without a name", lambda: pg.ExcludeConstraint(("a", "="))),
    *_create_table("index include", lambda: sa.Index("ix", "a", postgresql_include=["b"])),
    *_create_table("an index with INCLUDE of an unknown column was taken", lambda: sa.Index("ix", "a", postgresql_include=["z"])),
    *_create_table("index without a name", lambda: sa.Index(None, "a")),
    *_create_table(
        "index options",
        lambda: sa.Index(
            "ix",
            "b",
            postgresql_using="gin",
            postgresql_ops={"b": "gin_trgm_ops"},
            postgresql_with={"fastupdate": "off"},
            postgresql_concurrently=True,
            postgresql_tablespace="Fast",
        ),
    ),
    *_create_table(
        "ddl_if of a foreign key and a unique constraint",
        lambda: sa.ForeignKeyConstraint(["a"], ["o.x"]).ddl_if(dialect="mysql"),
        lambda: sa.UniqueConstraint("a").ddl_if(dialect="mysql"),
    ),
    case("create_table, two primary keys at columns", lambda op: op.create_table("t", _key("a"), _key("b"))),
    case("create_table, two columns of one name", lambda op: op.create_table("t", _key("a"), _key("a"))),
    case("create_table, a column without a type", lambda op: op.create_table("t", sa.Column("a"), sa.Column("b"))),
    case(
        "create_table, a foreign key gives the type",
        lambda op: op.create_table("t", _key("a"), sa.Column("b", sa.ForeignKey("t.a"))),
    ),
    case(
        "create_table, names of every kind",
        lambda op: op.create_table(
            "1t%",
            *(sa.Column(name, sa.Integer()) for name in ("$a", "a$", "_x", "é", "a b", 'q"q', "a.b", "a%b", "A", "1", "a\nb")),
        ),
    ),
    *(
        case(f"{directive}, {name}", _call(directive, options))
        for directive in ("drop_table", "rename_table", "create_table_comment", "drop_table_comment")
        for name, options in _TABLE_ARGUMENTS.items()
    ),
    case("drop_table, quoted_name", lambda op: op.drop_table(quoted_name("t", True), schema=quoted_name("S", False))),
    case("drop_table, options of a table", lambda op: op.drop_table("t", postgresql_tablespace="x", info={}, prefixes=["X"])),
    case("create_table_comment, dotted schema", lambda op: op.create_table_comment("t%", "%% \\ :y", schema="a.b")),
    case("create_table_comment, empty", lambda op: op.create_table_comment("t", "")),
    case("create_table_comment, bytes were taken", lambda op: op.create_table_comment("t", b"x")),
    case("create_table, no columns", lambda op: op.create_table("t")),
    case(
        "create_table, shared enum",
        lambda op: (
            op.create_table("t", sa.Column("a", pg.ENUM("x", name="e"))),
            op.create_table("u", sa.Column("a", pg.ENUM("x", name="e"))),
        ),
    ),
    case(
        "create_table, enum inherit_schema",
        lambda op: op.create_table("t", sa.Column("a", pg.ENUM("x", name="e", schema="sch")), schema="sch"),
    ),
    case(
        "create_table, same name as reserved",
        lambda op: op.create_table("user", sa.Column("order", sa.Integer(), primary_key=True), schema="table"),
    ),
    case(
        "create_table, quoted_name",
        lambda op: op.create_table(quoted_name("t", True), sa.Column("a", sa.Integer()), schema=quoted_name("Plain", False)),
    ),
    case("create_table, unknown option", lambda op: op.create_table("t", sa.Column("a", sa.Integer()), postgresql_nonsense=True)),
    case("drop_table", lambda op: op.drop_table("T", schema="s")),
    case("drop_table, dotted schema", lambda op: op.drop_table("t", schema="a.b")),
    case("rename_table", lambda op: op.rename_table("t", "New", schema="a.B")),
    case("rename_table, quoted_name schema", lambda op: op.rename_table("t", "u", schema=quoted_name("a.b", True))),
    case("create_table_comment", lambda op: op.create_table_comment("t", "it's \\ 5%", schema="s", existing_comment="x")),
    case("create_table_comment, none", lambda op: op.create_table_comment("t", None)),
    case("drop_table_comment", lambda op: op.drop_table_comment("t", existing_comment="x", schema="s")),
]
