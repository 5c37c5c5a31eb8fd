"""Directives on whole tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.histories.columns import new_column
from parity.histories.conditions import as_source, condition_template
from parity.histories.keys import given_name, note_foreign_key
from parity.histories.kinds import INTEGER
from parity.histories.model import OP, Change, Column, Key, Table, execute
from parity.histories.rows import row_source, written_columns
from parity.histories.words import TEXTS, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from parity.histories.model import Schema, Via


def create_call(table: Table, *, constraints: list[str], is_new: bool) -> str:
    """Return the source of create_table() as the table is now, its named keys excepted."""
    columns = [column.source(is_new_type=is_new) for column in table.columns]
    options = dict(table.options)
    if table.parent is not None:
        options["postgresql_inherits"] = repr(table.parent.name)
    if table.comment is not None:
        options["comment"] = repr(table.comment)
    if table.schema is not None:
        options["schema"] = repr(table.schema)
    words = [repr(table.name), *columns, *constraints, *(f"{name}={value}" for name, value in options.items())]
    return "op.create_table(\n    " + ",\n    ".join(words) + ",\n)"


def _make_again(table: Table) -> list[str]:
    lines = [create_call(table, constraints=[], is_new=False), *table.companion_lines()]
    # What others refer to first.
    keys = sorted(table.keys, key=lambda key: (key.kind == "foreign", key.kind != "primary"))
    return lines + [key.create(OP) for key in keys]


def _drop_types(random: Random, schema: Schema, columns: list[Column]) -> list[str]:
    lines = []
    for column in columns:
        if column.kind.drop and column.kind.known_source:
            lines.append(execute(column.kind.drop))
            if schema.is_live and random.random() < 0.5:
                lines[-1] = f"{column.kind.known_source}.drop(op.get_bind(), checkfirst={random.choice([True, False])})"
    return lines


def _inline_constraints(random: Random, table: Table, schema: Schema) -> list[str]:
    """Return constraints that stay unnamed, so that only the table's end is theirs."""
    found = []
    plain = [column for column in table.columns if not column.generated and not column.is_serial]
    for column in random.sample(plain, k=min(len(plain), random.choice([0, 0, 1, 2]))):
        if not table.is_special and column.kind.is_distinct and column.kind.has_order and random.random() < 0.4:
            others = [other for other in plain if other is not column and other.kind.has_order]
            if others and random.random() < 0.3:
                options = f"postgresql_include=[{others[0].name!r}], name={schema.new_name(random)!r}"
                found.append(f"sa.UniqueConstraint({column.name!r}, {options})")
            column.is_unique = True
            continue
        name = f", name={schema.new_name(random)!r}" if schema.has_convention or random.random() < 0.5 else ""
        found.append(f"sa.CheckConstraint({as_source(random, column, condition_template(random, column))}{name})")
    return found


def _named_constraints(random: Random, schema: Schema, table: Table) -> list[str]:
    """Return a primary key and a foreign key with names; the model knows them as it knows those of directives."""
    found = []
    able = [c for c in table.columns if not c.nullable and c.kind.is_distinct and c.kind.has_order and not c.generated]
    if not any(column.is_primary for column in table.columns) and able and random.random() < 0.5:
        columns = random.sample(able, k=min(len(able), 2))
        name, source = given_name(random, schema)

        def create(via: Via) -> str:
            return via.call("create_primary_key", table, [source], [repr([column.name for column in columns])])

        table.keys.append(Key("primary", table, columns, name, create))
        found.append(f"sa.PrimaryKeyConstraint({', '.join(repr(column.name) for column in columns)}, name={source})")
    able_tables = [other for other in schema.tables if not other.is_special and "prefixes" not in other.options]
    targets = [(other, column) for other in able_tables for column in other.columns if column.is_primary and column.is_serial]
    if targets and random.random() < 0.4:
        other, target = random.choice(targets)
        column = Column(schema.new_name(random), INTEGER)
        table.columns.append(column)
        options = note_foreign_key(random, schema, table, column, other, target)
        found.append(f"sa.ForeignKeyConstraint([{column.name!r}], [{other.dotted + '.' + target.name!r}]{options})")
    return found


