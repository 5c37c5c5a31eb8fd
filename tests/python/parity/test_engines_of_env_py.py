"""Engines as env.py makes them: listeners, pools, options, and what is executed before ``context.configure()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from parity.pair import HEAD, by_alembic, by_ours

if TYPE_CHECKING:
    from collections.abc import Callable

    from parity.pair import Pair

pytestmark = pytest.mark.oldest

_MORE = """
from sqlalchemy import event, pool


def migrate(connection, **arguments):
    context.configure(connection=connection, **arguments)
    with context.begin_transaction():
        context.run_migrations()


def ask_server(connection, *names):
    note("settings", [connection.scalar(text(f"SELECT current_setting('{name}')")) for name in names])
"""

_EVENTS = """
engine = create_engine(url)


@event.listens_for(engine, "do_connect")
def do_connect(dialect, record, arguments, parameters):
    note("do_connect", [dialect.driver, arguments, sorted(set(parameters) - {"context"})])
    parameters["application_name"] = "by env.py"


@event.listens_for(engine, "connect")
def connect(dbapi_connection, record):
    cursor = dbapi_connection.cursor()
    cursor.execute("CREATE SCHEMA IF NOT EXISTS other; SET lock_timeout = '7s'; SET search_path TO other, public")
    cursor.close()
    dbapi_connection.commit()


@event.listens_for(engine, "before_cursor_execute", retval=True)
def rewrite(connection, cursor, statement, parameters, execution_context, executemany):
    return statement.replace("(7, 'x')", "(7, 'rewritten')"), parameters


for name in ("first_connect", "checkout", "checkin", "reset", "close", "engine_connect", "begin", "commit", "rollback"):
    event.listen(engine, name, lambda *arguments, name=name, **keywords: note("event", name))
for name in ("before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute"):
    event.listen(engine, name, lambda *arguments, name=name: note(name, str(arguments[1 + ("cursor" in name)]))
                 if " t" in str(arguments[1 + ("cursor" in name)])[:15] else None)
with engine.connect() as connection:
    ask_server(connection, "application_name", "lock_timeout", "search_path")
    connection.commit()
    migrate(connection)
    ask_server(connection, "lock_timeout", "search_path")
engine.dispose()
"""

_OPTIONS = """
options = {"pool_pre_ping": True, "pool_size": 1, "max_overflow": 0, "pool_recycle": 1, "pool_reset_on_return": "commit",
           "hide_parameters": True, "label_length": 20, "query_cache_size": 0, "json_serializer": json.dumps,
           "pool_use_lifo": True, "execution_options": {"a": 1}, "isolation_level": "REPEATABLE READ",
           "connect_args": {"options": "-c statement_timeout=9s", "connect_timeout": 5, "application_name": "of env.py"}}
for more in (options, *({"poolclass": getattr(pool, name)} for name in ("StaticPool", "SingletonThreadPool", "AssertionPool"))):
    engine = create_engine(url, **more)
    with engine.connect() as connection:
        ask_server(connection, "application_name", "statement_timeout", "transaction_isolation")
        connection.commit()
        migrate(connection)
    engine.dispose()
"""

_BEFORE_CONFIGURE = """
engine = create_engine(url)
with engine.connect() as connection:
    connection.execute(text("SET lock_timeout = '3s'"))
    connection.execute(text("SELECT pg_advisory_lock(4242)"))
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS app"))
    connection.execute(text("SET search_path TO app"))
    connection.commit()
    migrate(connection)
    ask_server(connection, "lock_timeout", "search_path")
    note("its own lock", connection.scalar(text("SELECT pg_advisory_unlock(4242)")))
    connection.commit()
engine.dispose()
"""

_TRANSLATED = """
with create_engine(url, poolclass=NullPool).connect() as connection:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS tenant"))
    connection.execute(text("SET search_path TO public, tenant"))
    connection.commit()
    migrate(connection.execution_options(schema_translate_map={None: "tenant"}))
    note("revision", context.get_context().get_current_revision())
"""

_ENVIRONMENTS = {
    "events": _EVENTS,
    "options": _OPTIONS,
    "before configure()": _BEFORE_CONFIGURE,
    "a schema_translate_map": _TRANSLATED,
}


@pytest.mark.parametrize("name", _ENVIRONMENTS)
def test_engine(name: str, pair: Callable[[str], Pair]) -> None:
    both = pair(HEAD + _MORE + _ENVIRONMENTS[name])
    for line in (("upgrade", "bb02"), ("downgrade", "base"), ("upgrade", "head")):
        assert both.run(*line) == ["", ""]


@pytest.mark.parametrize("arguments", ["", "transaction_per_migration=True"])
def test_a_transaction_that_a_statement_before_configure_began_and_nobody_commits(
    arguments: str, pair: Callable[[str], Pair]
) -> None:
    """Alembic reports success, and nothing is kept."""
    both = pair(
        HEAD
        + _MORE
        + f"""
with create_engine(url, poolclass=NullPool).connect() as connection:
    connection.execute(text("SET search_path TO public"))
    migrate(connection, {arguments})
"""
    )
    both.monkeypatch.setenv("DATABASE_URL", both.databases[0].url_for("psycopg"))
    by_alembic(both.project, "upgrade", "head")
    both.monkeypatch.setenv("DATABASE_URL", both.databases[1].url_for("psycopg"))
    with pytest.raises(memstack_migrate.errors.NotCommittedError) as caught:
        by_ours(both.project, "upgrade", "head")
    assert "call connection.commit() in front of context.configure()" in caught.value.hint
    assert both.databases[1].dump() == both.databases[0].dump()
    assert both.databases[1].version_rows() is None
