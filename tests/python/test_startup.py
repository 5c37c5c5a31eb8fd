"""The start of a web application: FastAPI under uvicorn, with asyncpg as the application's driver, awaits its migrations."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import sys
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from memstack_migrate import errors
from projects import Outcome, Project, clean_environment, heed_interrupts
from waiting import advisory_locks, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database

APPLICATION = """
import asyncio
import json
import logging
import os
import socket
import sys
import time
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from memstack_migrate import get_migration_status, run_alembic_migrations

logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s|%(message)s")
engine = create_async_engine(os.environ["DATABASE_URL"])
seen = {}


async def ticks():
    longest, before = 0.0, time.monotonic()
    while True:
        await asyncio.sleep(0.01)
        now = time.monotonic()
        longest, before = max(longest, now - before), now
        seen["longest_pause"] = longest


@asynccontextmanager
async def lifespan(app):
    path = list(sys.path)
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    seen["before"] = await get_migration_status()
    ticking = asyncio.create_task(ticks())
    await run_alembic_migrations()
    ticking.cancel()
    seen["after"] = await get_migration_status()
    await run_alembic_migrations()
    seen["path_as_before"] = sys.path == path
    logging.getLogger("application").info("still heard")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/tables")
async def tables():
    async with engine.connect() as connection:
        seen["driver"] = engine.dialect.driver + " " + type((await connection.get_raw_connection()).driver_connection).__module__
        rows = await connection.execute(text("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
        return {"seen": seen, "tables": [row[0] for row in rows]}


async def main():
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /tables HTTP/1.0\\r\\n\\r\\n")
        answer = await reader.read()
        print(answer.partition(b"\\r\\n\\r\\n")[2].decode())
        writer.close()
        server.should_exit = True
    await serving
    await engine.dispose()
    sys.exit(0 if server.started else 3)


asyncio.run(main())
"""

TAKE_URL = """config = context.config
import os
config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("+asyncpg", "").replace("%", "%%"))
"""


@pytest.fixture
def application(project: Project) -> Project:
    """The project beside an application; env.py takes the URL as MemStack's does, from the settings of the application."""
    project.env_py.write_text(project.env_py.read_text().replace("config = context.config\n", TAKE_URL, 1))
    (project.root / "application.py").write_text(APPLICATION)
    return project


def serve(project: Project, database: Database) -> Outcome:
    env = clean_environment({"DATABASE_URL": database.url_for("asyncpg"), "PYTHONPATH": os.environ.get("PYTHONPATH", "")})
    process = Popen([sys.executable, "application.py"], cwd=project.root, env=env, stdout=PIPE, stderr=PIPE, text=True)
    out, err = process.communicate(timeout=60)
    return Outcome(process.returncode, out, err)


def log_lines(err: str) -> list[str]:
    return [line.partition("|")[2] for line in err.splitlines() if line.startswith("memstack_migrate.startup|")]


def test_an_application_migrates_when_it_starts(application: Project, database: Database) -> None:
    ids = application.chain(2)
    slow = 'op.execute("SELECT pg_sleep(1)")\nop.create_table("slow", sa.Column("id", sa.Integer))'
    application.revision("0003", ids[-1], slow)
    done = serve(application, database).ok()
    answer = json.loads(done.out)
    assert answer["tables"] == ["alembic_version", "slow", "t0001", "t0002"]
    seen = answer["seen"]
    assert seen["before"] == {"current_revision": None, "head_revision": "0003", "total_revisions": 3, "needs_upgrade": True}
    assert seen["after"] == {"current_revision": "0003", "head_revision": "0003", "total_revisions": 3, "needs_upgrade": False}
    assert seen["path_as_before"]
    assert seen["driver"].startswith("asyncpg asyncpg.")
    # The slow revision takes a second, in which the loop goes on.
    assert seen["longest_pause"] < 0.7
    assert log_lines(done.err) == [
        "Applying database migrations with Alembic...",
        "Current database version: None",
        "Latest migration version: 0003",
        "Database migrations completed",
        "Applying database migrations with Alembic...",
        "Current database version: 0003",
        "Latest migration version: 0003",
        "Database is already at latest version",
    ]
    # env.py's fileConfig() has neither silenced the application nor put another handler on it.
    assert done.err.count("application|still heard") == 1
    assert "alembic.runtime.migration|Running upgrade 0002 -> 0003, revision 0003" in done.err


def test_an_application_does_not_start_when_a_revision_fails(application: Project, database: Database) -> None:
    application.revision("0001", None, 'op.execute("SELEC 1")')
    done = serve(application, database)
    assert done.code == 3
    assert "SqlError" in done.err
    assert re.search(r"0001_\.py, line \d+", done.err)
    assert "Database migrations completed" not in done.err
    assert database.version_rows() is None


def test_an_env_py_with_a_loop_of_its_own(tmp_path: Path, database: Database) -> None:
    project = Project(tmp_path / "project").create(database.url_for("asyncpg"), template="async")
    ids = project.chain(2)
    assert "asyncio.run(run_async_migrations())" in project.env_py.read_text()

    async def start() -> None:
        await memstack_migrate.run_alembic_migrations(config=project.ini)
        status = await memstack_migrate.get_migration_status(config=project.ini)
        assert status["current_revision"] == ids[-1]

    asyncio.run(start())
    assert database.version_rows() == [ids[-1]]


def test_the_error_comes_out_of_the_awaited_call(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    project.set(**{"sqlalchemy.url": "postgresql+psycopg://nobody:geheim@127.0.0.1:1/none"})
    with caplog.at_level(logging.INFO), pytest.raises(errors.MigrateError) as caught:
        asyncio.run(memstack_migrate.run_alembic_migrations(config=project.ini))
    assert caught.value.code == "connection"
    assert "geheim" not in str(caught.value)
    assert "completed" not in caplog.text


def test_a_cancelled_start_went_on_migrating(project: Project, database: Database) -> None:
    """It kept the lock, and committed later."""
    project.chain(1)
    project.revision("0002", "0001", 'op.execute("SELECT pg_sleep(60)")')
    running = (
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND datname = current_database() AND state = 'active'"
    )

    async def start() -> None:
        task = asyncio.create_task(memstack_migrate.run_alembic_migrations(config=project.ini))
        await asyncio.to_thread(wait_until, lambda: len(database.rows(running)) > 1, "the statement to run")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)

    asyncio.run(start())
    assert (database.version_rows(), advisory_locks(database), len(database.rows(running))) == (None, 0, 1)


_MANY_QUICK_ONES = """
import time
end = time.monotonic() + 60
while time.monotonic() < end:
    op.execute("SELECT 4711")
"""


@pytest.mark.parametrize("driver", ["engine", "project"])
def test_a_cancelled_start_ran_quick_statements_to_the_end(project: Project, database: Database, driver: str) -> None:
    """None of them waited for as long as it takes until a wait asks; another driver's waits never ask."""
    project.set(**{"sqlalchemy.url": database.url_for("psycopg2").replace("%", "%%")})
    project.ini.write_text(project.ini.read_text() + f"\n[memstack_migrate]\ndriver = {driver}\n")
    project.chain(1)
    project.revision("0002", "0001", _MANY_QUICK_ONES)
    running = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT 4711' AND datname = current_database()"

    async def start() -> None:
        task = asyncio.create_task(memstack_migrate.run_alembic_migrations(config=project.ini))
        await asyncio.to_thread(wait_until, lambda: database.rows(running) != [], "the statements to run")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)

    asyncio.run(start())
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)


_WITHIN_A_LOOP = """
import asyncio
import memstack_migrate

async def main():
    memstack_migrate.upgrade()

asyncio.run(main())
"""


def test_ctrl_c_waited_for_the_end_of_an_upgrade_within_a_loop(project: Project, database: Database) -> None:
    """It was committed, and then interrupted."""
    project.chain(1)
    project.revision("0002", "0001", 'op.execute("SELECT pg_sleep(60)")')
    running = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND datname = current_database()"
    process = Popen(
        [sys.executable, "-c", _WITHIN_A_LOOP],
        cwd=project.root,
        env=clean_environment(),
        stderr=PIPE,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509  the tests' threads hold no lock that it could need
    )
    wait_until(lambda: len(database.rows(running)) > 1, "the statement to run")
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert error.endswith("KeyboardInterrupt\n")
    assert (database.version_rows(), advisory_locks(database)) == (None, 0)
