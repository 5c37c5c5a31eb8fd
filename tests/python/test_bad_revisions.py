"""A revision that cannot be loaded, raises, or is refused by the server: its line is named, and nothing of the run is kept."""

from __future__ import annotations

import pytest

from bench import EXIT_CODES, Bench, line_of

pytestmark = pytest.mark.usefixtures("forked")


def test_a_syntax_error_far_down_the_plan(bench: Bench) -> None:
    file = bench.project.revision("0004", "0003", "x = = 1")
    error = bench.refused("revision_file", "SyntaxError", "0004_.py, line", "0004")
    assert error["file"] == str(file)
    assert error["revision"] == "0004"
    raised = bench.raises("revision_file", bench.upgrade())
    assert isinstance(raised.__cause__, SyntaxError)
    assert (raised.file, raised.revision) == (str(file), "0004")
    assert raised.line is not None


def test_a_syntax_error_that_hides_the_header(bench: Bench) -> None:
    file = bench.project.revision("0004", "0003", "x = (1 +")
    error = bench.refused("revision_file", "SyntaxError", "0004_.py, line")
    assert error["file"] == str(file)


def test_an_import_that_fails(bench: Bench) -> None:
    file = bench.project.revision("0004", "0003", imports="import no_such_module_at_all")
    error = bench.refused("revision_file", "no_such_module_at_all", "0004_.py, line 3")
    assert error["file"] == str(file)
    assert isinstance(bench.raises("revision_file", bench.upgrade()).__cause__, ModuleNotFoundError)


def test_a_revision_without_the_function(bench: Bench) -> None:
    file = bench.project.revision("0004", "0003")
    file.write_text(file.read_text().replace("def upgrade", "def upgarde"))
    bench.refused("revision_file", "0004", "upgrade()", "0004_.py")


def test_a_header_that_raises(bench: Bench) -> None:
    file = bench.project.revision("0004", "0003")
    file.write_text(file.read_text().replace("revision = '0004'", "revision = str(1 // 0)", 1))
    error = bench.refused("revision_file", "ZeroDivisionError", "0004_.py, line")
    assert error["file"] == str(file)


def test_a_revision_that_raises_half_way(bench: Bench) -> None:
    file = bench.project.revision("0004", "0003", 'op.execute("CREATE TABLE half (id int)")\nraise KeyError("missing")')
    error = bench.refused("revision_failed", "KeyError: 'missing'", f"{file}, line {line_of(file, 'raise KeyError')}")
    assert error["revision"] == "0004"
    assert "0001" in error["state"]
    raised = bench.raises("revision_failed", bench.upgrade())
    assert isinstance(raised.__cause__, KeyError)
    assert raised.line == line_of(file, "raise KeyError")


def test_a_traceback_is_shown_when_asked_for(bench: Bench) -> None:
    bench.project.revision("0004", "0003", 'raise KeyError("missing")')
    outcome = bench.project.memstack("--raiseerr", "upgrade", "heads")
    assert outcome.code == EXIT_CODES["revision_failed"]
    assert "Traceback (most recent call last)" in outcome.err
    assert 'raise KeyError("missing")' in outcome.err
    assert f"memstack_migrate{'/'}environment.py" not in outcome.err
    assert "error: KeyError: 'missing'" in outcome.err


SQL_FAILURES = {
    "op.execute": ('op.execute("SELECT 1,\\n  nowhere")', "nowhere", "op.execute"),
    "op.execute of text()": ('op.execute(sa.text("SELECT 1,\\n  nowhere"))', "nowhere", "op.execute"),
    "op.get_bind().execute": ('op.get_bind().execute(sa.text("SELECT 1,\\n  nowhere"))', "nowhere", ""),
    "exec_driver_sql": ('op.get_bind().exec_driver_sql("SELECT 1,\\n  nowhere")', "nowhere", ""),
}


@pytest.mark.parametrize("name", SQL_FAILURES)
def test_sql_that_fails_with_its_line_and_a_caret(bench: Bench, name: str) -> None:
    call, phrase, operation = SQL_FAILURES[name]
    file = bench.project.revision("0004", "0003", f"x = 1\n{call}")
    place = f"{file}, line {line_of(file, call)}"
    error = bench.refused("sql", place, 'column "nowhere" does not exist', "42703", "SQL line 2:\n      nowhere\n      ^")
    assert (error["revision"], error["operation"], error["sqlstate"]) == ("0004", operation, "42703")
    assert phrase in error["sql"]
    raised = bench.raises("sql", bench.upgrade())
    assert type(raised.__cause__).__name__ == "ProgrammingError"
    assert raised.diagnostics is not None
    assert raised.diagnostics["sqlstate"] == "42703"
    assert raised.line == error["line"]


DIRECTIVE_FAILURES = {
    "a native directive": ('op.add_column("nowhere", sa.Column("c", sa.Integer))', "op.add_column", "42P01"),
    "a directive that is the library's": (
        'op.bulk_insert(sa.table("nowhere", sa.column("id", sa.Integer)), [{"id": 1}])',
        "op.bulk_insert",
        "42P01",
    ),
}


