"""SQLAlchemy's dialect on the engine's driver, under the driver name that the URL has, sync and async.

Derived from what psycopg2's and psycopg's dialects share. Statements are rendered without the casts that psycopg's server-side
binding needs, since values are literals here; values come and go as the named driver's dialect has them (``flavor.py``).
"""

from __future__ import annotations

import contextlib
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import types as sqltypes
from sqlalchemy import util
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import ranges
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import await_only

from memstack_migrate import driver
from memstack_migrate._upstream import PsycopgDialect, PsycopgExecutionContext
from memstack_migrate.driver.connection import IDLE, Connection, connect
from memstack_migrate.driver.errors import Diagnostic
from memstack_migrate.driver.errors import Error as DriverError
from memstack_migrate.driver.flavor import Flavor, flavor_of, import_driver
from memstack_migrate.driver.giving_way import LISTENER_CONNECTS, give_way, prepare_as_driver, reason_given

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import URL

__all__ = ["EngineDialect", "default_driver", "dialect_class"]

# psycopg2's and psycopg's dialects log notices there; existing logging configurations name it.
_notice_log = logging.getLogger("sqlalchemy.dialects.postgresql")

_FIND_HSTORE = (
    "SELECT t.oid, t.typarray FROM pg_catalog.pg_type t JOIN pg_catalog.pg_extension e ON e.extname = 'hstore' "
    "JOIN pg_catalog.pg_depend d ON d.objid = t.oid AND d.refobjid = e.oid "
    "AND d.refclassid = 'pg_catalog.pg_extension'::regclass WHERE t.typname = 'hstore'"
)


class _JSONResult:
    """The driver has read the value already, in plain SQL as well: SQLAlchemy has each of the named drivers do that."""

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None


class _JSON(_JSONResult, pg.JSON):
    pass


class _JSONB(_JSONResult, pg.JSONB):
    pass


def _to_range(value: Any) -> Any:
    if value is None or isinstance(value, ranges.Range):
        return value
    bounds = value._bounds  # noqa: SLF001  psycopg2's classes have no accessor for it
    return ranges.Range(value.lower, value.upper, bounds=bounds or "[)", empty=not bounds)


class _Range(ranges.AbstractSingleRangeImpl):  # type: ignore[type-arg]  # it takes none at run time in 2.0
    def bind_processor(self, dialect: Any) -> None:
        return None

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], Any]:
        return _to_range


class _MultiRange(ranges.AbstractMultiRangeImpl):  # type: ignore[type-arg]
    def bind_processor(self, dialect: Any) -> Callable[[Any], Any]:
        def to_multirange(value: Any) -> Any:
            return value if value is None or isinstance(value, str) else ranges.MultiRange(value)

        return to_multirange

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], Any]:
        def from_multirange(value: Any) -> Any:
            # Text where the named driver leaves it as text (psycopg2).
            return value if value is None or isinstance(value, str) else ranges.MultiRange(map(_to_range, value))

        return from_multirange


class _String(sqltypes.String):
    pass


class _CHAR(sqltypes.CHAR):
    pass


class _DateTime(sqltypes.DateTime):
    pass


class _Time(sqltypes.Time):
    pass


class _LargeBinary(sqltypes.LargeBinary):
    pass


# The named dialects' own types change what type_descriptor() makes of a subclass, and with it the column that a TypeDecorator
# asks for: TEXT() becomes VARCHAR for psycopg, and stays TEXT for psycopg2.
_GENERALISED = {sqltypes.String: _String, pg.CITEXT: pg.CITEXT, sqltypes.DateTime: _DateTime, sqltypes.Time: _Time}
_GENERALISED_BY: dict[str, dict[type[Any], type[Any]]] = {
    "psycopg2": {},
    "psycopg2cffi": {},
    "asyncpg": {**_GENERALISED, sqltypes.CHAR: _CHAR, sqltypes.LargeBinary: _LargeBinary},
}


