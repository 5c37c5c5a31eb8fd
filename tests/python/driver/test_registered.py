"""What an application registers with its driver for all connections holds on ours: each in a process of its own, as it stays."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from projects import run_python

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database

_PROGRAM = """
import sys
from decimal import Decimal
import sqlalchemy as sa
from memstack_migrate.driver.redirect import redirected_engines
{registered}

def answer(engine):
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute({query!r}, {values})
        return repr(cursor.fetchall())

with redirected_engines():
    engine = sa.create_engine(sys.argv[1])
    assert "EngineDialect" in type(engine.dialect).__mro__[1].__name__
    # Before the driver has connected: libpq then quotes for its last connection.
    ours = answer(engine)
theirs = answer(sa.create_engine(sys.argv[1]))
assert ours == theirs, (ours, theirs)
assert {expected!r} in ours, ours
"""

_PSYCOPG2 = """
import json
import psycopg2.extras
from psycopg2 import extensions
"""

_REGISTERED = {
    "psycopg2: numeric as float": (
        "extensions.register_type(extensions.new_type((1700,), 'DEC2FLOAT', lambda text, _: text and float(text)))",
        "SELECT 1.5, NULL::numeric",
        "None",
        "(1.5, None)",
    ),
    "psycopg2: jsonb as text": (
        "psycopg2.extras.register_default_jsonb(loads=lambda text: text, globally=True)",
        "SELECT '{\"a\": 1}'::jsonb",
        "None",
        "'{\"a\": 1}'",
    ),
    "psycopg2: dict as json": (
        "extensions.register_adapter(dict, psycopg2.extras.Json)",
        "SELECT %s::jsonb, ARRAY[%s]::jsonb[]",
        "({'a': \"it's\"}, {})",
        "it's",
    ),
    "psycopg2: json with backslashes and no ASCII": (
        "def dumps(value): return json.dumps(value, ensure_ascii=False)",
        "SELECT %s::jsonb, %s::jsonb",
        "(psycopg2.extras.Json({'a': 'é\\n\"\\\\'}), psycopg2.extras.Json('€\\t', dumps=dumps))",
        "({'a': 'é\\n\"\\\\'}, '€\\t')",
    ),
    "psycopg2: what a revision wraps": (
        "",
        "SELECT %s, encode(%s, 'hex'), %s, %s",
        "(extensions.QuotedString('€\\\\'), extensions.Binary(b'\\x00\\\\\\xff'), psycopg2.extras.Inet('::1'), 1)",
        "('€\\\\', '005cff', '::1', 1)",
    ),
    "psycopg2: list as json": (
        "extensions.register_adapter(list, psycopg2.extras.Json)",
        "SELECT %s::jsonb",
        "([1, 'a'],)",
        "[1, 'a']",
    ),
    "psycopg2: NaN as NULL": (
        "extensions.register_adapter(float, lambda value: extensions.AsIs('NULL' if value != value else repr(value)))",
        "SELECT %s, %s",
        "(float('nan'), 2.5)",
        "(None, ",
    ),
    "psycopg: numeric as float": (
        "import psycopg.types.numeric\npsycopg.adapters.register_loader('numeric', psycopg.types.numeric.FloatLoader)",
        "SELECT 1.5, ARRAY[1]",
        "None",
        "(1.5, [1])",
    ),
    "psycopg: dict as jsonb": (
        "import psycopg.types.json\npsycopg.adapters.register_dumper(dict, psycopg.types.json.JsonbDumper)",
        "SELECT %s",
        "({'a': [1]},)",
        "{'a': [1]}",
    ),
}


@pytest.mark.parametrize("name", _REGISTERED)
def test_as_the_driver_reads_and_writes(name: str, database: Database, tmp_path: Path) -> None:
    registered, query, values, expected = _REGISTERED[name]
    driver = name.partition(":")[0]
    imports = _PSYCOPG2 if driver == "psycopg2" else ""
    program = _PROGRAM.format(registered=imports + registered, query=query, values=values, expected=expected)
    run_python("-c", textwrap.dedent(program), database.url_for(driver), cwd=tmp_path).ok()
