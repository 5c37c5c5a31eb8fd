"""Dates, times and intervals of the server (DateStyle ISO, IntervalStyle postgres) as Python's."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from memstack_migrate.driver.errors import DataError

__all__ = ["TemporalLoader", "parse_interval", "zone_of"]

_DATE = re.compile(r"(\d{4,})-(\d\d)-(\d\d)")
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([-+])(\d\d)(?::(\d\d))?(?::(\d\d))?)?")
_TIMESTAMP = re.compile(rf"{_DATE.pattern}[ T]{_TIME.pattern}")
_INTERVAL = re.compile(
    r"(?:([-+]?\d+) years? ?)?(?:([-+]?\d+) mons? ?)?(?:([-+]?\d+) days? ?)?(?:([-+])?(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?"
)
_DAYS_OF_YEAR = 365
_DAYS_OF_MONTH = 30


def _micros(digits: str | None) -> int:
    return int(digits.ljust(6, "0")) if digits else 0


def _offset(sign: str | None, hours: str | None, minutes: str | None, seconds: str | None) -> dt.timezone | None:
    if sign is None:
        return None
    delta = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
    return dt.timezone(-delta if sign == "-" else delta)


def _out_of_range(kind: str, text: str) -> DataError:
    return DataError(
        f"the {kind} {text!r} does not fit a Python {kind} (years 1 to 9999, no infinity): select it as text, {kind}::text"
    )


def parse_interval(text: str) -> dt.timedelta:
    """Read an interval; a year is 365 days and a month 30, as both psycopg drivers have it."""
    match = _INTERVAL.fullmatch(text)
    if match is None or not text:
        msg = f"can't read the interval {text!r}: it does not fit a timedelta, or IntervalStyle is not 'postgres'"
        raise DataError(msg)
    years, months, days, sign, hours, minutes, seconds, micros = match.groups()
    try:
        time = dt.timedelta(
            hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0), microseconds=_micros(micros)
        )
        whole = dt.timedelta(days=int(years or 0) * _DAYS_OF_YEAR + int(months or 0) * _DAYS_OF_MONTH + int(days or 0))
        return whole - time if sign == "-" else whole + time
    except OverflowError:
        raise _out_of_range("interval", text) from None


class TemporalLoader:
    """Reads the values of one session.

    ``clamps`` makes infinity, and 24:00, the nearest value that Python has (psycopg2) instead of an error; ``zone`` is the
    one in which a timestamptz is given, or ``None`` for the offset that the server wrote.
    """

    def __init__(self, *, clamps: bool, zone: dt.tzinfo | None) -> None:
        self._clamps = clamps
        self._zone = zone

    def date(self, text: str) -> dt.date:
        if self._clamps and text in {"infinity", "-infinity"}:
            return dt.date.max if text == "infinity" else dt.date.min
        match = _DATE.fullmatch(text)
        try:
            if match is not None:
                return dt.date(int(match[1]), int(match[2]), int(match[3]))
        except (ValueError, OverflowError):
            pass  # a year beyond 9999: reported below
        raise _out_of_range("date", text)

    def time(self, text: str) -> dt.time:
        match = _TIME.fullmatch(text)
        if match is None:
            raise _out_of_range("time", text)
        hour, minute, second, micros, *offset = match.groups()
        if hour == "24":
            if not self._clamps:
                raise _out_of_range("time", text)
            hour = "0"
        try:
            return dt.time(int(hour), int(minute), int(second), _micros(micros), _offset(*offset))
        except ValueError:
            raise _out_of_range("time", text) from None

    def timestamp(self, text: str) -> dt.datetime:
        if self._clamps and text in {"infinity", "-infinity"}:
            return dt.datetime.max if text == "infinity" else dt.datetime.min  # noqa: DTZ901  naive is what the type is
        return self._parse(text, "timestamp")

    def timestamptz(self, text: str) -> dt.datetime:
        if self._clamps and text in {"infinity", "-infinity"}:
            return self.timestamp(text).replace(tzinfo=dt.timezone.utc)
        value = self._parse(text, "timestamptz")
        try:
            return value if self._zone is None else value.astimezone(self._zone)
        except OverflowError:
            raise _out_of_range("timestamptz", text) from None

    def _parse(self, text: str, kind: str) -> dt.datetime:
        match = _TIMESTAMP.fullmatch(text)
        try:
            if match is not None:
                year, month, day, hour, minute, second, micros, *offset = match.groups()
                return dt.datetime(
                    int(year), int(month), int(day), int(hour), int(minute), int(second), _micros(micros), _offset(*offset)
                )
        except (ValueError, OverflowError):
            pass  # a year beyond 9999: reported below
        raise _out_of_range(kind, text)


def zone_of(name: str) -> dt.tzinfo:
    """Give the zone that the server's TimeZone names."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.timezone.utc  # a POSIX zone such as "<+02>-02": psycopg gives UTC, too
