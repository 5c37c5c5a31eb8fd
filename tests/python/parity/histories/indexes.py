"""Directives on indexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parity.histories.conditions import as_source, condition_template, seeded
from parity.histories.keys import given_name
from parity.histories.model import OP, Change, Key

if TYPE_CHECKING:
    from random import Random

    from parity.histories.model import Column, Schema, Table, Via

_METHODS = {
    "jsonb": ["gin"],
    "array": ["gin"],
    "tsvector": ["gin"],
    "range": ["gist"],
    "int": ["btree", "hash", "brin"],
    "text": ["hash"],
}
_OPERATORS = {"text": "text_pattern_ops", "jsonb": "jsonb_path_ops"}


def _element(number: float, column: Column) -> str:
    """Return one of the ways to write a column or an expression of it, the same for each number."""
    name = column.name
    ways = [repr(name)] * 4 + [
        f"sa.column({name!r}).desc()",
        f"sa.column({name!r}).asc().nullslast()",
        f"sa.text({_sql(column)!r})",
    ]
    ways.append(f"sa.text({_sql(column) + ' DESC NULLS LAST'!r})")
    if column.kind.family == "text":
        ways += [
            f"sa.text({f'lower({_sql(column)})'!r})",
            f"sa.func.lower(sa.column({name!r}))",
            f"sa.func.coalesce(sa.column({name!r}), 'a%:b')",
        ]
    if column.kind.family == "int":
        ways += [f"sa.text({f'({_sql(column)} % 5)'!r})", f"(sa.column({name!r}) + 1)"]
    return ways[int(number * len(ways))]


def _sql(column: Column) -> str:
    return column.sql.replace(":", "\\:")


@dataclass(frozen=True)
class _Shape:
    """What an index is made of, chosen before it is known how things will be called."""

    columns: list[Column]
    #: The ways to write the columns.
    numbers: list[float]
    options: dict[str, str]
    kind: str = "index"
    operators: str | None = None
    included: Column | None = None
    #: The condition, and the way to write it.
    where: tuple[str, float] | None = None

    def create(self, table: Table, name: str, via: Via) -> str:
        """Return the call as of now; ``name`` is source."""
        given = dict(self.options)
        if self.operators:
            given["postgresql_ops"] = repr({self.columns[0].name: self.operators})
        if self.included:
            given["postgresql_include"] = repr([self.included.name])
        if self.where:
            given["postgresql_where"] = as_source(seeded(self.where[1]), self.columns[0], self.where[0])
        elements = [_element(number, column) for number, column in zip(self.numbers, self.columns, strict=True)]
        return via.call("create_index", table, [name], [f"[{', '.join(elements)}]"], **given)


def _shape(random: Random, schema: Schema, table: Table, able: list[Column]) -> _Shape:
    columns = random.sample(able, k=min(len(able), random.choice([1, 1, 2, 3])))
    family = columns[0].kind.family
    where = (condition_template(random, columns[0]), random.random()) if random.random() < 0.2 else None
    if family in _METHODS and random.random() < 0.5:
        operators = _OPERATORS.get(family) if family != "text" and random.random() < 0.4 else None
        method = {"postgresql_using": repr(random.choice(_METHODS[family]))}
        return _Shape(columns[:1], [0.0], method, operators=operators, where=where)
    options = {"if_not_exists": "True"} if random.random() < 0.15 else {}
    if random.random() < 0.15:
        options["postgresql_with"] = "{'fillfactor': 60}"
    included = random.choice(able) if random.random() < 0.12 else None
    if not table.has_rows and not table.is_special and random.random() < 0.4 and all(_differs(table, c) for c in columns):
        options["unique"] = "True"
        if schema.major >= 15 and random.random() < 0.2 and not any(column.nullable for column in columns):
            options["postgresql_nulls_not_distinct"] = random.choice(["True", "False"])
        # Plain columns: of two values that differ an expression could be the same.
        return _Shape(columns, [0.0] * len(columns), options, "unique index", None, included, where)
    numbers = [random.random() for _ in columns]
    operators = "text_pattern_ops" if family == "text" and numbers[0] < 0.3 and random.random() < 0.3 else None
    return _Shape(columns, numbers, {**options, "unique": "False"}, "index", operators, included, where)


def _differs(table: Table, column: Column) -> bool:
    return column.kind.is_distinct and not column.generated and not table.is_foreign(column)


def create_index(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """Any index; concurrently outside of the transaction."""
    able = [column for column in table.columns if column.kind.has_order]
    if not able:
        return None
    shape = _shape(random, schema, table, able)
    name, source = given_name(random, schema)
    columns = shape.columns + [column for column in [shape.included] if column is not None and column not in shape.columns]
    key = Key(shape.kind, table, columns, name, lambda via: shape.create(table, source, via))
    table.keys.append(key)
    up, down = key.create(via), _drop(random, key, via)
    if not via.is_batch and not table.is_special and random.random() < 0.12:
        return Change("create_index concurrently", [_concurrent(up)], [_concurrent(down)])
    return Change("create_index", [up], [down])


def _concurrent(call: str) -> str:
    return f"with op.get_context().autocommit_block():\n    {call[:-1]}, postgresql_concurrently=True)"


def _drop(random: Random, key: Key, via: Via) -> str:
    flag = random.choice([None, None, "True"])
    if via.is_batch:
        return f"batch_op.drop_index(op.f({key.name!r}){', if_exists=True' if flag else ''})"
    schema = {} if key.table.schema is None else {"schema": repr(key.table.schema)}
    if random.random() < 0.9:
        schema["table_name"] = repr(key.table.name)
    given = {**schema, **({"if_exists": flag} if flag else {})}
    return f"op.drop_index(op.f({key.name!r}){''.join(f', {name}={value}' for name, value in given.items())})"


def drop_index(random: Random, schema: Schema, table: Table, via: Via) -> Change | None:
    """An index with a known name."""
    del schema
    able = [key for key in table.keys if "index" in key.kind]
    if not able or via.is_batch:
        return None
    key = random.choice(able)
    table.keys.remove(key)
    up = _drop(random, key, via)
    if not table.is_special and random.random() < 0.15:
        return Change("drop_index concurrently", [_concurrent(up)], [table.truncate(), key.create(OP)])
    return Change("drop_index", [up], [table.truncate(), key.create(OP)])
