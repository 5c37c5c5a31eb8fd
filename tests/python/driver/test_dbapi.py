"""PEP 249, and the names beside it that people use on psycopg2's and psycopg's objects."""

from __future__ import annotations

import copy
import io
import threading
import time
from typing import Any

import psycopg
import psycopg2
import psycopg2.errors
import psycopg2.extras
import psycopg2.sql
import pytest
from psycopg import sql as psycopg_sql

from memstack_migrate import driver
from memstack_migrate.driver.arguments import Untranslatable, libpq_parameters


def test_the_module_is_what_pep_249_asks_for() -> None:
    assert (driver.apilevel, driver.threadsafety, driver.paramstyle) == ("2.0", 1, "pyformat")
    assert issubclass(driver.IntegrityError, driver.DatabaseError)
    assert issubclass(driver.InterfaceError, driver.Error)
    assert driver.Binary(b"x") == b"x"


def test_statements_without_rows_have_nothing_to_fetch(ours: driver.Connection) -> None:
    cursor = ours.cursor()
    cursor.execute("CREATE TABLE t (i int)")
    assert cursor.description is None
    assert cursor.statusmessage == "CREATE TABLE"
    with pytest.raises(driver.ProgrammingError, match="no results to fetch"):
        cursor.fetchone()
    cursor.executemany("INSERT INTO t VALUES (%s)", [(1,), (2,), (3,)])
    assert cursor.rowcount == 3
    cursor.execute("UPDATE t SET i = 0 WHERE i > %(least)s", {"least": 1})
    assert cursor.rowcount == 2


@pytest.mark.parametrize(
    ("sql", "parameters", "value"),
    [
        ("SELECT '50%'", None, "50%"),
        ("SELECT '50%%'", (), "50%"),
        ("SELECT '50%%'", {}, "50%"),
        ("SELECT '%%s' || %s", ("x",), "%sx"),
        ("SELECT %(a)s || %(b)s || %(a)s", {"a": "x", "b": "y", "c": "unused"}, "xyx"),
        ("SELECT 3-%s", (-2,), 5),
    ],
)
def test_placeholders(ours: driver.Connection, sql: str, parameters: Any, value: Any) -> None:
    assert ours.execute(sql, parameters).fetchone() == (value,)


@pytest.mark.parametrize(
    ("sql", "parameters", "message"),
    [
        ("SELECT %s, %s", (1,), "more placeholders"),
        ("SELECT %s", (1, 2), "2 values were given"),
        ("SELECT %(a)s", {"b": 1}, r"%\(a\)s"),
        ("SELECT %(a)s", (1,), "needs a mapping"),
        ("SELECT %s", {"a": 1}, "needs a sequence"),
        ("SELECT '50%'", (), "stray '%' at character 11"),
    ],
)
def test_placeholders_that_do_not_fit(ours: driver.Connection, sql: str, parameters: Any, message: str) -> None:
    with pytest.raises(driver.ProgrammingError, match=message):
        ours.execute(sql, parameters)
    assert ours.get_transaction_status() == 0


@pytest.mark.parametrize(
    ("sql", "parameters", "value"),
    [
        ("SELECT $2::text || $1 || $1 || '50%%'", ("x", "y"), "yxx50%%"),
        ("SELECT '$1' || $1 || $$ $1 $$ || e'\\'$1' /* $1 */ -- $1", ("x",), "$1x $1 '$1"),
        ("SELECT 3-$1", (-2,), 5),
        ("SELECT '50%'", None, "50%"),
        ("SELECT %(a)s", {"a": "as SQLAlchemy compiles it"}, "as SQLAlchemy compiles it"),
    ],
)
def test_numbered_placeholders_of_asyncpg(arguments: dict[str, Any], sql: str, parameters: Any, value: Any) -> None:
    with driver.connect(driver="asyncpg", **arguments) as ours:
        assert ours.execute(sql, parameters).fetchone() == (value,)
        for wrong in ((), (1, 2)):
            with pytest.raises(driver.ProgrammingError, match="values"):
                ours.execute("SELECT $1", wrong)


def test_what_a_closed_cursor_tells(ours: driver.Connection, theirs: Any) -> None:
    told = []
    for connection in (ours, theirs):
        cursor = connection.cursor()
        cursor.execute("SELECT 1 AS one")
        cursor.close()
        told.append([cursor.rowcount, cursor.description and cursor.description[0][0], cursor.statusmessage])
    assert told[0] == told[1]


