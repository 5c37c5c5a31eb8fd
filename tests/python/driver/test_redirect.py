"""Which engines get the engine's own driver, and that SQLAlchemy is as it was afterwards."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool, StaticPool

from memstack_migrate.driver.dialect import EngineDialect, default_driver
from memstack_migrate.driver.errors import DatabaseError
from memstack_migrate.driver.errors import Error as DriverError
from memstack_migrate.driver.redirect import redirected_engines

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database

pytestmark = pytest.mark.compat


def _is_ours(engine: sa.Engine) -> bool:
    return isinstance(engine.dialect, EngineDialect)


@pytest.mark.parametrize("suffix", ["", "+psycopg2", "+psycopg", "+asyncpg", "+pg8000", "+psycopg2cffi", "+psycopg_async"])
def test_any_driver_of_a_url_is_stood_in_for(database: Database, suffix: str) -> None:
    url = database.url.replace("postgresql:", f"postgresql{suffix}:")
    with redirected_engines() as redirection:
        engine = sa.create_engine(url, poolclass=NullPool)
    assert _is_ours(engine)
    assert engine.dialect.driver == (suffix[1:].removesuffix("_async") or default_driver())
    assert engine.url == sa.make_url(url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    [decision] = redirection.decisions
    assert decision.is_redirected
    assert decision.file == __file__
    assert database.server.password not in decision.url


def test_engine_from_config_is_redirected_with_its_options(database: Database) -> None:
    settings = {"db.url": database.url, "db.echo": "false", "db.pool_size": "3", "db.executemany_mode": "values_only"}
    with redirected_engines():
        engine = sa.engine_from_config({**settings, "db.url": database.url_for("psycopg2")}, "db.")
    assert _is_ours(engine)
    assert engine.pool.size() == 3  # type: ignore[attr-defined]
    engine.dispose()


async def _ask(url: str) -> tuple[Any, Any]:
    from sqlalchemy.ext.asyncio import async_engine_from_config, create_async_engine

    engines = [create_async_engine(url), async_engine_from_config({"sqlalchemy.url": url}, poolclass=NullPool)]
    values = []
    for engine in engines:
        async with engine.begin() as connection:
            await connection.execute(sa.text("CREATE TEMP TABLE t (i int)"))
            values.append(await connection.run_sync(lambda sync: sync.execute(sa.text("SELECT count(*) FROM t")).scalar()))
            await connection.exec_driver_sql("SELECT 1")
            streamed = await connection.stream(sa.text("SELECT generate_series(1, 3)"))
            values.append([row[0] async for row in streamed])
        await engine.dispose()
    return engines[0], values


@pytest.mark.skipif(importlib.util.find_spec("greenlet") is None, reason="SQLAlchemy's asyncio needs greenlet")
@pytest.mark.parametrize("driver", ["asyncpg", "psycopg_async"])
def test_an_async_engine_round_create_engine_was_refused(database: Database, driver: str) -> None:
    import asyncio

    from sqlalchemy.ext.asyncio import AsyncEngine

    async def ask() -> Any:
        settings = {"sqlalchemy.url": database.url_for(driver)}
        engine = AsyncEngine(sa.engine_from_config(settings, poolclass=NullPool))
        async with engine.connect() as connection:
            return await connection.run_sync(lambda inner: inner.execute(sa.text("SELECT 1")).scalar())

    with redirected_engines():
        assert asyncio.run(ask()) == 1


@pytest.mark.skipif(importlib.util.find_spec("greenlet") is None, reason="SQLAlchemy's asyncio needs greenlet")
@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_async_engines_are_redirected(database: Database, driver: str) -> None:
    import asyncio

    with redirected_engines():
        engine, values = asyncio.run(_ask(database.url_for(driver)))
    assert _is_ours(engine.sync_engine)
    assert engine.dialect.is_async
    assert values == [0, [1, 2, 3], 0, [1, 2, 3]]


async def _json_of(url: str, **keywords: Any) -> list[Any]:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, poolclass=NullPool, **keywords)
    columns = "'{\"a\": [1, null]}'::json AS j, '[true]'::jsonb AS b, NULL::json, ARRAY['{}'::jsonb]"
    async with engine.connect() as connection:
        plain = await connection.execute(sa.text(f"SELECT {columns}"))
        typed = await connection.execute(sa.text(f"SELECT {columns}").columns(j=sa.JSON(), b=sa.JSON()))
        return [tuple(plain.one()), tuple(typed.one())]


@pytest.mark.skipif(importlib.util.find_spec("greenlet") is None, reason="SQLAlchemy's asyncio needs greenlet")
def test_json_in_plain_sql_was_text_in_place_of_asyncpg(database: Database) -> None:
    import asyncio

    url = database.url_for("asyncpg")
    for keywords in ({}, {"json_deserializer": lambda text: ("read", type(text).__name__, text)}):
        theirs = asyncio.run(_json_of(url, **keywords))
        with redirected_engines():
            assert asyncio.run(_json_of(url, **keywords)) == theirs


_REFUSED = ("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (NULL)", "SELECT nope", "SELECT 1/0", "CREATE TEMPORARY TABLE t ()")


def _told(error: sa.exc.DBAPIError) -> list[Any]:
    """List what revisions look at in an error: classes, codes, and the words."""
    original: Any = error.orig
    cause = original.__cause__
    names = [type(each).__name__ for each in (error, original)]
    if cause is not None and type(cause).__module__.startswith("asyncpg"):
        names += [type(cause).__name__, cause.sqlstate, cause.constraint_name, cause.message]
    fields = original.args[0] if isinstance(original.args[0], dict) else {}
    return [*names, getattr(original, "sqlstate", None), fields.get("C"), fields.get("n"), str(error).split("\n")[0]]


async def _refusals(url: str) -> list[Any]:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.exec_driver_sql("CREATE TEMPORARY TABLE t (i int CONSTRAINT pk PRIMARY KEY)")
        await connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        told = []
        for statement in _REFUSED:
            with pytest.raises(sa.exc.DBAPIError) as raised:
                async with connection.begin_nested():
                    await connection.exec_driver_sql(statement)
            told.append(_told(raised.value))
    return told


@pytest.mark.skipif(importlib.util.find_spec("greenlet") is None, reason="SQLAlchemy's asyncio needs greenlet")
def test_errors_in_place_of_asyncpg_are_not_known_by_its_classes(database: Database) -> None:
    import asyncio

    theirs = asyncio.run(_refusals(database.url_for("asyncpg")))
    with redirected_engines():
        ours = asyncio.run(_refusals(database.url_for("asyncpg")))
    assert "UniqueViolationError" in theirs[0]
    assert [told[:-1] for told in ours] == [told[:-1] for told in theirs]


def test_errors_in_place_of_pg8000_have_the_fields_of_the_protocol(database: Database) -> None:
    with redirected_engines():
        engine = sa.create_engine(database.url_for("pg8000"))
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as raised:
        connection.exec_driver_sql("SELECT nope")
    assert raised.value.orig is not None
    fields = raised.value.orig.args[0]
    assert (fields["C"], fields["M"]) == ("42703", 'column "nope" does not exist')
    engine.dispose()


def _told_by_pg8000(url: str) -> list[list[str]]:
    engine = sa.create_engine(url, poolclass=NullPool)
    told = []
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE t (i int PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        for statement in _REFUSED:
            with pytest.raises(sa.exc.DBAPIError) as raised, connection.begin_nested():
                connection.exec_driver_sql(statement)
            told.append(raised.value)
    nowhere = sa.create_engine(engine.url.set(host="127.0.0.1", port=1), poolclass=NullPool)
    with pytest.raises(sa.exc.DBAPIError) as unreachable:
        nowhere.connect()
    return [[type(error).__name__, *_drivers_classes(type(error.orig))] for error in (*told, unreachable.value)]


def _drivers_classes(class_: type[Any]) -> list[str]:
    ours = {DriverError, *DriverError.__subclasses__(), *DatabaseError.__subclasses__()}
    names = [f"{base.__module__}.{base.__name__}" for base in class_.__mro__ if base not in ours]
    return list(dict.fromkeys(names))


def test_errors_in_place_of_pg8000_were_not_of_its_classes(database: Database) -> None:
    theirs = _told_by_pg8000(database.url_for("pg8000"))
    with redirected_engines():
        assert _told_by_pg8000(database.url_for("pg8000")) == theirs


def test_what_makes_its_own_connections_keeps_its_driver(database: Database) -> None:
    import psycopg2

    url = database.url_for("psycopg2")
    cases: dict[str, dict[str, Any]] = {
        "creator=": {"creator": lambda: psycopg2.connect(database.url)},
        "pool=": {"pool": StaticPool(lambda: psycopg2.connect(database.url))},
        "module=": {"module": psycopg2},
        "'connection_factory'": {"connect_args": {"connection_factory": psycopg2.extensions.connection}},
    }
    for reason, arguments in cases.items():
        with redirected_engines() as redirection:
            engine = sa.create_engine(url, **arguments)
        assert not _is_ours(engine), reason
        assert reason in redirection.decisions[0].reason
        with engine.connect() as connection:
            assert connection.execute(sa.text("SELECT 1")).scalar() == 1
        engine.dispose()


def test_connect_args_reach_the_server(database: Database) -> None:
    settings = {"search_path": "a, public", "application_name": "mine"}
    cases = {
        "psycopg2": {"options": "-c search_path=a,public -c application_name=mine"},
        "asyncpg": {"server_settings": settings},
    }
    for driver, arguments in cases.items():
        with redirected_engines() as redirection:
            engine = sa.create_engine(database.url_for(driver), connect_args=arguments)
        assert redirection.decisions[0].is_redirected
        with engine.connect() as connection:
            assert connection.execute(sa.text("SHOW application_name")).scalar() == "mine"
            assert connection.execute(sa.text("SHOW search_path")).scalar() in {"a, public", "a,public"}
        engine.dispose()


def test_other_databases_are_left_alone() -> None:
    with redirected_engines() as redirection:
        engine = sa.create_engine("sqlite://")
    assert engine.dialect.name == "sqlite"
    assert redirection.decisions == []


def test_the_file_that_makes_the_engine_decides(database: Database, tmp_path: Path) -> None:
    module = tmp_path / "application.py"
    module.write_text("import sqlalchemy\ndef make(url): return sqlalchemy.create_engine(url)\n")
    spec = importlib.util.spec_from_file_location("application", module)
    assert spec is not None
    assert spec.loader is not None
    application = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(application)
    with redirected_engines(lambda file: file == __file__) as redirection:
        theirs = application.make(database.url_for("psycopg2"))
        ours = sa.create_engine(database.url_for("psycopg2"))
    assert (_is_ours(theirs), _is_ours(ours)) == (False, True)
    assert redirection.decisions[0].file == str(module)
    assert "outside the migration project" in redirection.decisions[0].reason


def test_other_threads_keep_their_driver(database: Database) -> None:
    made: list[sa.Engine] = []
    with redirected_engines():
        thread = threading.Thread(target=lambda: made.append(sa.create_engine(database.url_for("psycopg2"))))
        thread.start()
        thread.join()
    assert not _is_ours(made[0])


def test_sqlalchemy_is_as_it_was_afterwards(database: Database) -> None:
    before = URL.__dict__["_instantiate_plugins"]
    with redirected_engines():
        engine = sa.create_engine(database.url_for("psycopg2"))
        with redirected_engines():
            pass
        assert _is_ours(sa.create_engine(database.url_for("psycopg2")))
    with pytest.raises(RuntimeError), redirected_engines():
        raise RuntimeError
    assert URL.__dict__["_instantiate_plugins"] is before
    assert not _is_ours(sa.create_engine(database.url_for("psycopg2")))
    assert not _is_ours(sa.create_engine(engine.url)), "a URL of one of our engines carries nothing with it"


def test_a_driver_that_is_not_installed_is_not_needed(database: Database) -> None:
    program = f"""
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {{"psycopg2", "psycopg", "asyncpg"}}:
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
import sqlalchemy as sa
from memstack_migrate.driver.redirect import redirected_engines
for driver in ("psycopg2", "psycopg", "asyncpg"):
    with redirected_engines():
        engine = sa.create_engine({database.url!r}.replace("postgresql:", f"postgresql+{{driver}}:"))
    with engine.connect() as connection:
        row = connection.execute(sa.text("SELECT '[1,2)'::int4range, '{{}}'::jsonb, 'x'::text")).one()
        assert row[0].lower == 1
        try:
            connection.execute(sa.text("SELECT 1/0"))
        except sa.exc.DataError as error:
            assert error.orig.sqlstate == "22012"
print("done")
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert done.stdout == "done\n", done.stderr


def test_the_package_imports_no_sqlalchemy() -> None:
    program = (
        "import sys, memstack_migrate, memstack_migrate.driver; print([n for n in ('sqlalchemy', 'alembic') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
