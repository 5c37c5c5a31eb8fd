"""``Connection``: PEP 249 over the engine's session, with the names that people use on psycopg2's and psycopg's connections."""

from __future__ import annotations

import contextlib
import sys
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from memstack_migrate import _engine
from memstack_migrate.driver import errors
from memstack_migrate.driver.adapt import Adapter
from memstack_migrate.driver.arguments import libpq_parameters, settings_after_connecting
from memstack_migrate.driver.block import Block
from memstack_migrate.driver.connection_info import ConnectionInfo
from memstack_migrate.driver.cursor import Cursor
from memstack_migrate.driver.flavor import Flavor, flavor_of
from memstack_migrate.driver.quoting import quote
from memstack_migrate.driver.server_cursor import ServerCursor
from memstack_migrate.driver.two_phase import TwoPhase
from memstack_migrate.driver.types import TypeLoader
from memstack_migrate.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

__all__ = ["Connection", "connect", "rolled_back_afterwards"]

T = TypeVar("T")

IDLE, ACTIVE, IN_TRANSACTION, IN_ERROR, UNKNOWN = range(5)

_PSYCOPG2_LEVELS = {1: "READ COMMITTED", 2: "REPEATABLE READ", 3: "SERIALIZABLE", 4: "READ UNCOMMITTED"}
_PSYCOPG_LEVELS = {1: "READ UNCOMMITTED", 2: "READ COMMITTED", 3: "REPEATABLE READ", 4: "SERIALIZABLE"}
_POOLERS_REFUSAL = "unsupported startup parameter: options"  # PgBouncer's
_MOST_NOTICES = 50  # as psycopg2 keeps


# Those that this context has opened, where somebody rolls them back.
_opened: ContextVar[WeakSet[Connection] | None] = ContextVar("memstack_migrate_opened", default=None)


@contextlib.contextmanager
def rolled_back_afterwards() -> Iterator[None]:
    """Roll back, after the block, what was opened within it and is in a transaction: its locks would stay with the process."""
    opened: WeakSet[Connection] = WeakSet()
    token = _opened.set(opened)
    try:
        yield
    finally:
        _opened.reset(token)
        for connection in list(opened):
            if connection.get_transaction_status() in {IN_TRANSACTION, IN_ERROR}:
                # One that another thread is using is that thread's.
                with contextlib.suppress(errors.Error):
                    connection.rollback()


def connect(dsn: str | None = None, *, driver: str = "psycopg", **arguments: Any) -> Connection:
    """Open a connection with the connect arguments of the named driver (``host``, ``dbname`` or ``database``, ``user``, ...).

    Raises OperationalError when the server cannot be reached or refuses, NotSupportedError for an argument that only the driver
    itself knows what to do with.
    """
    if dsn:
        msg = "give the connection's parameters as keyword arguments, not as a connection string"
        raise errors.NotSupportedError(msg)
    flavor = flavor_of(driver)
    with translated(flavor):
        connection = _class_in_flavor(flavor)(_open(driver, arguments), flavor)
    connection.autocommit = bool(arguments.get("autocommit", False))
    opened = _opened.get()
    if opened is not None:
        opened.add(connection)
    return connection


def _open(driver: str, arguments: dict[str, Any]) -> _engine.Connection:
    parameters = libpq_parameters(driver, arguments)
    try:
        return _engine.Connection.open(parameters)
    except MigrateError as error:
        settings = settings_after_connecting(driver, arguments)
        if _POOLERS_REFUSAL not in str(error) or settings is None:
            raise
    opened = _engine.Connection.open([(name, value) for name, value in parameters if name != "options"])
    for name, value in settings.items():
        opened.execute_outside_transaction(f"SET {name} TO {quote(value)}")
    return opened


@contextlib.contextmanager
def translated(flavor: Flavor) -> Iterator[None]:
    """Turn the engine's errors into PEP 249's."""
    try:
        yield
    except MigrateError as error:
        raised = errors.from_engine(error, flavor)
        raise raised from raised.__cause__


