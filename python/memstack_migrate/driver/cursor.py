"""``Cursor``: runs statements and gives their rows as Python values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from memstack_migrate.driver import errors
from memstack_migrate.driver.copy import Copy, copy_expert, copy_from_sql, copy_to_sql
from memstack_migrate.driver.placeholders import bind, bind_numbered
from memstack_migrate.driver.query import quote_name, text_of
from memstack_migrate.driver.rows import DescribedResult, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from memstack_migrate import _engine
    from memstack_migrate.driver.connection import Connection
    from memstack_migrate.driver.types import Load

__all__ = ["Column", "Cursor"]

_CHUNK = 500  # rows decoded at a time when they are fetched one by one
_NUMERIC = 1700
_HEADER = 4  # what the server adds to a numeric's and a varchar's modifier


class Column(NamedTuple):
    """One item of ``cursor.description``."""

    name: str
    type_code: int
    display_size: int | None
    internal_size: int | None
    precision: int | None
    scale: int | None
    null_ok: bool | None


def _column(name: str, oid: int, modifier: int, size: int) -> Column:
    if oid == _NUMERIC and modifier >= _HEADER:
        return Column(name, oid, None, size, (modifier - _HEADER) >> 16, (modifier - _HEADER) & 0x7FF, None)
    return Column(name, oid, None, size, None, None, None)


class Cursor:
    """As PEP 249 has it, with psycopg2's and psycopg's names beside. Closing it has no effect on the transaction."""

    arraysize = 1
    itersize = 2000
    lastrowid = 0
    server_side = False
    _encoding = "utf-8"  # psycopg's row factories look

    def __init__(
        self, connection: Connection, name: str | None = None, cursor_factory: Any = None, row_factory: Any = None
    ) -> None:
        self.connection = connection
        self.name = name
        self.closed = False
        self.description: list[Column] | None = None
        self.rowcount = -1
        self.query: bytes | None = None
        self.statusmessage: str | None = None
        self.cursor_factory = cursor_factory
        self.row_factory = row_factory
        self._result: _engine.Result | None = None
        self._loads: list[tuple[int, Load]] = []
        self._buffer: list[Any] = []  # decoded rows, of which the first _position are given away
        self._position = 0
        self._decoded = 0  # rows of the result that are or were in the buffer
        self._sets: Iterator[_engine.Result] | None = None  # of the statements that follow in the same string; None: no result

    # Statements

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Cursor:
        """Run a statement; with ``params`` its placeholders are bound, without it is taken as it is. Gives the cursor itself."""
        sql = self._begin(query)
        if params is not None:
            sql = self._bound(sql, params)
        self._show(self._run(sql))
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], *, returning: bool = False) -> None:
        """Run the statement for each item; ``rowcount`` is the sum. ``returning`` keeps the results, as psycopg does."""
        sql = self._begin(query)
        total = 0
        kept = []
        for params in params_seq:
            results = self._run(self._bound(sql, params))
            self._show(results)
            total += max(self.rowcount, 0)
            kept += results if returning else []
        self._forget_rows()
        self.description = None
        if not returning:
            self.rowcount = total
        elif kept:
            self._show(kept)

    def callproc(self, name: str, args: Iterable[Any] | Mapping[str, Any] = ()) -> Any:
        """Call a function; ``name`` goes into the statement as it is. A mapping's keys are the arguments' names."""
        named = dict(args) if isinstance(args, Mapping) else None
        values = tuple(args.values() if isinstance(args, Mapping) else args)
        places = ", ".join(["%s"] * len(values) if named is None else [f"{quote_name(key)} := %s" for key in named])
        self.execute(f"SELECT * FROM {name}({places})", values)  # noqa: S608  as the caller says
        return args

    def mogrify(self, query: Any, params: Any = None) -> bytes | str:
        """Give the statement as it would be sent; bytes, as psycopg2 has it, or psycopg's str."""
        sql = text_of(query, self.connection.adapter)
        bound = sql if params is None else self._bound(sql, params)
        return bound.encode() if self.connection.flavor.closed_is_number else bound

    def _begin(self, query: Any) -> str:
        self._check_open()
        if self.connection.flavor.gives_each_result:
            # psycopg has no result where the statement fails; the others have the last one.
            self._forget_rows()
            self.rowcount, self.description, self.statusmessage = -1, None, None
        return text_of(query, self.connection.adapter)

    def _run(self, sql: str) -> list[_engine.Result]:
        try:
            results = self.connection.run_each(sql)
        except errors.Error as error:
            error.cursor = self  # as psycopg2 has it
            raise
        self.query = sql.encode(errors="surrogateescape")
        return results

    def _bound(self, sql: str, params: Any) -> str:
        literal = self.connection.adapter.literal
        try:
            if self.connection.flavor.numbers_placeholders and not isinstance(params, Mapping):
                conforming = self.connection.get_parameter_status("standard_conforming_strings") != "off"
                return bind_numbered(sql, params, literal, standard_conforming_strings=conforming)
            return bind(sql, params, literal)
        except errors.Error as error:
            kind = errors.in_flavor(_base_of(error), self.connection.flavor)  # type: ignore[arg-type]  # a class is hashable
            raise kind(str(error)) from None

    def _show(self, results: list[_engine.Result]) -> None:
        """Give the first one's rows, and the others' after ``nextset()``."""
        self._take(results[0])
        self._sets = iter(results[1:])

    def _take(self, result: _engine.Result) -> None:
        self._forget_rows()
        self.statusmessage = result.command_tag or None
        affected = result.affected_rows
        self.description = [_column(*column) for column in result.columns] if result.has_rows else None
        self.rowcount = result.row_count if result.has_rows else -1 if affected is None else affected
        if result.has_rows:
            self._result = result
            loads = [self.connection.types.load_of(column.type_code) for column in self.description or ()]
            self._loads = [(index, load) for index, load in enumerate(loads) if load is not None]

    # Rows

    def fetchone(self) -> Any:
        self._check_rows()
        if self._position >= len(self._buffer):
            self._fill(_CHUNK)
        if self._position >= len(self._buffer):
            return None
        row = self._buffer[self._position]
        self._position += 1
        return row

    def fetchmany(self, size: int | None = None) -> list[Any]:
        rows = []
        for _ in range(self.arraysize if size is None else size):
            row = self.fetchone()
            if row is None:
                break
            rows.append(row)
        return rows

    def fetchall(self) -> list[Any]:
        self._check_rows()
        rows = self._buffer[self._position :]
        self._fill(self.rowcount)
        rows += self._buffer
        self._position = len(self._buffer)
        return rows

    def __iter__(self) -> Iterator[Any]:
        while (row := self.fetchone()) is not None:
            yield row

    @property
    def pgresult(self) -> DescribedResult | None:
        """What psycopg's row factories look at."""
        return None if self._result is None else DescribedResult([column.name for column in self.description or ()])

    def stream(self, query: Any, params: Any = None, **_options: Any) -> Iterator[Any]:
        """Give the rows one after the other, as psycopg does; they are fetched at once."""
        yield from self.execute(query, params)

    @property
    def rownumber(self) -> int | None:
        return None if self._result is None else self._decoded - len(self._buffer) + self._position

    def scroll(self, value: int, mode: str = "relative") -> None:
        """Move to a row; raises IndexError (psycopg) or ProgrammingError (psycopg2) outside the result."""
        self._check_rows()
        target = value if mode == "absolute" else (self.rownumber or 0) + value
        if not 0 <= target < self.rowcount:
            if self.connection.flavor.module == "psycopg":
                msg = "position out of bound"
                raise IndexError(msg)
            raise errors.in_flavor(errors.ProgrammingError, self.connection.flavor)("scroll destination out of bounds")
        self._buffer, self._position, self._decoded = [], 0, target

    def nextset(self) -> bool | None:
        """Go on to the next statement's result, ``None`` if there is none; psycopg2 raises NotSupportedError."""
        if self.connection.flavor.module.startswith("psycopg2"):
            raise errors.in_flavor(errors.NotSupportedError, self.connection.flavor)("not supported by PostgreSQL")
        sets = self._sets
        result = next(sets, None) if sets is not None else None
        if result is None:
            return None
        self._take(result)
        self._sets = sets
        return True

    def results(self) -> Iterator[Cursor]:
        """Give the cursor once for each result, as psycopg does."""
        if self._sets is not None:
            yield self
        while self.nextset():
            yield self

    def setinputsizes(self, sizes: Any) -> None:
        """Do nothing, as PEP 249 allows."""

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Do nothing, as PEP 249 allows."""

    def _forget_rows(self) -> None:
        self._result = None
        self._sets = None
        self._loads = []
        self._buffer = []
        self._position = 0
        self._decoded = 0

    def _fill(self, count: int) -> None:
        """Decode the next ``count`` rows into the emptied buffer."""
        assert self._result is not None  # noqa: S101  _check_rows was called
        texts = self._result.rows(self._decoded, self._decoded + count)
        self._decoded += len(texts)
        self._position = 0
        if not self._loads:
            self._buffer = list(texts)
        else:
            self._buffer = [self._decode(row) for row in texts]
        shape = shape_of(self, [column.name for column in self.description or ()])
        if shape is not None:
            self._buffer = list(map(shape, self._buffer))

    def _decode(self, row: tuple[str | None, ...]) -> tuple[Any, ...]:
        values: list[Any] = list(row)
        for index, load in self._loads:
            text = row[index]
            if text is not None:
                try:
                    values[index] = load(text)
                except errors.DataError as error:
                    raise errors.in_flavor(errors.DataError, self.connection.flavor)(str(error)) from None
        return tuple(values)

    # COPY

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """Run COPY with a file object, as psycopg2 does."""
        self._copied(copy_expert(self.connection, text_of(sql, self.connection.adapter), file, size))

    def copy_from(self, file: Any, table: str, sep: str = "\t", null: str = "\\N", size: int = 8192, columns: Any = None) -> None:
        self.copy_expert(copy_from_sql(table, sep, null, columns), file, size)

    def copy_to(self, file: Any, table: str, sep: str = "\t", null: str = "\\N", columns: Any = None) -> None:
        self.copy_expert(copy_to_sql(table, sep, null, columns), file)

    def copy(self, statement: Any, params: Any = None) -> Copy:
        """Give psycopg's context manager for COPY."""
        sql = text_of(statement, self.connection.adapter)
        return Copy(self.connection, sql if params is None else self._bound(sql, params), self._copied)

    def _copied(self, result: _engine.Result) -> None:
        self._forget_rows()
        self.description = None
        self.statusmessage = result.command_tag
        self.rowcount = -1 if result.affected_rows is None else result.affected_rows

    # The cursor itself

    def close(self) -> None:
        self.closed = True
        self._forget_rows()
        if not self.connection.flavor.closed_cursor_tells:
            self.rowcount, self.description, self.statusmessage = -1, None, None

    async def _async_soft_close(self) -> None:
        """Do nothing: AsyncConnection calls it on cursors that hold their rows already, as this one does."""

    if not TYPE_CHECKING:  # or a type checker would take any name for one

        def __getattr__(self, name: str) -> Any:
            """Refuse what only the driver's own cursor has; Python's own questions are plainly answered."""
            raise AttributeError(name if name.startswith("__") else errors.no_attribute("cursor", name, self.connection.flavor))

    def __enter__(self) -> Cursor:  # noqa: PYI034  not made for subclassing
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _check_open(self) -> None:
        if self.closed or self.connection.engine_connection.server_version == 0:
            raise errors.already_closed("cursor" if self.closed else "connection", self.connection.flavor)

    def _check_rows(self) -> None:
        self._check_open()
        if self._result is None:
            raise errors.in_flavor(errors.ProgrammingError, self.connection.flavor)("no results to fetch")


def _base_of(error: errors.Error) -> type[errors.Error]:
    return errors.DataError if isinstance(error, errors.DataError) else errors.ProgrammingError
