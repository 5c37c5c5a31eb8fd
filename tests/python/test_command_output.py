"""What a command prints where, and how an interrupt ends it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import memstack_migrate
from bench import EXIT_CODES, Bench

# Interrupts


@pytest.mark.parametrize("body", ['op.execute("SELECT pg_sleep(60)")', 'op.get_bind().execute(sa.text("SELECT pg_sleep(60)"))'])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_during_a_long_statement(bench: Bench, body: str, number: signal.Signals) -> None:
    bench.project.revision("0004", "0003", body)
    _interrupt(bench, number)


ASYNC_ENV_PY = """
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
{before}

def migrate(connection):
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine(context.config.get_main_option("sqlalchemy.url"){arguments})
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("driver", "before", "arguments"),
    [
        ("asyncpg", "", ""),
        ("psycopg", "", ""),
        ("asyncpg", "import asyncpg", ', connect_args={"async_creator_fn": asyncpg.connect}'),
    ],
    ids=["in place of asyncpg", "in place of psycopg", "over asyncpg"],
)
def test_ctrl_c_was_swallowed_by_asyncio_in_env_py(bench: Bench, driver: str, before: str, arguments: str) -> None:
    """asyncio.run() cancels its task, from Python 3.11 on: all the revisions that were left ran."""
    bench.project.set(**{"sqlalchemy.url": bench.database.url_for(driver).replace("%", "%%")})
    bench.project.env_py.write_text(ASYNC_ENV_PY.format(before=before, arguments=arguments))
    bench.project.memstack("upgrade", "0003").ok()
    bench.project.revision("0004", "0003", 'op.execute("SELECT pg_sleep(60)")')
    bench.project.revision("0005", "0004", 'op.execute("CREATE TABLE behind ()")')
    _interrupt(bench, signal.SIGINT)


def _interrupt(bench: Bench, number: signal.Signals) -> None:
    before = bench.database.dump()
    process = bench.project.start_memstack("upgrade", "heads")
    running = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
        AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"""
    deadline = time.monotonic() + 60
    while bench.database.rows(running) == [(0,)]:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    start = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - start < 10
    assert process.returncode == EXIT_CODES["interrupted"], err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert "revision: 0004" in err
    assert "database is at 000" in out
    assert bench.database.dump() == before
    assert bench.database.rows(running) == [(0,)]


# Reports and errors


def test_json_is_one_document_on_standard_output(bench: Bench) -> None:
    for arguments in (
        ("upgrade", "heads"),
        ("upgrade", "heads"),
        ("downgrade", "-1"),
        ("stamp", "heads"),
        ("status",),
        ("current",),
    ):
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
    for arguments in (
        ("upgrade", "heads"),
        ("--url", bench.database.url, "upgrade", "heads"),
        ("downgrade", "-1"),
        ("stamp", "heads"),
    ):
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


@pytest.mark.parametrize("arguments", [("--version",), ("heads",), ("current", "--json"), ("upgrade",)], ids=str)
def test_a_report_that_cannot_be_written_is_an_error(bench: Bench, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "memstack_migrate", *arguments]
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True, cwd=bench.project.root)
    assert done.returncode == EXIT_CODES["output"], done.stderr
    assert "standard output cannot be written: No space left on device" in done.stderr
