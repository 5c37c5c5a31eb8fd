"""Server defaults as people write them."""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from ddl_cases.case import Case, making

if TYPE_CHECKING:
    from collections.abc import Callable


class Plan(str, enum.Enum):
    FREE = "free"


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
    "int": lambda: 5,
    "DefaultClause": lambda: sa.DefaultClause("x"),
    "DefaultClause of text": lambda: sa.DefaultClause(sa.text("x")),
    "ColumnDefault": lambda: sa.ColumnDefault(5),
    "callable": lambda: lambda: 5,
    "Sequence": lambda: sa.Sequence("q"),
    "array": lambda: pg.array(["x", "y%"]),
    "cast of an array": lambda: sa.cast(pg.array([]), pg.ARRAY(sa.Text())),
    "literal bool": lambda: sa.literal(True),
    "literal None": lambda: sa.literal(None),
    "literal date": lambda: sa.literal(dt.date(2020, 1, 2)),
    "concatenation": lambda: sa.literal("a") + "b%",
    "function with literals": lambda: sa.func.timezone("UTC", sa.func.now()),
    "scalar subquery": lambda: sa.select(sa.literal_column("1")).scalar_subquery(),
    "text with a bind": lambda: sa.text(":x").bindparams(x=5),
    "text without its bind": lambda: sa.text(":x"),
    "str with quotes": lambda: "'x'",
    "str with line ends": lambda: "a\n\tb  ",
    "str subclass": lambda: Plan.FREE,
}


def _cases(name: str, make: Callable[[], Any]) -> list[Case]:
    return [
        Case(
            f"add_column, server_default {name}",
            making(make, lambda op, default: op.add_column("t", sa.Column("c", sa.Text(), server_default=default))),
        ),
        Case(
            f"alter_column, server_default {name}",
            making(make, lambda op, default: op.alter_column("t", "c", server_default=default)),
        ),
    ]


CASES = [case for name, make in DEFAULTS.items() for case in _cases(name, make)]
