"""Constraints added and dropped."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ddl_cases.case import CONVENTION, Call, case


def _fk(**options: Any) -> Call:
    return lambda op: op.create_foreign_key("fk", "t", "Other", ["a", "b"], ["c", "d"], **options)


def _drop(type_: str | None, name: str, **options: Any) -> Call:
    return lambda op: op.drop_constraint(name, "t", type_=type_, **options)


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
