"""Engines whose listeners take only the driver's own connection: the driver connects after all."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from memstack_migrate._engine import libpq_knows
from memstack_migrate.driver.arguments import Untranslatable, libpq_parameters
from memstack_migrate.driver.connection import Connection, connect
from memstack_migrate.driver.dialect import EngineDialect
from memstack_migrate.driver.flavor import flavor_of
from memstack_migrate.driver.giving_way import reason_given
from memstack_migrate.driver.redirect import redirected_engines

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database

pytestmark = [
    pytest.mark.compat,
    pytest.mark.skipif(importlib.util.find_spec("greenlet") is None, reason="SQLAlchemy's asyncio needs greenlet"),
]

_POINT = "CREATE TYPE spot AS (x int, y int)"


def _by_psycopg2(connection: Any, _record: Any) -> None:
    from psycopg2.extras import register_composite

    register_composite("spot", connection)


def _by_psycopg(connection: Any, _record: Any) -> None:
    from psycopg.types.composite import CompositeInfo, register_composite

    info = CompositeInfo.fetch(connection, "spot")
    assert info is not None
    register_composite(info, connection)


def _by_pg8000(connection: Any, _record: Any) -> None:
    connection.register_in_adapter(1700, lambda text: tuple(text.split(".")))


def _by_asyncpg(connection: Any, _record: Any) -> None:
    async def register(driver_connection: Any) -> None:
        await driver_connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=lambda text: ("read", text))

    connection.run_async(register)


_ASKED = {
    "psycopg2": (_by_psycopg2, "SELECT '(1,2)'::spot", (1, 2)),
    "psycopg": (_by_psycopg, "SELECT '(1,2)'::spot", (1, 2)),
    "pg8000": (_by_pg8000, "SELECT 1.5", ("1", "5")),
}


@pytest.mark.parametrize("driver", _ASKED)
@pytest.mark.parametrize("name", ["connect", "checkout"])
def test_a_listener_that_takes_only_the_drivers_own_connection(database: Database, driver: str, name: str) -> None:
    register, query, expected = _ASKED[driver]
    database.execute(_POINT)
    with redirected_engines():
        engine = sa.create_engine(database.url_for(driver))
        event.listen(
            engine, name, lambda connection, record, *_: register(getattr(connection, "dbapi_connection", connection), record)
        )
        # Two at once: the second one's connection is new as well.
        with engine.connect() as connection, engine.connect() as other:
            for each in (connection, other):
                assert tuple(each.execute(sa.text(query)).scalar_one()) == expected
                assert each.dialect.server_version_info is not None
                assert each.dialect.default_schema_name == "public"
    assert (engine.dialect.driver, isinstance(engine.dialect, EngineDialect)) == (driver, False)
    assert reason_given(engine.dialect).startswith("the listener ")
    assert f"{register.__name__} (test_giving_way.py:" in reason_given(engine.dialect) or "<lambda>" in reason_given(
        engine.dialect
    )
    engine.dispose()


async def _numeric_of(url: str, **arguments: Any) -> list[Any]:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, poolclass=NullPool, **arguments)
    event.listen(engine.sync_engine, "connect", _by_asyncpg)
    async with engine.connect() as connection:
        asked = "SELECT 1.5, current_setting('application_name'), current_setting('statement_timeout')"
        return list((await connection.exec_driver_sql(asked)).one())


def test_type_codecs_of_asyncpg_and_its_connect_arguments(database: Database) -> None:
    # As SQLAlchemy's documentation has it, and pgvector's.
    url = f"{database.url_for('asyncpg')}?prepared_statement_cache_size=0&command_timeout=9"
    settings = {"application_name": "of connect_args", "statement_timeout": "7s"}
    with redirected_engines():
        row = asyncio.run(_numeric_of(url, connect_args={"server_settings": settings}))
    assert row == [("read", "1.5"), "of connect_args", "7s"]


def test_what_the_server_says_in_a_listener_is_no_reason_to_connect_again(database: Database) -> None:
    asked: list[str] = []

    def become(connection: Any, _record: Any) -> None:
        asked.append("once")
        connection.cursor().execute("SET ROLE nobody_has_this_name")

    with redirected_engines():
        engine = sa.create_engine(database.url_for("psycopg"), poolclass=NullPool)
        event.listen(engine, "connect", become)
        with pytest.raises(sa.exc.DBAPIError, match="nobody_has_this_name"):
            engine.connect()
    assert asked == ["once"]
    assert isinstance(engine.dialect, EngineDialect)


def test_the_second_connection_of_a_do_connect_listener(database: Database) -> None:
    import psycopg

    connect: Callable[..., Any] = lambda *_: psycopg.connect(database.url)  # noqa: E731
    with redirected_engines():
        engine = sa.create_engine(database.url_for("psycopg"), poolclass=NullPool)
        event.listen(engine, "do_connect", connect)
        for _ in range(2):
            with engine.connect() as connection:
                assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1
    assert "do_connect" in reason_given(engine.dialect)


def test_a_do_connect_listener_that_adds_what_only_the_driver_takes(database: Database) -> None:
    import psycopg

    def add(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters["cursor_factory"] = psycopg.ClientCursor

    with redirected_engines():
        engine = sa.create_engine(database.url_for("psycopg"), poolclass=NullPool)
        event.listen(engine, "do_connect", add)
        with engine.connect() as connection:
            cursor: Any = connection.connection.cursor()
            assert isinstance(cursor, psycopg.ClientCursor)
            assert connection.dialect.server_version_info is not None
    assert "a listener for do_connect: the connect argument 'cursor_factory'" in reason_given(engine.dialect)


def test_an_argument_of_a_newer_libpq_than_ours_is_left_to_the_driver() -> None:
    newer = [name for name in ("require_auth", "sslnegotiation", "oauth_scope") if not libpq_knows(name)]
    for name in newer:
        with pytest.raises(Untranslatable, match="of a newer libpq than the engine's"):
            libpq_parameters("psycopg", {name: "x"})
    assert libpq_parameters("psycopg", {"host": "x"}) == [("host", "x")]


@pytest.mark.parametrize("name", ["psycopg2", "psycopg", "asyncpg", "pg8000"])
def test_a_listener_that_asks_for_the_class_of_the_connection(arguments: dict[str, Any], name: str) -> None:
    """It did nothing, and said nothing: tables had the wrong owner."""
    module, _, class_name = flavor_of(name).connection.partition(":")
    theirs = getattr(importlib.import_module(module), class_name)
    with connect(driver=name, **arguments) as connection:
        given: Any = connection
        assert isinstance(given, theirs)
        assert isinstance(given, Connection)
        assert given.__class__.__module__ == theirs.__module__
