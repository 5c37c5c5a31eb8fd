"""Connect arguments of the drivers as libpq parameters.

A driver's arguments are libpq's keywords and a few of its own. Those that cannot be expressed (an ``ssl.SSLContext``, a
connection class) mean that only the driver itself can open the connection: :class:`Untranslatable` names the argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from memstack_migrate._engine import is_libpq_keyword, libpq_knows
from memstack_migrate.driver.errors import NotSupportedError

__all__ = ["Untranslatable", "libpq_parameters", "settings_after_connecting"]


class Untranslatable(NotSupportedError):  # noqa: N818  a reason, seldom raised to a user
    """An argument that only the named driver knows what to do with."""

    def __init__(self, driver: str, name: str) -> None:
        why = "is of a newer libpq than the engine's" if is_libpq_keyword(name) else "has no equal in libpq"
        super().__init__(f"the connect argument {name!r} of {driver} {why}: only {driver} itself can open this connection")
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
        elif is_libpq_keyword(keyword) and libpq_knows(keyword) and isinstance(value, (str, int, float, list, tuple)):
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
    if not isinstance(value, Mapping):
        return None
    # A parameter of its own for libpq, which poolers take, too.
    return [
        (name, str(setting)) if name == "application_name" else ("options", _option(name, setting))
        for name, setting in value.items()
    ]


def settings_after_connecting(driver: str, arguments: Mapping[str, Any]) -> dict[str, str] | None:
    """Give what to set once connected, where a pooler takes no ``options`` at the start; None: there is no such way.

    asyncpg sends each of its ``server_settings`` as a parameter, of which PgBouncer takes those that it keeps for its clients;
    ``command_timeout`` it does not send at all. https://www.pgbouncer.org/config.html#ignore_startup_parameters
    """
    settings = {
        name: str(value) for name, value in (arguments.get("server_settings") or {}).items() if name != "application_name"
    }
    is_kept = all(name.lower() in _KEPT_BY_POOLERS for name in settings)
    return settings if driver == "asyncpg" and is_kept and "options" not in arguments else None


_KEPT_BY_POOLERS = frozenset({"client_encoding", "datestyle", "timezone", "standard_conforming_strings"})


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
