"""A project, an address, an id or a history that is wrong: the error names what, where and what to do, and nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from bench import SECRET, Bench
from memstack_migrate import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database


# Configuration


def test_no_configuration(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.parametrize("url", ["sqlite://", f"mysql://user:{SECRET}@host/db", f"mssql+nodriver://u:{SECRET}@host/db"])
def test_env_py_with_a_url_of_another_dbms(bench: Bench, url: str) -> None:
    bench.project.set(**{"sqlalchemy.url": url})
    bench.refused("database_url", url.partition(":")[0].partition("+")[0], "postgresql://")
    bench.raises("database_url", bench.upgrade())


@pytest.mark.parametrize(
    "url", ["nonsense", f"postgresql://user:{SECRET}@host:notaport/db", f"postgresql:/user:{SECRET}@host/db"]
)
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
    bench.edit_env(
        "connectable = engine_from_config(",
        'config.set_main_option("sqlalchemy.url", HERE)\n    connectable = engine_from_config(',
    )
    bench.edit_env("config = context.config", f"config = context.config\nHERE = {bench.database.url_for('psycopg')!r}")
    empty = other.dump()
    bench.refused("wrong_database", bench.database.name, other.name, arguments=("--url", other.url, "upgrade", "heads"))
    error = bench.raises("wrong_database", bench.upgrade(url=other.url))
    assert isinstance(error, errors.ConfigurationError)
    assert other.dump() == empty


def test_the_server_is_down(bench: Bench) -> None:
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
    bench.edit_env(
        "config = context.config",
        f"config = context.config\nfrom sqlalchemy import create_engine\ncreate_engine('{url}').connect()",
    )
    outcome = bench.project.memstack("--raiseerr", "upgrade", "heads")
    assert "create_engine('postgresql://user:***@127.0.0.1:1/db')" in outcome.err
    bench.hides_secrets(outcome)


def test_an_env_py_that_puts_the_address_into_its_exception(bench: Bench) -> None:
    url = f"postgresql://user:{SECRET}@host/db"
    bench.edit_env(
        "def run_migrations_online() -> None:",
        f"def run_migrations_online() -> None:\n    url = {url!r}\n    raise RuntimeError(f'no way to {{url}}')",
    )
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
    bench.project.revision(long, "0003")
    error = bench.refused("sql", "too long for type character varying(32)")
    assert "widen the column" in error["hint"]
    assert error["revision"] == long


def test_ids_that_a_widened_version_table_holds_were_refused(bench: Bench) -> None:
    long = "0004_" + "a" * 95
    widen = 'op.alter_column("alembic_version", "version_num", type_=sa.String(100))'
    bench.project.revision("0003b", "0003", widen)
    bench.project.revision(
        long, "0003b", 'op.execute("CREATE TABLE of_the_long_one ()")', 'op.execute("DROP TABLE of_the_long_one")'
    )
    bench.project.memstack("upgrade").ok()
    assert bench.database.version_rows() == [long]
    bench.project.alembic("downgrade", "-1").ok()
    bench.project.memstack("upgrade").ok()
    bench.project.memstack("downgrade", "0003b").ok()
    assert bench.database.version_rows() == ["0003b"]


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