@pytest.mark.parametrize("name", DIRECTIVE_FAILURES)
def test_a_directive_that_the_server_refuses(bench: Bench, name: str) -> None:
    call, operation, sqlstate = DIRECTIVE_FAILURES[name]
    file = bench.project.revision("0004", "0003", call)
    error = bench.refused("sql", f"{file}, line {line_of(file, call)}, in {operation}", '"nowhere" does not exist')
    assert (error["operation"], error["sqlstate"]) == (operation, sqlstate)
    assert "nowhere" in error["sql"]


def test_a_batch_that_the_server_refuses(bench: Bench) -> None:
    body = """
    with op.batch_alter_table("t0001") as batch_op:
        batch_op.add_column(sa.Column("c", sa.Integer))
        batch_op.drop_column("nowhere")
    """
    file = bench.project.revision("0004", "0003", body)
    error = bench.refused("sql", '"nowhere"', f"{file}, line {line_of(file, 'with op.batch')}", "op.batch_alter_table")
    assert error["operation"] == "op.batch_alter_table"


def test_a_module_that_the_revision_calls(bench: Bench) -> None:
    helper = bench.project.root / "steps.py"
    helper.write_text('from alembic import op\n\n\ndef make() -> None:\n    op.execute("SELECT nowhere")\n')
    file = bench.project.revision("0004", "0003", "steps.make()", imports="import steps")
    error = bench.refused("sql", "nowhere", f"{file}, line {line_of(file, 'steps.make()')}", f"{helper}, line 5")
    assert error["operation"] == "op.execute"


def test_a_line_inside_a_compiled_library_was_shown_as_the_users(bench: Bench) -> None:
    call = 'op.get_bind().execute(sa.text("SELECT 1"), 5)'
    file = bench.project.revision("0004", "0003", call)
    error = bench.refused("revision_failed", "expected for parameters", f"{file}, line {line_of(file, call)}")
    assert not error.get("called_file")


def test_what_takes_psycopg2s_own_connection_had_no_hint_how_to_have_one(bench: Bench) -> None:
    quoted = 'psycopg2.extensions.quote_ident("a b", op.get_bind().connection.dbapi_connection)'
    bench.project.set(**{"sqlalchemy.url": bench.database.url_for("psycopg2").replace("%", "%%")})
    bench.project.revision("0004", "0003", f"import psycopg2.extensions\nop.execute('CREATE TABLE ' + {quoted} + ' ()')")
    assert 'driver = "project"' in bench.refused("revision_failed", "must be a connection")["hint"]
    bench.project.ini.write_text(bench.project.ini.read_text() + "\n[memstack_migrate]\ndriver = project\n")
    bench.project.memstack("upgrade").ok()
    assert bench.database.has_table('"a b"')


def test_what_needs_to_run_outside_of_a_transaction_had_no_hint_how(bench: Bench) -> None:
    bench.project.revision("0004", "0003", 'op.create_index("i", "t0001", ["id"], postgresql_concurrently=True)')
    error = bench.refused("sql", "cannot run inside a transaction block", "op.create_index")
    assert "autocommit_block()" in error["hint"]


@pytest.mark.parametrize(("behind", "more"), [(5, ""), (20, "  · and 16 more  (not run)\n")])
def test_a_long_plan_behind_a_failure_filled_the_screen(bench: Bench, behind: int, more: str) -> None:
    bench.project.revision("0004", "0003", 'op.execute("SELECT nowhere")')
    for number in range(5, 5 + behind):
        bench.project.revision(f"{number:04}", f"{number - 1:04}")
    report = bench.project.memstack("upgrade", "heads").failed(EXIT_CODES["sql"]).out
    assert report.count("(not run)") == 5
    assert f"{more}  the database is at 0001 (0 of {3 + behind} revisions kept)" in report
    assert (" more " in report) == bool(more)


def test_an_exception_of_the_users_own_round_a_database_error(bench: Bench) -> None:
    body = """
    try:
        op.execute("SELECT nowhere")
    except Exception as error:
        raise RuntimeError("the data migration failed") from error
    """
    bench.project.revision("0004", "0003", body)
    bench.refused("sql", 'column "nowhere" does not exist', "the data migration failed")


def test_values_of_a_refused_row_are_not_lost(bench: Bench) -> None:
    bench.project.revision("0004", "0003", "op.execute(\"INSERT INTO t0001 (id, name) VALUES (1, 'twice')\")")
    error = bench.refused("sql", "duplicate key", "detail: Key (id)=(1) already exists.", "op.execute")
    assert error["sqlstate"] == "23505"


def test_a_traceback_shows_what_an_exception_was_raised_from_or_while(bench: Bench) -> None:
    for index, cause in enumerate((" from error", "")):
        body = f"""
        try:
            op.execute("SELECT nowhere")
        except Exception as error:
            raise RuntimeError("wrapped"){cause}
        """
        bench.project.revision("0002", "0001", body)
        said = bench.project.memstack("--raiseerr", "upgrade", "heads").err
        above = ("direct cause of the following exception", "During handling of the above exception")[index]
        assert said.index("[SQL: SELECT nowhere]") < said.index(above) < said.index("RuntimeError: wrapped")
        assert "frames of memstack_migrate]" in said
        assert "memstack_migrate/" not in said