def test_errors_carry_the_sqlstate_and_what_the_server_said(ours: driver.Connection, flavor: str) -> None:
    ours.execute("CREATE TABLE t (i int CONSTRAINT one UNIQUE)")
    ours.commit()
    with pytest.raises(driver.IntegrityError) as raised:
        ours.execute("INSERT INTO t VALUES (1), (1)")
    error = raised.value
    assert error.pgcode == error.sqlstate == error.diag.sqlstate == "23505"
    assert error.diag.constraint_name == "one"
    assert error.diag.message_primary == 'duplicate key value violates unique constraint "one"'
    assert error.diag.message_detail == "Key (i)=(1) already exists."
    assert error.diag.column_name is None
    assert error.pgerror is not None
    assert error.pgerror.startswith("ERROR:  duplicate key")
    theirs: Any = psycopg2 if flavor == "psycopg2" else psycopg
    assert isinstance(error, theirs.errors.UniqueViolation)
    assert isinstance(error, theirs.IntegrityError)
    with pytest.raises(AttributeError):
        _ = error.diag.nonsense


def test_errors_show_the_place_as_libpq_does(ours: driver.Connection, theirs: Any) -> None:
    statement = "SELECT 1,\n\t'ä', nonsense FROM pg_class"
    texts = []
    for connection in (ours, theirs):
        with pytest.raises(Exception, match="nonsense") as raised:
            connection.cursor().execute(statement)
        # SQLAlchemy's message begins with the module.
        texts.append(f"{type(raised.value).__module__}.{type(raised.value).__name__}: {raised.value}")
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT 1/0", "DataError"),
        ("SELECT * FROM missing", "ProgrammingError"),
        ("SELEKT", "ProgrammingError"),
        ("SET statement_timeout = 1; SELECT pg_sleep(1)", "OperationalError"),
        ("CREATE TABLE t (i int NOT NULL); INSERT INTO t VALUES (NULL)", "IntegrityError"),
        ("DO $$ BEGIN RAISE EXCEPTION 'mine' USING ERRCODE = 'MY001'; END $$", "DatabaseError"),
        ("DO $$ BEGIN RAISE EXCEPTION 'mine'; END $$", None),
        ("SAVEPOINT s; ROLLBACK TO missing", None),
        ("SET x.y TO 1; DECLARE c CURSOR FOR SELECT 1; FETCH c; CLOSE d", None),
    ],
)
def test_error_classes_are_the_named_drivers(ours: driver.Connection, theirs: Any, sql: str, name: str | None) -> None:
    kinds = []
    for connection, module in ((ours, driver), (theirs, psycopg2 if ours.flavor.driver == "psycopg2" else psycopg)):
        with pytest.raises(module.Error) as raised:
            connection.cursor().execute(sql)
        bases = ("DataError", "OperationalError", "IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError")
        kinds.append(next((base for base in bases if isinstance(raised.value, getattr(module, base))), "DatabaseError"))
        if name is not None:
            assert kinds[-1] == name
    assert kinds[0] == kinds[1]


def test_a_failed_transaction_wants_a_rollback_and_its_commit_is_no_success(ours: driver.Connection) -> None:
    ours.execute("CREATE TABLE t (i int)")
    with pytest.raises(driver.DataError):
        ours.execute("SELECT 1/0")
    with pytest.raises(driver.InternalError, match="current transaction is aborted"):
        ours.execute("SELECT 1")
    with pytest.raises(driver.InternalError, match="rolled back") as raised:
        ours.commit()
    assert raised.value.pgcode == "25P02"
    assert ours.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_transactions_begin_by_themselves_unless_autocommit(ours: driver.Connection, arguments: dict[str, Any]) -> None:
    ours.execute("CREATE TABLE t (i int)")
    assert (ours.get_transaction_status(), ours.status) == (2, 2)
    with pytest.raises(driver.ProgrammingError, match="autocommit"):
        ours.autocommit = True
    ours.commit()
    assert (ours.get_transaction_status(), ours.status) == (0, 1)
    ours.autocommit = True
    ours.execute("INSERT INTO t VALUES (1)")
    with driver.connect(**arguments) as other:
        assert other.execute("SELECT count(*) FROM t").fetchone() == (1,)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE", "READ COMMITTED"])
def test_isolation_levels(ours: driver.Connection, level: str) -> None:
    ours.set_session(isolation_level=level, readonly=True, deferrable=True)
    row = ours.execute("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')").fetchone()
    assert row == (level.lower(), "on")
    with pytest.raises(driver.InternalError, match="read-only"):
        ours.execute("CREATE TABLE t (i int)")


def test_psycopg2s_number_for_autocommit(ours: driver.Connection) -> None:
    seen = []
    for level in (0, "SERIALIZABLE"):
        ours.set_isolation_level(level)
        seen.append(ours.autocommit)
    assert seen == [True, False]
    assert ours.execute("SHOW transaction_isolation").fetchone() == ("serializable",)