class DriverModule:
    """What ``dialect.dbapi`` is: the module ``driver``, with the exception classes of a flavor."""

    def __init__(self, flavor: Flavor) -> None:
        self._flavor = flavor

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            # Imported only if somebody asks: that takes a tenth of a whole run.
            return getattr(import_driver(self._flavor.module), name, "0")
        return getattr(driver, name)

    def connect(self, *_arguments: Any, **keywords: Any) -> Connection:
        return connect(driver=self._flavor.driver, **keywords)


class EngineDialect(PsycopgDialect):  # type: ignore[misc]
    """The base of the classes that :func:`dialect_class` makes; each of those has a ``flavor`` and a ``driver``."""

    supports_statement_cache = True
    supports_server_side_cursors = True
    supports_sane_multi_rowcount = True
    use_insertmanyvalues_wo_returning = True
    supports_native_json_deserialization = True
    dialect_injects_custom_json_deserializer = True
    execution_ctx_cls = PsycopgExecutionContext
    flavor: Flavor

    colspecs = util.update_copy(
        PsycopgDialect.colspecs,
        {
            sqltypes.JSON: _JSON,
            pg.JSON: _JSON,
            pg.JSONB: _JSONB,
            ranges.AbstractSingleRange: _Range,
            ranges.AbstractMultiRange: _MultiRange,
        },
    )

    def __init__(self, **keywords: Any) -> None:
        #: What the dialect was made with, and for which address.
        self.keywords = dict(keywords)
        self.url: URL | None = None
        for name in _OTHER_DIALECTS_ARGUMENTS:
            keywords.pop(name, None)
        super().__init__(**keywords)

    @classmethod
    def import_dbapi(cls) -> Any:
        return DriverModule(cls.flavor)

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[EngineDialect]:
        return dialect_class(cls.driver, AsyncEngineDialect)

    def get_driver_connection(self, connection: Any) -> Any:
        return connection

    def create_connect_args(self, url: Any) -> Any:
        self.url = url
        # In the named driver's own words, as do_connect listeners expect them; driver.arguments translates them at the end.
        _, arguments = super().create_connect_args(url)
        if self.flavor.driver in {"asyncpg", "pg8000"} and "dbname" in arguments:
            arguments["database"] = arguments.pop("dbname")
        return [], arguments

    def on_connect(self) -> Callable[[Any], None]:
        def prepare(connection: Any) -> None:
            if not reason_given(self) and not isinstance(connection, Connection):
                give_way(self, LISTENER_CONNECTS)
            if reason_given(self):
                prepare_as_driver(self, connection)
                return
            connection.add_notice_handler(_log_notice)
            if self._json_deserializer is not None:
                connection.types.json_loads = _reader(self._json_deserializer, self.flavor)
            if self._native_inet_types is False:
                connection.types.inet_is_object = False
            if self.use_native_hstore and self.flavor.hstore_is_dict:
                _register_hstore(connection)

        return prepare

    def initialize(self, connection: Any) -> None:
        super().initialize(connection)
        self._has_native_hstore = self.use_native_hstore and connection.connection.dbapi_connection.adapter.has_hstore

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        if self.flavor.numbers_placeholders and not parameters and context is not None and context.compiled is None:
            # Of exec_driver_sql(): only what SQLAlchemy compiles has its percent signs doubled.
            parameters = None
        cursor.execute(statement, parameters)

    def set_isolation_level(self, dbapi_connection: Connection, level: str) -> None:
        dbapi_connection.set_isolation_level(level)

    def get_isolation_level(self, dbapi_connection: Connection) -> Any:
        was_idle = dbapi_connection.get_transaction_status() == IDLE
        level = super().get_isolation_level(dbapi_connection)
        if was_idle:
            dbapi_connection.rollback()
        return level

    def set_readonly(self, connection: Connection, value: bool) -> None:
        connection.readonly = value

    def get_readonly(self, connection: Connection) -> bool | None:
        return connection.readonly

    def set_deferrable(self, connection: Connection, value: bool) -> None:
        connection.deferrable = value

    def get_deferrable(self, connection: Connection) -> bool | None:
        return connection.deferrable

    def is_disconnect(self, e: Exception, connection: Any, cursor: Any) -> bool:
        if not isinstance(e, DriverError):
            return False
        return connection is not None and bool(connection.closed)

    def _twophase_idle_check(self, dbapi_conn: Connection) -> bool:
        return dbapi_conn.get_transaction_status() == IDLE


