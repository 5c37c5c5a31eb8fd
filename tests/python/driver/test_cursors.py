"""The rows of a cursor: fetched in every way, of several statements, and of a named cursor on the server."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
import psycopg2
import pytest

from memstack_migrate import driver


def test_rows_are_fetched_in_every_way(ours: driver.Connection) -> None:
    cursor = ours.cursor()
    cursor.execute("SELECT i FROM generate_series(1, 1205) AS i")
    assert cursor.rowcount == 1205
    assert cursor.description is not None
    assert cursor.description[0][:2] == ("i", 23)
    assert cursor.description[0][1] == driver.NUMBER
    assert cursor.fetchone() == (1,)
    assert cursor.fetchmany(2) == [(2,), (3,)]
    assert cursor.rownumber == 3
    assert len(cursor.fetchall()) == 1202
    assert cursor.fetchone() is None
    assert cursor.fetchall() == []
    cursor.scroll(1203, mode="absolute")
    assert list(cursor) == [(1204,), (1205,)]


def test_several_statements_gave_the_last_ones_result_where_the_named_driver_gives_each(
    ours: driver.Connection, theirs: Any
) -> None:
    def run(connection: Any) -> list[Any]:
        cursor = connection.cursor()
        cursor.execute("CREATE TEMP TABLE t (i int); INSERT INTO t VALUES (1), (2); SELECT i FROM t; SELECT 'x' AS other")
        got: list[Any] = []
        try:
            while True:
                got.append((cursor.statusmessage, cursor.rowcount, [column[0] for column in cursor.description or ()]))
                if cursor.description:
                    got.append(cursor.fetchall())
                if not cursor.nextset():
                    break
        except psycopg2.NotSupportedError as error:
            got.append(str(error).strip())
        cursor.executemany("INSERT INTO t VALUES (%s)", [(3,), (4,)])
        got.append((cursor.rowcount, cursor.description))
        if isinstance(theirs, psycopg.Connection):
            got += results(connection, cursor)
        return got

    def results(connection: Any, cursor: Any) -> list[Any]:
        got = [list(cursor.results()), list(connection.cursor().results())]
        cursor.executemany("INSERT INTO t VALUES (%s) RETURNING i", [(5,), (6,)], returning=True)
        got.append([each.fetchall() for each in cursor.results()])
        connection.commit()
        for spoil in (
            lambda: cursor.execute("SELECT 1; SELECT nonsense"),
            lambda: cursor.executemany("SELECT %s", [], returning=True),
            lambda: list(cursor.copy("COPY t TO STDOUT").__enter__()),
            cursor.close,
        ):
            cursor.execute("SELECT 7; SELECT 8")
            with suppress(psycopg.Error):
                spoil()
            connection.rollback()
            got.append([cursor.nextset(), cursor.rowcount])
        return got

    assert run(ours) == run(theirs)


NAMED = "SELECT i FROM generate_series(1, 50) AS i"


def test_a_named_cursor_fetches_as_the_named_driver_does(ours: driver.Connection, theirs: Any) -> None:
    def fetch(connection: Any) -> list[Any]:
        cursor = connection.cursor('it\'s "named"', scrollable=True)
        cursor.itersize = 7
        cursor.execute(NAMED + " WHERE i > %s", (1,))
        got = [cursor.fetchone(), cursor.fetchmany(3), cursor.fetchmany()]
        cursor.scroll(10)
        got.append(cursor.fetchone())
        cursor.scroll(3, mode="absolute")
        got += [next(iter(cursor)), cursor.fetchall(), cursor.fetchone(), cursor.fetchall()]
        cursor.close()
        return got

    assert fetch(ours) == fetch(theirs)
    assert ours.cursor().execute("SELECT count(*) FROM pg_cursors").fetchone() == (0,)


def test_a_named_cursor_needs_a_transaction(ours: driver.Connection) -> None:
    ours.autocommit = True
    with pytest.raises(driver.ProgrammingError, match="outside of transactions"):
        ours.cursor("c").execute(NAMED)
    kept = ours.cursor("c", withhold=True)
    kept.execute(NAMED)
    assert kept.fetchmany(2) == [(1,), (2,)]
    kept.close()
    assert ours.cursor().execute("SELECT count(*) FROM pg_cursors").fetchone() == (0,)


def test_a_named_cursor_in_a_failed_transaction_closes_quietly(ours: driver.Connection) -> None:
    with ours.cursor("c") as cursor:
        cursor.execute(NAMED)
        with pytest.raises(driver.DatabaseError):
            ours.cursor().execute("SELECT 1/0")
    ours.rollback()
    with pytest.raises(driver.ProgrammingError, match="no results to fetch"):
        ours.cursor("c").fetchone()
    with pytest.raises(driver.NotSupportedError):
        ours.cursor("c").executemany(NAMED, [()])
