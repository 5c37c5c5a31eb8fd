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

answers = []
for context in (None, redirected_engines()):
    if context is not None:
        context.__enter__()
    engine = sa.create_engine(sys.argv[1])
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute({query!r}, {values})
        answers.append(cursor.fetchall())
    engine.dispose()
assert "EngineDialect" in type(engine.dialect).__mro__[1].__name__
assert repr(answers[0]) == repr(answers[1]), answers
assert {expected!r} in repr(answers[1]), answers
"""

_PSYCOPG2 = """
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
