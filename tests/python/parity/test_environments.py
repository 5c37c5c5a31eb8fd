"""What env.py asks ``context`` and gives to ``configure()``: the same answers and the same databases as under Alembic."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

import memstack_migrate
from parity.oracle import environment
from parity.pair import HEAD, Pair, answers_in, by_alembic, by_ours, project_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from databases import Database
    from parity.oracle import AlembicSteps

    StartAlembic = Callable[..., AlembicSteps]
    MakeDatabase = Callable[[], Database]

pytestmark = pytest.mark.oldest

_ASK = (
    HEAD
    + """
def ask_all(when):
    note("when", when)
    for name in ("is_offline_mode", "get_head_revision", "get_head_revisions", "get_starting_revision_argument",
                 "get_revision_argument", "get_tag_argument", "get_x_argument", "is_transactional_ddl", "requires_connection"):
        ask(name)
    ask("get_x_argument", as_dictionary=True)
    note("cmd", getattr(config.cmd_opts, "cmd", [None])[0].__name__)
    # What argparse makes of the command line, but for the flag that the test gives to Alembic only.
    note("cmd_opts", {name: value for name, value in sorted(vars(config.cmd_opts).items()) if name not in ("cmd", "raiseerr")})
    note("section", [config.config_ini_section, sorted(config.get_section(config.config_ini_section))])
    note("file", config.config_file_name and os.path.basename(config.config_file_name))
    note("script", [context.script.dir == config.get_main_option("script_location"), context.script.get_heads()])


ask_all("before configure()")
ask("get_context")
ask("get_bind")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    ask_all("offline")
    note("bind", type(context.get_bind()).__name__)
    with context.begin_transaction():
        context.static_output("-- by env.py")
        context.execute("SELECT 'by env.py'")
        context.run_migrations()
        context.execute(text("SELECT 'after them'"))
else:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        context.configure(connection=connection)
        ask_all("online")
        note("bind", [context.get_bind() is connection, context.get_context().bind is connection])
        note("as_sql", [context.get_context().as_sql, context.get_context().dialect.name, context.get_impl().__dialect__])
        with context.begin_transaction():
            # Before the version table is read, within its transaction.
            context.execute("CREATE TABLE IF NOT EXISTS by_env (said text)")
            context.execute(text("INSERT INTO by_env VALUES ('before')"))
            context.run_migrations(by="env.py", count=2)
            context.execute("INSERT INTO by_env VALUES ('after')", execution_options={"no": "matter"})
            ask_all("after the revisions")
            note("heads", [sorted(context.get_context().get_current_heads()), context.get_context().get_current_revision()])
"""
)

_LINES = (
    "-x a=1 -x b -x a=2 upgrade aa01 --tag v1",
    "upgrade +1",
    "upgrade head --sql",
    "-n other upgrade bb02:head --sql --tag release",
    "upgrade head",
    "current -v",
    "stamp bb02 --tag stamped",
    "stamp aa01 --sql",
    "stamp --purge bb02",
    "downgrade -1",
    "downgrade bb02:aa01 --sql --tag down",
    "downgrade base",
)


def test_every_question_has_alembics_answer(alembic_steps: StartAlembic, make_database: MakeDatabase, tmp_path: Path) -> None:
    project, theirs_database, our_database = project_of(tmp_path / "p", _ASK), make_database(), make_database()
    files = (tmp_path / "theirs", tmp_path / "ours")
    theirs = alembic_steps(project, theirs_database, {**environment(theirs_database), "ANSWERS": str(files[0])})
    for line in _LINES:
        theirs.run(*line.split())
        project.memstack(*line.split(), env={**environment(our_database), "ANSWERS": str(files[1])}).ok()
        expected = answers_in(files[0])
        assert len(expected) > 20, line
        assert answers_in(files[1]) == expected, line
        assert our_database.dump() == theirs_database.dump(), line


# What stands in configure() beside the connection and is not online what it is offline, where test_offline.py has it.
_ARGUMENTS = {
    "url too": "url=url",
    "dialect": 'dialect_name="postgresql", dialect_opts={"paramstyle": "named"}',
    "transactional_ddl=False": "transactional_ddl=False",
    "transactional_ddl=True": "transactional_ddl=True",
    "transaction_per_migration": "transaction_per_migration=True",
    "output_buffer": "output_buffer=sys.stderr",
    "tag and template_args": 'tag="v1", template_args={"a": 1}',
    "autogenerate": "render_as_batch=True, target_metadata=[MetaData(), MetaData()], include_schemas=True, include_name=print, "
    "include_object=print, process_revision_directives=print, compare_type=False, compare_server_default=True, render_item=print",
    "prefixes": 'upgrade_token="up", downgrade_token="down", alembic_module_prefix="o.", sqlalchemy_module_prefix="s.", '
    'user_module_prefix="u."',
    "version table": 'version_table="Our Versions", version_table_pk=False',
    "version table in a schema": 'version_table="v", version_table_schema=in_schema(connection, "Ops")',
    "an own keyword": 'what_it_is="mine"',
    "on_version_apply": "on_version_apply=applied",
    "several callbacks": "on_version_apply=[applied, applied]",
    "environment": "environment_context=None, as_sql=False",
    "a destination": 'destination_rev="aa01"',
}

_CONFIGURE = (
    HEAD
    + """
