r"""The server's text form of arrays and rows: ``{1,NULL,"a\\"b"}``, ``[0:1]={1,2}``, ``(1,"a b",)``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from memstack_migrate.driver.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["parse_array", "parse_record"]

_TOKENS = {
    delimiter: re.compile(rf'([{{}}{delimiter}])|"((?:[^"\\]|\\.)*)"|([^{{}}{delimiter}"]+)', re.DOTALL) for delimiter in ",;"
}
_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)
_BOUNDS = re.compile(r"(?:\[[-+]?\d+:[-+]?\d+\])+=")


def parse_array(text: str, load: Callable[[str], Any], delimiter: str = ",") -> list[Any]:
    """Read an array of any depth; ``load`` reads an element. Lower bounds are dropped, as all drivers do."""
    bounds = _BOUNDS.match(text)
    position = bounds.end() if bounds else 0
    tokens = _TOKENS[delimiter]
    root: list[Any] = []
    stack = [root]
    while position < len(text):
        match = tokens.match(text, position)
        if match is None:
            break
        position = match.end()
        mark, quoted, plain = match.groups()
        if mark == "{":
            nested: list[Any] = []
            stack[-1].append(nested)
            stack.append(nested)
        elif mark == "}":
            stack.pop()
            if not stack:
                break
        elif quoted is not None:
            stack[-1].append(load(_BACKSLASH.sub(r"\1", quoted)))
        elif plain is not None:
            stack[-1].append(None if plain.upper() == "NULL" else load(_BACKSLASH.sub(r"\1", plain)))
    if position != len(text) or len(stack) != 1 or len(root) != 1 or not isinstance(root[0], list):
        msg = f"can't read the array {text!r}"
        raise DataError(msg)
    return root[0]


_FIELD = re.compile(r'("(?:[^"\\]|\\.|"")*"|[^,()"\\]|\\.)*', re.DOTALL)


def parse_record(text: str) -> tuple[str | None, ...]:
    """Read a row; its fields stay text, since the server does not say their types."""
    fields: list[str | None] = []
    position = 1
    while position < len(text):
        match = _FIELD.match(text, position)
        assert match is not None  # noqa: S101  it matches the empty string
        raw = match[0]
        fields.append(_field(raw))
        position = match.end() + 1
        if text[match.end() : position] == ")":
            break
    if text[:1] != "(" or position != len(text) or text[-1] != ")":
        msg = f"can't read the row {text!r}"
        raise DataError(msg)
    return () if text == "()" else tuple(fields)


def _field(raw: str) -> str | None:
    if not raw:
        return None
    out = []
    position = 0
    is_quoted = False
    while position < len(raw):
        char = raw[position]
        if char == "\\":
            position += 1
            out.append(raw[position])
        elif char == '"' and is_quoted and raw[position + 1 : position + 2] == '"':
            position += 1
            out.append('"')
        elif char == '"':
            is_quoted = not is_quoted
        else:
            out.append(char)
        position += 1
    return "".join(out)
