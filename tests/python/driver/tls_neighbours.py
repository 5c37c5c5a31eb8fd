"""A process in which drivers with a TLS library of their own each live beside ours: ``tls_neighbours.py ROUNDS MODULE ...``.

It reads connect arguments as JSON from standard input, imports the modules in the given order, and in each round connects with
each of them over TLS, one after the other and then all at once in threads.
"""

from __future__ import annotations

import asyncio
import faulthandler
import importlib
import json
import socket
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_IS_ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
_REFUSED = "SELECT 1/0"
_SSL_REQUEST = struct.pack("!II", 8, 80877103)  # https://www.postgresql.org/docs/current/protocol-message-formats.html

Arguments = dict[str, Any]


def _by_dbapi(driver: Any, arguments: Arguments) -> None:
    connection = driver.connect(**arguments, sslmode="require")
    cursor = connection.cursor()
    cursor.execute(_IS_ENCRYPTED)
    assert cursor.fetchone() == (True,)
    try:
        cursor.execute(_REFUSED)
    except driver.DataError:
        connection.rollback()
    connection.close()


def _by_asyncpg(asyncpg: Any, arguments: Arguments) -> None:
    async def ask() -> None:
        given = {**arguments, "database": arguments["dbname"], "ssl": "require"}
        del given["dbname"]
        connection = await asyncpg.connect(**given)
        assert await connection.fetchval(_IS_ENCRYPTED) is True
        try:
            await connection.execute(_REFUSED)
        except asyncpg.DivisionByZeroError:
            await connection.close()

    asyncio.run(ask())


def _by_ssl(ssl: Any, arguments: Arguments) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((arguments["host"], arguments["port"])) as plain:
        plain.sendall(_SSL_REQUEST)
        assert plain.recv(1) == b"S"
        with context.wrap_socket(plain) as encrypted:
            assert encrypted.version() is not None


_CONNECT: dict[str, Callable[[Any, Arguments], None]] = {"asyncpg": _by_asyncpg, "ssl": _by_ssl}


def main() -> None:
    """Run the rounds, and say so at the end."""
    arguments: Arguments = json.load(sys.stdin)
    rounds, names = int(sys.argv[1]), sys.argv[2:]
    faulthandler.dump_traceback_later(80 + 10 * rounds, exit=True)  # says which driver waits for what
    modules = {name: importlib.import_module(name) for name in names}
    with ThreadPoolExecutor(len(names)) as pool:
        for _ in range(rounds):
            for name, module in modules.items():
                _CONNECT.get(name, _by_dbapi)(module, arguments)
            waits = [pool.submit(_CONNECT.get(name, _by_dbapi), module, arguments) for name, module in modules.items()]
            for wait in waits:
                wait.result()
    sys.stdout.write(f"{rounds} rounds\n")


if __name__ == "__main__":
    main()