class Connection(TwoPhase):
    """A session; begins transactions by itself unless ``autocommit``. One thread at a time: another gets an InterfaceError."""

    DataError = errors.DataError
    DatabaseError = errors.DatabaseError
    Error = errors.Error
    IntegrityError = errors.IntegrityError
    InterfaceError = errors.InterfaceError
    InternalError = errors.InternalError
    NotSupportedError = errors.NotSupportedError
    OperationalError = errors.OperationalError
    ProgrammingError = errors.ProgrammingError
    Warning = errors.Warning

    encoding = "UTF8"
    cursor_factory: Any = None
    row_factory: Any = None
    binary_types = None

    @property  # type: ignore[misc]
    def __class__(self) -> type[Any]:
        """The named driver's: listeners ask ``isinstance(connection, psycopg.Connection)``."""
        return _drivers_class(self.flavor) or type(self)

    def __init__(self, engine_connection: _engine.Connection, flavor: Flavor) -> None:
        #: The engine's connection, which C++ shares.
        self.engine_connection = engine_connection
        self.flavor = flavor
        self.adapter = Adapter(flavor)
        self.types = TypeLoader(flavor, lambda: engine_connection.server_parameter("TimeZone"))
        self.notices: list[str] = []
        self._notice_handlers: list[Callable[[errors.Diagnostic], None]] = []
        self._savepoints = 0
        self._isolation: str | None = None
        self._read_only: bool | None = None
        self._deferrable: bool | None = None
        engine_connection.begins_transactions = True
        engine_connection.begins_once = flavor.begins_once
        # The loaders read ISO dates; psycopg2 sets this, too.
        if not engine_connection.server_parameter("DateStyle").startswith("ISO"):
            self.call(lambda: engine_connection.execute_outside_transaction("SET DateStyle TO 'ISO'"))

    # Statements

    def call(self, action: Callable[[], T]) -> T:
        """Run something of the engine's connection; its errors become PEP 249's, its notices are handed on."""
        try:
            with translated(self.flavor):
                return action()
        finally:
            self._take_notices()

    def run(self, sql: str) -> _engine.Result:
        """Execute a complete statement, or several; gives the last one's result, and raises the classes of this module."""
        text = sql.encode()
        return self.call(lambda: self.engine_connection.execute(text))

    def run_each(self, sql: str) -> list[_engine.Result]:
        """Execute as ``run()`` does; gives all results where the named driver does."""
        if not self.flavor.gives_each_result:
            return [self.run(sql)]
        text = sql.encode()
        return self.call(lambda: self.engine_connection.execute_each(text))

    def cursor(
        self,
        name: str | None = None,
        cursor_factory: Any = None,
        row_factory: Any = None,
        *,
        scrollable: bool | None = None,
        withhold: bool = False,
        **_options: Any,
    ) -> Cursor:
        """Give a cursor; the rows of a named one stay on the server until they are fetched."""
        self._check_open()
        factories = (cursor_factory or self.cursor_factory, row_factory or self.row_factory)
        if not name:
            return Cursor(self, None, *factories)
        return ServerCursor(self, name, *factories, scrollable=scrollable, withhold=withhold)

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Cursor:
        """Execute on a new cursor, as psycopg does it."""
        return self.cursor().execute(query, params)

    # Transactions

    def begin(self) -> None:
        self.call(self.engine_connection.begin)

    def commit(self) -> None:
        """Commit. A transaction in which a statement failed raises InternalError (25P02) and is rolled back."""
        self._check_open()
        self.call(self.engine_connection.commit)

    def rollback(self) -> None:
        self._check_open()
        self.call(self.engine_connection.rollback)

    def transaction(self, savepoint_name: str | None = None, force_rollback: bool = False) -> Block:  # noqa: FBT002  as psycopg's
        """Give psycopg's block, which is a savepoint where a transaction is open."""
        return Block(self, savepoint_name, force_rollback=force_rollback)

    def next_savepoint(self) -> str:
        self._savepoints += 1
        return f"_pg3_{self._savepoints}"

    @property
    def autocommit(self) -> bool:
        return not self.engine_connection.begins_transactions

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if bool(value) == self.autocommit:
            return
        self._check_idle("autocommit")
        self.engine_connection.begins_transactions = not value
        self._set_characteristics()

    def set_autocommit(self, value: bool) -> None:
        self.autocommit = value

    @property
    def isolation_level(self) -> str | None:
        """The level of the next transactions, in upper case; ``None``: the server's default."""
        return self._isolation

    @isolation_level.setter
    def isolation_level(self, value: str | int | None) -> None:
        if isinstance(value, int):
            self.set_isolation_level(value)
            return
        self._check_idle("isolation_level")
        self._isolation = value.upper().replace("_", " ") if value else None
        self._set_characteristics()

    def set_isolation_level(self, level: str | int | None) -> None:
        """Take a number as the named driver has them (psycopg2's 0 is autocommit), or a name; "AUTOCOMMIT" is one."""
        is_autocommit = level == 0 or (isinstance(level, str) and level.upper() == "AUTOCOMMIT")
        self.autocommit = is_autocommit
        numbers = _PSYCOPG_LEVELS if self.flavor.module == "psycopg" else _PSYCOPG2_LEVELS
        self.isolation_level = None if is_autocommit else numbers.get(level) if isinstance(level, int) else level

    def set_session(
        self,
        isolation_level: Any = None,
        readonly: bool | None = None,
        deferrable: bool | None = None,
        autocommit: bool | None = None,
    ) -> None:
        """Set what is not ``None``, as psycopg2 does."""
        if isolation_level is not None:
            self.isolation_level = isolation_level
        if readonly is not None:
            self.readonly = readonly
        if deferrable is not None:
            self.deferrable = deferrable
        if autocommit is not None:
            self.autocommit = autocommit

    @property
    def readonly(self) -> bool | None:
        return self._read_only

    @readonly.setter
    def readonly(self, value: bool | None) -> None:
        self._check_idle("readonly")
        self._read_only = value
        self._set_characteristics()

    read_only = readonly

    @property
    def deferrable(self) -> bool | None:
        return self._deferrable

    @deferrable.setter
    def deferrable(self, value: bool | None) -> None:
        self._check_idle("deferrable")
        self._deferrable = value
        self._set_characteristics()

    def _set_characteristics(self) -> None:
        words = []
        if self._isolation:
            words.append(f"ISOLATION LEVEL {self._isolation}")
        if self._read_only is not None:
            words.append("READ ONLY" if self._read_only else "READ WRITE")
        if self._deferrable is not None:
            words.append("DEFERRABLE" if self._deferrable else "NOT DEFERRABLE")
        self.engine_connection.transaction_characteristics = " ".join(words)

    def _check_open(self) -> None:
        if self.engine_connection.server_version == 0:
            raise errors.already_closed("connection", self.flavor)

    def _check_idle(self, what: str) -> None:
        if self.engine_connection.transaction_status in {ACTIVE, IN_TRANSACTION, IN_ERROR}:
            msg = f"can't change {what!r} now: a transaction is open; commit or roll back first"
            raise errors.in_flavor(errors.ProgrammingError, self.flavor)(msg)

    # The session

    @property
    def closed(self) -> int | bool:
        if self.engine_connection.is_open:
            return 0 if self.flavor.closed_is_number else False
        return 1 if self.flavor.closed_is_number else True

    @property
    def broken(self) -> bool:
        """Lost, as opposed to closed by close()."""
        return not self.engine_connection.is_open and self.engine_connection.server_version != 0

    def close(self) -> None:
        self.call(self.engine_connection.close)

    def cancel(self) -> None:
        """Stop the running statement; may be called from another thread."""
        with translated(self.flavor):
            self.engine_connection.cancel()

    def reset(self) -> None:
        """Roll back and set everything back to the session's defaults, as psycopg2 does."""
        self.rollback()
        self.call(lambda: self.engine_connection.execute_outside_transaction("RESET ALL"))

    @property
    def info(self) -> ConnectionInfo:
        return ConnectionInfo(self.engine_connection)

    @property
    def status(self) -> int:
        """psycopg2's STATUS_READY (1) or STATUS_BEGIN (2)."""
        return 1 if self.engine_connection.transaction_status == IDLE else 2

    @property
    def server_version(self) -> int:
        return self.engine_connection.server_version

    def get_dsn_parameters(self) -> dict[str, str]:
        """Give what psycopg2 does, of the parameters that say where the session is."""
        where = self.info
        return {"user": where.user, "dbname": where.dbname, "host": where.host, "port": str(where.port)}

    def get_transaction_status(self) -> int:
        return self.engine_connection.transaction_status

    def get_backend_pid(self) -> int:
        return self.engine_connection.backend_pid

    def get_parameter_status(self, name: str) -> str | None:
        return self.engine_connection.server_parameter(name) or None

    def set_client_encoding(self, encoding: str) -> None:
        """Take any: texts are Python strings on one side and UTF-8 on the other."""

    # Notices

    def add_notice_handler(self, handler: Callable[[errors.Diagnostic], None]) -> None:
        """Have ``handler`` called with each notice of the server, after the statement that raised it."""
        self._notice_handlers.append(handler)

    def remove_notice_handler(self, handler: Callable[[errors.Diagnostic], None]) -> None:
        self._notice_handlers.remove(handler)

    def _take_notices(self) -> None:
        for notice in self.engine_connection.take_notices():
            said = [f"{notice['severity']}:  {notice['message']}"]
            said += [f"{name.upper()}:  {notice[name]}" for name in ("detail", "hint") if notice[name]]
            self.notices.append("\n".join(said) + "\n")
            for handler in self._notice_handlers:
                handler(errors.Diagnostic(dict(notice)))
        del self.notices[:-_MOST_NOTICES]

    if not TYPE_CHECKING:  # or a type checker would take any name for one

        def __getattr__(self, name: str) -> Any:
            """Refuse what only the driver's own connection has; Python's own questions are plainly answered."""
            raise AttributeError(name if name.startswith("__") else errors.no_attribute("connection", name, self.flavor))

    def __enter__(self) -> Connection:  # noqa: PYI034  not made for subclassing
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Commit, or roll back after an exception; psycopg (unlike psycopg2) closes as well."""
        if kind is None:
            self.commit()
        elif self.engine_connection.is_open:
            self.rollback()
        if not self.flavor.closed_is_number:
            self.close()


def _drivers_class(flavor: Flavor) -> type[Any] | None:
    """Give the class of the named driver's connections, where its module has been imported."""
    module, _, name = flavor.connection.partition(":")
    return getattr(sys.modules.get(module), name, None)


@cache
def _class_in_flavor(flavor: Flavor) -> type[Connection]:
    """Give the one class of a flavor's connections, which says of itself that it comes from the driver's module."""
    theirs = _drivers_class(flavor)
    return Connection if theirs is None else type(theirs.__name__, (Connection,), {"__module__": theirs.__module__})
