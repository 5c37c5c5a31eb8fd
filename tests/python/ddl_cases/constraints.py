"""Constraints added and dropped."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.elements import quoted_name

from ddl_cases.case import CONVENTION, Call, case


def _fk(**options: Any) -> Call:
    return lambda op: op.create_foreign_key("fk", "t", "Other", ["a", "b"], ["c", "d"], **options)


def _drop(type_: str | None, name: str, **options: Any) -> Call:
    return lambda op: op.drop_constraint(name, "t", type_=type_, **options)


#: What each directive takes between the name of the constraint and its keywords.
_ARGUMENTS_BEFORE: dict[str, tuple[Any, ...]] = {
    "create_primary_key": ("t", ["a"]),
    "create_unique_constraint": ("t", ["a"]),
    "create_check_constraint": ("t", "a > 1"),
    "create_foreign_key": ("t", "o", ["a"], ["b"]),
    "create_exclude_constraint": ("t", ("a", "=")),
}
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "deferrable": {"deferrable": True, "initially": "deferred"},
    "not deferrable": {"deferrable": False},
    "bad initially": {"initially": "x; y"},
    "info": {"info": {"a": 1}},
    "comment": {"comment": "x"},
    "include": {"postgresql_include": ["a"]},
    "include an unknown column": {"postgresql_include": ["z"]},
    "not_valid": {"postgresql_not_valid": True},
    "not_valid false": {"postgresql_not_valid": False},
    "unknown argument": {"nonsense": 1},
    "unknown PostgreSQL argument": {"postgresql_nonsense": 1},
    "argument of an unknown database": {"nosuch_x": 1},
    "arguments of other databases": {"mssql_clustered": True, "sqlite_on_conflict": "FAIL", "mysql_x": 1},
    "unknown argument of sqlite": {"sqlite_nonsense": 1},
}


def _add(directive: str, options: dict[str, Any]) -> Call:
    return lambda op: getattr(op, directive)("c%", *_ARGUMENTS_BEFORE[directive], **options)


def _check(condition: Any) -> Call:
    return lambda op: op.create_check_constraint("ck", "t", condition)


def _exclude(expression: Any, operator: str) -> Call:
    def run(op: Any) -> None:
        op.create_exclude_constraint("ex", "t", (expression, operator), ("z", "&&"), where=sa.column("w%") > 5, using="GIST")

    return run


CASES = [
    case("create_primary_key", lambda op: op.create_primary_key("pk", "t", ["a", "B"], schema="s")),
    case("create_primary_key, unnamed", lambda op: op.create_primary_key(None, "t", ["a"]), CONVENTION),
    case(
        "create_unique_constraint",
        lambda op: op.create_unique_constraint("uq", "t", ["a", "b"], schema="s", deferrable=True, initially="DEFERRED"),
    ),
    case(
        "create_unique_constraint, by keyword",
        lambda op: op.create_unique_constraint(constraint_name="uq", table_name="t", columns=["a"]),
    ),
    case(
        "create_unique_constraint, nulls",
        lambda op: op.create_unique_constraint("uq", "t", ["a"], postgresql_nulls_not_distinct=True),
    ),
    case(
        "create_unique_constraint, nulls distinct",
        lambda op: op.create_unique_constraint("uq", "t", ["a"], postgresql_nulls_not_distinct=False),
    ),
    case("create_unique_constraint, include", lambda op: op.create_unique_constraint("uq", "t", ["a"], postgresql_include=["a"])),
    case("create_unique_constraint, unnamed", lambda op: op.create_unique_constraint(None, "t", ["a"])),
    case(
        "create_unique_constraint, unnamed, naming convention",
        lambda op: op.create_unique_constraint(None, "t", ["a"]),
        CONVENTION,
    ),
    case("create_check_constraint", lambda op: op.create_check_constraint("ck", "t", "a > 5 AND b LIKE '%x'", schema="s")),
    case(
        "create_check_constraint, text",
        lambda op: op.create_check_constraint("ck", "t", sa.text("a > 5"), postgresql_not_valid=True),
    ),
    case(
        "create_check_constraint, expression",
        lambda op: op.create_check_constraint("ck", "t", sa.func.length(sa.column("Name")) > 5),
    ),
    case("create_check_constraint, naming convention", lambda op: op.create_check_constraint("short", "t", "a > 5"), CONVENTION),
    case("create_check_constraint, f", lambda op: op.create_check_constraint(op.f("ck_full"), "t", "a > 5"), CONVENTION),
    case(
        "create_check_constraint, or",
        lambda op: op.create_check_constraint("ck", "t", sa.or_(sa.column("a").is_(None), sa.column("b") != "x")),
    ),
    case("create_foreign_key", _fk()),
    case("create_foreign_key, schemas", _fk(source_schema="a.b", referent_schema="c")),
    case("create_foreign_key, actions", _fk(ondelete="SET NULL", onupdate="CASCADE", match="FULL")),
    case("create_foreign_key, deferrable", _fk(deferrable=True, initially="DEFERRED")),
    case("create_foreign_key, not deferrable", _fk(deferrable=False, initially="IMMEDIATE")),
    case("create_foreign_key, use_alter", _fk(use_alter=True)),
    case("create_foreign_key, not valid", _fk(postgresql_not_valid=True)),
    case("create_foreign_key, bad phrase", _fk(ondelete="CASCADE; DROP TABLE x")),
    case(
        "create_foreign_key, to itself",
        lambda op: op.create_foreign_key("fk", "t", "t", ["a"], ["b"], source_schema="s", referent_schema="s"),
    ),
    case("create_foreign_key, unnamed", lambda op: op.create_foreign_key(None, "t", "u", ["a"], ["b"])),
    case(
        "create_foreign_key, unnamed, naming convention",
        lambda op: op.create_foreign_key(None, "t", "u", ["a"], ["b"]),
        CONVENTION,
    ),
    case(
        "create_exclude_constraint",
        lambda op: op.create_exclude_constraint(
            "ex", "t", ("during", "&&"), ("room", "="), where="room > 5", using="gist", schema="s"
        ),
    ),
    case(
        "create_exclude_constraint, expressions",
        lambda op: op.create_exclude_constraint(
            "ex",
            "t",
            (sa.column("a"), "="),
            (sa.func.int4range(sa.column("b"), sa.column("c")), "&&"),
            where=sa.column("d") == "x",
            deferrable=True,
            initially="deferred",
            ops={"a": "my_ops"},
        ),
    ),
    *(
        case(f"{directive}, {name}", _add(directive, options))
        for directive in _ARGUMENTS_BEFORE
        for name, options in _ARGUMENTS.items()
    ),
    *(
        case(f"create_foreign_key, {argument} {phrase!r}", _fk(**{argument: phrase}))
        for argument in ("ondelete", "onupdate", "match", "initially")
        for phrase in (
            "cascade",
            "SET DEFAULT",
            "NO ACTION",
            "SET NULL (a)",
            'SET DEFAULT (a, "B")',
            "x y",
            "CASCADE ",
            "",
            "a-b",
        )
    ),
    case("create_foreign_key, not as many columns", lambda op: op.create_foreign_key("f", "t", "o", ["a", "b"], ["c"])),
    case("create_foreign_key, no columns", lambda op: op.create_foreign_key("f", "t", "o", [], [])),
    case("create_foreign_key, a column twice", lambda op: op.create_foreign_key("f", "t", "t", ["a", "a"], ["b", "c"])),
    case("create_foreign_key, dots in names", lambda op: op.create_foreign_key("f", "s.t", "o.b", ["a.b"], ["b.c"])),
    case(
        "create_foreign_key, to a table of the same name",
        lambda op: op.create_foreign_key("f", "t", "t", ["a"], ["b"], source_schema="x", referent_schema="y"),
    ),
    case(
        "create_foreign_key, quoted_name",
        lambda op: op.create_foreign_key(quoted_name("f", True), quoted_name("t", True), "o", [quoted_name("a", True)], ["b"]),
    ),
    case("create_unique_constraint, no columns", lambda op: op.create_unique_constraint("uq", "t", [])),
    case("create_unique_constraint, long name", lambda op: op.create_unique_constraint("u" * 64, "t", ["a"])),
    case("create_primary_key, no columns", lambda op: op.create_primary_key("pk", "t", [])),
    case("create_primary_key, dotted schema", lambda op: op.create_primary_key("pk", "t", ["a"], schema="a.b")),
    *(
        case(f"create_check_constraint, {name}", _check(condition))
        for name, condition in {
            "percent": "a % 2 = 0",
            "colon in a text": sa.text("a = ':x'"),
            "bind-like": "a = :b",
            "in": sa.column("a").in_([1, 2]),
            "like": sa.column("a").like("x%"),
            "regular expression": "a ~ '^\\d+:\\w$'",
            "date": sa.column("a") > dt.date(2020, 1, 1),
            "decimal": sa.column("a") > decimal.Decimal("1.5"),
            "column of a table": sa.table("t", sa.column("a")).c.a > 5,
            "json key": sa.column("a", pg.JSONB).has_key("x"),
            "any": sa.any_(sa.column("a")) == 5,
            "true": True,
            "none": None,
            "empty": "",
        }.items()
    ),
    *(
        case(f"create_exclude_constraint, {name}", _exclude(expression, operator))
        for name, (expression, operator) in {
            "column object": (sa.Column("a", sa.Integer()), "="),
            "text": (sa.text("int4range(a, b)"), "&&"),
            "function with a literal": (sa.func.int4range(sa.column("a"), 5, "[)"), "&&"),
            "cast": (sa.cast(sa.column("a"), sa.Integer()), "="),
            "percent": (sa.column("a") % 5, "%"),
            "operator of a schema": ("Ab", "OPERATOR(pg_catalog.=)"),
        }.items()
    ),
    case("create_exclude_constraint, no elements", lambda op: op.create_exclude_constraint("ex", "t")),
    case("create_exclude_constraint, unnamed", lambda op: op.create_exclude_constraint(None, "t", ("a", "="))),
    case(
        "create_exclude_constraint, an access method of two words was taken",
        lambda op: op.create_exclude_constraint("ex", "t", ("a", "="), using="set null"),
    ),
    case("drop_constraint, if_exists", lambda op: op.drop_constraint("x", "t", if_exists=True, schema="a.b")),
    case("drop_constraint, unknown argument", lambda op: op.drop_constraint("x", "t", nonsense=1)),
    case("drop_constraint, quoted_name", lambda op: op.drop_constraint(quoted_name("x", True), "t%")),
    case("drop_constraint, long name", lambda op: op.drop_constraint("x" * 64, "t")),
    *(case(f"drop_constraint, type {type_!r}", _drop(type_, "con")) for type_ in ("exclude", "index", "", "CHECK")),
    *(
        case(f"drop_constraint, {type_}", _drop(type_, "Con", schema="s"))
        for type_ in ("foreignkey", "primary", "unique", "check", None, "nonsense")
    ),
    *(
        case(f"drop_constraint, {type_}, naming convention", _drop(type_, "con"), CONVENTION)
        for type_ in ("foreignkey", "primary", "unique", "check", None)
    ),
    case("drop_constraint, f", lambda op: op.drop_constraint(op.f("con"), "t", type_="check"), CONVENTION),
    case("drop_constraint, no name", lambda op: op.drop_constraint(None, "t", type_="check")),
]
