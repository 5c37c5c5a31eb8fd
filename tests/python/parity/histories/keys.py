"""Directives on constraints. A constraint has a name of its own, one by the naming convention, or one that the server gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.histories.conditions import as_source, condition_template, seeded
from parity.histories.model import OP, Change, Column, Key

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from parity.histories.model import Schema, Table, Via

ACTIONS = ["CASCADE", "SET NULL", "NO ACTION", "RESTRICT", "SET DEFAULT"]
DEFERRALS = [{}, {}, {}, {"deferrable": "True"}, {"deferrable": "True", "initially": "'DEFERRED'"}, {"deferrable": "False"}]

#: As target_metadata has it.
CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def given_name(random: Random, schema: Schema) -> tuple[str, str]:
    """Return a new name, and the source that gives exactly it whatever the convention is."""
    name = schema.new_name(random)
    return name, f"op.f({name!r})" if schema.has_convention or random.random() < 0.3 else repr(name)


def add_key(random: Random, key: Key, via: Via) -> Change:
    """Note the key, and return the change that makes it."""
    key.table.keys.append(key)
    return Change(f"create {key.kind}", [key.create(via)], [drop_call(random, key, via)])


def drop_call(random: Random, key: Key, via: Via) -> str:
    """Return the source that drops a constraint with a known name."""
    types = {"foreign": "foreignkey", "exclude": "exclude"}
    type_ = types.get(key.kind, key.kind)
    flag = None if via.is_batch else random.choice([None, None, None, "True"])
    # Alembic knows no type "exclude".
    named_type = repr(type_) if type_ != "exclude" and random.random() < 0.7 else None
    return via.call("drop_constraint", key.table, [f"op.f({key.name!r})"], [], type_=named_type, if_exists=flag)


def drop_constraint(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """A constraint with a known name, primary keys too."""
    able = [key for key in table.keys if key.name is not None and "index" not in key.kind]
    able = [key for key in able if not any(schema.is_target(table, column) for column in key.columns)]
    if not able or via.is_batch:
        return None
    key = random.choice(able)
    table.keys.remove(key)
    down = [key.create(via)] if key.kind == "check" else [table.truncate(), key.create(via)]
    return Change(f"drop {key.kind}", [drop_call(random, key, via)], down)


def create_unique(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """One or two columns, of which the values differ anyway."""
    able = [
        c
        for c in table.columns
        if c.kind.is_distinct and c.kind.has_order and not c.generated and not c.is_serial and not table.is_foreign(c)
    ]
    if table.has_rows or table.is_special or not able:
        return None
    columns = random.sample(able, k=min(len(able), random.choice([1, 1, 2])))
    options: dict[str, str] = dict(random.choice(DEFERRALS))
    if schema.major >= 15 and random.random() < 0.2:
        options["postgresql_nulls_not_distinct"] = random.choice(["True", "False"])
    name, source = given_name(random, schema)

    def create(via: Via) -> str:
        return via.call("create_unique_constraint", table, [source], [repr([column.name for column in columns])], **options)

    return add_key(random, Key("unique", table, columns, name, create), via)


def create_check(random: Random, schema: Schema, table: Table, via: Via) -> Change:
    """A condition that each row fulfils."""
    column = random.choice(table.columns)
    name, source = given_name(random, schema)
    seed = random.random()
    template = condition_template(random, column)
    valid = {"postgresql_not_valid": "True"} if random.random() < 0.15 else {}

    def create(via: Via) -> str:
        condition = as_source(seeded(seed), column, template)
        return via.call("create_check_constraint", table, [source], [condition], **valid)

    return add_key(random, Key("check", table, [column], name, create), via)


def create_exclude(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """Ranges that do not overlap."""
    able = [column for column in table.columns if column.kind.family == "range"]
    if table.has_rows or table.is_special or not able:
        return None
    column = random.choice(able)
    name, source = given_name(random, schema)
    where = random.random() < 0.3
    options: dict[str, str] = dict(random.choice(DEFERRALS)) if random.random() < 0.4 else {}
    if random.random() < 0.5:
        options["using"] = "'gist'"
    is_column = random.random() < 0.5

    def create(via: Via) -> str:
        condition = {"where": f"sa.text({_escaped(f'NOT isempty({column.sql})')!r})"} if where else {}
        element = f"(sa.column({column.name!r}), '&&')" if is_column else f"({column.name!r}, '&&')"
        return via.call("create_exclude_constraint", table, [source], [element], **condition, **options)

    return add_key(random, Key("exclude", table, [column], name, create), via)


def _escaped(sql: str) -> str:
    return sql.replace(":", "\\:")


def create_primary_key(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """For a table without one; the columns become NOT NULL, in the model too."""
    if (
        table.has_rows
        or table.is_special
        or any(c.is_primary for c in table.columns)
        or any(k.kind == "primary" for k in table.keys)
    ):
        return None
    able = [c for c in table.columns if not c.nullable and c.kind.is_distinct and c.kind.has_order and not c.generated]
    if not able:
        return None
    columns = random.sample(able, k=min(len(able), random.choice([1, 1, 2])))
    name, source = given_name(random, schema)

    def create(via: Via) -> str:
        return via.call("create_primary_key", table, [source], [repr([column.name for column in columns])])

    return add_key(random, Key("primary", table, columns, name, create), via)


def create_foreign_key(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """A new column that refers to a table's primary key, or to a unique constraint."""
    targets = [
        (other, column)
        for other in schema.tables
        for column in other.columns
        if (column.is_primary and column.is_serial) or column.is_unique or _is_unique_alone(other, column)
    ]
    targets = [
        (other, c)
        for other, c in targets
        if not other.is_special and other.options.get("prefixes") == table.options.get("prefixes")
    ]
    if not targets or table.is_special:
        return None
    other, target = random.choice(targets)
    column = Column(schema.new_name(random), target.kind)
    add = via.call("add_column", table, [], [column.source()])
    table.columns.append(column)
    options = _key_options(random)
    if random.random() < 0.1:
        options["postgresql_not_valid"] = "True"
    if random.random() < 0.1:
        options["use_alter"] = "True"
    name, source = given_name(random, schema)

    def create(via: Via) -> str:
        schemas = {} if via.is_batch or table.schema is None else {"source_schema": repr(table.schema)}
        if other.schema is not None:
            schemas["referent_schema"] = repr(other.schema)
        words = [source, repr(other.name), repr([column.name]), repr([target.name])]
        if not via.is_batch:
            words.insert(1, repr(table.name))
        words += [f"{key}={value}" for key, value in {**options, **schemas}.items()]
        return f"{'batch_op' if via.is_batch else 'op'}.create_foreign_key({', '.join(words)})"

    change = add_key(random, Key("foreign", table, [column], name, create, other, [target]), via)
    change.up.insert(0, add)
    change.down.append(via.call("drop_column", table, [], [repr(column.name)]))
    return change


