"""Connections of other drivers, and what is done on them: by an application that hands one over, or by env.py."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from databases import Database

SYNCHRONOUS = ("psycopg2", "psycopg", "pg8000")
ASYNCHRONOUS = ("asyncpg", "psycopg_async")
DRIVERS = SYNCHRONOUS + ASYNCHRONOUS

#: The recipe of Alembic's cookbook: env.py takes the connection that the application gives it.
SHARING_ENV_PY = """
from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
"""


@contextmanager
def engine_of(database: Database, driver: str, **options: Any) -> Iterator[Any]:
    """Give an engine of the driver, asynchronous where the driver is; it is disposed of in the end."""
    if driver in SYNCHRONOUS:
        engine = create_engine(database.url_for(driver), **options)
        yield engine
        engine.dispose()
    else:
        yield create_async_engine(database.url_for(driver), **options)


def on_connection(database: Database, driver: str, action: Callable[[Connection], Any], *, begins: bool, **options: Any) -> Any:
    """Return what ``action`` makes of a connection; within ``engine.begin()``, or ``engine.connect()`` without a transaction."""
    with engine_of(database, driver, **options) as engine:
        if driver in SYNCHRONOUS:
            with engine.begin() if begins else engine.connect() as connection:
                return action(connection)
        return asyncio.run(_on_async_connection(engine, action, begins=begins))


async def _on_async_connection(engine: Any, action: Callable[[Connection], Any], *, begins: bool) -> Any:
    try:
        async with engine.begin() if begins else engine.connect() as connection:
            return await connection.run_sync(action)
    finally:
        await engine.dispose()
