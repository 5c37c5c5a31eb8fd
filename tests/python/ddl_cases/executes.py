"""op.execute with text as people write it, and with expressions; bulk_insert."""

from __future__ import annotations

import sqlalchemy as sa

from ddl_cases.case import case

_ACCOUNT = sa.table("account", sa.column("id", sa.Integer), sa.column("name", sa.String))

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
    case("bulk_insert", lambda op: op.bulk_insert(_ACCOUNT, [{"id": 1, "name": "x'y"}]), None, "bulk_insert"),
]
