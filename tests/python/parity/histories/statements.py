"""Statements that have no directive: SQL as people write it, and questions on the connection."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from parity.histories.model import Change, execute
from parity.histories.words import as_text, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from parity.histories.model import Schema, Table


def execute_ddl(random: Random, schema: Schema, table: Table) -> Change | None:
    """Views, functions, triggers, sequences, types: statements that Alembic has no directive for."""
    name = schema.new_name(random)
    word = quoted(name)
    function = f"CREATE OR REPLACE FUNCTION {word}(n int) RETURNS text AS $$\nBEGIN\n  -- it's; a comment\n"
    function += "  RETURN format('%s:%I', n, 'x');\nEND\n$$ LANGUAGE plpgsql"
    choices = [
        (f"CREATE VIEW {word} AS SELECT 'a%'::text AS \"x:y\", 5 % 3 AS m", f"DROP VIEW {word}"),
        (f"CREATE SEQUENCE {word} START 5 INCREMENT 2", f"DROP SEQUENCE IF EXISTS {word}"),
        (f"CREATE TYPE {word} AS ENUM ('a:b', '100%')", f"DROP TYPE {word}"),
        (f"CREATE DOMAIN {word} AS text CHECK (VALUE !~ '^[:%]')", f"DROP DOMAIN {word}"),
        (function, f"DROP FUNCTION {word}(int)"),
        (f"DO $do$ BEGIN PERFORM 1; RAISE NOTICE 'done % :x', {literal(name)}; END $do$", "SELECT 1"),
        ("SET LOCAL statement_timeout = '30s'", "SET LOCAL lock_timeout = '20s'"),
        (f"LOCK TABLE {table.sql} IN ACCESS EXCLUSIVE MODE", f"LOCK TABLE {table.sql} IN SHARE MODE"),
        (f"CREATE SEQUENCE {word}; SELECT nextval({literal(word)})", f"DROP SEQUENCE {word}; SELECT ';'"),
    ]
    up, down = random.choice(choices)
    if random.random() < 0.15:
        source = f"sa.schema.Sequence({name!r}, start=3, increment=4)"
        return Change(
            "sequence", [f"op.execute(sa.schema.CreateSequence({source}))"], [f"op.execute(sa.schema.DropSequence({source}))"]
        )
    if random.random() < 0.3:
        return Change(
            "execute", [f"op.execute(sa.text({as_text(up)!r}))"], [f"op.execute(sa.DDL({json.dumps(down).replace('%', '%%')}))"]
        )
    return Change("execute", [execute(up)], [execute(down)])


def look(random: Random, schema: Schema, table: Table) -> Change | None:
    """What needs a connection: questions, savepoints, reflection."""
    if not schema.is_live:
        return None
    count = as_text(f"SELECT count(*) FROM {table.sql}")
    in_schema = "" if table.schema is None else f", schema={table.schema!r}"
    column = random.choice(table.columns)
    shown = "str(seen).replace(chr(39), '').replace(':', '')"
    note = f"op.execute(sa.text({as_text(f'COMMENT ON TABLE {table.sql} IS ')!r} + chr(39) + {shown} + chr(39)))"
    ways = [
        [f"seen = op.get_bind().execute(sa.text({count!r})).scalar()", note],
        [f"seen = sorted(c['name'] for c in sa.inspect(op.get_bind()).get_columns({table.name!r}{in_schema}))", note],
        [f"seen = sa.inspect(op.get_bind()).get_indexes({table.name!r}{in_schema})", "seen = len(seen)", note],
        [f"seen = [fk['options'] for fk in sa.inspect(op.get_bind()).get_foreign_keys({table.name!r}{in_schema})]", note],
        [f"seen = {column.name!r} in sa.Table({table.name!r}, sa.MetaData(){in_schema}, autoload_with=op.get_bind()).c", note],
        [
            "try:",
            "    with op.get_bind().begin_nested():",
            f"        op.execute({'SELECT 1/0'!r})",
            "except sa.exc.DBAPIError as error:",
            "    seen = type(error).__name__",
            note,
        ],
        ["with op.get_bind().begin_nested():", f"    seen = op.get_bind().scalar(sa.text({count!r}))", note],
        [
            "from sqlalchemy.orm import Session",
            "session = Session(bind=op.get_bind())",
            f"seen = session.execute(sa.text({count!r})).scalar_one()",
            "session.flush()",
            note,
        ],
        ["seen = op.get_bind().exec_driver_sql('SELECT 5 %% 3').scalar() if False else op.get_bind().dialect.name", note],
    ]
    before = table.comment
    table.comment = None
    back = f"op.create_table_comment({table.name!r}, {before!r}{in_schema})"
    undo = back if before else f"op.drop_table_comment({table.name!r}{in_schema})"
    return Change("connection", ["\n".join(random.choice(ways))], [undo])


STATEMENT_DIRECTIVES: list[Callable[[Random, Schema, Table], Change | None]] = [execute_ddl, look]
