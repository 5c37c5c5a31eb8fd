"""The server's text values as Python values, by type OID, in the flavor of the named driver."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import struct
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from memstack_migrate.driver import oids
from memstack_migrate.driver.arrays import parse_array, parse_record
from memstack_migrate.driver.flavor import Flavor, import_driver
from memstack_migrate.driver.hstore import parse_hstore
from memstack_migrate.driver.ranges import parse_multirange, parse_range, range_class
from memstack_migrate.driver.registered import registered_load
from memstack_migrate.driver.temporal import TemporalLoader, parse_interval, zone_of

__all__ = ["Load", "TypeLoader"]

Load = Callable[[str], Any]


def _bool(text: str) -> bool:
    return text == "t"


def _bytea(text: str) -> bytes:
    if text.startswith("\\x"):
        return bytes.fromhex(text[2:])
    # Where bytea_output is set to "escape".
    return bytes(text, "latin-1").decode("unicode_escape").encode("latin-1") if "\\" in text else text.encode()


def _widened_float4(text: str) -> float:
    return float(struct.unpack("f", struct.pack("f", float(text)))[0])


def _inet(text: str) -> Any:
    return ipaddress.ip_interface(text) if "/" in text else ipaddress.ip_address(text)


class TypeLoader:
    """Gives the function that reads a type's values; one per connection.

    ``json_loads`` may be replaced (SQLAlchemy's json_deserializer), ``inet_is_object`` too (native_inet_types).
    """

    def __init__(self, flavor: Flavor, zone: Callable[[], str]) -> None:
        self._flavor = flavor
        self._zone = zone
        self.json_loads: Load = json.loads
        self.inet_is_object = flavor.inet_is_object
        self._hstore: frozenset[int] = frozenset()
        self._hstore_arrays: frozenset[int] = frozenset()

    def register_hstore(self, oid: int, array_oid: int) -> None:
        """Read values of the extension's type as dicts from now on."""
        self._hstore = frozenset({oid})
        self._hstore_arrays = frozenset({array_oid})

    def load_of(self, oid: int) -> Load | None:
        """Give the function for a type; nothing: its values stay text."""
        is_given = oid in {oids.JSON, oids.JSONB} and self.json_loads is not json.loads
        registered = None if is_given else registered_load(self._flavor, oid)
        return registered or self._own_load_of(oid)

    def _own_load_of(self, oid: int) -> Load | None:
        element = oids.ARRAY_ELEMENTS.get(oid)
        if element is None and self._flavor.splits_rare_types:
            element = oids.RARE_ARRAY_ELEMENTS.get(oid)
        if element is not None:
            load = self.load_of(element) or str
            return lambda text: parse_array(text, load, ";" if oid == oids.BOX_ARRAY else ",")
        if oid in oids.RANGE_ELEMENTS:
            return self._range(oid)
        if oid in oids.MULTIRANGE_RANGES and self._flavor.splits_rare_types:
            return self._multirange(oid)
        if oid in self._hstore:
            return parse_hstore
        if oid in self._hstore_arrays:
            return lambda text: parse_array(text, parse_hstore)
        return self._simple(oid)

    def _simple(self, oid: int) -> Load | None:  # noqa: PLR0911  a table of cases
        if oid == oids.FLOAT4 and self._flavor.float4_is_widened:
            return _widened_float4
        if oid in _PLAIN:
            return _PLAIN[oid]
        if oid in {oids.DATE, oids.TIME, oids.TIMETZ, oids.TIMESTAMP, oids.TIMESTAMPTZ}:
            return self._temporal(oid)
        if oid == oids.BYTEA:
            return (lambda text: memoryview(_bytea(text))) if self._flavor.bytea_is_memoryview else _bytea
        if oid in {oids.JSON, oids.JSONB}:
            return self.json_loads
        if oid in {oids.INET, oids.CIDR} and self.inet_is_object:
            return _inet if oid == oids.INET else ipaddress.ip_network
        if oid == oids.RECORD and self._flavor.splits_rare_types:
            return parse_record
        return None

    def _temporal(self, oid: int) -> Load:
        zone = None
        if oid == oids.TIMESTAMPTZ and self._flavor.zone != "offset":
            zone = zone_of(self._zone()) if self._flavor.zone == "session" else dt.timezone.utc
        loader = TemporalLoader(clamps=self._flavor.clamps_infinity, zone=zone)
        return {
            oids.DATE: loader.date,
            oids.TIME: loader.time,
            oids.TIMETZ: loader.time,
            oids.TIMESTAMP: loader.timestamp,
            oids.TIMESTAMPTZ: loader.timestamptz,
        }[oid]

    def _range(self, oid: int) -> Load:
        load = self.load_of(oids.RANGE_ELEMENTS[oid]) or str
        make = range_class(self._flavor, oid)
        return lambda text: parse_range(text, load, make)

    def _multirange(self, oid: int) -> Load:
        range_oid = oids.MULTIRANGE_RANGES[oid]
        load = self.load_of(oids.RANGE_ELEMENTS[range_oid]) or str
        make = range_class(self._flavor, range_oid)
        module = import_driver("psycopg.types.multirange") if self._flavor.module == "psycopg" else None
        collect: Callable[[list[Any]], Any] = list if module is None else module.Multirange
        return lambda text: collect(parse_multirange(text, load, make))


_PLAIN: dict[int, Load] = {
    oids.BOOL: _bool,
    oids.INT2: int,
    oids.INT4: int,
    oids.INT8: int,
    oids.OID: int,
    oids.FLOAT4: float,
    oids.FLOAT8: float,
    oids.NUMERIC: Decimal,
    oids.UUID: uuid.UUID,
    oids.INTERVAL: parse_interval,
}
