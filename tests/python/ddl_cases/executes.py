"""op.execute with text as people write it, and with expressions; bulk_insert."""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa

from ddl_cases.case import case


class Text(str):
    __slots__ = ()


class Statement(str, enum.Enum):
    ANALYZE = "ANALYZE t"


_ACCOUNT = sa.table("account", sa.column("id", sa.Integer), sa.column("name", sa.String))


def _create_view(op: Any) -> None:
    op.execute(sa.schema.CreateView(sa.select(sa.literal(1).label("one")), "v", postgresql_with={"security_barrier": True}))


CASES = [
    case("execute, str", lambda op: op.execute("UPDATE t SET a = 5 WHERE b LIKE '100%'")),
    case("execute, blanks", lambda op: op.execute("\n   SELECT 1\n  ")),
    case("execute, cast", lambda op: op.execute("SELECT '{}'::jsonb, a::int FROM t")),
    case("execute, escaped colon", lambda op: op.execute(r"SELECT '12\:30', '\:name', '%% %'")),
    case("execute, time literal", lambda op: op.execute("SELECT '12:30:00'"), None),
    case("execute, bind-like", lambda op: op.execute("SELECT :name"), None, "execute"),
    case("execute, slice and assignment", lambda op: op.execute("SELECT a[1:2], b := 3")),
    case("execute, several statements", lambda op: op.execute("SELECT 1; SELECT 2;")),
    case("execute, dollar body", lambda op: op.execute("DO $$ BEGIN RAISE NOTICE '%', 1; END $$")),
    case("execute, text", lambda op: op.execute(sa.text("SELECT 'a:b', 5 % 3"))),
    case("execute, text with binds", lambda op: op.execute(sa.text("SELECT :x").bindparams(x=5)), None, "execute"),
    case(
        "execute, update",
        lambda op: op.execute(
            _ACCOUNT.update().where(_ACCOUNT.c.name == op.inline_literal("a")).values({"name": op.inline_literal("b")})
        ),
        None,
        "execute",
    ),
    case("execute, delete", lambda op: op.execute(_ACCOUNT.delete()), None, "execute"),
    case("execute, CreateSchema", lambda op: op.execute(sa.schema.CreateSchema("x")), None, "execute"),
    case("execute, DropSequence", lambda op: op.execute(sa.schema.DropSequence(sa.Sequence("q"))), None, "execute"),
    case("execute, execution_options", lambda op: op.execute("SELECT 1", execution_options={"x": 1}), None, "execute"),
    case("execute, execution_options empty", lambda op: op.execute("SELECT 1", execution_options={})),
    case("execute, unknown argument", lambda op: op.execute("SELECT 1", nonsense=1)),
    case("execute, a member of a str's enum became its name", lambda op: op.execute(Statement.ANALYZE)),
    case("execute, subclass of str", lambda op: op.execute(Text("SELECT 1"))),
    case("execute, bytes", lambda op: op.execute(b"SELECT 1"), None, "execute"),
    case("execute, none", lambda op: op.execute(None), None, "execute"),
    case("execute, text with escapes", lambda op: op.execute(sa.text(r"SELECT \:x, a\:\:b, '\\', 5 %% '%(x)s'"))),
    case("execute, text with columns", lambda op: op.execute(sa.text("SELECT 1 AS a").columns(sa.column("a"))), None, "execute"),
    case("execute, text with options", lambda op: op.execute(sa.text("SELECT 1").execution_options(x=1)), None, "execute"),
    case("execute, tabs and line ends", lambda op: op.execute("\tSELECT\t1\r\n;\r\n")),
    case("execute, question marks", lambda op: op.execute("SELECT a ? 'b', a ?| '{}', a @> '{\"a\": true}'")),
    case("execute, backslashes", lambda op: op.execute(r"SELECT '\\x', E'\n'")),
    case("execute, function", lambda op: op.execute(sa.func.setval("q", 5)), None, "execute"),
    case(
        "execute, DDL",
        lambda op: op.execute(sa.DDL("SELECT '100%%', %(x)s", context={"x": 5})),  # type: ignore[no-untyped-call]
        None,
        "execute",
    ),
    case(
        "execute, CreateSequence",
        lambda op: op.execute(sa.schema.CreateSequence(sa.Sequence("q", start=5, schema="S"), if_not_exists=True)),
        None,
        "execute",
    ),
    # Since SQLAlchemy 2.1.
    *([case("execute, CreateView", _create_view, None, "execute")] if hasattr(sa.schema, "CreateView") else []),
    case("execute, insert", lambda op: op.execute(_ACCOUNT.insert().values(id=5, name="x%")), None, "execute"),
    case(
        "bulk_insert, one by one",
        lambda op: op.bulk_insert(_ACCOUNT, [{"id": 1}, {"id": 2}], multiinsert=False),
        None,
        "bulk_insert",
    ),
    case("bulk_insert, no list", lambda op: op.bulk_insert(_ACCOUNT, {"id": 1})),
    case("bulk_insert", lambda op: op.bulk_insert(_ACCOUNT, [{"id": 1, "name": "x'y"}]), None, "bulk_insert"),
]