def test_context_managers(arguments: dict[str, Any]) -> None:
    with driver.connect(driver="psycopg2", **arguments) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (i int)")
    assert cursor.closed
    assert connection.closed == 0
    with pytest.raises(RuntimeError), connection:
        connection.execute("INSERT INTO t VALUES (1)")
        raise RuntimeError
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()
    with driver.connect(driver="psycopg", **arguments) as other:
        assert other.execute("SELECT 1").fetchone() == (1,)
    assert other.closed is True


def test_what_is_closed_says_so(ours: driver.Connection, flavor: str) -> None:
    cursor = ours.cursor()
    cursor.close()
    with pytest.raises(driver.InterfaceError, match="cursor already closed"):
        cursor.execute("SELECT 1")
    cursor = ours.cursor()
    ours.close()
    ours.close()
    assert ours.closed
    for use in (ours.cursor, ours.commit, ours.rollback, lambda: cursor.execute("SELECT 1")):
        with pytest.raises(driver.InterfaceError if flavor == "psycopg2" else driver.OperationalError, match=r"closed$"):
            use()


def test_a_lost_connection_is_an_operational_error_and_closed(ours: driver.Connection, arguments: dict[str, Any]) -> None:
    with driver.connect(driver="psycopg2", **arguments) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (ours.get_backend_pid(),))
    with pytest.raises(driver.OperationalError, match="was lost"):
        ours.execute("SELECT 1")
    assert ours.closed


def test_the_password_is_never_shown(arguments: dict[str, Any]) -> None:
    with pytest.raises(driver.OperationalError) as raised:
        driver.connect(**{**arguments, "port": 1, "password": "correct horse"})
    assert "correct horse" not in str(raised.value)
    assert "connection refused" in str(raised.value)


def test_two_threads_at_once_are_an_error(ours: driver.Connection) -> None:
    thread = threading.Thread(target=lambda: ours.execute("SELECT pg_sleep(1)"))
    thread.start()
    time.sleep(0.3)
    with pytest.raises(driver.InterfaceError, match="busy"):
        ours.execute("SELECT 1")
    thread.join()


def test_another_thread_may_cancel(ours: driver.Connection) -> None:
    timer = threading.Timer(0.3, ours.cancel)
    timer.start()
    with pytest.raises(driver.OperationalError) as raised:
        ours.execute("SELECT pg_sleep(20)")
    timer.join()
    assert raised.value.pgcode == "57014"


def test_notices_are_kept_and_handed_on(ours: driver.Connection) -> None:
    seen: list[str | None] = []
    ours.add_notice_handler(lambda notice: seen.append(notice.message_primary))
    ours.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")
    assert seen == ["hello"]
    assert ours.notices == ["NOTICE:  hello\n"]
    for _ in range(60):
        ours.execute("DO $$ BEGIN RAISE NOTICE 'again'; END $$")
    assert len(ours.notices) == 50


def test_copy_as_psycopg2_has_it(ours: driver.Connection) -> None:
    cursor = ours.cursor()
    cursor.execute('CREATE TABLE "T" (i int, x text)')
    cursor.copy_expert('COPY "T" FROM STDIN WITH (FORMAT csv)', io.StringIO("1,ä\n2,\n"))
    assert cursor.rowcount == 2
    cursor.copy_from(io.BytesIO(b"3|\\N\n"), "T", sep="|", columns=("i", "x"))
    text, data = io.StringIO(), io.BytesIO()
    cursor.copy_expert('COPY (SELECT * FROM "T" ORDER BY i) TO STDOUT', text)
    cursor.copy_to(data, "T", null="-")
    assert text.getvalue() == "1\tä\n2\t\\N\n3\t\\N\n"
    assert data.getvalue() == "1\tä\n2\t-\n3\t-\n".encode()
    with pytest.raises(driver.DataError, match="invalid input syntax"):
        cursor.copy_expert('COPY "T" FROM STDIN', io.StringIO("x\ty\n"))


def test_copy_as_psycopg_has_it(ours: driver.Connection) -> None:
    cursor = ours.cursor()
    cursor.execute("CREATE TABLE t (i int, x text, d date, a int[])")
    with cursor.copy("COPY t FROM STDIN") as copy:
        copy.write_row((1, "tab\tand\\n\n", None, None))
        copy.write("2\tx\t2020-01-02\t{1,2}\n")
    with cursor.copy("COPY t TO STDOUT") as copy:
        assert list(copy.rows()) == [("1", "tab\tand\\n\n", None, None), ("2", "x", "2020-01-02", "{1,2}")]