class AsyncEngineDialect(EngineDialect):
    """For AsyncEngine. Nothing of ours awaits: a statement blocks the loop that env.py runs for itself."""

    supports_statement_cache = True
    is_async = True

    @classmethod
    def get_pool_class(cls, url: Any) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        _await_nothing()
        super().do_execute(cursor, statement, parameters, context)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        _await_nothing()
        super().do_executemany(cursor, statement, parameters, context)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        _await_nothing()
        super().do_execute_no_params(cursor, statement, context)


class EitherWayDialect(AsyncEngineDialect):
    """For create_engine() with the URL of an asynchronous driver: the engine serves as it is, and within AsyncEngine.

    AsyncEngine asks the dialect whether it is asynchronous; were it so from the start, the pool would need a greenlet.
    """

    supports_statement_cache = True
    is_async = False

    @classmethod
    def get_pool_class(cls, url: Any) -> type[Pool]:
        pool: type[Pool] = EngineDialect.get_pool_class(url)
        return pool

    @classmethod
    def engine_created(cls, engine: Any) -> None:
        engine.dialect.is_async = True


async def _nothing() -> None:
    pass


def _await_nothing() -> None:
    # AsyncConnection refuses a driver that awaited nothing while it executed.
    with contextlib.suppress(MissingGreenlet):
        await_only(_nothing())


def _reader(deserialize: Callable[[Any], Any], flavor: Flavor) -> Callable[[str], Any]:
    if not flavor.json_loads_takes_bytes:
        return deserialize
    return lambda text: deserialize(text.encode())


# Arguments of create_engine() that only the named driver's dialect takes, and that change nothing here.
_OTHER_DIALECTS_ARGUMENTS = ("executemany_mode", "executemany_batch_page_size")


def _log_notice(notice: Diagnostic) -> None:
    _notice_log.info("%s: %s", notice.severity, notice.message_primary)


def _register_hstore(connection: Connection) -> None:
    engine_connection = connection.engine_connection
    result = connection.call(lambda: engine_connection.execute_outside_transaction(_FIND_HSTORE))
    for oid, array_oid in result.rows(0, 1):
        connection.types.register_hstore(int(oid or 0), int(array_oid or 0))
        connection.adapter.has_hstore = True


def default_driver() -> str:
    """Give the driver that ``postgresql://`` means to the installed SQLAlchemy."""
    return "psycopg2" if sa.__version__.startswith("2.0") else "psycopg"


@cache
def dialect_class(driver_name: str, base: type[EngineDialect] = EngineDialect) -> type[EngineDialect]:
    """Give the dialect that answers to the name of a driver, a subclass of ``base``."""
    flavor = flavor_of(driver_name.removesuffix("_async"))
    body = {
        "driver": driver_name.removesuffix("_async"),
        "flavor": flavor,
        "supports_sane_multi_rowcount": flavor.driver != "asyncpg",
        "returns_native_bytes": not flavor.bytea_is_memoryview,
        "colspecs": {**EngineDialect.colspecs, **_GENERALISED_BY.get(flavor.driver, _GENERALISED)},
        # SQLAlchemy looks for both in the class itself.
        "supports_statement_cache": True,
        "import_dbapi": classmethod(lambda cls: DriverModule(cls.flavor)),
        "__init__": _init_with_own_arguments,
        "__doc__": f"The engine's dialect in place of {driver_name}'s.",
    }
    return type(f"{base.__name__}_{driver_name}", (base,), body)


def _init_with_own_arguments(
    self: Any,
    executemany_mode: Any = None,  # noqa: ARG001
    executemany_batch_page_size: Any = None,  # noqa: ARG001
    **keywords: Any,
) -> None:
    # The names are read by create_engine(), which hands a dialect only the arguments that its __init__ names.
    EngineDialect.__init__(self, **keywords)
