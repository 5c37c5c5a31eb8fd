"""What goes wrong in a project or on the way to its database: each names what, where and what to do, and nothing is changed."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import memstack_migrate
import pytest
from memstack_migrate import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from projects import Outcome, Project
    from servers import Server

SECRET = "s3cr3t-0f-th1s-t3st"  # noqa: S105  to look for in what is printed


@dataclass(frozen=True)
class Bench:
    """A project, its database, and commands that are expected to fail there."""

    project: Project
    database: Database

    def refused(
        self, code: str, *phrases: str, arguments: tuple[str, ...] = ("upgrade", "heads"), env: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Run the command as text and with --json, check both and that nothing changed, and return the JSON error."""
        before = self.database.dump()
        text = self.project.memstack(*arguments, env=env).failed(EXIT_CODES[code], "error: ", *phrases)
        as_json = self.project.memstack(*arguments, "--json", env=env).failed(EXIT_CODES[code])
        # In front of it stands what env.py's own logging set-up lets through.
        error: dict[str, Any] = json.loads(as_json.err.splitlines()[-1])["error"]
        assert error["code"] == code
        assert error["hint"], f"nothing says what to do\n{text.err}"
        if as_json.out:
            json.loads(as_json.out)  # the report of what had been tried: one document
        for outcome in (text, as_json):
            self.hides_secrets(outcome)
        assert self.database.dump() == before
        return error

    def hides_secrets(self, outcome: Outcome) -> None:
        said = outcome.out + outcome.err
        for secret in (self.database.server.password, SECRET):
            assert not secret or secret not in said, said

    def raises(self, code: str, call: Callable[[], object]) -> errors.MigrateError:
        """Call the API, expecting the class for this code, the same words, no secret and no change; return the exception."""
        before = self.database.dump()
        with pytest.raises(CLASSES[code]) as caught:
            call()
        assert type(caught.value) is CLASSES[code]
        assert (caught.value.code, caught.value.exit_code) == (code, EXIT_CODES[code])
        assert caught.value.message in str(caught.value)
        assert SECRET not in str(caught.value)
        assert self.database.dump() == before
        return caught.value

    def upgrade(self, revision: str = "heads", **options: Any) -> Callable[[], object]:
        return lambda: memstack_migrate.upgrade(revision, config=self.project.ini, **options)

    def edit_env(self, old: str, new: str) -> None:
        text = self.project.env_py.read_text()
        assert old in text
        self.project.env_py.write_text(text.replace(old, new, 1))


EXIT_CODES = {
    "usage": 2,
    "configuration": 3,
    "database_url": 4,
    "wrong_database": 5,
    "connection": 6,
    "target": 7,
    "history": 8,
    "revision_file": 9,
    "revision_failed": 10,
    "sql": 11,
    "environment": 12,
    "version_table": 13,
    "not_committed": 16,
    "interrupted": 130,
}

CLASSES: dict[str, type[errors.MigrateError]] = {
    "configuration": errors.ConfigurationError,
    "database_url": errors.DatabaseUrlError,
    "wrong_database": errors.WrongDatabaseError,
    "connection": errors.ConnectionError,
    "target": errors.TargetError,
    "history": errors.HistoryError,
    "revision_file": errors.RevisionError,
    "revision_failed": errors.RevisionError,
    "sql": errors.SqlError,
    "environment": errors.EnvironmentError,
    "version_table": errors.VersionTableError,
    "not_committed": errors.NotCommittedError,
}


@pytest.fixture
def bench(project: Project, database: Database) -> Bench:
    """A project with three revisions, the first of which is in the database."""
    project.chain(3)
    database.execute(
        """CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
        INSERT INTO alembic_version VALUES ('0001');
        CREATE TABLE t0001 (id serial PRIMARY KEY, name text);
        INSERT INTO t0001 (name) VALUES ('kept')"""
    )
    return Bench(project, database)


# Configuration