def _special(random: Random, schema: Schema, table: Table) -> None:
    """Make it a partitioned table, a child, or one with storage parameters."""
    choice = random.random()
    if choice < 0.08:
        if any(c.is_serial and not c.is_primary for c in table.columns):
            return
        column = Column(schema.new_name(random, "part_key"), INTEGER, nullable=False)
        table.columns = [column, *(c for c in table.columns if not c.is_primary)]
        way = random.choice(["RANGE", "LIST"])
        table.options["postgresql_partition_by"] = repr(f"{way} ({column.sql})")
        child = f"{quoted(table.schema or 'public')}.{quoted(schema.new_name(random, 'part'))}"
        table.companions = [f"CREATE TABLE {child} PARTITION OF {{t}} DEFAULT"]
        table.is_special = True
        table.comment = None
    elif choice < 0.14:
        parents = [other for other in schema.tables if other.schema is None and not other.is_special]
        if parents and table.schema is None:
            table.parent = random.choice(parents)
            table.is_special = table.parent.is_special = True
    elif choice < 0.24:
        table.options["postgresql_with"] = '{"fillfactor": 70}'
    elif choice < 0.3 and not any(key.target is table for key in table.keys):
        table.options["prefixes"] = '["UNLOGGED"]'


def create_table(random: Random, schema: Schema) -> Change:
    """A table with any columns, sometimes filled from the Table that the directive returns."""
    table = Table(schema.new_name(random), random.choice(schema.schemas))
    table.columns = [new_column(random, schema, table) for _ in range(random.randint(1, 6))]
    if random.random() < 0.7:
        table.columns.insert(0, schema.serial_column(random))
    table.comment = random.choice([None, None, *TEXTS[:12]]) or None
    if random.random() < 0.15:
        table.options["if_not_exists"] = "True"
    constraints = _inline_constraints(random, table, schema)
    if random.random() < 0.6:
        constraints += _named_constraints(random, schema, table)
    else:
        _special(random, schema, table)
    if table.is_special:
        constraints = []
        for column in table.columns:
            column.is_unique = False
    call = create_call(table, constraints=constraints, is_new=True)
    up = [call, *table.companion_lines()]
    columns = written_columns(random, table)
    if columns and table.parent is None and all(column.kind.is_plain for column in columns) and random.random() < 0.15:
        rows = [row_source(schema, table, columns) for _ in range(2)]
        up = [f"made = {up[0]}", *up[1:], f"op.bulk_insert(made, [{', '.join(rows)}])"]
        table.has_rows = True
    drop = OP.call("drop_table", table, [], [], if_exists=random.choice([None, None, "True"]))
    down = [drop, *_drop_types(random, schema, table.columns)]
    schema.tables.append(table)
    return Change("create_table", up, down)


def drop_table(random: Random, schema: Schema) -> Change | None:
    """A table that nothing refers to."""
    able = [table for table in schema.tables if not schema.referring(table) and not any(o.parent is table for o in schema.tables)]
    if len(schema.tables) < 4 or not able:
        return None
    table = random.choice(able)
    schema.tables.remove(table)
    up = OP.call("drop_table", table, [], [], if_exists=random.choice([None, None, "True"]))
    return Change("drop_table", [up], _make_again(table))


def rename_table(random: Random, schema: Schema) -> Change | None:
    """Any table."""
    if not schema.tables:
        return None
    table = random.choice(schema.tables)
    old, new = table.name, schema.new_name(random)
    up = OP.call("rename_table", table, [], [repr(new)])
    table.name = new
    return Change("rename_table", [up], [OP.call("rename_table", table, [], [repr(old)])])


def _comment_call(table: Table, comment: str | None) -> str:
    if comment is None:
        return OP.call("drop_table_comment", table, [], [])
    return OP.call("create_table_comment", table, [], [repr(comment)])


def comment_table(random: Random, schema: Schema) -> Change | None:
    """Set or drop the comment."""
    if not schema.tables:
        return None
    table = random.choice(schema.tables)
    before = table.comment
    table.comment = random.choice([None, *filter(None, TEXTS)])
    return Change("table_comment", [_comment_call(table, table.comment)], [_comment_call(table, before)])


TABLE_DIRECTIVES: list[Callable[[Random, Schema], Change | None]] = [create_table, drop_table, rename_table, comment_table]
