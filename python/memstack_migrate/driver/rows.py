"""Rows in the shapes that psycopg2's cursor factories and psycopg's row factories give."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["DescribedResult", "shape_of"]


class DescribedResult:
    """As much of psycopg's ``PGresult`` as its row factories ask for."""

    status = 2  # PGRES_TUPLES_OK

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.nfields = len(names)

    def fname(self, column: int) -> bytes:
        return self._names[column].encode()


def shape_of(cursor: Any, names: Sequence[str]) -> Callable[[Sequence[Any]], Any] | None:
    """Give the function that makes a row of a tuple of values; nothing where a row is that tuple."""
    if cursor.cursor_factory is not None:
        return _of_cursor_class(cursor.cursor_factory, names)
    if cursor.row_factory is not None:
        made: Callable[[Sequence[Any]], Any] = cursor.row_factory(cursor)
        return made
    return None


def _of_cursor_class(factory: Any, names: Sequence[str]) -> Callable[[Sequence[Any]], Any] | None:
    for base in getattr(factory, "__mro__", ()):
        extras = sys.modules.get(base.__module__)
        if base.__name__ == "RealDictCursor":
            return lambda row: extras.RealDictRow(zip(names, row, strict=True))  # type: ignore[union-attr]
        if base.__name__ == "DictCursor":
            return _dict_rows(extras, names)
        if base.__name__ == "NamedTupleCursor":
            made: Callable[[Sequence[Any]], Any] = factory._cached_make_nt(tuple(names))._make  # noqa: SLF001  no other way
            return made
    return None


def _dict_rows(extras: Any, names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    class Described:
        index = {name: place for place, name in enumerate(names)}  # noqa: RUF012  not to be changed
        description = names

    def make(values: Sequence[Any]) -> Any:
        row = extras.DictRow(Described)
        row[:] = values
        return row

    return make