def test_no_configuration(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.project.ini.unlink()
    error = bench.refused("configuration", "alembic.ini", "-c")
    assert str(bench.project.root) in error["message"] + error.get("file", "")
    monkeypatch.chdir(bench.project.root)
    bench.raises("configuration", memstack_migrate.upgrade)


def test_a_configuration_without_its_section(bench: Bench) -> None:
    bench.refused("configuration", "alembic.ini", "nowhere", arguments=("-n", "nowhere", "upgrade", "heads"))


def test_no_script_location(bench: Bench) -> None:
    text = bench.project.ini.read_text()
    bench.project.ini.write_text(text.replace("script_location = ", "# script_location = "))
    bench.refused("configuration", "alembic.ini", "script_location")
    bench.raises("configuration", bench.upgrade())


def test_a_script_location_that_is_not_there(bench: Bench) -> None:
    bench.project.set(script_location="%(here)s/elsewhere")
    bench.refused("configuration", "alembic.ini", "script_location", "elsewhere")


# The database's address


@pytest.mark.parametrize("url", [f"mysql://user:{SECRET}@host/db", f"sqlite:///{SECRET}.db", f"oracle+cx://u:{SECRET}@h/d"])
def test_a_url_of_another_dbms(bench: Bench, url: str) -> None:
    name = url.partition(":")[0].partition("+")[0]
    bench.refused("database_url", name, "not of PostgreSQL", arguments=("--url", url, "upgrade", "heads"))
    error = bench.raises("database_url", bench.upgrade(url=url))
    assert isinstance(error, errors.ConfigurationError)


@pytest.mark.parametrize("url", ["sqlite:///other.db", f"mysql://user:{SECRET}@host/db", f"mssql+nodriver://u:{SECRET}@host/db"])
def test_env_py_with_a_url_of_another_dbms(bench: Bench, url: str) -> None:
    bench.project.set(**{"sqlalchemy.url": url})
    bench.refused("database_url", url.partition(":")[0].partition("+")[0], "postgresql://")
    bench.raises("database_url", bench.upgrade())


@pytest.mark.parametrize("url", ["nonsense", f"postgresql://user:{SECRET}@host:notaport/db", f"postgresql:/user:{SECRET}@host/db"])
def test_a_url_that_cannot_be_read(bench: Bench, url: str) -> None:
    bench.refused("database_url", arguments=("--url", url, "upgrade", "heads"))
    bench.raises("database_url", bench.upgrade(url=url))


def test_env_py_with_a_url_that_cannot_be_read(bench: Bench) -> None:
    bench.project.set(**{"sqlalchemy.url": f"postgresql//user:{SECRET}@host/db"})
    bench.refused("environment", "env.py, line")


def test_a_placeholder_url_in_the_ini_file(bench: Bench) -> None:
    bench.project.set(**{"sqlalchemy.url": "driver://user:pass@localhost/dbname"})
    bench.refused("database_url", "driver", "postgresql://")


def test_the_url_and_env_py_name_different_databases(bench: Bench, make_database: Callable[[], Database]) -> None:
    other = make_database()
    bench.edit_env("connectable = engine_from_config(", 'config.set_main_option("sqlalchemy.url", HERE)\n    connectable = engine_from_config(')
    bench.edit_env("config = context.config", f"config = context.config\nHERE = {bench.database.url_for('psycopg')!r}")
    empty = other.dump()
    bench.refused("wrong_database", bench.database.name, other.name, arguments=("--url", other.url, "upgrade", "heads"))
    error = bench.raises("wrong_database", bench.upgrade(url=other.url))
    assert isinstance(error, errors.ConfigurationError)
    assert other.dump() == empty


def test_the_server_is_down(bench: Bench, server: Server) -> None:
    url = f"postgresql://user:{SECRET}@127.0.0.1:1/db"
    for arguments in (("--url", url, "upgrade", "heads"), ("--url", url, "status"), ("--url", url, "current")):
        bench.refused("connection", "127.0.0.1", "port 1", "refused", arguments=arguments)
    bench.raises("connection", bench.upgrade(url=url))


def test_the_server_that_env_py_names_is_down(bench: Bench) -> None:
    bench.project.set(**{"sqlalchemy.url": f"postgresql+psycopg://user:{SECRET}@127.0.0.1:1/db"})
    error = bench.refused("connection", "127.0.0.1", "refused", "env.py")
    assert error["file"] == str(bench.project.env_py)
    assert error["line"] > 0
    raised = bench.raises("connection", bench.upgrade())
    assert type(raised.__cause__).__name__ == "OperationalError"


def test_a_wrong_password(bench: Bench) -> None:
    server = bench.database.server
    url = f"postgresql://{server.user}:{SECRET}@{server.host}:{server.port}/{bench.database.name}"
    bench.refused("connection", "password", "refused", arguments=("--url", url, "upgrade", "heads"))
    bench.raises("connection", bench.upgrade(url=url))
    bench.project.set(**{"sqlalchemy.url": url})
    bench.refused("connection", "password", "refused")
    bench.raises("connection", bench.upgrade())


def test_no_traceback_shows_a_password(bench: Bench) -> None:
    server = bench.database.server
    url = f"postgresql://{server.user}:{SECRET}@{server.host}:{server.port}/{bench.database.name}"
    bench.hides_secrets(bench.project.memstack("--raiseerr", "--url", url, "upgrade", "heads"))
    bench.project.set(**{"sqlalchemy.url": url})
    outcome = bench.project.memstack("--raiseerr", "upgrade", "heads")
    assert "Traceback (most recent call last)" in outcome.err
    bench.hides_secrets(outcome)


def test_no_traceback_shows_the_password_in_a_line_of_env_py(bench: Bench) -> None:
    url = f"postgresql://user:{SECRET}@127.0.0.1:1/db"
    bench.edit_env("config = context.config", f"config = context.config\nfrom sqlalchemy import create_engine\ncreate_engine('{url}').connect()")
    outcome = bench.project.memstack("--raiseerr", "upgrade", "heads")
    assert "create_engine('postgresql://user:***@127.0.0.1:1/db')" in outcome.err
    bench.hides_secrets(outcome)


def test_an_env_py_that_puts_the_address_into_its_exception(bench: Bench) -> None:
    url = f"postgresql://user:{SECRET}@host/db"
    bench.edit_env("def run_migrations_online() -> None:", f"def run_migrations_online() -> None:\n    url = {url!r}\n    raise RuntimeError(f'no way to {{url}}')")
    error = bench.refused("environment", "RuntimeError: no way to postgresql://user:***@host/db")
    assert error["file"] == str(bench.project.env_py)
    assert SECRET not in str(bench.raises("environment", bench.upgrade()))


# Revision ids on the command line


def test_an_unknown_revision(bench: Bench) -> None:
    for command in ("upgrade", "downgrade", "stamp"):
        error = bench.refused("target", "'000x'", arguments=(command, "000x"))
        assert "0001" in error["hint"] + error["message"]
    bench.raises("target", bench.upgrade("000x"))


def test_an_ambiguous_revision(bench: Bench) -> None:
    bench.refused("target", "'000'", "0001", "0002", arguments=("upgrade", "000"))
    bench.raises("target", bench.upgrade("000"))


def test_a_revision_id_that_is_too_long(bench: Bench) -> None:
    bench.refused("target", arguments=("upgrade", "0003" + "0" * 40))
    long = "a" * 33
    file = bench.project.revision(long, "0003")
    error = bench.refused("history", "32", long[:32])
    assert error["file"] == str(file)


def test_too_many_steps(bench: Bench) -> None:
    bench.refused("target", "+9", arguments=("upgrade", "+9"))
    bench.refused("target", "-9", arguments=("downgrade", "-9"))


def test_several_heads_when_one_was_asked_for(bench: Bench) -> None:
    bench.project.revision("0003b", "0002")
    error = bench.refused("target", "0003", "0003b", "heads", arguments=("upgrade", "head"))
    assert "'heads' for all" in error["hint"]
    bench.raises("target", bench.upgrade("head"))


# The history


def test_two_files_with_one_id(bench: Bench) -> None:
    (bench.project.versions / "again.py").write_text((bench.project.versions / "0002_.py").read_text())
    bench.refused("history", "0002", "again.py", "0002_.py")
    bench.raises("history", bench.upgrade())


def test_a_cycle(bench: Bench) -> None:
    bench.project.revision("0001", "0003")
    bench.refused("history", "cycle", "0001", "0002", "0003")
    bench.raises("history", bench.upgrade())


def test_a_missing_parent(bench: Bench) -> None:
    file = bench.project.revision("0004", "0003x")
    error = bench.refused("history", "0004", "0003x")
    assert error["file"] == str(file)
    bench.raises("history", bench.upgrade())


# Revision files


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


def line_of(file: Path, text: str) -> int:
    return next(number for number, line in enumerate(file.read_text().splitlines(), 1) if text in line)


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


# env.py


def test_env_py_that_raises(bench: Bench) -> None:
    bench.edit_env("config = context.config", 'config = context.config\nraise LookupError("no settings")')
    error = bench.refused("environment", "LookupError: no settings", f"{bench.project.env_py}, line")
    assert error["line"] == line_of(bench.project.env_py, "raise LookupError")
    raised = bench.raises("environment", bench.upgrade())
    assert isinstance(raised.__cause__, LookupError)


def test_env_py_with_a_syntax_error(bench: Bench) -> None:
    bench.edit_env("config = context.config", "config = = context.config")
    error = bench.refused("environment", "SyntaxError", f"{bench.project.env_py}, line")
    assert error["line"] == line_of(bench.project.env_py, "config = =")


def test_no_env_py(bench: Bench) -> None:
    bench.project.env_py.unlink()
    error = bench.refused("configuration", "env.py", "alembic.ini")
    assert "env.py" in error["message"]


@pytest.mark.parametrize("status", ["0", "", "3", "'no database configured'"])
def test_env_py_that_calls_sys_exit(bench: Bench, status: str) -> None:
    bench.edit_env("config = context.config", f"config = context.config\nimport sys\nsys.exit({status})")
    error = bench.refused("environment", "sys.exit", f"{bench.project.env_py}, line")
    assert status.strip("'") in error["message"]
    bench.raises("environment", bench.upgrade())


def swallow(bench: Bench, then: str = "pass") -> None:
    bench.edit_env(
        "            context.run_migrations()\n\n\nif",
        f"            try:\n                context.run_migrations()\n            except Exception:\n                {then}\n\n\nif",
    )


@pytest.mark.parametrize(
    ("code", "body"),
    [("revision_failed", "raise KeyError('missing')"), ("sql", "op.execute('SELECT nowhere')"), ("revision_file", "x = = 1")],
)
def test_env_py_that_swallows_the_failure(bench: Bench, code: str, body: str) -> None:
    swallow(bench)
    bench.project.revision("0004", "0003", body)
    error = bench.refused(code, "0004")
    assert error["revision"] == "0004"
    bench.raises(code, bench.upgrade())


def test_env_py_that_swallows_an_unknown_revision(bench: Bench) -> None:
    swallow(bench)
    bench.refused("target", "000x", arguments=("upgrade", "000x"))


def test_env_py_that_raises_something_else_instead(bench: Bench) -> None:
    swallow(bench, 'raise RuntimeError("migrations failed") from None')
    bench.project.revision("0004", "0003", "raise KeyError('missing')")
    bench.refused("revision_failed", "KeyError: 'missing'", "0004")


def test_env_py_that_tries_again_and_succeeds(bench: Bench) -> None:
    bench.edit_env(
        "        with context.begin_transaction():\n            context.run_migrations()\n\n\nif",
        """        for _ in range(2):
            try:
                with context.begin_transaction():
                    context.run_migrations()
                break
            except Exception:
                connection.rollback()


if""",
    )
    marker = bench.project.root / "tried"
    bench.project.revision(
        "0004",
        "0003",
        f"""
        import pathlib
        if not pathlib.Path({str(marker)!r}).exists():
            pathlib.Path({str(marker)!r}).touch()
            op.execute("SELECT nowhere")
        """,
    )
    bench.project.memstack("upgrade", "heads").ok()
    assert bench.database.version_rows() == ["0004"]


def test_env_py_that_never_commits(bench: Bench) -> None:
    bench.edit_env(
        "        with context.begin_transaction():\n            context.run_migrations()\n\n\nif",
        "        connection.begin()\n        context.run_migrations()\n\n\nif",
    )
    error = bench.refused("not_committed", "0001", "begin_transaction")
    assert "0001" in error["state"]
    bench.raises("not_committed", bench.upgrade())


def test_env_py_that_rolls_back(bench: Bench) -> None:
    bench.edit_env(
        "            context.run_migrations()\n\n\nif", "            context.run_migrations()\n            connection.rollback()\n\n\nif"
    )
    bench.refused("not_committed", "0001")


def test_env_py_that_runs_no_migrations_is_told_so(bench: Bench) -> None:
    """An env.py may have its reasons; under Alembic this is no error either."""
    bench.edit_env("            context.run_migrations()\n\n\nif", "            pass\n\n\nif")
    assert "it never called context.run_migrations()" in bench.project.memstack("upgrade", "heads").ok().out
    assert bench.database.version_rows() == ["0001"]


# The version table


def test_a_version_table_ahead_of_the_files(bench: Bench) -> None:
    bench.database.execute("UPDATE alembic_version SET version_num = '0004'")
    for arguments in (("upgrade", "heads"), ("upgrade", "0002"), ("downgrade", "-1"), ("--url", bench.database.url, "upgrade", "heads")):
        error = bench.refused("version_table", "'0004'", "alembic_version", "ahead of", arguments=arguments)
        assert "0003" in error["hint"] + error["message"]
    bench.raises("version_table", bench.upgrade())


def test_status_names_an_unknown_revision(bench: Bench) -> None:
    bench.database.execute("UPDATE alembic_version SET version_num = '0004'")
    outcome = bench.project.memstack("status").ok()
    assert "0004" in outcome.out
    assert "ahead" in outcome.out
    assert json.loads(bench.project.memstack("status", "--json").ok().out)["unknown_revisions"] == ["0004"]


def test_a_version_table_that_the_user_may_not_write(bench: Bench) -> None:
    bench.database.execute(
        "CREATE ROLE reader_of_versions LOGIN PASSWORD 'reads'; GRANT SELECT ON alembic_version TO reader_of_versions"
        if not bench.database.rows("SELECT 1 FROM pg_roles WHERE rolname = 'reader_of_versions'")
        else "GRANT SELECT ON alembic_version TO reader_of_versions"
    )
    bench.project.revision("0002", "0001")
    bench.project.revision("0003", "0002")
    url = bench.database.server.url(bench.database.name).replace(
        f"{bench.database.server.user}:{bench.database.server.password}", "reader_of_versions:reads"
    )
    try:
        bench.refused("sql", "permission denied for table alembic_version", arguments=("--url", url, "upgrade", "heads"))
    finally:
        bench.database.execute("DROP OWNED BY reader_of_versions; DROP ROLE reader_of_versions")


# Interrupts


@pytest.mark.parametrize("body", ['op.execute("SELECT pg_sleep(60)")', 'op.get_bind().execute(sa.text("SELECT pg_sleep(60)"))'])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_during_a_long_statement(bench: Bench, body: str, number: signal.Signals) -> None:
    bench.project.revision("0004", "0003", body)
    before = bench.database.dump()
    process = bench.project.start_memstack("upgrade", "heads")
    running = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid() AND state = 'active'"
    deadline = time.monotonic() + 60
    while bench.database.rows(running) == [(0,)]:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    start = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - start < 10
    assert process.returncode == EXIT_CODES["interrupted"], err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert "0001" in err
    assert bench.database.dump() == before
    assert bench.database.rows(running) == [(0,)]


# What is printed where


def test_json_is_one_document_on_standard_output(bench: Bench) -> None:
    for arguments in (("upgrade", "heads"), ("upgrade", "heads"), ("downgrade", "-1"), ("stamp", "heads"), ("status",), ("current",)):
        outcome = bench.project.memstack(*arguments, "--json").ok()
        json.loads(outcome.out)
    for arguments in (("heads",), ("history",)):
        json.loads(bench.project.memstack(*arguments, "--json").ok().out)


def test_a_print_in_a_revision_does_not_spoil_the_json(bench: Bench) -> None:
    bench.project.revision("0004", "0003", 'print("a word from the revision")')
    outcome = bench.project.memstack("upgrade", "heads", "--json").ok()
    assert json.loads(outcome.out)["databases"][0]["heads_after"] == ["0004"]
    assert "a word from the revision" in outcome.err


def test_quiet_prints_nothing_on_success(bench: Bench) -> None:
    for arguments in (("upgrade", "heads"), ("--url", bench.database.url, "upgrade", "heads"), ("downgrade", "-1"), ("stamp", "heads")):
        outcome = bench.project.memstack(*arguments, "--quiet").ok()
        assert (outcome.out, without_log(outcome.err)) == ("", "")


def test_quiet_still_says_what_failed(bench: Bench) -> None:
    bench.project.memstack("upgrade", "000x", "--quiet").failed(EXIT_CODES["target"], "000x")


def without_log(text: str) -> str:
    """What env.py's own logging set-up prints is its own business."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(("INFO  [alembic", "INFO  [memstack")))


def test_usage(bench: Bench) -> None:
    bench.refused("usage", "--help", arguments=("upgrade", "--no-such-option"))
    bench.refused("usage", arguments=("no-such-command",))
    with pytest.raises(TypeError, match="unknown keyword 'nonsense'"):
        memstack_migrate.upgrade(nonsense=1)  # type: ignore[call-arg]
