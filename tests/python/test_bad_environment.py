"""An env.py that raises, leaves, swallows or forgets, and a version table that does not fit: no such run reports success."""

from __future__ import annotations

import json

import pytest

from bench import Bench, line_of

pytestmark = pytest.mark.usefixtures("forked")

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
        f"""\
            try:
                context.run_migrations()
            except Exception:
                {then}


if""",
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
        "            context.run_migrations()\n\n\nif",
        "            context.run_migrations()\n            connection.rollback()\n\n\nif",
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
    for arguments in (
        ("upgrade", "heads"),
        ("upgrade", "0002"),
        ("downgrade", "-1"),
        ("--url", bench.database.url, "upgrade", "heads"),
    ):
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
