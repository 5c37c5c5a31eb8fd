"""Each driver brings a libpq and an OpenSSL of its own: in one process with ours, and with Python's ssl, none disturbs another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from servers import Server, Source, running

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = "memstack_migrate.driver"
NEIGHBOURS = ("psycopg2", "psycopg", "asyncpg", "ssl")
PROGRAM = Path(__file__).with_name("tls_neighbours.py")

_NAMES = (OURS, *NEIGHBOURS)
#: Every order is 120 processes: asked for by hand. By itself, each is the first once, and each pair comes in both orders.
_ALL = list(permutations(_NAMES))
_FEW = [*((*_NAMES[place:], *_NAMES[:place]) for place in range(len(_NAMES))), _NAMES[::-1]]
ORDERS = _ALL if os.environ.get("MEMSTACK_IMPORT_ORDERS") == "all" else _FEW
ROUNDS = int(os.environ.get("MEMSTACK_TLS_ROUNDS", "3"))


@pytest.fixture(scope="module")
def tls_server(server_source: Source) -> Iterator[Server]:
    """A server with a self-signed certificate."""
    if server_source.programs is None:
        pytest.skip("the server of MEMSTACK_TEST_URL is not ours to configure")
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    with running(server_source) as server:
        assert server.directory is not None
        data = server.directory / "data"
        files = [data / "server.key", data / "server.crt"]
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(files[0]), "-out", str(files[1])]
        subprocess.run([openssl, "req", "-x509", "-subj", "/CN=localhost", *key], check=True, capture_output=True)
        for file in files:
            shutil.chown(file, data.owner(), data.group())
            file.chmod(0o600)
        with server.connect() as connection:
            connection.execute("ALTER SYSTEM SET ssl = on")
        server.control("restart")
        yield server


@pytest.mark.slow
@pytest.mark.timeout(100 + 20 * ROUNDS)
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_drivers_with_tls_libraries_of_their_own_in_one_process(tls_server: Server, order: tuple[str, ...]) -> None:
    arguments = {
        "host": tls_server.host,
        "port": tls_server.port,
        "user": tls_server.user,
        "password": tls_server.password,
        "dbname": "postgres",
    }
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", PROGRAM, str(ROUNDS), *order],
        check=False,
        capture_output=True,
        text=True,
        input=json.dumps(arguments),
    )
    assert (done.returncode, done.stdout) == (0, f"{ROUNDS} rounds\n"), done.stderr
