"""Directives on rows: what is inserted and changed stays valid whatever comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.histories.conditions import as_source, condition_template
from parity.histories.model import Change, execute
from parity.histories.words import TEXTS, as_text, literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from parity.histories.model import Column, Schema, Table

    Directive = Callable[[Random, Schema, Table], Change | None]


def written_columns(random: Random, table: Table) -> list[Column]:
    """Return the columns that a row needs, and some that it does not."""
    able = [c for c in table.columns if not (c.generated or c.is_serial or table.is_foreign(c))]
    return [c for c in able if table.is_distinct(c) or (not c.nullable and c.default is None) or random.random() < 0.8]


def _light(table: Table, columns: list[Column]) -> str:
    words = [repr(table.name), *(f"sa.column({c.name!r}, {c.kind.known_source or c.kind.source})" for c in columns)]
    if table.schema is not None:
        words.append(f"schema={table.schema!r}")
    return f"sa.table({', '.join(words)})"


def row_source(schema: Schema, table: Table, columns: list[Column]) -> str:
    schema.made += 1
    del table
    return "{" + ", ".join(f"{c.name!r}: {c.kind.value(schema.made)}" for c in columns) + "}"


def bulk_insert(random: Random, schema: Schema, table: Table) -> Change | None:
    """Rows in one statement or in several, SQL expressions among their values."""
    columns = written_columns(random, table)
    if table.parent is not None or not columns:
        return None
    is_plain = all(column.kind.is_plain for column in columns)
    rows = [row_source(schema, table, columns) for _ in range(random.randint(1, 4))]
    option = random.choice(["", ", multiinsert=True", ", multiinsert=False"]) if is_plain else ", multiinsert=False"
    texts = [column for column in columns if column.kind.family == "text" and "50" not in column.kind.source]
    if texts and option.endswith("False") and not table.is_distinct(texts[0]) and "40" not in texts[0].kind.source:
        value = random.choice(
            ["op.inline_literal('a:b %')", "sa.func.lower('ABC')", "sa.text(\"'x' || 'y'\")", "sa.literal('l')"]
        )
        key = repr(texts[0].name)
        rows = [f"{{**{row}, {key}: {value}}}" for row in rows]
    table.has_rows = True
    up = f"op.bulk_insert({_light(table, columns)}, [{', '.join(rows)}]{option})"
    return Change("bulk_insert", [up], [execute(f"DELETE FROM {table.sql}")] if _may_delete(schema, table) else [])


def _may_delete(schema: Schema, table: Table) -> bool:
    return not schema.referring(table)


def insert(random: Random, schema: Schema, table: Table) -> Change | None:
    """One row by an expression, with literals, parameters or expressions, and perhaps a reference to another table."""
    columns = written_columns(random, table)
    if table.parent is not None or not columns:
        return None
    row = row_source(schema, table, columns)
    light = _light(table, columns + [key.columns[0] for key in table.keys if key.kind == "foreign"])
    for key in table.keys:
        other = key.target
        if key.kind == "foreign" and other is not None and not table.is_distinct(key.columns[0]):
            smallest = f"sa.func.min(sa.column({key.target_columns[0].name!r}))"
            lookup = f"sa.select({smallest}).select_from({_light(other, key.target_columns)})"
            if key.target_columns[0].kind.family in {"int", "text"}:
                row = f"{{**{row}, {key.columns[0].name!r}: {lookup}.scalar_subquery()}}"
    up = f"op.execute(sa.insert({light}).values({row}))"
    if random.random() < 0.3:
        up = f"op.execute(postgresql.insert({light}).values({row}).on_conflict_do_nothing())"
    elif schema.is_live and random.random() < 0.4:
        up = f"op.get_bind().execute({light}.insert().values({row}))"
    table.has_rows = True
    return Change("insert expression", [up], [])


def update(random: Random, schema: Schema, table: Table) -> Change | None:
    """Change or delete by an expression."""
    able = [c for c in table.columns if c.kind.source in {"sa.Text()", "sa.String()"} and not c.generated]
    able = [c for c in able if not (table.is_distinct(c) or table.is_foreign(c) or schema.is_target(table, c))]
    if not able:
        return None
    column = random.choice(able)
    value = random.choice(TEXTS)
    column_source = f"sa.column({column.name!r}, sa.Text())"
    where = as_source(random, column, condition_template(random, column))
    if where.startswith(("'", '"')):
        where = f"sa.text({where})"
    light = _light(table, [column])
    ways = [
        f"op.execute(sa.update({light}).values({{{column.name!r}: {value!r}}}).where({where}))",
        f"op.execute(sa.update({light}).where({column_source} == {value!r}).values({{{column.name!r}: sa.func.upper('b%')}}))",
        f"op.execute({light}.update().values({{{column.name!r}: op.inline_literal({value!r})}}))",
        f"op.execute(sa.delete({light}).where({column_source}.in_([{value!r}, 'nothing'])))",
        f"op.execute(sa.text({_bound(table, column)!r}).bindparams(v={value!r}))",
        f"op.execute(sa.text({_bound(table, column)!r}).bindparams(sa.bindparam('v', {value!r}, type_=sa.Text())))",
        execute(f"UPDATE {table.sql} SET {column.sql} = {literal(value)}"),
        execute(f"UPDATE {table.sql} SET {column.sql} = {column.sql}::text || {literal(value)} WHERE {column.sql} LIKE '%:%'"),
        f"op.execute(sa.text({as_text(f'UPDATE {table.sql} SET {column.sql} = {literal(value)}')!r}))",
    ]
    if schema.is_live:
        ways.append(f"op.get_bind().execute(sa.text({_bound(table, column)!r}), {{'v': {value!r}}})")
        ways.append(f"op.get_bind().execute(sa.text({_bound(table, column)!r}), [{{'v': {value!r}}}, {{'v': 'second'}}])")
    return Change("update", [random.choice(ways)], [])


def _bound(table: Table, column: Column) -> str:
    return as_text(f"UPDATE {table.sql} SET {column.sql} = ") + ":v" + as_text(f" WHERE {column.sql} <> 'a:b'")


ROW_DIRECTIVES: list[Directive] = [bulk_insert, bulk_insert, insert, insert, update, update]