def _is_unique_alone(table: Table, column: Column) -> bool:
    keys = [key for key in table.keys_with(column) if key.kind in {"unique", "primary"} and key.columns == [column]]
    return any("deferrable" not in key.create(OP) and "nulls_not" not in key.create(OP) for key in keys)


def _key_options(random: Random) -> dict[str, str]:
    options: dict[str, str] = dict(random.choice(DEFERRALS))
    for name in ("ondelete", "onupdate"):
        if random.random() < 0.4:
            options[name] = repr(random.choice(ACTIONS))
    if random.random() < 0.15:
        options["match"] = "'FULL'"
    return options


def note_foreign_key(  # noqa: PLR0913, PLR0917  both ends and where they are
    random: Random, schema: Schema, table: Table, column: Column, other: Table, target: Column
) -> str:
    """Note a foreign key that is written at its column; returns the keywords behind the target."""
    options = _key_options(random)
    name, source = given_name(random, schema)

    def create(via: Via) -> str:
        remote = {} if other.schema is None else {"referent_schema": repr(other.schema)}
        local = {} if via.is_batch or table.schema is None else {"source_schema": repr(table.schema)}
        given = ", ".join(f"{key}={value}" for key, value in {**options, **remote, **local}.items())
        start = "batch_op.create_foreign_key(" if via.is_batch else "op.create_foreign_key("
        middle = "" if via.is_batch else f"{table.name!r}, "
        return f"{start}{source}, {middle}{other.name!r}, [{column.name!r}], [{target.name!r}]{', ' if given else ''}{given})"

    table.keys.append(Key("foreign", table, [column], name, create, other, [target]))
    return "".join(f", {key}={value}" for key, value in {"name": source, **options}.items())


KEY_DIRECTIVES: list[Callable[[Random, Schema, Table, Via], Change | None]] = [
    create_unique,
    create_check,
    create_exclude,
    create_primary_key,
    create_foreign_key,
    create_foreign_key,
    drop_constraint,
]