from sqlalchemy import MetaData


def in_schema(connection, name):
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{name}"'))
    connection.commit()
    return name


def applied(ctx, step, heads, run_args, **more):
    note("applied", [step.is_upgrade, step.is_stamp, step.is_migration, step.up_revision_id, step.up_revision_ids,
                     step.down_revision_ids, step.source_revision_ids, step.destination_revision_ids, sorted(heads), run_args,
                     sorted(more), ctx is context.get_context(), ctx.connection.in_transaction()])


with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, ARGUMENTS)
    # What only Alembic's own run loop looks at is not there.
    note("opts", sorted(set(context.get_context().opts) - {"fn", "purge"}))
    ask("is_transactional_ddl")
    note("in a transaction", [connection.in_transaction()])
    with context.begin_transaction() as transaction:
        note("within", [connection.in_transaction(), type(transaction).__name__])
        context.run_migrations(by="env.py")
    note("in a transaction", [connection.in_transaction()])
"""
)


_COMMANDS = (("upgrade", "bb02"), ("downgrade", "base"), ("upgrade", "head"), ("stamp", "aa01"))


@pytest.mark.parametrize("name", _ARGUMENTS)
def test_each_argument_of_configure(name: str, pair: Callable[[str], Pair]) -> None:
    both = pair(_CONFIGURE.replace("ARGUMENTS", _ARGUMENTS[name]))
    assert [both.run(*line) for line in _COMMANDS] == [["", ""]] * len(_COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('starting_rev="aa01"', "Can't specify current_rev to context when using a database connection"),
        ("literal_binds=True", "Can't use literal_binds setting without as_sql mode"),
    ],
)
def test_an_argument_that_alembic_refuses(arguments: str, reason: str, pair: Callable[[str], Pair]) -> None:
    for failure in pair(_CONFIGURE.replace("ARGUMENTS", arguments)).run("upgrade", "head"):
        assert failure.startswith(reason)


def test_steps_of_env_pys_own_are_refused(pair: Callable[[str], Pair]) -> None:
    both = pair(_CONFIGURE.replace("ARGUMENTS", "fn=lambda heads, context: ()"))
    both.monkeypatch.setenv("DATABASE_URL", both.databases[1].url_for("psycopg"))
    both.monkeypatch.setenv("ANSWERS", str(both.answers))
    with pytest.raises(memstack_migrate.errors.UnsupportedError, match=r"which steps to run \(fn=\)"):
        by_ours(both.project, "upgrade", "head")
    assert both.databases[1].version_rows() is None


_ONE_PER_TENANT = (
    HEAD
    + """
with create_engine(url, poolclass=NullPool).connect() as connection:
    for tenant in ("a", "b", "Third One"):
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{tenant}"'))
        connection.execute(text(f'SET search_path TO "{tenant}"'))
        connection.commit()
        context.configure(connection=connection, version_table="versions", version_table_schema=tenant)
        with context.begin_transaction():
            context.run_migrations()
        note(tenant, [context.get_context().get_current_revision(), connection.in_transaction()])
"""
)

_TWO_VERSION_TABLES = (
    HEAD
    + """
with create_engine(url, poolclass=NullPool).begin() as connection:
    for table in ("v1", "v2"):
        connection.execute(text("DROP TABLE IF EXISTS t"))
        context.configure(connection=connection, version_table=table)
        note(table, [connection.in_transaction(), context.get_context().get_current_heads()])
        context.run_migrations()
        note(table, [connection.in_transaction(), context.get_context().get_current_heads()])
"""
)

_CONNECTIONS_OF_ITS_OWN = (
    HEAD
    + """
engine = create_engine(url)
with engine.begin() as connection:
    connection.execute(text("CREATE TABLE IF NOT EXISTS runs (number serial, at_ text)"))
with engine.connect() as first, engine.connect() as second:
    second.execute(text("INSERT INTO runs (at_) VALUES ('second, before')"))
    context.configure(connection=first)
    with context.begin_transaction():
        context.run_migrations()
    note("transactions", [first.in_transaction(), second.in_transaction()])
    second.commit()
engine.dispose()
"""
)

_THREADS = (
    HEAD
    + """
from concurrent.futures import ThreadPoolExecutor


def migrate():
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
        note("thread", [config is context.config, context.get_context().get_current_revision()])


with ThreadPoolExecutor(1) as pool:
    pool.submit(migrate).result()
note("main", context.get_head_revision())
"""
)

_LOOP_IN_A_THREAD = (
    HEAD
    + """
import asyncio
import threading

from sqlalchemy.ext.asyncio import create_async_engine

failures = []


def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        note("server", (await connection.execute(text("SELECT 1"))).scalar())
        await connection.rollback()
        await connection.run_sync(migrate)
        await asyncio.gather(asyncio.sleep(0), asyncio.to_thread(note, "thread", "of the executor"))
    await engine.dispose()


