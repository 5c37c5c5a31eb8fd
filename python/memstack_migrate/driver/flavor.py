"""How the drivers that we stand in for differ in the values they give and the classes they raise."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Flavor", "flavor_of", "import_driver", "is_installed"]


@dataclass(frozen=True)
class Flavor:
    """What a driver does. The defaults are psycopg 3's."""

    driver: str
    #: The module whose exception classes ours are also instances of; "": none.
    module: str = "psycopg"
    #: The class of its connections as SQLAlchemy's engine gives them to listeners, "module:name".
    connection: str = "psycopg:Connection"
    #: bytea as memoryview (psycopg2) or bytes.
    bytea_is_memoryview: bool = False
    #: inet and cidr as objects of ``ipaddress``, or as text.
    inet_is_object: bool = True
    #: A json_deserializer of the user's gets bytes (psycopg) or str.
    json_loads_takes_bytes: bool = True
    #: timestamptz in the "session"'s zone (a ZoneInfo), with the "offset" that the server wrote, or in "utc".
    zone: Literal["session", "offset", "utc"] = "session"
    #: "infinity" and 24:00 become the nearest value, or are an error.
    clamps_infinity: bool = False
    #: hstore as dict, or as text which SQLAlchemy's type reads.
    hstore_is_dict: bool = True
    #: float4 as the nearest double, 0.10000000149011612, or as the shortest that means it, 0.1.
    float4_is_widened: bool = False
    #: uuid[], money[], bit[], xml[], multiranges and records are split, or left as text (psycopg2; uuid[] is split, since
    #: SQLAlchemy registers it).
    splits_rare_types: bool = True
    #: A list of strings has no element type of its own ('{a,b}'), so that it fits an enum array; else ARRAY['a', 'b'].
    untyped_string_lists: bool = True
    #: A float is sent as a float8 (psycopg), or is what the server takes 1.5 for, most often a numeric.
    floats_are_float8: bool = True
    #: A dict is written as JSON, an Enum as its value, and what nothing else fits as str() has it (pg8000).
    writes_anything: bool = False
    #: A transaction that a statement ended (``execute("COMMIT")``) is open to the driver until commit() or rollback(): what
    #: follows runs in none. Else the next statement begins one.
    begins_once: bool = False
    #: ``closed`` counts (0 open, 1 closed, 2 broken).
    closed_is_number: bool = False
    #: A statement of the user's own has $1 for its values, and a percent sign in it is one (asyncpg), or %s.
    numbers_placeholders: bool = False
    #: A closed cursor still tells rowcount, description and statusmessage. SQLAlchemy closes one after an INSERT before a
    #: revision asks: psycopg then says -1.
    closed_cursor_tells: bool = False
    #: Several statements in one string give their results one after the other (``nextset()``), or that of the last one only.
    gives_each_result: bool = True
    #: The text of a server's error ends as libpq ends it, with a line feed (psycopg2).
    error_ends_line: bool = False


_PSYCOPG2: dict[str, Any] = {
    "connection": "psycopg2.extensions:connection",
    "bytea_is_memoryview": True,
    "inet_is_object": False,
    "floats_are_float8": False,
    "json_loads_takes_bytes": False,
    "zone": "offset",
    "clamps_infinity": True,
    "splits_rare_types": False,
    "untyped_string_lists": False,
    "begins_once": True,
    "closed_is_number": True,
    "closed_cursor_tells": True,
    "gives_each_result": False,
    "error_ends_line": True,
}

_ASYNCPG: dict[str, Any] = {
    "module": "",
    "connection": "sqlalchemy.dialects.postgresql.asyncpg:AsyncAdapt_asyncpg_connection",
    "floats_are_float8": False,
    "json_loads_takes_bytes": False,
    "zone": "utc",
    "clamps_infinity": True,
    "hstore_is_dict": False,
    "float4_is_widened": True,
    "begins_once": True,
    "numbers_placeholders": True,
    "closed_cursor_tells": True,
    "gives_each_result": False,
}

_PG8000: dict[str, Any] = {
    "module": "",
    "connection": "pg8000.legacy:Connection",
    "writes_anything": True,
    "floats_are_float8": False,
    "json_loads_takes_bytes": False,
    "zone": "utc",
    "hstore_is_dict": False,
    "closed_cursor_tells": True,
    "gives_each_result": False,
}


def flavor_of(driver: str) -> Flavor:
    """Give the flavor of the driver that a URL names, such as ``psycopg2``; an unknown one behaves as psycopg."""
    if driver in {"psycopg2", "psycopg2cffi"}:
        return Flavor(driver, module=driver, **_PSYCOPG2)
    if driver == "asyncpg":
        return Flavor(driver, **_ASYNCPG)
    if driver == "pg8000":
        return Flavor(driver, **_PG8000)
    return Flavor(driver)


def is_installed(driver: str) -> bool:
    """Tell whether the driver that a URL names is there to be imported."""
    return importlib.util.find_spec(driver.removesuffix("_async")) is not None


@cache
def import_driver(name: str) -> ModuleType | None:
    """Give the driver's own module, or a submodule of it; nothing where it is not installed or cannot be loaded."""
    if not name:
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
