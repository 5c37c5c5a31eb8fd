"""Directives that change a column: alter_column with one keyword or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.histories.kinds import KINDS
from parity.histories.model import Change
from parity.histories.words import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from parity.histories.kinds import Kind
    from parity.histories.model import Column, Schema, Table, Via

    #: Keywords for the way up and down, and lines that have to stand before each.
    Part = tuple[dict[str, str], dict[str, str], list[str]]


def _comment(random: Random, _: Table, column: Column) -> Part:
    before, column.comment = column.comment, random.choice([None, *filter(None, TEXTS)])
    existing = {"existing_comment": repr(before)} if random.random() < 0.5 else {}
    return {"comment": repr(column.comment), **existing}, {"comment": repr(before)}, []


def _default(random: Random, _: Table, column: Column) -> Part | None:
    if column.generated or column.is_serial or not column.kind.defaults:
        return None
    before = column.default
    if random.random() < 0.15:
        return {"server_default": "False", "existing_server_default": before or "None"}, {}, []
    column.default = random.choice([None, *column.kind.defaults])
    existing = {"existing_server_default": before or "None"} if random.random() < 0.4 else {}
    return {"server_default": column.default or "None", **existing}, {"server_default": before or "None"}, []


def _nullable(random: Random, table: Table, column: Column) -> Part | None:
    if column.generated or column.is_primary or column.is_serial or table.is_special:
        return None
    if any(key.kind == "primary" for key in table.keys_with(column)):
        return None
    if column.nullable:
        if table.has_rows or table.is_foreign(column):
            return None
        column.nullable = False
        return {"nullable": "False"}, {"nullable": "True"}, []
    column.nullable = True
    existing = {"existing_nullable": "False"} if random.random() < 0.5 else {}
    return {"nullable": "True", **existing}, {"nullable": "False"}, [table.truncate()]


def _identity(random: Random, table: Table, column: Column) -> Part | None:
    if table.is_special or column.is_primary or table.is_distinct(column) or column.nullable or column.default:
        return None
    if column.kind.family != "int" or column.base or "variant" in column.kind.source:
        return None
    new = random.choice(["sa.Identity()", "sa.Identity(always=True, increment=3)", "sa.Identity(start=50, cycle=True, cache=2)"])
    if not column.generated:
        if column.is_serial or table.is_foreign(column):
            return None
        column.generated, column.is_serial = new, True
        return {"server_default": new}, {"server_default": "None", "existing_server_default": new}, []
    before = column.generated
    column.generated = new
    up = {"server_default": new, "existing_server_default": before}
    return up, {"server_default": before, "existing_server_default": new}, []


def _using(kind: Kind, column: Column) -> str:
    # No text(): its percent signs are the driver's.
    return repr(kind.cast.format(c=column.sql).replace("%", "%%"))


def _type(random: Random, table: Table, column: Column) -> Part | None:
    if table.is_special or column not in table.free_columns() or column.default is not None:
        return None
    # The check of a type goes with the column only.
    if "create_constraint" in column.kind.source:
        return None
    before, column.kind = column.kind, random.choice(KINDS)
    before_source = before.known_source or before.source
    up = {"type_": column.kind.source, "postgresql_using": _using(column.kind, column)}
    if before.source == column.kind.source and random.random() < 0.5:
        del up["postgresql_using"]
    if random.random() < 0.6:
        up["existing_type"] = before_source
    down = {"type_": before_source, "postgresql_using": _using(before, column)}
    return up, down, [table.truncate()]


_PARTS: list[Callable[[Random, Table, Column], Part | None]] = [_comment, _default, _nullable, _type, _identity]


def alter_column(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """One or several changes of one column, its name among them."""
    column = random.choice(table.columns)
    up: dict[str, str] = {}
    down: dict[str, str] = {}
    before: list[str] = []
    for part in random.sample(_PARTS, k=random.choice([1, 1, 1, 2, 3])):
        # An identity and another default exclude each other in one call.
        if part in {_default, _identity} and "server_default" in up:
            continue
        made = part(random, table, column)
        if made is None or (part is _type and "server_default" in up):
            continue
        up.update(made[0])
        down.update(made[1])
        before += made[2]
        if part is _type:
            break
    old = column.name
    if (random.random() < 0.2 or not up) and "type_" not in up and not _is_named_elsewhere(table, column):
        column.name = schema.new_name(random)
        up["new_column_name"], down["new_column_name"] = repr(column.name), repr(old)
    if not up:
        return None
    if random.random() < 0.2 and "existing_type" not in up:
        up["existing_type"] = column.kind.known_source or column.kind.source if "type_" not in up else "sa.Text()"
    there = via.call("alter_column", table, [], [repr(old)], **up)
    if not down:
        return Change("alter_column", [there], [])
    back = via.call("alter_column", table, [], [repr(column.name)], **down)
    return Change("alter_column", [there], [*before, back])


def _is_named_elsewhere(table: Table, column: Column) -> bool:
    """Whether a text that the model keeps says the column's name."""
    return table.is_special and any(column.sql in value for value in table.options.values())
