"""Connect arguments of the drivers as libpq parameters.

A driver's arguments are libpq's keywords and a few of its own. Those that cannot be expressed (an ``ssl.SSLContext``, a
connection class) mean that only the driver itself can open the connection: :class:`Untranslatable` names the argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from memstack_migrate._engine import is_libpq_keyword
from memstack_migrate.driver.errors import NotSupportedError

__all__ = ["Untranslatable", "libpq_parameters"]


class Untranslatable(NotSupportedError):  # noqa: N818  a reason, seldom raised to a user
    """An argument that only the named driver knows what to do with."""

    def __init__(self, driver: str, name: str) -> None:
        super().__init__(
            f"the connect argument {name!r} of {driver} has no equal in libpq: only {driver} itself can open this connection"
        )
        self.name = name


_RENAMED = {"database": "dbname", "username": "user"}

# Taken, and without meaning here: no prepared statements are kept, texts are UTF-8, rows are tuples.
_IGNORED = {
    "client_encoding",
    "autocommit",
    "prepare_threshold",
    "statement_cache_size",
    "prepared_statement_cache_size",
    "prepared_statement_name_func",
    "max_cached_statement_lifetime",
    "max_cacheable_statement_size",
    "async_fallback",
    "context",
}

Translated = list[tuple[str, str]]


def libpq_parameters(driver: str, arguments: Mapping[str, Any]) -> Translated:
    """Give libpq's parameters; raises :class:`Untranslatable` for an argument that has none."""
    parameters: Translated = []
    options: list[str] = []
    special = _SPECIAL.get(driver, {})
    for name, value in arguments.items():
        keyword = _RENAMED.get(name, name)
        if value is None or keyword in _IGNORED:
            continue
        if name in special:
            translated = special[name](value)
            if translated is None:
                raise Untranslatable(driver, name)
            options += [text for key, text in translated if key == "options"]
            parameters += [pair for pair in translated if pair[0] != "options"]
        elif keyword == "options":
            options.append(str(value))
        elif is_libpq_keyword(keyword) and isinstance(value, (str, int, float, list, tuple)):
            parameters.append((keyword, _text(value)))
        else:
            raise Untranslatable(driver, name)
    return parameters + ([("options", " ".join(options))] if options else [])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _option(name: str, value: Any) -> str:
    # https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS: spaces and backslashes are escaped
    return "-c " + f"{name}={value}".replace("\\", "\\\\").replace(" ", "\\ ")


def _server_settings(value: Any) -> Translated | None:
    return [("options", _option(name, setting)) for name, setting in value.items()] if isinstance(value, Mapping) else None


def _seconds(keyword: str) -> Callable[[Any], Translated | None]:
    return lambda value: [(keyword, str(max(2, round(float(value)))))]  # libpq takes whole seconds, and never fewer than two


def _statement_timeout(value: Any) -> Translated:
    return [("options", _option("statement_timeout", round(float(value) * 1000)))]


def _asyncpg_ssl(value: Any) -> Translated | None:
    if value is False:
        return [("sslmode", "disable")]
    # True, or an SSLContext, mean the certificates of Python's ssl module.
    return [("sslmode", value)] if isinstance(value, str) else None


def _pg8000_ssl(value: Any) -> Translated | None:
    return [("sslmode", "disable")] if value is False else None


def _unix_socket(value: Any) -> Translated:
    # pg8000 names the socket itself, /run/postgresql/.s.PGSQL.5432; libpq its directory, and the port by itself.
    directory, _, name = str(value).rpartition("/")
    port = name.rpartition(".")[2]
    return [("host", directory), *([("port", port)] if port.isdigit() else [])]


_SPECIAL: dict[str, dict[str, Callable[[Any], Translated | None]]] = {
    "asyncpg": {
        "server_settings": _server_settings,
        "timeout": _seconds("connect_timeout"),
        "command_timeout": _statement_timeout,
        "ssl": _asyncpg_ssl,
    },
    "pg8000": {
        "timeout": _seconds("connect_timeout"),
        "tcp_keepalive": lambda value: [("keepalives", "1" if value else "0")],
        "ssl_context": _pg8000_ssl,
        "unix_sock": _unix_socket,
    },
}
