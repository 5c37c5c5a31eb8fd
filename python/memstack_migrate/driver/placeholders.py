"""Values go into a statement as literals.

``%s`` and ``%(name)s`` are replaced everywhere, inside quotes as well, as psycopg2 does it; ``$1`` only where the server itself
would take it for a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from memstack_migrate._engine import numbered_parameters
from memstack_migrate.driver.errors import ProgrammingError

__all__ = ["bind", "bind_numbered"]

_PLACEHOLDER = re.compile(r"%(?:(?P<percent>%)|\((?P<name>[^)]*)\)(?P<named>[sbtd])|(?P<plain>[sbtd])|(?P<bad>.|$))", re.DOTALL)


def bind(sql: str, parameters: Sequence[Any] | Mapping[str, Any], literal: Callable[[Any], str]) -> str:
    """Give ``sql`` with each placeholder replaced by its value's literal and ``%%`` by ``%``.

    Raises ProgrammingError for a stray ``%``, a missing name, or a number of values that does not fit.
    """
    if "%" not in sql:
        _check_all_used(parameters, 0)
        return sql
    named = isinstance(parameters, Mapping)
    cache: dict[str, str] = {}
    count = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal count
        if match["percent"]:
            return "%"
        if match["bad"] is not None:
            msg = f"a stray '%' at character {match.start() + 1} of the statement: write '%%' for a percent sign"
            raise ProgrammingError(msg)
        if (match["name"] is not None) is not named:
            msg = (
                "the statement has %(name)s placeholders and needs a mapping"
                if not named
                else "the statement has %s placeholders and needs a sequence"
            )
            raise ProgrammingError(msg)
        if match["name"] is not None:
            name = match["name"]
            if name not in cache:
                cache[name] = literal(_named(parameters, name))
            return cache[name]
        count += 1
        return literal(_positional(parameters, count))

    bound = _PLACEHOLDER.sub(replace, sql)
    _check_all_used(parameters, count)
    return bound


def bind_numbered(
    sql: str, parameters: Sequence[Any], literal: Callable[[Any], str], *, standard_conforming_strings: bool = True
) -> str:
    """Give ``sql`` with each ``$1`` replaced by its value's literal, as asyncpg's statements have them.

    Raises ProgrammingError for a number of values that does not fit.
    """
    text = sql.encode()
    pieces: list[bytes] = []
    copied = highest = 0
    for begin, end in numbered_parameters(text, standard_conforming_strings):
        number = int(text[begin + 1 : end])
        highest = max(highest, number)
        pieces += [text[copied:begin], literal(_positional(parameters, number)).encode()]
        copied = end
    _check_all_used(parameters, highest)
    return b"".join([*pieces, text[copied:]]).decode()


def _named(parameters: Any, name: str) -> Any:
    try:
        return parameters[name]
    except KeyError:
        msg = f"no value for the placeholder %({name})s"
        raise ProgrammingError(msg) from None


def _positional(parameters: Any, number: int) -> Any:
    if not 0 < number <= len(parameters):
        msg = f"the statement has more placeholders than the {len(parameters)} values given"
        raise ProgrammingError(msg)
    return parameters[number - 1]


def _check_all_used(parameters: Any, count: int) -> None:
    if not isinstance(parameters, Mapping) and len(parameters) != count:
        msg = f"the statement has {count} placeholders, and {len(parameters)} values were given"
        raise ProgrammingError(msg)
