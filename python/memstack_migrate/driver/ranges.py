"""Ranges and multiranges: values of the named driver's own classes, or of ours where that driver is not installed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from memstack_migrate.driver.errors import DataError
from memstack_migrate.driver.flavor import Flavor, import_driver

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Range", "parse_multirange", "parse_range", "range_class"]


class Range:
    """A stand-in with the interface that psycopg2's and psycopg's range classes share."""

    __slots__ = ("_bounds", "_lower", "_upper")

    def __init__(self, lower: Any = None, upper: Any = None, bounds: str = "[)", empty: bool = False) -> None:  # noqa: FBT002  as theirs
        self._lower = None if empty else lower
        self._upper = None if empty else upper
        self._bounds = None if empty else bounds

    lower = property(lambda self: self._lower)
    upper = property(lambda self: self._upper)
    bounds = property(lambda self: self._bounds)
    isempty = property(lambda self: self._bounds is None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return "Range(empty=True)" if self._bounds is None else f"Range({self._lower!r}, {self._upper!r}, {self._bounds!r})"

    def _key(self) -> tuple[Any, Any, str | None]:
        return self._lower, self._upper, self._bounds


_PSYCOPG2_CLASSES = {
    3904: "NumericRange",
    3906: "NumericRange",
    3926: "NumericRange",
    3908: "DateTimeRange",
    3910: "DateTimeTZRange",
    3912: "DateRange",
}


def range_class(flavor: Flavor, oid: int) -> Callable[..., Any]:
    """Give the class for a range type of the server."""
    if flavor.module == "psycopg":
        module = import_driver("psycopg.types.range")
        return Range if module is None else module.Range
    extras = import_driver(f"{flavor.module}.extras") if flavor.module else None
    return Range if extras is None else getattr(extras, _PSYCOPG2_CLASSES[oid])


# [lower,upper) where a bound is empty (infinite), plain, or in quotes with "" or \ before a quote inside.
_BOUND = r'(?:"((?:[^"\\]|\\.|"")*)"|([^",\[\]()]*))'
_RANGE = re.compile(rf"\s*([\[(]){_BOUND},{_BOUND}([\])])", re.DOTALL)
_ESCAPED = re.compile(r'\\(.)|"(")', re.DOTALL)


def _bound(quoted: str | None, plain: str | None, load: Callable[[str], Any]) -> Any:
    if quoted is not None:
        return load(_ESCAPED.sub(lambda match: match[1] or match[2], quoted))
    return load(plain) if plain else None


def parse_range(text: str, load: Callable[[str], Any], make: Callable[..., Any]) -> Any:
    """Read ``[1,5)`` or ``empty``; ``load`` reads a bound."""
    if text.strip().lower() == "empty":
        return make(empty=True)
    match = _RANGE.fullmatch(text)
    if match is None:
        msg = f"can't read the range {text!r}"
        raise DataError(msg)
    return _make(match, load, make)


def _make(match: re.Match[str], load: Callable[[str], Any], make: Callable[..., Any]) -> Any:
    return make(_bound(match[2], match[3], load), _bound(match[4], match[5], load), match[1] + match[6])


def parse_multirange(text: str, load: Callable[[str], Any], make: Callable[..., Any]) -> list[Any]:
    """Read ``{[1,3),[5,7)}``."""
    ranges = []
    position = 1
    while text[position : position + 1] not in {"}", ""}:
        match = _RANGE.match(text, position)
        if match is None:
            break
        ranges.append(_make(match, load, make))
        position = match.end() + (text[match.end() : match.end() + 1] == ",")
    if text[:1] != "{" or text[position:] != "}":
        msg = f"can't read the multirange {text!r}"
        raise DataError(msg)
    return ranges
