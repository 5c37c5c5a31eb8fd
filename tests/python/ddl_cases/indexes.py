"""Indexes created and dropped, with each of their options."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.elements import quoted_name

from ddl_cases.case import CONVENTION, Call, case


def _index(*columns: Any, **options: Any) -> Call:
    return lambda op: op.create_index("ix", "T", list(columns), **options)


def _drop(options: dict[str, Any]) -> Call:
    return lambda op: op.drop_index("Ix", **options)


_ALL: dict[str, Any] = {
    "schema": "S",
    "unique": True,
    "if_not_exists": True,
    "postgresql_concurrently": True,
    "postgresql_using": "Btree",
    "postgresql_ops": {"a": "x"},
    "postgresql_include": ["b"],
    "postgresql_nulls_not_distinct": True,
    "postgresql_with": {"fillfactor": 50},
    "postgresql_tablespace": "x",
    "postgresql_where": sa.text("a > 5"),
}


_DROPS: dict[str, dict[str, Any]] = {
    "if_exists false": {"if_exists": False},
    "all": {"table_name": "t", "schema": "a.b", "if_exists": True, "postgresql_concurrently": True},
    "unknown argument": {"nonsense": 1},
    "unknown PostgreSQL argument": {"postgresql_nonsense": 1},
    "argument of an unknown database": {"nosuch_x": 1},
    "arguments of other databases": {"mysql_x": 1, "mssql_clustered": True},
    "unknown argument of sqlite": {"sqlite_x": 1},
    "unique": {"unique": True},
    "quote": {"quote": True},
}

CASES = [
    case("create_index", _index("a", "B")),
    case("create_index, by keyword", lambda op: op.create_index(index_name="ix", table_name="t", columns=["a"])),
    case("create_index, unique and schema", _index("a", unique=True, schema="a.b")),
    case("create_index, if_not_exists", _index("a", if_not_exists=True)),
    case("create_index, if_not_exists false", _index("a", if_not_exists=False)),
    case("create_index, where text", _index("a", postgresql_where=sa.text("a > 5 AND b LIKE 'x%'"))),
    case("create_index, where str", _index("a", postgresql_where="a > 5")),
    case(
        "create_index, where expression",
        _index("a", postgresql_where=sa.and_(sa.column("a").is_(None), sa.column("b") == "it's")),
    ),
    case("create_index, where false", _index("a", postgresql_where=sa.column("deleted") == sa.false())),
    case("create_index, concurrently", _index("a", postgresql_concurrently=True, if_not_exists=True)),
    case("create_index, using", _index("a", postgresql_using="GIN")),
    case("create_index, ops", _index("a", "b", postgresql_ops={"a": "gin_trgm_ops"}, postgresql_using="gin")),
    case(
        "create_index, ops of a label",
        _index(sa.func.lower(sa.column("a")).label("low"), postgresql_ops={"low": "text_pattern_ops"}),
    ),
    case("create_index, include", _index("a", postgresql_include=["c", "D"])),
    case("create_index, nulls_not_distinct", _index("a", unique=True, postgresql_nulls_not_distinct=True)),
    case("create_index, nulls distinct", _index("a", unique=True, postgresql_nulls_not_distinct=False)),
    case("create_index, with", _index("a", postgresql_with={"fillfactor": 50, "fastupdate": "off"})),
    case("create_index, tablespace", _index("a", postgresql_tablespace="Fast")),
    case("create_index, text", _index(sa.text("lower(name)"), sa.text("b DESC"))),
    case("create_index, desc", _index(sa.column("a").desc().nulls_last(), sa.desc("b"))),
    case("create_index, desc of literal", _index(sa.literal_column("b").asc(), sa.func.lower(sa.column("A")).desc())),
    case("create_index, functions", _index(sa.func.lower(sa.column("Name")), sa.func.coalesce(sa.column("b"), "x'y"))),
    case("create_index, arithmetic", _index(sa.column("a") + sa.column("b"))),
    case("create_index, json", _index(sa.column("data", pg.JSONB)["key"].astext)),
    case("create_index, cast", _index(sa.cast(sa.column("a"), sa.Date()))),
    case("create_index, literal_column", _index(sa.literal_column("(a || ' ' || b)"))),
    case("create_index, other databases", _index("a", mysql_length=5, sqlite_where=sa.text("a > 1"), mysql_prefix="FULLTEXT")),
    case("create_index, unnamed", lambda op: op.create_index(None, "t", ["a"])),
    case("create_index, unnamed, naming convention", lambda op: op.create_index(None, "t", ["a", "b"]), CONVENTION),
    case("create_index, f", lambda op: op.create_index(op.f("ix_t_a"), "t", ["a"]), CONVENTION),
    case("create_index, quoted_name", lambda op: op.create_index(quoted_name("ix", True), "t", [quoted_name("a", True)])),
    case("create_index, long name", lambda op: op.create_index("i" * 64, "t", ["a"])),
    case("create_index, bad using", _index("a", postgresql_using="gin; drop")),
    case("create_index, no columns", _index()),
    case("create_index, a column twice", _index("a", "a")),
    case("create_index, quote", _index("a", quote=True, info={"a": 1})),
    case("create_index, percent", lambda op: op.create_index("i%x", "t%", ["a%"])),
    case(
        "create_index, unnamed expression, naming convention",
        lambda op: op.create_index(None, "t", [sa.text("f(a)")]),
        CONVENTION,
    ),
    case("create_index, an access method of two words was taken", _index("a", postgresql_using="set null")),
    case("create_index, an operator class that is no string was taken", _index("a", postgresql_ops={"a": sa.text("x")})),
    case("create_index, operator class with arguments", _index("a", postgresql_ops={"a": "gist_trgm_ops(siglen=32)", "z": "x"})),
    case("create_index, a column object in INCLUDE was taken", _index("a", postgresql_include=[sa.column("b")])),
    case("create_index, include the index's own column", _index("a", postgresql_include=("a", quoted_name("b", True)))),
    case(
        "create_index, INCLUDE of an iterator was passed over",
        lambda op: op.create_index("ix", "t", ["a"], postgresql_include=iter(["b"])),
        None,
        "create_index",
    ),
    case("create_index, include given as a string", _index("a", postgresql_include="xy")),
    case("create_index, with other values", _index("a", postgresql_with={"a": False, "b": 1.5, "c": None, "d": "'5%'"})),
    case("create_index, with empty", _index("a", postgresql_with={})),
    case("create_index, with list", _index("a", postgresql_with=["a"])),
    case("create_index, tablespace quoted_name", _index("a", postgresql_tablespace=quoted_name("A", False))),
    case("create_index, nulls_not_distinct no bool", _index("a", postgresql_nulls_not_distinct="x")),
    case("create_index, concurrently false", _index("a", postgresql_concurrently=False, unique=None)),
    case("create_index, all", _index("a", **_ALL)),
    case("create_index, only reflected", _index("a", postgresql_invalid=True)),
    case("create_index, unknown argument", _index("a", nonsense=1)),
    case("create_index, unknown PostgreSQL argument", _index("a", postgresql_nonsense=1)),
    case("create_index, argument of an unknown database", _index("a", nosuch_x=1)),
    case(
        "create_index, arguments of other databases", _index("a", mssql_include=["a"], mssql_clustered=True, oracle_bitmap=True)
    ),
    case("create_index, unknown arguments of other databases", _index("a", mysql_x=1, mariadb_length=5)),
    case("create_index, unknown argument of sqlite", _index("a", sqlite_x=1)),
    *(
        case(f"create_index, where {name}", _index("a", postgresql_where=condition))
        for name, condition in {
            "text with a bind": sa.text("a = :x").bindparams(x=5),
            "column": sa.column("a"),
            "not": ~sa.column("a"),
            "true": sa.true(),
            "date": sa.column("a") > dt.date(2020, 1, 1),
            "in": sa.column("a").in_(["x", "y%"]),
            "like": sa.column("a").like("%x%"),
            "percent": sa.text("a % 5 = 0"),
            "cast": "a::int > 0 AND b LIKE '%%'",
            "escaped colons": sa.text("a\\:\\:int > 0"),
            "column of a table": sa.Table("T", sa.MetaData(), sa.Column("a", sa.Integer())).c.a > 5,
            "json": sa.column("d", pg.JSONB)["k"].astext == "v",
            "uuid": sa.column("u", sa.Uuid()) == uuid.UUID(int=5),
            "enum": sa.column("e", sa.Enum("a", "b", name="e")) == "a",
            "array": sa.column("a") == sa.any_(pg.array([1, 2])),
            "bool": True,
            "empty": "",
        }.items()
    ),
    *(
        case(f"create_index, of {name}", _index("z", expression, postgresql_ops={"a": "o"}))
        for name, expression in {
            "is null": sa.column("a").is_(None),
            "negative": -sa.column("a"),
            "concatenation": sa.column("a") + " " + sa.column("b"),
            "case": sa.case((sa.column("a") > 1, "x"), else_="y%"),
            "text with a percent": sa.text("(a % 5)"),
            "text with a cast": sa.text("(a::text)"),
            "collation": sa.column("a").collate("C"),
            "collation and order": sa.collate(sa.column("a"), "de_DE").desc(),
            "nulls_first": sa.column("a").desc().nulls_first(),
            "function of a schema": sa.func.public.lower(sa.column("a")),
            "extract": sa.extract("year", sa.column("a")),
            "literal": sa.literal(5),
            "json path": sa.column("a", pg.JSONB)[("x", "y")].astext.cast(sa.Integer()),
            "array": pg.array([sa.column("a"), sa.column("b")]),
            "tuple": sa.tuple_(sa.column("a"), sa.column("b")),
            "operator": sa.column("a").op("||")(sa.column("b")),
            "to_tsvector": sa.func.to_tsvector(sa.literal_column("'english'"), sa.column("a")),
            "type_coerce": sa.type_coerce(sa.column("a"), sa.String()),
            "scalar subquery": sa.select(sa.column("a")).scalar_subquery(),
            "number": 5,
        }.items()
    ),
    *(case(f"drop_index, {name}", _drop(options)) for name, options in _DROPS.items()),
    case("drop_index, long name", lambda op: op.drop_index("i" * 64)),
    case("drop_index, quoted_name", lambda op: op.drop_index(quoted_name("x", True), schema=quoted_name("S", False))),
    case("drop_index", lambda op: op.drop_index("Ix")),
    case("drop_index, table", lambda op: op.drop_index(index_name="ix", table_name="t", schema="a.b")),
    case("drop_index, if_exists", lambda op: op.drop_index("ix", table_name="t", if_exists=True)),
    case("drop_index, concurrently", lambda op: op.drop_index("ix", postgresql_concurrently=True, if_exists=True)),
    case(
        "drop_index, autogenerated options",
        lambda op: op.drop_index(
            "ix",
            table_name="t",
            postgresql_where=sa.text("a"),
            postgresql_using="gin",
            postgresql_ops={"a": "b"},
            postgresql_include=[],
            postgresql_nulls_not_distinct=True,
        ),
    ),
    case("drop_index, unnamed, naming convention", lambda op: op.drop_index(None, "t"), CONVENTION),
]