def test_composed_statements_of_both_libraries(ours: driver.Connection) -> None:
    for library in (psycopg2.sql, psycopg_sql):
        statement = library.SQL("SELECT {} AS {}, {}").format(
            library.Literal("it's"), library.Identifier('A"b'), library.Placeholder("v")
        )
        cursor = ours.cursor().execute(statement, {"v": 5})
        assert cursor.fetchone() == ("it's", 5)
        assert cursor.description is not None
        assert cursor.description[0].name == 'A"b'
    qualified = psycopg_sql.SQL(", ").join([psycopg_sql.SQL("1"), psycopg_sql.Literal(2)])
    assert ours.execute(psycopg_sql.SQL("SELECT {}").format(qualified)).fetchone() == (1, 2)


def test_psycopg2s_extras_work_on_our_cursor(arguments: dict[str, Any]) -> None:
    with driver.connect(driver="psycopg2", **arguments) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE t (i int, x text)")
        rows = psycopg2.extras.execute_values(
            cursor, "INSERT INTO t VALUES %s RETURNING i", [(1, "a'"), (2, "50%")], page_size=1, fetch=True
        )
        assert rows == [(1,), (2,)]
        psycopg2.extras.execute_batch(cursor, "UPDATE t SET x = %s WHERE i = %s", [("b", 1), ("c", 2)])
        assert connection.execute("SELECT * FROM t ORDER BY i").fetchall() == [(1, "b"), (2, "c")]
        named = connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
        assert named.execute("SELECT 1 AS a").fetchone() == {"a": 1}


def test_mogrify_gives_what_would_be_sent(ours: driver.Connection, flavor: str) -> None:
    sent = ours.cursor().mogrify("SELECT %s, %s", (1, "a'b"))
    assert sent == (b"SELECT 1, 'a''b'" if flavor == "psycopg2" else "SELECT 1, 'a''b'")


def test_two_phase_commit(ours: driver.Connection, arguments: dict[str, Any]) -> None:
    if ours.execute("SHOW max_prepared_transactions").fetchone() == ("0",):
        pytest.skip("the server has max_prepared_transactions = 0")
    ours.rollback()
    ours.tpc_begin(ours.xid(1, "g", "b"))
    ours.execute("CREATE TABLE t (i int)")
    ours.tpc_prepare()
    with driver.connect(driver="psycopg2", **arguments) as other:
        assert other.tpc_recover() == ["1_g_b"]
        other.tpc_commit("1_g_b")
        assert other.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_other_datestyles_of_a_database_do_not_matter(database: Any, arguments: dict[str, Any]) -> None:
    database.execute(f"ALTER DATABASE \"{database.name}\" SET DateStyle = 'SQL, DMY'")
    with driver.connect(**arguments) as connection:
        assert str(connection.execute("SELECT '2020-02-01'::date").fetchone()[0]) == "2020-02-01"


@pytest.mark.parametrize(
    ("name", "given", "translated"),
    [
        ("psycopg2", {"host": "h", "port": 5, "dbname": "d", "sslmode": "require"}, "host=h port=5 dbname=d sslmode=require"),
        ("psycopg", {"autocommit": True, "prepare_threshold": None, "options": "-c a=b"}, "options=-c a=b"),
        ("asyncpg", {"database": "d", "ssl": "require", "timeout": 7}, "dbname=d sslmode=require connect_timeout=7"),
        (
            "asyncpg",
            {"server_settings": {"search_path": "a, b"}, "command_timeout": 1.5, "statement_cache_size": 0},
            r"options=-c search_path=a,\ b -c statement_timeout=1500",
        ),
        ("pg8000", {"unix_sock": "/run/postgresql/.s.PGSQL.5433"}, "host=/run/postgresql port=5433"),
        ("pg8000", {"ssl_context": False, "tcp_keepalive": True}, "sslmode=disable keepalives=1"),
    ],
)
def test_connect_arguments_of_the_drivers(name: str, given: dict[str, Any], translated: str) -> None:
    assert " ".join(f"{key}={value}" for key, value in libpq_parameters(name, given)) == translated


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("asyncpg", {"ssl": True}),
        ("asyncpg", {"connection_class": object}),
        ("psycopg", {"row_factory": print}),
        ("psycopg2", {"connection_factory": object}),
        ("pg8000", {"ssl_context": object()}),
        ("psycopg2", {"host": object()}),
    ],
)
def test_connect_arguments_that_only_the_driver_understands(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(Untranslatable, match=next(iter(given))):
        libpq_parameters(name, given)


def test_what_only_the_drivers_own_objects_have_is_refused_with_the_way_to_have_them(arguments: dict[str, Any]) -> None:
    for name in ("psycopg2", "asyncpg"):
        with driver.connect(driver=name, **arguments) as connection:
            given: Any
            for given in (connection, connection.cursor()):
                assert not hasattr(given, "run_async")
                with pytest.raises(
                    AttributeError,
                    match=rf"in place of {name}'s has no attribute 'lobject'.*driver = .project. .*over {name} itself",
                ):
                    given.lobject()
            assert not hasattr(copy.copy(connection.cursor()), "__await__")
