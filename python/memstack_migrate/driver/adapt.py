"""Python values as SQL literals."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import math
import sys
import uuid
from decimal import Decimal
from enum import Enum
from numbers import Integral
from typing import TYPE_CHECKING, Any

from memstack_migrate.driver.errors import ProgrammingError
from memstack_migrate.driver.hstore import format_hstore
from memstack_migrate.driver.quoting import quote, quote_bytes
from memstack_migrate.driver.registered import has_adapter, literal_by_driver

if TYPE_CHECKING:
    from collections.abc import Callable

    from memstack_migrate.driver.flavor import Flavor

__all__ = ["Adapter"]


def _float(value: float) -> str:
    if math.isfinite(value):
        text = repr(value)
        return f" {text}" if text.startswith("-") else text
    return f"'{'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'}'::float8"


def _float8(value: float) -> str:
    return f"'{value!r}'::float8"


def _number(value: Any) -> str:
    # A space before a sign: "a-%s" must not begin a comment.
    text = str(value)
    return f" {text}" if text.startswith("-") else text


def _decimal(value: Decimal) -> str:
    if value.is_finite():
        return _number(value)
    if value.is_nan():
        return "'NaN'::numeric"
    return f"'{'Infinity' if value > 0 else '-Infinity'}'::numeric"


def _timedelta(value: dt.timedelta) -> str:
    return f"'{value.days} days {value.seconds}.{value.microseconds:06} seconds'::interval"


def _datetime(value: dt.datetime) -> str:
    return f"'{value.isoformat()}'::{'timestamp' if value.tzinfo is None else 'timestamptz'}"


def _time(value: dt.time) -> str:
    return f"'{value.isoformat()}'::{'time' if value.tzinfo is None else 'timetz'}"


_SIMPLE: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "NULL",
    str: quote,
    bool: lambda value: "true" if value else "false",
    int: _number,
    float: _float,
    Decimal: _decimal,
    dt.datetime: _datetime,
    dt.date: lambda value: f"'{value.isoformat()}'::date",
    dt.time: _time,
    dt.timedelta: _timedelta,
    uuid.UUID: lambda value: f"'{value}'::uuid",
    bytes: quote_bytes,
    bytearray: quote_bytes,
    memoryview: quote_bytes,
    **dict.fromkeys(
        (ipaddress.IPv4Address, ipaddress.IPv6Address, ipaddress.IPv4Interface, ipaddress.IPv6Interface),
        lambda value: f"'{value}'::inet",
    ),
    **dict.fromkeys((ipaddress.IPv4Network, ipaddress.IPv6Network), lambda value: f"'{value}'::cidr"),
}


# Of numpy's float64, which is a float, repr() is no number.
_PLAIN_VALUE: dict[type, Callable[[Any], Any]] = {str: str.__str__, int: int, float: float}


def _itself(value: Any) -> Any:
    return value


class Adapter:
    """Writes values as literals, in the flavor of the named driver. One per connection."""

    def __init__(self, flavor: Flavor) -> None:
        self._flavor = flavor
        self._simple = {**_SIMPLE, float: _float8} if flavor.floats_are_float8 else _SIMPLE
        self.json_dumps: Callable[[Any], str] = json.dumps
        #: Dicts are written as hstore where that extension is there, as SQLAlchemy sets psycopg2 and psycopg up.
        self.has_hstore = False
        self._applications: dict[type[Any], bool] = {}

    def literal(self, value: Any) -> str:
        """Give the literal; raises ProgrammingError for a type that nobody knows how to write."""
        if self._is_applications(type(value)) and (literal := literal_by_driver(value, self._flavor)) is not None:
            return literal
        simple = self._simple.get(type(value))
        if simple is not None:
            return simple(value)
        if isinstance(value, (list, set, frozenset)) and not isinstance(value, _multirange_types()):
            return self._list(list(value))
        if isinstance(value, tuple):
            return f"({', '.join(map(self.literal, value))})"
        if isinstance(value, dict):
            return self._dict(value)
        return self._by_shape(value)

    def _is_applications(self, class_: type[Any]) -> bool:
        known = self._applications.get(class_)
        if known is None:
            known = self._applications[class_] = has_adapter(self._flavor, class_)
        return known

    def _dict(self, value: dict[Any, Any]) -> str:
        if self.has_hstore:
            return f"{quote(format_hstore(value))}::hstore"
        if self._flavor.writes_anything:
            return quote(json.dumps(value))
        msg = "can't adapt a dict: pass json.dumps(value), or use a JSON column type"
        raise ProgrammingError(msg)

    def _list(self, value: list[Any]) -> str:
        leaves = list(_leaves(value))
        if not leaves:
            return "'{}'"
        strings = all(leaf is None or isinstance(leaf, str) for leaf in leaves)
        if strings and (self._flavor.untyped_string_lists or all(leaf is None for leaf in leaves)):
            return quote(_array_text(value))
        # Written out, 1.5 is a numeric.
        is_float = self._flavor.untyped_string_lists and all(isinstance(leaf, float) for leaf in leaves)
        return self._array(value) + ("::float8[]" if is_float else "")

    def _array(self, value: list[Any]) -> str:
        return "ARRAY[" + ", ".join(self._array(item) if isinstance(item, list) else self.literal(item) for item in value) + "]"

    def _by_shape(self, value: Any) -> str:
        """Values of SQLAlchemy's and the drivers' own classes, known by what they have: none of them is imported for that."""
        if hasattr(value, "_bounds") or (hasattr(value, "lower") and hasattr(value, "bounds")):
            return self._range(value)
        if isinstance(value, _multirange_types()):
            return quote("{" + ",".join(map(self._range_text, value)) + "}")
        for base in type(value).__mro__:
            if base in self._simple:
                # The value, not what a mixed-in Enum prints.
                return self._simple[base](_PLAIN_VALUE.get(base, _itself)(value))
        module = type(value).__module__
        if module.startswith("psycopg.types.json"):
            return quote((value.dumps or self.json_dumps)(value.obj))
        if self._flavor.writes_anything and isinstance(value, Enum):
            return self.literal(value.value)
        literal = literal_by_driver(value, self._flavor)
        return self._unknown(value) if literal is None else literal

    def _unknown(self, value: Any) -> str:
        if isinstance(value, Integral):  # numpy's
            return _number(int(value))
        if self._flavor.writes_anything:
            return quote(str(value))
        msg = f"can't adapt type {type(value).__name__!r}"
        raise ProgrammingError(msg)

    def _range(self, value: Any) -> str:
        return quote(self._range_text(value))

    def _range_text(self, value: Any) -> str:
        # psycopg2's classes have no accessor for their bounds, and the drivers' none for being empty but isempty.
        bounds = value._bounds if hasattr(value, "_bounds") else value.bounds  # noqa: SLF001
        if not bounds or getattr(value, "empty", False) is True:
            return "empty"
        return f"{bounds[0]}{self._bound(value.lower)},{self._bound(value.upper)}{bounds[1]}"

    def _bound(self, value: Any) -> str:
        if value is None:
            return ""
        text = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _leaves(value: list[Any]) -> Any:
    for item in value:
        if isinstance(item, list):
            yield from _leaves(item)
        else:
            yield item


def _array_text(value: list[Any]) -> str:
    def item_text(item: Any) -> str:
        if item is None:
            return "NULL"
        if isinstance(item, list):
            return _array_text(item)
        return '"' + str.__str__(item).replace("\\", "\\\\").replace('"', '\\"') + '"'

    return "{" + ",".join(map(item_text, value)) + "}"


def _multirange_types() -> tuple[Any, ...]:
    """Give the classes of multiranges that can have been met, which are those of modules that are loaded."""
    found = []
    for module, name in (("psycopg.types.multirange", "Multirange"), ("sqlalchemy.dialects.postgresql.ranges", "MultiRange")):
        if module in sys.modules:
            found.append(getattr(sys.modules[module], name))
    return tuple(found)
