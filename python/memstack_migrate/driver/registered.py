"""What an application has registered with psycopg2 or psycopg for all connections: how types are read and written.

Only what is not the driver's own counts, such as ``register_type(DEC2FLOAT)``, ``register_default_jsonb(globally=True)``,
``register_adapter(dict, Json)``, ``psycopg.adapters.register_loader()``: the rest is read and written here in the same way.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from memstack_migrate.driver.quoting import quote, quote_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from memstack_migrate.driver.flavor import Flavor

__all__ = ["has_adapter", "literal_by_driver", "registered_load"]

# psycopg2 registers those of ranges itself, and of their arrays, under no name.
_RANGES = range(3904, 3928)

# Where psycopg2 keeps the adapters that it registers itself.
_PSYCOPG2S_OWN = frozenset({"psycopg2.extensions", "psycopg2._psycopg"})


def registered_load(flavor: Flavor, oid: int) -> Callable[[str], Any] | None:
    """Give the function that reads a type's text in the application's way, if it has one for that driver."""
    if not sys.modules.get(flavor.module):
        return None
    if flavor.module == "psycopg2":
        return _typecaster(oid)
    return _loader(oid) if flavor.module == "psycopg" else None


def has_adapter(flavor: Flavor, class_: type[Any]) -> bool:
    """Tell whether the application has a way of its own to write values of the class, for that driver."""
    if not sys.modules.get(flavor.module):
        return False
    if flavor.module == "psycopg2":
        from psycopg2.extensions import ISQLQuote, adapters

        adapter = adapters.get((class_, ISQLQuote))
        return adapter is not None and getattr(adapter, "__module__", None) not in _PSYCOPG2S_OWN
    return flavor.module == "psycopg" and _dumper_of(_psycopgs_map(), class_) is not _dumper_of(_psycopgs_own_map(), class_)


def literal_by_driver(value: Any, flavor: Flavor) -> str | None:
    """Have psycopg2 or psycopg write the value (Json, AsIs, what is registered), the URL's driver first; None if neither can."""
    asked = {"psycopg2": _by_psycopg2, "psycopg": _by_psycopg}
    for module in sorted(asked, key=lambda name: name != flavor.module):
        if sys.modules.get(module) and (literal := asked[module](value)) is not None:
            return literal
    return None


def _by_psycopg2(value: Any) -> str | None:
    from psycopg2 import ProgrammingError as NoAdapter
    from psycopg2.extensions import adapt

    try:
        adapted = adapt(value)
        return _without_connection(adapted) or adapted.getquoted().decode()
    except NoAdapter:
        return None


def _without_connection(adapted: Any) -> str | None:
    """Write what psycopg2's own adapters write right for a connection of psycopg2's only: backslashes, other alphabets."""
    from psycopg2.extensions import Binary, QuotedString
    from psycopg2.extras import Inet, Json

    if isinstance(adapted, Json):
        return quote(adapted.dumps(adapted.adapted))
    if isinstance(adapted, QuotedString):
        return quote(adapted.adapted)
    if isinstance(adapted, Binary):
        return "NULL" if adapted.adapted is None else quote_bytes(adapted.adapted)
    return f"{quote(adapted.addr)}::inet" if isinstance(adapted, Inet) else None


def _by_psycopg(value: Any) -> str | None:
    from psycopg import ProgrammingError as NoDumper
    from psycopg.sql import Literal

    try:
        return Literal(value).as_string(None)
    except NoDumper:
        return None


def _typecaster(oid: int) -> Callable[[str], Any] | None:
    from psycopg2.extensions import string_types

    typecaster = string_types.get(oid)
    if typecaster is None or oid in _RANGES or id(typecaster) in _psycopg2s_own_typecasters():
        return None
    return lambda text: typecaster(text, None)


@cache
def _psycopg2s_own_typecasters() -> frozenset[int]:
    from psycopg2 import _psycopg, extensions

    kind = type(extensions.UNICODE)
    # By identity: they equal the numbers of their types.
    return frozenset(id(value) for module in (_psycopg, extensions) for value in vars(module).values() if isinstance(value, kind))


def _loader(oid: int) -> Callable[[str], Any] | None:
    from psycopg.pq import Format

    loader = _psycopgs_map().get_loader(oid, Format.TEXT)
    is_own = loader is _psycopgs_own_map().get_loader(oid, Format.TEXT)
    # Those of arrays are made anew for each map.
    if loader is None or is_own or loader.__module__ == "psycopg.types.array":
        return None
    load = loader(oid).load
    return lambda text: load(text.encode())


def _dumper_of(adapters: Any, class_: type[Any]) -> Any:
    from psycopg import ProgrammingError
    from psycopg.adapt import PyFormat

    try:
        return adapters.get_dumper(class_, PyFormat.TEXT)
    except ProgrammingError:
        return None


def _psycopgs_map() -> Any:
    import psycopg

    return psycopg.adapters


@cache
def _psycopgs_own_map() -> Any:
    """Make the map that psycopg begins with."""
    from psycopg.adapt import AdaptersMap
    from psycopg.postgres import register_default_adapters, types

    adapters = AdaptersMap(types=types)
    register_default_adapters(adapters)
    return adapters
