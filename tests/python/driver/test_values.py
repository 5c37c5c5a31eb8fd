"""Values in both directions: the same statement through our driver and through the real one gives the same Python values."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memstack_migrate import driver
from memstack_migrate.driver import flavor as flavors
from memstack_migrate.driver.adapt import Adapter
from memstack_migrate.driver.arrays import parse_array, parse_record
from memstack_migrate.driver.hstore import format_hstore, parse_hstore
from memstack_migrate.driver.ranges import Range, parse_multirange, parse_range
from memstack_migrate.driver.temporal import TemporalLoader, parse_interval

EXPRESSIONS = r"""
1::int2 | -7 | 9223372036854775807 | 1.5::float4 | 'NaN'::float8 = 'NaN'::float8 | '-Infinity'::float8 | 1.50::numeric | 1e400::numeric
true | null::int | 'x'::"char" | 'x'::name | 'ab'::char(4) | 'ä''\'::text | '\x01ff'::bytea | array['\x01ff'::bytea]
'2020-01-02'::date | '0001-01-01'::date | '2020-01-02 03:04:05.678'::timestamp | '2020-01-02 03:04:05+02'::timestamptz
'1800-01-02 03:04:05'::timestamptz | '03:04:05.5'::time | '03:04:05+02:30'::timetz | '1 year 2 mons 3 days 04:05:06.7'::interval
'-1 days +02:00'::interval | '-00:00:01.5'::interval | '-3 years -2 mons'::interval | '0'::interval
'{"a":1}'::json | '{"a":[1.5,null,"ä"]}'::jsonb | array['{"a":1}'::jsonb] | 'null'::json
'12345678-1234-5678-1234-567812345678'::uuid | array['12345678-1234-5678-1234-567812345678'::uuid]
'10.0.0.1/8'::inet | '10.0.0.1'::inet | '::1'::inet | '10.0.0.0/8'::cidr | array['10.0.0.1'::inet] | array['10.0.0.0/8'::cidr]
'08:00:2b:01:02:03'::macaddr | array['08:00:2b:01:02:03'::macaddr] | '$1.50'::money | array['1'::money] | B'101' | array[B'101']
row(1,'a') | row(null,'a b','','"',',\') | row() | array[row(1,'a')] | '<a/>'::xml | array['a'::xml] | '(1,2)'::point | 'a'::tsvector
'[1,5)'::int4range | 'empty'::int4range | array['[1,5)'::int4range] | '(,5)'::int8range | '[2020-01-01,2020-02-01)'::daterange
'[1.5,2]'::numrange | '[2020-01-01,)'::tsrange | '[2020-01-01 00:00+00,2020-01-02 00:00+00)'::tstzrange
'{[1,3),[5,7)}'::int4multirange | '{}'::int4multirange | '1 2'::int2vector | '1 2'::oidvector
array[[1,2],[3,4]] | '[0:1]={1,2}'::int[] | array[null,'a"b,\','NULL',''] | '{}'::text[] | array[1.5] | array[1.5::float8] | array[true]
array['2020-01-01'::date] | array['2020-01-01'::timestamp] | array['2020-01-01 00:00+00'::timestamptz] | array['1 day'::interval]
array['a'::name] | array['a'::varchar] | array['a'::char(3)] | array['03:04'::time] | array[1::oid] | 'pg_class'::regclass
'happy'::mood | array['happy','so so']::mood[] | 5::positive | array[5]::positive[] | '0/0'::pg_lsn
"""  # fmt: skip
CASES = [case.strip() for line in EXPRESSIONS.strip().splitlines() for case in line.split(" | ")]


def _prepare(connection: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("CREATE TYPE mood AS ENUM ('happy', 'so so')")
    cursor.execute("CREATE DOMAIN positive AS int CHECK (value > 0)")
    connection.commit()


def _shape(value: Any) -> Any:
    """What must be equal: type and value, through lists; a memoryview by its content."""
    if isinstance(value, memoryview):
        return memoryview, bytes(value)
    if isinstance(value, list) and type(value) is list:
        return [_shape(item) for item in value]
    if isinstance(value, dt.datetime):
        return dt.datetime, value, value.utcoffset(), type(value.tzinfo)
    # The text, too: NaN equals nothing.
    return type(value), None if value != value else value, repr(value)


def test_values_look_as_the_named_driver_gives_them(ours: driver.Connection, theirs: Any) -> None:
    _prepare(theirs)
    different = []
    for case in CASES:
        rows = []
        for connection in (ours, theirs):
            cursor = connection.cursor()
            cursor.execute(f"SELECT {case}")
            rows.append(_shape(cursor.fetchone()[0]))
        if rows[0] != rows[1]:
            different.append((case, *rows))
    assert not different


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("'0044-03-15 BC'::date", "date"),
        ("'20000-01-01'::date", "date"),
        ("'20000-01-01'::timestamp", "timestamp"),
        ("'20000-01-01'::timestamptz", "timestamptz"),
        ("'170000000 years'::interval", "interval"),
    ],
)
def test_what_python_cannot_hold_is_an_error_that_says_how_to_see_it(ours: driver.Connection, expression: str, kind: str) -> None:
    cursor = ours.cursor()
    cursor.execute(f"SELECT {expression}")
    with pytest.raises(driver.DataError, match=f"{kind}::text"):
        cursor.fetchall()


def test_infinity_is_the_nearest_value_for_psycopg2_and_an_error_for_psycopg(arguments: dict[str, Any]) -> None:
    for expression, value in (
        ("'infinity'::date", dt.date.max),
        ("'-infinity'::timestamp", dt.datetime.min),
        ("'infinity'::timestamptz", dt.datetime.max.replace(tzinfo=dt.timezone.utc)),
        ("'24:00'::time", dt.time(0)),
    ):
        with driver.connect(driver="psycopg2", **arguments) as connection:
            assert connection.execute(f"SELECT {expression}").fetchone() == (value,)
        with driver.connect(driver="psycopg", **arguments) as connection, pytest.raises(driver.DataError):
            connection.execute(f"SELECT {expression}").fetchone()


ARGUMENTS = [
    None, True, 0, -5, 2**63 - 1, 2**70, 1.5, -1e-300, float("inf"), Decimal("-1.500"), Decimal("NaN"), "", "a'b\\c\nä%s", b"", b"\x00\xff'\\",
    dt.date(2020, 1, 2), dt.date(1, 1, 1), dt.datetime(2020, 1, 2, 3, 4, 5, 678), dt.datetime(2020, 1, 2, tzinfo=dt.timezone.utc),
    dt.datetime(2020, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))), dt.time(1, 2, 3, 4),
    dt.time(1, 2, tzinfo=dt.timezone.utc), dt.timedelta(days=-1, microseconds=1), dt.timedelta(days=400, seconds=5),
    uuid.UUID(int=5), [1, 2], [[1, 2], [3, None]], [1.5, -2.5], [True], [dt.date(2020, 1, 2)], [Decimal("1.5")], [uuid.UUID(int=7)],
]  # fmt: skip


@pytest.mark.parametrize("value", ARGUMENTS, ids=repr)
def test_arguments_arrive_as_the_named_driver_sends_them(ours: driver.Connection, theirs: Any, value: Any) -> None:
    rows = []
    for connection in (ours, theirs):
        cursor = connection.cursor()
        cursor.execute("SELECT %s", (value,))
        rows.append(_shape(cursor.fetchone()[0]))
    assert rows[0] == rows[1]


def test_lists_of_strings_fit_what_they_are_compared_with(ours: driver.Connection) -> None:
    cursor = ours.cursor()
    cursor.execute("SELECT 'b' = ANY(%s), 'x' = ANY(%s), %s::text[]", (["a", "b"], [], ['a"b\\,{}', None, "NULL"]))
    assert cursor.fetchone() == (True, False, ['a"b\\,{}', None, "NULL"])


def test_a_tuple_is_a_list_for_in(ours: driver.Connection) -> None:
    assert ours.execute("SELECT 2 IN %s, 'a' IN %s", ((1, 2), ("b",))).fetchone() == (True, False)


def test_strings_mean_the_same_without_standard_conforming_strings(ours: driver.Connection) -> None:
    ours.execute("SET standard_conforming_strings = off; SET escape_string_warning = off")
    value = "a\\'b\\\\c"
    assert ours.execute("SELECT %s", (value,)).fetchone() == (value,)
    assert bytes(ours.execute("SELECT %s", (b"\\x'\x00",)).fetchone()[0]) == b"\\x'\x00"


def test_a_numpy_float_was_written_as_its_repr(ours: driver.Connection) -> None:
    class Float64(float):
        def __repr__(self) -> str:
            return "np.float64(1.5)"

    assert ours.execute("SELECT %s + 1", (Float64(1.5),)).fetchone() == (Decimal("2.5"),)


def test_a_float_was_a_numeric_in_place_of_psycopgs_float8(arguments: dict[str, Any]) -> None:
    query = "SELECT pg_typeof(%(f)s)::text, 2::numeric * %(f)s, (-%(f)s)::int, (1.0 * %(g)s)::numeric::text, %(g)s, %(inf)s"
    values = {"f": 2.5, "g": -1.0, "inf": float("-inf")}
    # As SQLAlchemy has it, the server binds.
    with psycopg.connect(**arguments) as theirs, driver.connect(driver="psycopg", **arguments) as ours:
        assert repr(ours.execute(query, values).fetchone()) == repr(theirs.execute(query, values).fetchone())


def test_what_pg8000_writes_as_text_was_refused(arguments: dict[str, Any]) -> None:
    class Color(enum.Enum):
        RED = "r"

    with driver.connect(driver="pg8000", **arguments) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT %s::jsonb, %s::text, %s::text", ({"a": "é'"}, Color.RED, PurePosixPath("/a")))
        assert cursor.fetchone() == ({"a": "é'"}, "r", "/a")


def test_values_of_the_drivers_own_classes_are_understood(arguments: dict[str, Any]) -> None:
    from psycopg.types.json import Jsonb
    from psycopg.types.range import Range as PsycopgRange
    from psycopg2.extensions import AsIs
    from psycopg2.extras import DateRange, Json
    from sqlalchemy.dialects.postgresql import Range as SQLAlchemyRange
    from sqlalchemy.dialects.postgresql.ranges import MultiRange

    with driver.connect(driver="psycopg2", **arguments) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT %s::jsonb, %s::jsonb, %s", (Json({"a": "it's"}), Jsonb([1]), AsIs("1+1")))
        assert cursor.fetchone() == ({"a": "it's"}, [1], 2)
        cursor.execute(
            "SELECT %s::daterange::text, %s::int4range::text, %s::int4range::text, %s::int4multirange::text",
            (
                DateRange(dt.date(2020, 1, 1), None),
                PsycopgRange(1, 5, "[]"),
                SQLAlchemyRange(empty=True),
                MultiRange([SQLAlchemyRange(1, 2)]),
            ),
        )
        assert cursor.fetchone() == ("[2020-01-01,)", "[1,6)", "empty", "{[1,2)}")


def test_hstore_is_a_dict_where_it_is_registered(ours: driver.Connection) -> None:
    cursor = ours.cursor()
    try:
        cursor.execute("CREATE EXTENSION hstore")
    except driver.Error:
        pytest.skip("the server has no hstore")
    oid, array = cursor.execute("SELECT oid::int, typarray::int FROM pg_type WHERE typname = 'hstore'").fetchone()
    ours.types.register_hstore(oid, array)
    ours.adapter.has_hstore = True
    value = {"a": None, 'q"\\': "x, y=>z", "": ""}
    assert ours.execute("SELECT %s, ARRAY[%s]", (value, value)).fetchone() == (value, [value])


@pytest.mark.parametrize("value", [object(), {"a": 1}, b"".__class__], ids=["object", "dict", "class"])
def test_a_type_that_nobody_can_write_is_named(ours: driver.Connection, value: Any) -> None:
    with pytest.raises(driver.ProgrammingError, match="can't adapt"):
        ours.execute("SELECT %s", (value,))


def test_strings_with_nul_are_refused(ours: driver.Connection) -> None:
    with pytest.raises(driver.DataError, match="NUL"):
        ours.execute("SELECT %s", ("a\0b",))


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (TemporalLoader(clamps=False, zone=None).time, "31:00:01.5+02:16"),
        (TemporalLoader(clamps=False, zone=None).time, "01:00:01+99:16"),
        (TemporalLoader(clamps=False, zone=None).date, "99999999999999999999-01-01"),
        (TemporalLoader(clamps=False, zone=None).timestamp, "99999999999999999999-01-01 00:00:00"),
        (parse_interval, "99999999999999999:00:00"),
    ],
)
def test_times_that_no_server_sends_are_errors_of_the_driver(read: Any, text: str) -> None:
    with pytest.raises(driver.DataError):
        read(text)


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    text=TEXT,
    items=st.lists(st.one_of(st.none(), TEXT)),
    number=st.integers(),
    when=st.datetimes(),
    data=st.binary(),
    span=st.timedeltas(dt.timedelta(-100000), dt.timedelta(100000)),
    real=st.floats(allow_nan=False),
)
def test_any_value_comes_back(
    ours: driver.Connection,
    text: str,
    items: list[str | None],
    number: int,
    when: dt.datetime,
    data: bytes,
    span: dt.timedelta,
    real: float,
) -> None:
    row = ours.execute(
        "SELECT %s, %s::text[], %s::numeric, %s, %s, %s, %s::float8", (text, items, number, when, data, span, real)
    ).fetchone()
    assert (*row[:4], bytes(row[4]), *row[5:]) == (text, items, number, when, data, span, real)


@given(
    st.recursive(st.one_of(st.none(), TEXT), lambda inner: st.lists(inner, min_size=1), max_leaves=8).filter(
        lambda value: isinstance(value, list)
    )
)
def test_arrays_are_read_as_they_are_written(value: list[Any]) -> None:
    literal = Adapter(flavors.flavor_of("psycopg")).literal(value)
    text = literal.strip().removeprefix("E")[1:-1].replace("''", "'")
    if literal.startswith(" E"):
        text = text.replace("\\\\", "\\")
    assert parse_array(text, str) == value


@given(st.dictionaries(TEXT, st.one_of(st.none(), TEXT)))
def test_hstores_are_read_as_they_are_written(value: dict[str, str | None]) -> None:
    assert parse_hstore(format_hstore(value)) == value


@pytest.mark.parametrize("text", ["", "{", "}", "{1", "1}", "{1}}", '{"a}', "{}{}", "x{1}", "[0:1]{1}", "{1}x"])
def test_a_malformed_array_is_an_error(text: str) -> None:
    with pytest.raises(driver.DataError):
        parse_array(text, str)


@pytest.mark.parametrize(
    "parse",
    [parse_record, parse_hstore, lambda text: parse_range(text, int, Range), lambda text: parse_multirange(text, int, Range)],
)
@pytest.mark.parametrize("text", ["(", "(1", "{[1,2)", "[1,2", "x", '("a', '"a"=>'])
def test_other_malformed_texts_are_errors(parse: Any, text: str) -> None:
    with pytest.raises(driver.DataError):
        parse(text)
