"""The type objects and constructors that PEP 249 asks for."""

from __future__ import annotations

import datetime as dt
import time

from memstack_migrate.driver import oids

__all__ = [
    "BINARY",
    "DATETIME",
    "NUMBER",
    "ROWID",
    "STRING",
    "Binary",
    "Date",
    "DateFromTicks",
    "Time",
    "TimeFromTicks",
    "Timestamp",
    "TimestampFromTicks",
]

Binary = bytes
Date = dt.date
Time = dt.time
Timestamp = dt.datetime


def DateFromTicks(ticks: float) -> dt.date:  # noqa: N802  the name is PEP 249's
    """Give the local date of a number of seconds since the epoch."""
    return Date(*time.localtime(ticks)[:3])


def TimeFromTicks(ticks: float) -> dt.time:  # noqa: N802
    """Give the local time of a number of seconds since the epoch."""
    return Time(*time.localtime(ticks)[3:6])


def TimestampFromTicks(ticks: float) -> dt.datetime:  # noqa: N802
    """Give the local date and time of a number of seconds since the epoch."""
    return Timestamp(*time.localtime(ticks)[:6])


class _TypeObject:
    """Equals each type code (OID) of a kind: ``cursor.description[0][1] == NUMBER``."""

    def __init__(self, *codes: int) -> None:
        self._codes = frozenset(codes)

    def __eq__(self, other: object) -> bool:
        return other in self._codes if isinstance(other, int) else self is other

    def __hash__(self) -> int:
        return hash(self._codes)


BINARY = _TypeObject(oids.BYTEA)
DATETIME = _TypeObject(oids.DATE, oids.TIME, oids.TIMETZ, oids.TIMESTAMP, oids.TIMESTAMPTZ, oids.INTERVAL)
NUMBER = _TypeObject(oids.INT2, oids.INT4, oids.INT8, oids.FLOAT4, oids.FLOAT8, oids.NUMERIC)
ROWID = _TypeObject(oids.OID)
STRING = _TypeObject(oids.CHAR, oids.NAME, oids.TEXT, oids.BPCHAR, oids.VARCHAR)
