"""The text form of the hstore extension: ``"a"=>"1", "b"=>NULL``."""

from __future__ import annotations

import re

from memstack_migrate.driver.errors import DataError

__all__ = ["format_hstore", "parse_hstore"]

_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*(?:NULL|"((?:[^"\\]|\\.)*)")\s*(?:,\s*|$)', re.DOTALL)
_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r'(["\\])')


def parse_hstore(text: str) -> dict[str, str | None]:
    """Read the server's text of an hstore."""
    pairs: dict[str, str | None] = {}
    position = 0
    while position < len(text):
        match = _PAIR.match(text, position)
        if match is None:
            msg = f"can't read the hstore {text!r}"
            raise DataError(msg)
        pairs[_BACKSLASH.sub(r"\1", match[1])] = None if match[2] is None else _BACKSLASH.sub(r"\1", match[2])
        position = match.end()
    return pairs


def format_hstore(pairs: dict[str, str | None]) -> str:
    """Write a dict as the server reads it."""

    def quote(text: str) -> str:
        return '"' + _SPECIAL.sub(r"\\\1", text) + '"'

    return ", ".join(f"{quote(key)}=>{'NULL' if value is None else quote(value)}" for key, value in pairs.items())
