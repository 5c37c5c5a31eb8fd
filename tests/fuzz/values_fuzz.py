"""A fuzz target for what reads and writes values in ``memstack_migrate.driver``.

    .venv/bin/pip install atheris && ./scripts/fuzz 600 values

Any text is a value or an error of the driver's, and what is written reads back. A find becomes a case of
tests/python/driver/test_values.py.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import atheris

with atheris.instrument_imports(include=["memstack_migrate.driver"]):
    from memstack_migrate.driver.adapt import Adapter
    from memstack_migrate.driver.arrays import parse_array, parse_record
    from memstack_migrate.driver.errors import DataError, ProgrammingError
    from memstack_migrate.driver.flavor import flavor_of
    from memstack_migrate.driver.hstore import format_hstore, parse_hstore
    from memstack_migrate.driver.placeholders import bind
    from memstack_migrate.driver.quoting import quote
    from memstack_migrate.driver.ranges import Range, parse_multirange, parse_range
    from memstack_migrate.driver.temporal import TemporalLoader, parse_interval

if TYPE_CHECKING:
    from collections.abc import Callable

_CLAMPING = TemporalLoader(clamps=True, zone=None)
_STRICT = TemporalLoader(clamps=False, zone=None)
_ADAPTER = Adapter(flavor_of("psycopg"))

READERS: list[Callable[[str], Any]] = [
    lambda text: parse_array(text, str),
    lambda text: parse_array(text, str, ";"),
    lambda text: parse_array(text, parse_hstore),
    parse_record,
    parse_hstore,
    lambda text: parse_range(text, str, Range),
    lambda text: parse_multirange(text, str, Range),
    parse_interval,
    *(getattr(loader, name) for loader in (_CLAMPING, _STRICT) for name in ("date", "time", "timestamp", "timestamptz")),
]


SEEDS = [
    '{1,NULL,"a\\\\b\\"c"}',
    "[0:1]={{a},{b}}",
    '(1,"a ""b""",,)',
    '"a"=>"1", "b\\"c"=>NULL',
    "[1,5)",
    '["2020-01-01 00:00:00+00",)',
    "empty",
    "{[1,3),[5,7)}",
    "1 year 2 mons -3 days -04:05:06.7",
    "2020-01-02",
    "infinity",
    "24:00:00.5+02:30:15",
    "12020-01-02 03:04:05.678901-11",
    "a %s b %(a)s c %%",
]


def _unquoted(literal: str) -> str:
    """Read a string literal as the server does."""
    if literal.startswith(" E'"):
        return literal[3:-1].replace("''", "'").replace("\\\\", "\\")
    return literal[1:-1].replace("''", "'")


def _nested(provider: Any, depth: int = 0) -> list[Any]:
    items: list[Any] = []
    for _ in range(provider.ConsumeIntInRange(1, 3)):
        kind = provider.ConsumeIntInRange(0, 2 if depth < 3 else 1)
        items.append(
            (None, provider.ConsumeUnicodeNoSurrogates(8).replace("\0", ""), None)[kind]
            if kind < 2
            else _nested(provider, depth + 1)
        )
    return items


def _write_and_read(provider: Any) -> None:
    text = provider.ConsumeUnicodeNoSurrogates(20).replace("\0", "")
    assert _unquoted(quote(text)) == text
    value = _nested(provider)
    assert parse_array(_unquoted(_ADAPTER.literal(value)), str) == value
    pairs = {provider.ConsumeUnicodeNoSurrogates(6): text, text: None}
    assert parse_hstore(format_hstore(pairs)) == pairs


def _bind(provider: Any) -> None:
    sql = provider.ConsumeBytes(60).decode("utf-8", "replace")
    values: Any = [1] * provider.ConsumeIntInRange(0, 3) if provider.ConsumeBool() else {"a": 1, "": 2}
    try:
        bound = bind(sql, values, _ADAPTER.literal)
    except ProgrammingError:
        return
    assert "%" in sql or bound == sql


def one_input(data: bytes) -> None:
    """Try one input."""
    provider = atheris.FuzzedDataProvider(data)
    choice = provider.ConsumeIntInRange(0, len(READERS) + 1)
    if choice == len(READERS):
        _write_and_read(provider)
    elif choice > len(READERS):
        _bind(provider)
    else:
        with contextlib.suppress(DataError):
            READERS[choice](provider.ConsumeBytes(400).decode("utf-8", "replace"))


def write_seeds(folder: str) -> None:
    """Write values as the server does: a regular expression gives the fuzzer no coverage to climb by."""
    for number, seed in enumerate(SEEDS):
        for choice in range(len(READERS) + 2):
            # The provider takes numbers from the end.
            Path(folder, f"{number}-{choice}").write_bytes(seed.encode() + bytes([choice]))


def main() -> None:
    """Fuzz until the time is up or something is found."""
    with tempfile.TemporaryDirectory() as folder:
        write_seeds(folder)
        corpus = [] if any(not argument.startswith("-") for argument in sys.argv[1:]) else [tempfile.mkdtemp()]
        atheris.Setup([*sys.argv, *corpus, folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
