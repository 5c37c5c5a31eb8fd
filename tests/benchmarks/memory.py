"""Whether the process grows: 100,000 statements on one connection, then 1,000 whole runs, in this one process.

    python tests/benchmarks/memory.py postgresql://user@host/empty_database [--statements 100000] [--runs 1000]

Each part is a round of work that is repeated; the resident memory is shown at the start, after a tenth (until then caches fill,
modules are imported, the allocator finds its size), in the middle and at the end. The exit code is 1 where both the stretch up
to the middle and that up to the end grew by more than 0.5 MiB, which is 30 bytes per statement or 4 KiB per run. Traps: what is
freed late is no leak, so garbage is collected before each look; Python's table of interned strings grows by steps of 1 or 2 MiB,
one in a thousand runs, since each run loads modules, and its cache of methods keeps up to 4,096 names: neither comes twice. The
database must be an empty one that may be written to, on the same machine.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
import tempfile
import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import memstack_migrate
from memstack_migrate import driver
from memstack_migrate.driver.redirect import redirected_engines

if TYPE_CHECKING:
    from collections.abc import Callable

ALLOWED_GROWTH = 0.5  # MiB
PAGE = os.sysconf("SC_PAGE_SIZE")

ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool

engine = engine_from_config(context.config.get_section("alembic"), prefix="sqlalchemy.", poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = '''
"""step {number}"""
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {down}


def upgrade():
    op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50), index=True))
    op.execute("INSERT INTO t{number} (name) VALUES ('a')")
    rows = op.get_bind().execute(sa.text("SELECT id, name FROM t{number} WHERE name = :name"), {{"name": "a"}}).all()
    assert len(rows) == 1
    {last}


def downgrade():
    op.drop_table("t{number}")
'''


def resident() -> float:
    """Return the resident memory in MiB, without what waits to be collected."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


