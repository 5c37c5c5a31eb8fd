"""SQL that is true of every row that a history makes, as text and as an expression of SQLAlchemy."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from parity.histories.words import as_text

if TYPE_CHECKING:
    from parity.histories.model import Column

_CONDITIONS = {
    "int": ["{c} > -1000000", "{c} % 1 = 0", "({c} <> 5 OR {c} IS NOT NULL)"],
    "text": ["length({c}) < 900", "{c} NOT LIKE 'zz%'", "{c} <> 'no:such \"thing\"'", "{c} <> E'it''s\\n' AND {c} !~ '^%s$'"],
    "": ["{c} IS NULL OR {c} IS NOT NULL", "coalesce({c}::text, '') <> 'no such::value'"],
}


def seeded(seed: float) -> Random:
    """Return a source of choices that are the same each time."""
    return Random(seed)  # noqa: S311  nobody is to be kept from guessing


def condition_template(random: Random, column: Column) -> str:
    """Return SQL with the column at ``{c}``; true of each row."""
    # The cast of some types to text is no immutable function.
    general = _CONDITIONS[""][: 2 if column.kind.family == "text" else 1]
    return random.choice(_CONDITIONS.get(column.kind.family or "other", []) + general)


def as_source(random: Random, column: Column, template: str) -> str:
    """Return the condition as Python source, as of now."""
    sql = as_text(template.format(c=column.sql))
    choices = [repr(sql), f"sa.text({sql!r})"]
    if column.kind.family == "int":
        choices.append(f"sa.column({column.name!r}) > -7000")
        choices.append(f"sa.or_(sa.column({column.name!r}).is_(None), sa.column({column.name!r}) % 1 == 0)")
    if column.kind.family == "text":
        choices.append(f"sa.func.length(sa.column({column.name!r})) < 800")
        choices.append(f'sa.column({column.name!r}) != "it\'s %(x)s :y"')
    return random.choice(choices)
