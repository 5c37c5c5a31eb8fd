"""SQLAlchemy's pytest plugin, pointed at throw-away servers and at the engine's dialects.

The dialects are registered in this process alone, under the names of the drivers that they stand in for.
"""

from __future__ import annotations

import importlib
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.dialects import registry

from memstack_migrate.driver.dialect import EngineDialect, default_driver
from servers import find_sources, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servers import Server, Source

# Before anything imports it: the suite's own assertions explain themselves, too.
pytest.register_assert_rewrite("sqlalchemy.testing.assertions")
pytest_plugins = ["sqlalchemy.testing.plugin.pytestplugin"]

DRIVERS = ("psycopg2", "psycopg", "psycopg_async", "asyncpg")
SERVERS = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--driver", action="append", choices=DRIVERS, help="in place of this driver only; may be repeated")
    parser.addoption("--major", action="append", type=int, help="on this PostgreSQL, not the first found; may be repeated")
    parser.addoption("--every-major", action="store_true", help="on each PostgreSQL that was found")
    parser.addoption(
        "--sqlalchemys-own", action="store_true", help="SQLAlchemy's own dialects and their drivers, to compare with"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--sqlalchemys-own"):
        for driver in DRIVERS:
            registry.register(f"postgresql.{driver}", "compliance.dialects", driver)
        # Of several drivers the default one gets all tests, the others those that are about drivers.
        registry.register("postgresql", "compliance.dialects", default_driver())
    if hasattr(config, "workerinput"):
        config.option.dburi = config.workerinput["addresses"]
    elif config.option.dburi is None:
        # As by Ctrl-C: the servers are stopped, which would outlive a run that `timeout` has ended.
        signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated", returncode=128 + signal.SIGTERM))
        config.option.dburi = _addresses(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist which servers this process has started."""
    node.workerinput["addresses"] = node.config.option.dburi


def _addresses(config: pytest.Config) -> list[str]:
    stack = config.stash[SERVERS] = ExitStack()
    drivers = config.getoption("--driver") or DRIVERS
    databases = [_make_database(stack, stack.enter_context(running(source))) for source in _sources(config)]
    return [server.url(name, driver) for server, name in databases for driver in drivers]


def _sources(config: pytest.Config) -> list[Source]:
    found = find_sources()
    majors = config.getoption("--major") or [source.major for source in found[: None if config.getoption("--every-major") else 1]]
    chosen = [source for source in found if source.major in majors]
    if not chosen or len(chosen) < len(majors):
        raise pytest.UsageError(f"no such PostgreSQL; there is {', '.join(map(str, found)) or 'none'}")
    return chosen


def _make_database(stack: ExitStack, server: Server) -> tuple[Server, str]:
    """Make what the suite wants to find; each worker's database is a copy of it."""
    name = server.create_database()
    stack.callback(server.drop_database, name)
    with server.connect(name) as connection:
        connection.execute("CREATE SCHEMA test_schema; CREATE SCHEMA test_schema_2")
    return server, name


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    _bring_provisioning()
    yield  # the plugin makes the engines
    from sqlalchemy.testing.config import Config

    are_ours = {isinstance(config.db.dialect, EngineDialect) for config in Config.all_configs()}
    if are_ours != {not session.config.getoption("--sqlalchemys-own")}:
        raise pytest.UsageError("the engines have not got the dialects that are to be tested")


def _bring_provisioning() -> None:
    """Load what a dialect of SQLAlchemy's own has beside it for its tests."""
    importlib.import_module("sqlalchemy.dialects.postgresql.provision")
    from sqlalchemy.testing.provision import post_configure_engine

    @post_configure_engine.for_db("postgresql")  # type: ignore[untyped-decorator]
    def without_extensions(*_: Any) -> None:
        """Make none of the extensions that SQLAlchemy's other tests need; not every server has them."""


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        config.stash[SERVERS].close()
