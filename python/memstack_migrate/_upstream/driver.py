"""How SQLAlchemy makes an engine, and what its psycopg dialects share."""

# ruff: noqa: SLF001  the folder for private names

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from sqlalchemy import util
from sqlalchemy.dialects.postgresql import _psycopg_common
from sqlalchemy.engine import URL, Connection, Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.pool import PoolProxiedConnection

__all__ = [
    "EntrypointURL",
    "PsycopgDialect",
    "PsycopgExecutionContext",
    "UpstreamChanged",
    "choose_dialect_by",
    "class_for_asyncpgs_error",
    "initialize_dialect",
    "install_connect_hook",
    "install_engine_hook",
]


# What psycopg2's and psycopg's dialects share; the public classes of both import their drivers.
PsycopgDialect: Any = _psycopg_common._PGDialect_common_psycopg
PsycopgExecutionContext: Any = _psycopg_common._PGExecutionContext_common_psycopg


class UpstreamChanged(Exception):  # noqa: N818  it is no error of the user's
    """A private name is gone or has another signature: go the library's own way instead of guessing."""


def install_engine_hook(hook: Callable[[URL, Mapping[str, Any]], URL]) -> Callable[[], None]:
    """Have ``hook(url, keyword_arguments)`` choose the URL of every engine that is made; gives the function that undoes it.

    create_engine() calls ``URL._instantiate_plugins`` with all its keyword arguments, just before it asks the URL it gets back
    for the dialect; it is the one place that sees everything, for all four ways of making an engine.
    """
    original = URL.__dict__.get("_instantiate_plugins")
    if original is None or list(inspect.signature(original).parameters) != ["self", "kwargs"]:
        msg = "sqlalchemy.engine.URL._instantiate_plugins"
        raise UpstreamChanged(msg)

    def _instantiate_plugins(self: URL, kwargs: Mapping[str, Any]) -> Any:
        url, plugins, rest = original(self, kwargs)
        return hook(url, rest), plugins, rest

    URL._instantiate_plugins = _instantiate_plugins  # type: ignore[method-assign]

    def undo() -> None:
        # Unless somebody has put a wrapper of theirs round it meanwhile.
        if URL.__dict__["_instantiate_plugins"] is _instantiate_plugins:
            URL._instantiate_plugins = original  # type: ignore[method-assign]

    return undo


def install_connect_hook(hook: Callable[[Engine, Callable[[], Any]], Any]) -> Callable[[], None]:
    """Have ``hook(engine, connect)`` give the pooled connections of every engine; gives the function that undoes it.

    Connection takes its own from ``Engine.raw_connection``, within which the pool connects and calls its listeners.
    """
    original = Engine.raw_connection

    def raw_connection(self: Engine) -> PoolProxiedConnection:
        connection: PoolProxiedConnection = hook(self, lambda: original(self))
        return connection

    Engine.raw_connection = raw_connection  # type: ignore[method-assign]

    def undo() -> None:
        if Engine.raw_connection is raw_connection:
            Engine.raw_connection = original  # type: ignore[method-assign]

    return undo


def initialize_dialect(engine: Engine, pooled: PoolProxiedConnection) -> None:
    """Let the engine's dialect ask the server what create_engine() has it ask on the first connection."""
    connection = Connection(engine, pooled, _has_events=False, _allow_revalidate=False, _allow_autobegin=False)
    connection._execution_options = util.EMPTY_DICT
    engine.dialect.initialize(connection)
    engine.dialect.do_rollback(pooled)


def class_for_asyncpgs_error(dbapi: Any, error: BaseException) -> type[Exception]:
    """Give the class that SQLAlchemy raises for an exception of asyncpg's; ``dbapi`` is an AsyncAdapt_asyncpg_dbapi."""
    translated: dict[type[BaseException], type[Exception]] = dbapi._asyncpg_error_translate
    return next((translated[base] for base in type(error).__mro__ if base in translated), dbapi.Error)


_choose_dialect: Callable[[URL], Any] = lambda _: None  # noqa: E731


def choose_dialect_by(choose: Callable[[URL], Any]) -> None:
    """Set what an :class:`EntrypointURL` asks for its dialect class; ``None`` from it means SQLAlchemy's own."""
    global _choose_dialect
    _choose_dialect = choose


class EntrypointURL(URL):
    """A URL that equals the one it was made from and brings its own dialect."""

    __slots__ = ()

    def _get_entrypoint(self) -> Any:
        return _choose_dialect(self) or super()._get_entrypoint()
