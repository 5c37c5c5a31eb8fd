"""Names and texts, plain ones and those that need quoting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

#: No dots: a foreign key names its target with dots.
_PLAIN = ["account", "item", "user", "order", "created_at", "t", "select", "value", "group_id"]
_ODD = [
    "User",
    "camelCase",
    "a b",
    "täble",
    'q"q',
    "100%",
    "%s",
    "%(x)s",
    "$1",
    "2x",
    "it's",
    "back\\slash",
    "a:b",
    ":x",
    "(p)",
    "[1]",
]

TEXTS = [
    "x",
    "it's",
    "a\\b",
    "100%",
    "%s %(x)s",
    "ünï",
    "two\nlines",
    '"q"',
    "a:b",
    ":x",
    "a::b",
    "{}",
    "",
    "$1",
    "--",
    "/* */",
    "a;b",
]


def pick_word(random: Random) -> str:
    """Return the beginning of a name."""
    return random.choice(_ODD if random.random() < 0.3 else _PLAIN)


def quoted(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def as_text(sql: str) -> str:
    """Return SQL as ``text()`` must get it: a colon in it begins no parameter."""
    return sql.replace(":", "\\:").replace("\\:\\:", "::")
