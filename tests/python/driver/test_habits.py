"""What people write on raw cursors in revisions, run on our cursor and on the named driver's: both give the same."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import psycopg
import psycopg2
import psycopg2.extras
import pytest
from psycopg.rows import class_row, dict_row, namedtuple_row, scalar_row
from psycopg.types.json import Jsonb

from memstack_migrate import driver

DIAGNOSTICS = [
    *("severity", "severity_nonlocalized", "sqlstate", "message_primary", "message_detail", "message_hint", "statement_position"),
    *("internal_position", "internal_query", "context", "schema_name", "table_name", "column_name", "datatype_name"),
    *("constraint_name", "source_file", "source_line", "source_function"),
]
FAILING = [
    "INSERT INTO t VALUES (1, 1)",
    "INSERT INTO t VALUES (2, NULL)",
    "INSERT INTO t VALUES (2, -1)",
    "SELECT nope FROM t",
    "SELECT *\n\tFROM nope",
    "SELECT 1/0",
    "SELECT 'ä' + 1",
    "SELECT 1;\n\n  SELECT foo",
    "DO $$ BEGIN RAISE EXCEPTION 'é %', 1 USING hint = 'do', detail = 'so'; END $$",
    "DO $$ BEGIN EXECUTE 'SELECT bad syntax here'; END $$",
    "SELECT 'x'::no_such_type",
]


@pytest.mark.parametrize("statement", FAILING)
def test_errors_say_the_same_in_the_same_words(ours: driver.Connection, theirs: Any, flavor: str, statement: str) -> None:
    seen = []
    for connection in (ours, theirs):
        cursor = connection.cursor()
        cursor.execute("CREATE TEMPORARY TABLE t (i int CONSTRAINT pk PRIMARY KEY, j int NOT NULL CHECK (j > 0))")
        cursor.execute("INSERT INTO t VALUES (1, 1)")
        with pytest.raises(Exception, match=r".") as raised:
            cursor.execute(statement)
        error: Any = raised.value
        names = ("pgcode", "pgerror") if flavor == "psycopg2" else ("sqlstate",)
        fields = [getattr(error.diag, name) for name in DIAGNOSTICS if name != "schema_name"]  # pg_temp_3
        seen.append((type(error).__name__, str(error), error.args, [getattr(error, name) for name in names], fields))
        assert flavor == "psycopg" or error.cursor is cursor
    assert seen[0] == seen[1]


class Pair:
    def __init__(self, a: int, b: str) -> None:
        self.items = (a, b)

    def __repr__(self) -> str:
        return f"Pair{self.items}"


@pytest.mark.parametrize("flavor", ["psycopg"], indirect=True)
def test_row_factories_of_psycopg(ours: driver.Connection, theirs: Any) -> None:
    seen = []
    for connection in (ours, theirs):
        rows = [
            repr(connection.cursor(row_factory=factory).execute("SELECT 1 AS a, 'x' AS b").fetchall())
            for factory in (dict_row, namedtuple_row, scalar_row, class_row(Pair))
        ]
        connection.row_factory = dict_row
        seen.append((*rows, connection.execute("SELECT 1 AS x").fetchone(), list(connection.cursor().stream("SELECT 2 AS y"))))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("flavor", ["psycopg2"], indirect=True)
def test_cursor_classes_of_psycopg2(ours: driver.Connection, theirs: Any) -> None:
    extras = psycopg2.extras
    seen = []
    for connection in (ours, theirs):
        rows = []
        for factory in (extras.DictCursor, extras.RealDictCursor, extras.NamedTupleCursor):
            cursor = connection.cursor(cursor_factory=factory)
            cursor.execute("SELECT 1 AS a, 2 AS b")
            rows.append(cursor.fetchone())
        seen.append((rows[0]["a"], rows[0][1], dict(rows[0]), rows[1], rows[2].a, [type(row).__name__ for row in rows]))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("flavor", ["psycopg2"], indirect=True)
def test_a_function_is_called_with_the_names_of_its_arguments(ours: driver.Connection, theirs: Any) -> None:
    for connection in (ours, theirs):
        cursor = connection.cursor()
        cursor.callproc("make_interval", {"days": 5, "hours": 1})
        assert cursor.fetchone() == (dt.timedelta(days=5, hours=1),)


def test_scrolling_out_of_the_result(ours: driver.Connection, theirs: Any, flavor: str) -> None:
    kinds = []
    for connection in (ours, theirs):
        cursor = connection.cursor()
        cursor.execute("SELECT generate_series(1, 10)")
        cursor.scroll(9)
        assert cursor.fetchone() == (10,)
        for target in (10, -1):
            with pytest.raises((IndexError, psycopg2.ProgrammingError, driver.ProgrammingError)) as raised:
                cursor.scroll(target, mode="absolute")
            kinds.append((type(raised.value).__name__, str(raised.value)))
    assert kinds == [kinds[0]] * 4
    assert kinds[0][0] == ("ProgrammingError" if flavor == "psycopg2" else "IndexError")


def test_numbers_of_isolation_levels_are_the_named_drivers(ours: driver.Connection, theirs: Any, flavor: str) -> None:
    numbers = psycopg.IsolationLevel if flavor == "psycopg" else range(1, 5)
    for number in numbers:
        shown = []
        for connection in (ours, theirs):
            connection.set_isolation_level(number)
            cursor = connection.cursor()
            cursor.execute("SHOW transaction_isolation")
            shown.append(cursor.fetchone())
            connection.rollback()
        assert shown[0] == shown[1]


@pytest.mark.parametrize("flavor", ["psycopg2"], indirect=True)
def test_notices_are_kept_with_detail_and_hint(ours: driver.Connection, theirs: Any) -> None:
    for connection in (ours, theirs):
        connection.cursor().execute("DO $$ BEGIN RAISE INFO 'i' USING detail = 'd', hint = 'h'; RAISE WARNING 'w'; END $$")
    assert ours.notices == theirs.notices == ["INFO:  i\nDETAIL:  d\nHINT:  h\n", "WARNING:  w\n"]


@pytest.mark.parametrize("flavor", ["psycopg"], indirect=True)
def test_rows_of_any_values_are_copied(ours: driver.Connection, theirs: Any) -> None:
    values = (
        dt.date(2020, 1, 1),
        [1, None, 2],
        [["a,b", 'q"\\']],
        True,
        Decimal("1.5"),
        b"\x00\xff\\",
        Jsonb({"a": "b\\\n'"}),
        "t\ta\\N",
    )
    seen = []
    for connection in (ours, theirs):
        cursor = connection.cursor()
        cursor.execute("CREATE TEMPORARY TABLE t (d date, i int[], x text[], b bool, n numeric, y bytea, j jsonb, s text)")
        with cursor.copy("COPY t FROM STDIN") as copy:
            copy.write_row(values)
        assert (cursor.rowcount, cursor.statusmessage) == (1, "COPY 1")
        rows = cursor.execute("SELECT * FROM t").fetchall()
        with cursor.copy("COPY (SELECT s, i FROM t WHERE b = %s) TO STDOUT", (True,)) as copy:
            seen.append((rows, copy.read_row(), copy.read_row()))
    assert seen[0] == seen[1]
    assert seen[0][0][0][1:] == (*values[1:6], {"a": "b\\\n'"}, "t\ta\\N")


@pytest.mark.parametrize("flavor", ["psycopg2"], indirect=True)
def test_copy_with_every_argument(ours: driver.Connection, theirs: Any) -> None:
    seen = []
    for connection in (ours, theirs):
        cursor = connection.cursor()
        cursor.execute("CREATE TEMPORARY TABLE t (a int, b text)")
        cursor.copy_from(io.StringIO("1\ta\n2\t\\N\n"), "t")
        cursor.copy_from(io.StringIO("3,c\n4,\n"), "t", sep=",", null="", columns=("a", "b"), size=4)
        text, data = io.StringIO(), io.BytesIO()
        cursor.copy_to(text, "t", sep="|", null="-")
        cursor.copy_expert("COPY (SELECT * FROM t ORDER BY a) TO STDOUT WITH CSV HEADER", data)
        seen.append((text.getvalue(), data.getvalue(), cursor.rowcount))
    assert seen[0] == seen[1]


def _undo(block: Any) -> None:
    raise psycopg.Rollback(block)


@pytest.mark.parametrize("flavor", ["psycopg"], indirect=True)
def test_transaction_blocks_nest_and_undo_themselves(ours: driver.Connection, theirs: Any) -> None:
    for connection in (ours, theirs):
        with connection.transaction():
            connection.execute("CREATE TEMPORARY TABLE t (i int)")
            with pytest.raises(psycopg.errors.DivisionByZero), connection.transaction("mine"):
                connection.execute("INSERT INTO t VALUES (1 / 0)")
            with connection.transaction() as block:
                connection.execute("INSERT INTO t VALUES (1)")
                _undo(block)
            with connection.transaction(force_rollback=True):
                connection.execute("INSERT INTO t VALUES (2)")
            with connection.transaction():
                connection.execute("INSERT INTO t VALUES (3)")
        assert connection.info.transaction_status == 0
        assert connection.execute("SELECT i FROM t").fetchall() == [(3,)]