def run():
    try:
        asyncio.run(main())
    except BaseException as error:
        failures.append(error)


runner = threading.Thread(target=run)
runner.start()
runner.join()
if failures:
    raise failures[0]
"""
)

_ENVIRONMENTS = {
    "one per tenant": _ONE_PER_TENANT,
    "two version tables": _TWO_VERSION_TABLES,
    "connections of its own": _CONNECTIONS_OF_ITS_OWN,
    "threads": _THREADS,
    "a loop in a thread": _LOOP_IN_A_THREAD,
}


@pytest.mark.parametrize("name", _ENVIRONMENTS)
def test_environment(name: str, pair: Callable[[str], Pair]) -> None:
    both = pair(_ENVIRONMENTS[name])
    commands = _COMMANDS[:1] if name == "two version tables" else _COMMANDS
    assert [both.run(*line) for line in commands] == [["", ""]] * len(commands)


@pytest.mark.parametrize("name", ["threads", "a loop in a thread"])
def test_the_command_line_with_threads_of_env_py(
    name: str, alembic_steps: StartAlembic, make_database: MakeDatabase, tmp_path: Path
) -> None:
    project, theirs_database, our_database = project_of(tmp_path / "p", _ENVIRONMENTS[name]), make_database(), make_database()
    answers = {"ANSWERS": str(tmp_path / "answers")}
    alembic_steps(project, theirs_database, {**environment(theirs_database), **answers}).run("upgrade", "head")
    project.memstack("upgrade", "head", env={**environment(our_database), **answers}).ok()
    assert our_database.dump() == theirs_database.dump()


@pytest.mark.parametrize("name", ["one per tenant", "threads", "a loop in a thread"])
def test_environment_within_a_running_loop(name: str, pair: Callable[[str], Pair]) -> None:
    both = pair(_ENVIRONMENTS[name])
    both.monkeypatch.setenv("DATABASE_URL", both.databases[1].url_for("psycopg"))
    both.monkeypatch.setenv("ANSWERS", str(both.answers))

    async def start() -> None:
        await memstack_migrate.run_alembic_migrations(config=both.project.ini)
        # As code that is not async calls it, deep below a coroutine.
        assert memstack_migrate.upgrade("head", config=both.project.ini).nothing_to_do
        memstack_migrate.downgrade("base", config=both.project.ini)
        memstack_migrate.upgrade("head", config=both.project.ini)

    asyncio.run(start())
    both.monkeypatch.setenv("DATABASE_URL", both.databases[0].url_for("psycopg"))
    for command_name, revision in (("upgrade", "head"), ("downgrade", "base"), ("upgrade", "head")):
        by_alembic(both.project, command_name, revision)
    assert both.databases[1].dump() == both.databases[0].dump()


@pytest.mark.parametrize("driver", ["", "psycopg2", "psycopg2cffi", "pg8000", "asyncpg", "psycopg_async"])
def test_a_driver_that_need_not_be_installed(driver: str, pair: Callable[[str], Pair]) -> None:
    both = pair(_LOOP_IN_A_THREAD if driver in {"asyncpg", "psycopg_async"} else _THREADS)
    theirs, ours = both.databases
    both.monkeypatch.setenv("ANSWERS", str(both.answers))
    both.monkeypatch.setenv("DATABASE_URL", theirs.url_for("psycopg"))
    by_alembic(both.project, "upgrade", "head")
    both.monkeypatch.setenv("DATABASE_URL", ours.url_for(driver) if driver else ours.url)
    memstack_migrate.upgrade("head", config=both.project.ini)
    assert ours.dump() == theirs.dump()


def test_a_thread_of_the_application_keeps_its_driver(pair: Callable[[str], Pair]) -> None:
    both = pair(
        HEAD
        + """
config.attributes["wait"]()
with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(connection=connection)
    context.run_migrations()
"""
    )
    both.monkeypatch.setenv("DATABASE_URL", both.databases[1].url_for("psycopg"))
    drivers: list[str] = []

    def connect() -> None:
        engine = create_engine(both.databases[1].url_for("psycopg"), poolclass=NullPool)
        with engine.connect() as connection:
            drivers.append(type(connection.connection.dbapi_connection).__module__)

    env_py_runs = threading.Event()

    def connect_then() -> None:
        env_py_runs.wait(60)
        connect()

    application = threading.Thread(target=connect_then)
    application.start()

    def wait() -> None:
        env_py_runs.set()
        application.join()

    memstack_migrate.status(config=both.project.ini, attributes={"wait": wait})
    assert drivers[0].startswith("psycopg")


def test_alembics_own_commands_with_threads_of_env_py(pair: Callable[[str], Pair], tmp_path: Path) -> None:
    both = pair(_THREADS)
    # No such driver is installed.
    env = {"DATABASE_URL": both.databases[1].url_for("psycopg2cffi"), "ANSWERS": str(tmp_path / "answers")}
    both.project.memstack("ensure_version", env=env).ok()
    assert both.databases[1].version_rows() == []
