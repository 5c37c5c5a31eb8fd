"""Every built-in type through SQLAlchemy: what a revision sees of a value is what the URL's own driver shows.

Each value is selected alone, in an array beside NULL, in an array of two dimensions, and as NULL. What differs on purpose is
DIFFERENCES, and nothing else may differ.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from memstack_migrate.driver.redirect import redirected_engines

if TYPE_CHECKING:
    from databases import Database

VALUES = r"""
bool | true | false
int2 | 1 | -32768
int4 | 2147483647
int8 | -9223372036854775808
oid | 4294967295
float4 | 1.5 | 0.1 | NaN | Infinity | 1e-40
float8 | 0.1 | -Infinity | 1e300 | -0
numeric | 1.50 | NaN | 0.00000000000000000001 | 123456789012345678901234567890.5 | Infinity | -Infinity | 0
money | $1,234.50 | -$1.50
text | ä'\ü | | NULL
varchar | x
bpchar | ab
name | n
"char" | x
bytea | \x01ff00 | \x
date | 2020-01-02 | 0001-01-01 | 9999-12-31 | infinity | -infinity | 0044-03-15 BC | 20000-01-01
time | 03:04:05.678901 | 00:00
timetz | 03:04:05+02:30 | 03:04:05.5-11
timestamp | 2020-01-02 03:04:05.678 | infinity | -infinity | 0044-03-15 00:00:00 BC | 20000-01-01 00:00:00 | 9999-12-31 23:59:59.999999
timestamptz | 2020-01-02 03:04:05+02 | 1800-01-02 03:04:05+00 | 0044-03-15 00:00:00+00 BC | 9999-12-31 23:59:59.9+00
interval | 1 year 2 mons 3 days 04:05:06.7 | -1 days +02:00 | -00:00:01.5 | -3 years -2 mons | 0 | 1000000 hours | 1 mon -1 day
interval | 00:00:00.000001 | 170000000 years | -1 mon +1 day -00:00:00.000001 | -1 year -1 mon +1 day
uuid | 12345678-1234-5678-1234-567812345678
json | {"a": 1} | [1.5, null] | null | "x" | 5 | 12345678901234567890.12345
jsonb | {"a": [1.5, null, "ä"]} | null | "x"
xml | <a/>
inet | 10.0.0.1/8 | 10.0.0.1 | ::1 | ::1/64
cidr | 10.0.0.0/8 | ::/0 | 10.0.0.1/32
macaddr | 08:00:2b:01:02:03
macaddr8 | 08:00:2b:01:02:03:04:05
bit | 1
varbit | 101
point | (1,2.5)
line | {1,2,3}
lseg | [(1,2),(3,4)]
box | (3,4),(1,2)
path | ((1,2),(3,4)) | [(1,2)]
polygon | ((1,2),(3,4))
circle | <(1,2),3>
tsvector | 'a':1 'b'
tsquery | 'a' & 'b'
jsonpath | $."a"
pg_lsn | 0/16B
pg_snapshot | 10:20:10,14
txid_snapshot | 10:20:10,14
xid | 5
xid8 | 5
cid | 5
tid | (0,1)
int2vector | 1 2
oidvector | 1 2
regclass | pg_class
regtype | integer
regproc | now
regprocedure | now()
regoperator | +(integer,integer)
regrole | pg_monitor
regnamespace | pg_catalog
regconfig | english
regdictionary | simple
regcollation | "C"
refcursor | c
int4range | [1,5) | empty | (,5) | [1,) | (,)
int8range | [1,5)
numrange | [1.5,2] | (1.5,NaN) | empty
daterange | [2020-01-01,2020-02-01) | [2020-01-01,infinity) | [,2020-01-01)
tsrange | [2020-01-01 00:00:00,) | [-infinity,infinity]
tstzrange | [2020-01-01 00:00+00,2020-01-02 00:00+00)
int4multirange | {[1,3),[5,7)} | {} | {(,)}
int8multirange | {[1,3)}
nummultirange | {[1.5,2]}
datemultirange | {[2020-01-01,2020-02-01)}
tsmultirange | {[2020-01-01 00:00:00,)}
tstzmultirange | {[2020-01-01 00:00+00,)}
mood | happy | so so
positive | 5
pair | (1,"a b") | (,) | ("1","")
floatrange | [1.5,2.5) | empty
floatmultirange | {[1.5,2.5)}
"""
TYPES = """
CREATE TYPE mood AS ENUM ('happy', 'so so');
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE TYPE pair AS (a int, b text);
CREATE TYPE floatrange AS RANGE (subtype = float8);
"""

#: Types of which some value differs, by driver.
DIFFERENCES = {
    # psycopg2 cannot read these arrays at all, nor infinity in an array of dates.
    "psycopg2": {"int2vector", "oidvector"},
    "psycopg": set(),
    # asyncpg reads these into classes of its own, or looks the type up in the catalogues; here they are text, or of the classes
    # that Python has. A column with a type of SQLAlchemy's (Range, ARRAY, Enum) is the same for both.
    "asyncpg": {
        *('"char"', "uuid", "bit", "varbit", "point", "line", "lseg", "box", "path", "polygon", "circle"),
        *("pg_lsn", "pg_snapshot", "txid_snapshot", "xid", "xid8", "cid", "tid", "int2vector", "oidvector"),
        *("int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange", "floatrange"),
        *("int4multirange", "int8multirange", "nummultirange", "datemultirange", "tsmultirange", "tstzmultirange"),
        *("floatmultirange", "mood", "positive", "pair"),
    },
}


def _cases() -> list[tuple[str, str]]:
    """Return pairs of a type and an expression."""
    cases = []
    for line in VALUES.strip().splitlines():
        kind, *values = (part.strip() for part in line.split("|"))
        literals = ["'" + value.replace("'", "''") + f"'::{kind}" for value in values]
        first = literals[0]
        cases += [(kind, text) for text in (*literals, f"array[{first}, null]", f"array[array[{first}]]", f"null::{kind}")]
    return cases


def _shape(value: Any) -> Any:
    if isinstance(value, memoryview):
        return "memoryview", bytes(value)
    if type(value) in {list, tuple}:
        return type(value), [_shape(item) for item in value]
    if isinstance(value, dt.datetime):
        return value.isoformat(), repr(value.tzinfo)
    return type(value), repr(value)


def _shown_value(connection: sa.Connection, expression: str) -> Any:
    try:
        return _shape(connection.exec_driver_sql(f"SELECT {expression}").scalar())
    except Exception:  # noqa: BLE001  asyncpg and psycopg2 let ValueError and OverflowError through
        return "error"


def _shown(connection: sa.Connection) -> list[Any]:
    return [_shown_value(connection, expression) for _, expression in _cases()]


async def _shown_by_asyncpg(url: str) -> list[Any]:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        shown = await connection.run_sync(_shown)
    await engine.dispose()
    return shown


@pytest.mark.pg(">= 14")
@pytest.mark.parametrize("name", DIFFERENCES)
def test_every_type_is_shown_as_the_urls_driver_shows_it(database: Database, name: str) -> None:
    database.execute(TYPES)
    url = database.url_for(name)
    with redirected_engines():
        ours = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with ours.connect() as connection:
        shown_by_us = _shown(connection)
    ours.dispose()
    if name == "asyncpg":
        shown_by_them = asyncio.run(_shown_by_asyncpg(url))
    else:
        theirs = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with theirs.connect() as connection:
            shown_by_them = _shown(connection)
        theirs.dispose()
    pairs = zip(_cases(), shown_by_us, shown_by_them, strict=True)
    different = [(kind, expression, *shown) for (kind, expression), *shown in pairs if shown[0] != shown[1]]
    assert [case for case in different if case[0] not in DIFFERENCES[name]] == []
    assert {case[0] for case in different} == DIFFERENCES[name]
