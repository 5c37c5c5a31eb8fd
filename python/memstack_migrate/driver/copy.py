"""COPY, as psycopg2 (``copy_expert``, ``copy_from``, ``copy_to``) and psycopg (``cursor.copy``) have it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from memstack_migrate.driver.query import quote_name
from memstack_migrate.driver.quoting import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from memstack_migrate import _engine
    from memstack_migrate.driver.connection import Connection

__all__ = ["Copy", "copy_expert", "copy_from_sql", "copy_to_sql"]

_FROM_STDIN = re.compile(r"\bfrom\s+stdin\b", re.IGNORECASE)
_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}


def copy_expert(connection: Connection, sql: str, file: Any, size: int = 8192) -> _engine.Result:
    """Feed ``file.read(size)`` to the server, or the server's data to ``file.write``, as the statement says."""
    if _FROM_STDIN.search(sql):
        return connection.call(lambda: connection.engine_connection.copy_in(sql, lambda: file.read(size)))
    if isinstance(file, io.TextIOBase):
        return connection.call(lambda: connection.engine_connection.copy_out(sql, lambda data: file.write(data.decode())))
    return connection.call(lambda: connection.engine_connection.copy_out(sql, file.write))


def copy_from_sql(table: str, sep: str, null: str, columns: Iterable[str] | None) -> str:
    """Write psycopg2's ``copy_from`` as a statement."""
    return f"COPY {quote_name(table)}{_names(columns)} FROM STDIN WITH (DELIMITER {quote(sep)}, NULL {quote(null)})"


def copy_to_sql(table: str, sep: str, null: str, columns: Iterable[str] | None) -> str:
    """Write psycopg2's ``copy_to`` as a statement."""
    return f"COPY {quote_name(table)}{_names(columns)} TO STDOUT WITH (DELIMITER {quote(sep)}, NULL {quote(null)})"


def _names(columns: Iterable[str] | None) -> str:
    return f" ({', '.join(map(quote_name, columns))})" if columns else ""


class Copy:
    """psycopg's object: written to and then sent when the block ends, or received when it begins and then read.

    All data is held in memory meanwhile: libpq asks for the data, psycopg's interface pushes it.
    """

    def __init__(self, connection: Connection, sql: str, done: Callable[[_engine.Result], None]) -> None:
        self._connection = connection
        self._sql = sql
        self._done = done
        self._is_input = bool(_FROM_STDIN.search(sql))
        self._pieces: list[bytes] = []

    def __enter__(self) -> Copy:  # noqa: PYI034  not made for subclassing
        if not self._is_input:
            engine_connection = self._connection.engine_connection
            self._done(self._connection.call(lambda: engine_connection.copy_out(self._sql, self._pieces.append)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._is_input and kind is None:
            pieces = iter([piece for piece in self._pieces if piece])
            engine_connection = self._connection.engine_connection
            self._done(self._connection.call(lambda: engine_connection.copy_in(self._sql, lambda: next(pieces, b""))))

    def write(self, data: str | bytes) -> None:
        self._pieces.append(data.encode() if isinstance(data, str) else bytes(data))

    def write_row(self, row: Iterable[Any]) -> None:
        """Write a row in COPY's text format."""
        self.write("\t".join(map(self._field, row)) + "\n")

    def read(self) -> bytes:
        """Give the next piece, empty at the end."""
        return self._pieces.pop(0) if self._pieces else b""

    def read_row(self) -> tuple[str | None, ...] | None:
        """Give the next row as text; nothing at the end."""
        return next(self.rows(), None)

    def rows(self) -> Iterator[tuple[str | None, ...]]:
        """Give the rows as text, since COPY does not say their types."""
        for piece in self:
            yield tuple(map(_unescape, piece.decode().rstrip("\n").split("\t")))

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read():
            yield data

    def set_types(self, types: Any) -> None:
        """Do nothing: data goes in text format."""

    def _field(self, value: Any) -> str:
        if value is None:
            return "\\N"
        return "".join(_ESCAPES.get(char, char) for char in self._text(value))

    def _text(self, value: Any) -> str:
        """Write a value as its type's input function reads it."""
        if isinstance(value, list):
            items = ["NULL" if item is None else self._item(item) for item in value]
            return "{" + ",".join(items) + "}"
        if isinstance(value, bool):
            return "t" if value else "f"
        if isinstance(value, (bytes, bytearray, memoryview)):
            return "\\x" + bytes(value).hex()
        if isinstance(value, (int, float, str)):
            return str(value)
        # The literal's content is what the type's input function reads: '2020-01-02'::date.
        literal = self._connection.adapter.literal(value).strip()
        match = re.match(r"(E?)'((?:[^']|'')*)'", literal)
        if match is None:
            return str(value)
        text = match[2].replace("''", "'")
        return text.replace("\\\\", "\\") if match[1] else text

    def _item(self, item: Any) -> str:
        text = self._text(item)
        return text if isinstance(item, list) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_UNESCAPES = {"b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}


def _unescape(field: str) -> str | None:
    if field == "\\N":
        return None
    return re.sub(r"\\(.)", lambda match: _UNESCAPES.get(match[1], match[1]), field)
