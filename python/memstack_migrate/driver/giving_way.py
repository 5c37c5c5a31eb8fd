"""An engine that got the engine's own dialect, and turns out to need its own driver when it connects.

A ``do_connect`` listener may make the connection itself; a ``connect`` or ``checkout`` listener may hand the connection to
something that takes only the driver's own: pgvector's ``register_vector``, psycopg2's ``register_composite``, asyncpg's codecs.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import registry

from memstack_migrate import _upstream
from memstack_migrate.driver.arguments import Untranslatable
from memstack_migrate.driver.errors import Error as DriverError
from memstack_migrate.driver.errors import is_drivers_own
from memstack_migrate.driver.flavor import is_installed
from memstack_migrate.errors import make_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from sqlalchemy import Engine
    from sqlalchemy.pool import PoolProxiedConnection

    from memstack_migrate.driver.dialect import EngineDialect

__all__ = ["LISTENER_CONNECTS", "connect_or_give_way", "give_way", "prepare_as_driver", "reason_given"]

# Two threads may connect by the same engine at once.
_giving_way = threading.Lock()

LISTENER_CONNECTS = "a listener for do_connect makes the connections itself"

#: What Python and our driver raise for a name or a type that only the driver's own connection has.
_ANOTHER_KIND = (AttributeError, TypeError, NotImplementedError)


def give_way(dialect: EngineDialect, reason: str) -> None:
    """Turn the dialect into the named driver's own: the engine has this very object, and its listeners are on it."""
    with _giving_way:
        if not reason_given(dialect):
            _become_drivers_own(dialect, reason)


def _become_drivers_own(dialect: EngineDialect, reason: str) -> None:
    class_ = registry.load(f"postgresql.{dialect.driver}")
    if dialect.is_async:
        class_ = class_.get_async_dialect_cls(None)
    own = class_(**{**dialect.keywords, "dbapi": class_.import_dbapi()})
    # What create_engine() goes on connecting with is in our words.
    own.connect = _connect_in_own_words(own, dialect)
    # Whatever it remembers but for its listeners is ours.
    attributes = dialect.__dict__
    listeners = {name: value for name, value in attributes.items() if name in {"dispatch", "_has_events"}}
    dialect.__class__ = type(own)
    attributes.clear()
    attributes.update({**vars(own), **listeners, "gave_way_because": reason})


def reason_given(dialect: Any) -> str:
    """Say why the dialect gave way; "" where it did not."""
    reason: str = vars(dialect).get("gave_way_because", "")
    return reason


def prepare_as_driver(dialect: Any, connection: Any) -> None:
    """Do with a new connection what the dialect that took our place does with it."""
    prepare = dialect.on_connect()
    if prepare is not None:
        prepare(connection)


def connect_or_give_way(engine: Engine, connect: Callable[[], PoolProxiedConnection]) -> PoolProxiedConnection:
    """Connect; where a listener cannot do with our connection what it does, connect again by the driver that the URL names.

    Raises EnvironmentError, naming the listener, where that driver is not installed.
    """
    from memstack_migrate.driver.dialect import EngineDialect

    dialect = engine.dialect
    if not isinstance(dialect, EngineDialect):
        return connect()
    try:
        return connect()
    except Exception as error:
        if is_drivers_own(error, dialect.flavor):
            give_way(dialect, LISTENER_CONNECTS)  # SQLAlchemy wraps the errors of the driver that its dialect has
            raise
        reason = _reason_in(error)
        if not reason:
            raise
        if not is_installed(dialect.driver):
            message = f"{reason}; {dialect.driver} is not installed"
            hint = f"install {dialect.driver}, or leave that away: then no driver is needed"
            raise make_error("environment", message, hint=hint) from error
        give_way(dialect, reason)
    connection = connect()
    _upstream.initialize_dialect(engine, connection)
    return connection


def _reason_in(error: Exception) -> str:
    """Say what takes the driver's own connection, if that is why the exception was raised."""
    if isinstance(error, Untranslatable):
        return f"a listener for do_connect: {error}"  # of create_engine()'s arguments it was known before
    listener = _listener_that_failed(error)
    return f"the listener {listener} takes no connection but the driver's own: {error}" if listener else ""


def _connect_in_own_words(own: Any, ours: EngineDialect) -> Callable[..., Any]:
    connect = own.connect
    if ours.url is None:
        return connect  # type: ignore[no-any-return]
    _, in_our_words = ours.create_connect_args(ours.url)
    positional, in_own_words = own.create_connect_args(ours.url)

    def connect_translated(*_arguments: Any, **keywords: Any) -> Any:
        return connect(*positional, **{**in_own_words, **_without(keywords, in_our_words)})

    return connect_translated


def _without(keywords: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in keywords.items() if name not in known or known[name] != value}


def _listener_that_failed(error: Exception) -> str | None:
    """Name the pool's listener out of which the exception came, if it came because of the connection's kind."""
    if isinstance(error, DriverError):
        if error.sqlstate is not None:
            return None  # the server's word, which another driver would hear as well
    elif not isinstance(error, _ANOTHER_KIND):
        return None
    in_pool = False
    frame: TracebackType | None = error.__traceback__
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "")
        in_pool = in_pool or module.startswith("sqlalchemy.pool.")
        if in_pool and not module.startswith("sqlalchemy."):
            code = frame.tb_frame.f_code
            is_ours = module.startswith("memstack_migrate.")
            return None if is_ours else f"{code.co_name} ({Path(code.co_filename).name}:{frame.tb_lineno})"
        if module == "sqlalchemy.engine.create" and in_pool:
            return None  # it makes the connection, or a listener for do_connect
        frame = frame.tb_next
    return None
