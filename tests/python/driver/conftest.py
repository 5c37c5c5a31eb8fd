"""Connections to one fresh database, by our driver in a flavor and by the real driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import psycopg2
import psycopg2.extras
import pytest

from memstack_migrate import driver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from databases import Database


@pytest.fixture(params=["psycopg2", "psycopg"])
def flavor(request: pytest.FixtureRequest) -> str:
    """The driver that ours stands in for."""
    return str(request.param)


@pytest.fixture
def arguments(database: Database) -> dict[str, Any]:
    """Connect arguments that both psycopg drivers take."""
    server = database.server
    return {"host": server.host, "port": server.port, "user": server.user, "password": server.password, "dbname": database.name}


@pytest.fixture
def ours(arguments: dict[str, Any], flavor: str) -> Iterator[driver.Connection]:
    connection = driver.connect(driver=flavor, **arguments)
    yield connection
    connection.close()


@pytest.fixture
def theirs(arguments: dict[str, Any], flavor: str) -> Iterator[Any]:
    """The real driver's connection, set up as SQLAlchemy sets it up."""
    connection: Any
    if flavor == "psycopg2":
        connection = psycopg2.connect(**arguments)
        psycopg2.extras.register_uuid(None, connection)
    else:
        connection = psycopg.connect(**arguments)
    yield connection
    connection.close()


@pytest.fixture
def url(database: Database, flavor: str) -> str:
    return database.url_for(flavor)