def measured(name: str, rounds: int, per_round: int, work: Callable[[], object]) -> bool:
    """Run the rounds and show the memory; tell whether it stayed."""
    seen = [resident()]
    for number in range(1, rounds + 1):
        work()
        if number in {rounds // 10, rounds // 2, rounds}:
            seen.append(resident())
    grown = (seen[2] - seen[1], seen[3] - seen[2])
    shown = "  ".join(f"{place} {size:6.1f}" for place, size in zip(("start", "tenth", "middle", "end"), seen, strict=True))
    print(f"{name:<34} {rounds * per_round:>7} x   {shown}   grown {grown[0]:+.2f} {grown[1]:+.2f} MiB", flush=True)  # noqa: T201
    return min(grown) <= ALLOWED_GROWTH


def statements(connection: driver.Connection) -> int:
    """Run statements of all kinds once; return how many they were."""
    cursor = connection.cursor()
    cursor.execute("SELECT %s, %s::jsonb, %s, now(), %s::numeric", (1, '{"a": [1, 2]}', [1, 2, None], "1.5"))
    cursor.fetchone()
    cursor.execute("SELECT i, 'text ' || i, '[1,5)'::int4range, '1 day'::interval FROM generate_series(1, 50) AS i")
    cursor.fetchall()
    cursor.execute("CREATE TEMPORARY TABLE kept (i int UNIQUE, x text) ON COMMIT DROP")
    cursor.executemany("INSERT INTO kept VALUES (%(i)s, %(x)s)", [{"i": i, "x": "ä"} for i in range(4)])
    cursor.execute("DO $$ BEGIN RAISE NOTICE 'said'; END $$")
    cursor.execute("SAVEPOINT before")
    try:
        cursor.execute("INSERT INTO kept VALUES (%s)", (1,))
    except driver.IntegrityError as error:
        assert error.diag.constraint_name  # noqa: PT017  no test of pytest's
    cursor.execute("ROLLBACK TO SAVEPOINT before")
    cursor.copy_expert("COPY kept FROM STDIN", io.StringIO("7\tx\n8\ty\n"))
    cursor.copy_expert("COPY kept TO STDOUT", io.BytesIO())
    with cursor.copy("COPY kept FROM STDIN") as copy:
        copy.write_row((9, "z"))
    try:
        cursor.execute("SELECT %s", (object(),))
    except driver.ProgrammingError:
        connection.commit()
    try:
        cursor.execute("SELECT 1/0")
    except driver.DataError:
        connection.rollback()
    return 18  # the transactions' own included


def statements_of_sqlalchemy(connection: sa.Connection) -> int:
    """Run statements through the dialect once; return how many they were."""
    connection.execute(sa.text("SELECT CAST(:a AS int), :b"), {"a": 1, "b": "x"}).all()
    with connection.begin_nested():
        connection.exec_driver_sql("SELECT %s", (1,)).scalar()
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("SELECT 1/0")
    except sa.exc.DataError:
        connection.commit()
    return 8


def make_project(directory: Path, url: str, *, last: str = "pass") -> str:
    """Write a project of two revisions; return its configuration file."""
    (directory / "migrations" / "versions").mkdir(parents=True)
    (directory / "migrations" / "env.py").write_text(ENV)
    for number, down in ((1, None), (2, "1")):
        text = REVISION.format(number=number, down=repr(down), last=last if number > 1 else "pass")
        (directory / "migrations" / "versions" / f"{number}_step.py").write_text(textwrap.dedent(text).lstrip())
    config = directory / "alembic.ini"
    config.write_text(
        f"[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {url.replace('%', '%%')}\n"
        "[memstack_migrate]\nversion_table = alembic_version\n"  # vouches for env.py where --url is given
    )
    return str(config)


def fail(config: str) -> None:
    """Run an upgrade that fails in its second revision."""
    try:
        memstack_migrate.upgrade(config=config)
    except memstack_migrate.MigrateError as error:
        assert "no_such_table" in str(error)  # noqa: PT017  no test of pytest's
    else:
        sys.exit("the upgrade should have failed")


def there_and_back(config: str) -> None:
    """Upgrade and downgrade."""
    memstack_migrate.upgrade(config=config)
    memstack_migrate.downgrade("base", config=config)


def check_statements(arguments: dict[str, Any], url: str, count: int) -> bool:
    """Measure the driver on one connection, under both flavors and under SQLAlchemy."""
    did_stay = True
    for flavor in ("psycopg2", "psycopg"):
        connection = driver.connect(driver=flavor, **arguments)
        per_round = statements(connection)
        did_stay &= measured(f"statements as {flavor}", count // 3 // per_round, per_round, partial(statements, connection))
        connection.close()
    with redirected_engines():
        engine = sa.create_engine(url)
    with engine.connect() as connected:
        per_round = statements_of_sqlalchemy(connected)
        did_stay &= measured(
            "statements through SQLAlchemy",
            count // 3 // per_round,
            per_round,
            partial(statements_of_sqlalchemy, connected),
        )
    engine.dispose()
    return did_stay


def check_runs(directory: Path, url: str, count: int) -> bool:
    """Measure whole runs: nothing to do, up and down, failing."""
    config = make_project(directory / "good", url)
    did_stay = measured("upgrade, then downgrade", count // 4, 2, lambda: there_and_back(config))
    memstack_migrate.upgrade(config=config)
    did_stay &= measured("upgrade at head, by env.py", count // 4, 1, lambda: memstack_migrate.upgrade(config=config))
    did_stay &= measured("upgrade at head, by --url", count // 4, 1, lambda: memstack_migrate.upgrade(config=config, url=url))
    memstack_migrate.downgrade("base", config=config)
    bad = make_project(directory / "bad", url, last='op.drop_table("no_such_table")')
    return did_stay & measured("upgrade that fails", count // 4, 1, lambda: fail(bad))


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1000)
    given = parser.parse_args()
    address = sa.make_url(given.url)
    arguments = address.translate_connect_args(username="user", database="dbname")
    did_stay = check_statements(arguments, given.url, given.statements)
    with tempfile.TemporaryDirectory() as directory:
        did_stay &= check_runs(Path(directory), given.url, given.runs)
    sys.exit(0 if did_stay else "the process grew")


if __name__ == "__main__":
    main()
