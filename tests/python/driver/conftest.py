"""A throw-away PostgreSQL for the driver's tests, and connections to a fresh database by ours and by the real drivers."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from memstack_migrate import _engine, driver

psycopg = pytest.importorskip("psycopg")
psycopg2 = pytest.importorskip("psycopg2")

_numbers = itertools.count(1)


def _command(*words: str) -> list[str]:
    if os.geteuid() != 0:
        return list(words)
    account = pwd.getpwnam("postgres")
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", *words]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[dict[str, Any]]:
    """Connect arguments of a superuser."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    directory = tempfile.mkdtemp(prefix="memstack-driver-")
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres")
    data = f"{directory}/data"
    port = _free_port()
    initdb = _command(f"{binaries}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    subprocess.run(initdb, check=True, capture_output=True, cwd="/")
    options = f"-p {port} -k {directory} -c listen_addresses=127.0.0.1 -c fsync=off -c max_prepared_transactions=5"
    control = _command(f"{binaries}/pg_ctl", "-D", data, "-w", "-l", f"{directory}/server.log")
    subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd="/")
    try:
        yield {"host": directory, "port": port, "user": "postgres"}
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")
        shutil.rmtree(directory, ignore_errors=True)


def _execute(server: dict[str, Any], sql: str) -> None:
    parameters = [(name, str(value)) for name, value in server.items()] + [("dbname", "postgres")]
    connection = _engine.Connection.open(parameters)
    connection.execute(sql)
    connection.close()


@pytest.fixture
def database(server: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Connect arguments of a fresh database."""
    name = f"driver_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name}")
    yield {**server, "dbname": name}
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["psycopg2", "psycopg"])
def flavor_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


Connect = Callable[[], Any]


@pytest.fixture
def ours(database: dict[str, Any], flavor_name: str) -> Iterator[driver.Connection]:
    connection = driver.connect(driver=flavor_name, **database)
    yield connection
    connection.close()


@pytest.fixture
def theirs(database: dict[str, Any], flavor_name: str) -> Iterator[Any]:
    """The real driver's connection, set up as SQLAlchemy sets it up."""
    if flavor_name == "psycopg2":
        connection = psycopg2.connect(**database)
        from psycopg2.extras import register_uuid

        register_uuid(None, connection)
    else:
        connection = psycopg.connect(**database, cursor_factory=psycopg.ClientCursor)
    yield connection
    connection.close()


@pytest.fixture
def url(database: dict[str, Any], flavor_name: str) -> str:
    return f"postgresql+{flavor_name}://{database['user']}@/{database['dbname']}?host={database['host']}&port={database['port']}"
