"""batch_alter_table: several directives on one table, run when the block ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.histories.alterations import alter_column
from parity.histories.columns import add_column, drop_column
from parity.histories.indexes import create_index
from parity.histories.keys import create_check, create_foreign_key, create_unique
from parity.histories.kinds import KINDS
from parity.histories.model import OP, Change, Column, Via

if TYPE_CHECKING:
    from random import Random

    from parity.histories.model import Schema, Table

_BATCH = Via(is_batch=True)


def batch(random: Random, schema: Schema, table: Table) -> Change | None:
    """Up to four directives in a block; the way back has no block, or a block each."""
    if schema.is_live and random.random() < 0.3:
        made = _copying(random, schema, table)
        if made is not None:
            return made
    changes = []
    for _ in range(random.randint(1, 4)):
        directive = random.choice(
            [add_column, add_column, alter_column, drop_column, create_index, create_check, create_foreign_key, create_unique]
        )
        change = directive(random, schema, table, _BATCH)
        if change is not None:
            changes.append(change)
    if not changes:
        return None
    up = [line for change in changes for line in change.up]
    down = [line for change in reversed(changes) for line in change.down]
    return Change("batch", [_block(random, table, up)], _back(random, table, down))


def _back(random: Random, table: Table, down: list[str]) -> list[str]:
    """Return the way back: what runs at once has to stand before the block."""
    at_once = [line for line in down if line.startswith("op.")]
    rest = [line for line in down if not line.startswith("op.")]
    return at_once + ([_block(random, table, rest)] if rest else [])


def _block(random: Random, table: Table, lines: list[str]) -> str:
    options = {
        "recreate": random.choice([None, None, "'auto'", "'never'"]),
        "schema": None if table.schema is None else repr(table.schema),
    }
    if random.random() < 0.2:
        options["naming_convention"] = "{'fk': 'fk_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'}"
    given = "".join(f", {name}={value}" for name, value in options.items() if value is not None)
    body = "\n".join("    " + line for text in lines for line in text.split("\n"))
    return f"with op.batch_alter_table({table.name!r}{given}) as batch_op:\n{body}"


def _copying(random: Random, schema: Schema, table: Table) -> Change | None:
    """A batch that copies the table: of those whose constraints have no names to be in the way."""
    if table.is_special or table.options or schema.referring(table) or any(key.target is table for key in table.keys):
        return None
    if any(c.is_primary or c.is_unique or c.is_serial or c.generated or c.kind.known_source for c in table.columns):
        return None
    if any(key.kind in {"unique", "primary", "exclude"} for key in table.keys):
        return None
    kind = random.choice(KINDS)
    column = Column(schema.new_name(random), kind, default=random.choice([None, *kind.defaults]))
    line = _BATCH.call("add_column", table, [], [column.source()])
    table.columns.append(column)
    in_schema = "" if table.schema is None else f", schema={table.schema!r}"
    down = [OP.call("drop_column", table, [], [repr(column.name)])]
    return Change(
        "batch copying",
        [f"with op.batch_alter_table({table.name!r}, recreate='always'{in_schema}) as batch_op:\n    {line}"],
        down,
    )
