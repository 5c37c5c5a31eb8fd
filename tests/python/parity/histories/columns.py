"""Directives on columns: add, alter, drop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.histories.kinds import INTEGER, KINDS, TEXT, enum_kind
from parity.histories.model import Change, Column
from parity.histories.words import TEXTS

if TYPE_CHECKING:
    from random import Random

    from parity.histories.model import Key, Schema, Table, Via


def new_column(random: Random, schema: Schema, table: Table, *, may_be_enum: bool = True) -> Column:
    """Return a column of any type; it is not in the table yet."""
    kind = random.choice(KINDS)
    if may_be_enum and random.random() < 0.08:
        kind = enum_kind(random, schema.new_name(random), random.choice([None, table.schema]))
    column = Column(schema.new_name(random), kind)
    column.comment = random.choice([None, None, None, *filter(None, TEXTS)]) if random.random() < 0.5 else None
    choice = random.random()
    if choice < 0.05 and not table.is_special:
        column.kind, column.nullable = INTEGER, False
        column.generated = random.choice(["sa.Identity()", "sa.Identity(always=True, start=3, increment=2, cache=4)"])
        column.is_serial = True
        return column
    if choice < 0.1:
        bases = [
            other for other in table.columns if other.kind in {INTEGER, TEXT} and not other.generated and not other.is_serial
        ]
        if bases:
            column.base = random.choice(bases)
            column.kind = column.base.kind
            of_int = ["{c} + 1", "({c} * 2) % 7"]
            column.generated = random.choice(of_int if column.base.kind is INTEGER else ["lower({c})", "{c} || '100%'"])
            return column
    if column.kind.defaults and random.random() < 0.35:
        column.default = random.choice(column.kind.defaults)
    column.nullable = random.random() < 0.7
    column.has_index = column.kind.has_order and random.random() < 0.08
    return column


def add_column(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """Any column, as far as the rows allow it."""
    column = new_column(random, schema, table, may_be_enum=False)
    if column.has_index and column.kind.source.startswith("sa.Integer().with"):
        column.has_index = False
    if table.has_rows and not column.nullable and column.default is None and not column.generated:
        column.nullable = True
    if (
        not table.has_rows
        and column.kind.is_distinct
        and column.kind.has_order
        and not table.is_special
        and random.random() < 0.06
    ):
        column.is_unique = True
    extras = _inline(random, schema, table, column)
    flag = "True" if random.random() < 0.12 and not column.has_index and not column.is_unique else None
    up = via.call("add_column", table, [], [column.source(*extras)], if_not_exists=flag)
    table.columns.append(column)
    flag = "True" if random.random() < 0.1 else None
    return Change("add_column", [up], [via.call("drop_column", table, [], [repr(column.name)], if_exists=flag)])


def _inline(random: Random, schema: Schema, table: Table, column: Column) -> list[str]:
    """Return a foreign key written at the column, or nothing."""
    able = [
        (other, key)
        for other in schema.tables
        for key in other.columns
        if key.is_primary
        and key.is_serial
        and not other.is_special
        and other is not table
        # The constraint has no name that the model knows: its target must not go before it.
        and other.schema is not None
        and "UNLOGGED" not in other.options.get("prefixes", "")
    ]
    if not able or random.random() < 0.7 or column.generated or column.is_unique:
        return []
    other, target = random.choice(able)
    column.kind, column.default, column.nullable = INTEGER, None, True
    from parity.histories.keys import note_foreign_key

    options = note_foreign_key(random, schema, table, column, other, target)
    return [f"sa.ForeignKey({other.dotted + '.' + target.name!r}{options})"]


def drop_column(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """A column that nothing refers to; its indexes and constraints go with it."""
    bases = {id(column.base) for column in table.columns}
    able = [c for c in table.columns if not (c.is_primary or id(c) in bases or schema.is_target(table, c))]
    able = [c for c in able if not any(key.kind == "primary" for key in table.keys_with(c))]
    if table.is_special or len(table.columns) < 3 or not able:
        return None
    column = random.choice(able)
    gone: list[Key] = table.keys_with(column)
    if via.is_batch and (gone or not column.nullable):
        return None
    up = via.call("drop_column", table, [], [repr(column.name)], if_exists=random.choice([None, None, None, "True"]))
    down = [] if column.nullable and not gone else [table.truncate()]
    down.append(via.call("add_column", table, [], [column.source()]))
    down += [key.create(via) for key in gone]
    table.columns.remove(column)
    table.keys = [key for key in table.keys if key not in gone]
    return Change("drop_column", [up], down)
