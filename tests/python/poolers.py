"""PgBouncer in front of a server of the tests."""

from __future__ import annotations

import dataclasses
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from databases import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONFIGURATION = """
[databases]
* = host={host} port={port} user={user} password='{password}'

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
ignore_startup_parameters = {ignored}
"""


def _program() -> str:
    # Debian has it where only an administrator's PATH leads.
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    assert found, "pgbouncer is not installed"
    return found


@contextmanager
def pgbouncer(
    database: Database, folder: Path, *, mode: str, size: int = 4, ignored: str = "extra_float_digits,options"
) -> Iterator[Database]:
    """Give the database as it is reached through a PgBouncer of its own; ``mode``: "transaction" or "session".

    ``ignored`` are the parameters of a session's start that it passes over; others than those it knows it refuses.
    """
    server = database.server
    own_port = _free_port()
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        _CONFIGURATION.format(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            own_port=own_port,
            mode=mode,
            size=size,
            ignored=ignored,
        )
    )
    # As root it refuses to run but as somebody else.
    as_somebody = ["-u", "postgres"] if os.geteuid() == 0 else []
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([_program(), *as_somebody, str(configuration)], stderr=log)
    try:
        _wait_for(own_port, process)
        yield Database(dataclasses.replace(server, host="127.0.0.1", port=own_port), database.name)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"pgbouncer ended with {process.returncode}: see its log in the test's folder")
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("pgbouncer does not listen")
