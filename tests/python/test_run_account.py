"""What a run says was kept, and what holds the lock meanwhile, where env.py and revisions do it their own way."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from memstack_migrate import errors
from memstack_migrate.migration_context import MigrationContext
from waiting import advisory_locks

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from projects import Project

pytestmark = pytest.mark.usefixtures("forked")

HEADER = """
from alembic import context
from sqlalchemy import create_engine, pool
config = context.config
engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
"""

#: Writes down how many migration locks are held while it runs.
COUNT_LOCKS = """
op.execute("CREATE TABLE IF NOT EXISTS locks (n int)")
op.execute("INSERT INTO locks SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
"""


def assert_lock_is_held_throughout(project: Project, database: Database) -> None:
    """Run the project's revisions, which COUNT_LOCKS, and look that each saw the lock and that it is given back."""
    project.memstack("upgrade").ok()
    assert database.rows("SELECT DISTINCT n FROM locks") == [(1,)]
    assert advisory_locks(database) == 0


def test_lock_was_lost_at_the_first_commit_when_env_py_had_run_a_statement(project: Project, database: Database) -> None:
    project.env_py.write_text(
        HEADER
        + """
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.execute("SET lock_timeout = '5s'")
        context.run_migrations()
"""
    )
    project.revision(
        "1", None, f'{COUNT_LOCKS}\nwith op.get_context().autocommit_block():\n    op.execute("SELECT 1")\n{COUNT_LOCKS}'
    )
    project.revision("2", "1", COUNT_LOCKS)
    assert_lock_is_held_throughout(project, database)


def test_lock_was_lost_before_the_first_step_in_transaction_per_migration(project: Project, database: Database) -> None:
    project.env_py.write_text(
        HEADER
        + """
from sqlalchemy import text
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    connection.execute(text("SET lock_timeout = '5s'"))
    with context.begin_transaction():
        context.run_migrations()
"""
    )
    project.revision("1", None, COUNT_LOCKS)
    project.revision("2", "1", COUNT_LOCKS)
    assert_lock_is_held_throughout(project, database)


@pytest.mark.parametrize("program", ["alembic", "memstack"])
def test_version_table_was_left_by_a_first_revision_that_failed_in_its_own_transaction(
    project: Project, database: Database, program: str
) -> None:
    project.env_py.write_text(
        HEADER
        + """
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    context.run_migrations()
"""
    )
    file = project.revision("1", None, "op.execute('SELECT * FROM nowhere')")
    assert getattr(project, program)("upgrade", "head").code != 0
    assert database.version_rows() is None
    assert getattr(project, program)("downgrade", "base").code == 0
    assert database.version_rows() is None, "nothing ran, and env.py did not commit"
    file.write_text(file.read_text().replace("nowhere", "pg_class"))
    assert getattr(project, program)("upgrade", "head").code == 0
    assert database.version_rows() == ["1"]


def test_two_version_tables_in_one_outer_transaction_were_called_not_committed(project: Project, database: Database) -> None:
    project.env_py.write_text(
        HEADER
        + """
with engine.begin() as connection:
    for schema in ("one", "two"):
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        context.configure(connection=connection, version_table_schema=schema)
        context.run_migrations()
"""
    )
    project.revision("1")
    project.memstack("upgrade").ok()
    assert database.rows("SELECT version_num FROM one.alembic_version") == [("1",)]
    assert database.rows("SELECT version_num FROM two.alembic_version") == [("1",)]


def test_status_told_of_the_last_of_several_version_tables_only(project: Project, database: Database) -> None:
    project.env_py.write_text(
        HEADER
        + """
with engine.connect() as connection:
    for schema in ("one", "two"):
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.commit()
        context.configure(connection=connection, version_table_schema=schema)
        with context.begin_transaction():
            context.run_migrations()
"""
    )
    project.revision("1")
    project.revision("2", "1")
    project.memstack("upgrade").ok()
    database.execute("UPDATE one.alembic_version SET version_num = '1'")
    report = memstack_migrate.status(config=project.ini)
    assert report.needs_upgrade
    assert [status.current_revisions for status in report.databases] == [("1",), ("2",)]
    project.memstack("current", "--check-heads").failed(13, "not on all head revisions")


def test_part_that_a_failed_revision_had_committed_was_called_unchanged(project: Project, database: Database) -> None:
    project.revision(
        "1",
        None,
        'with op.get_context().autocommit_block():\n    op.execute("CREATE TABLE kept (i int)")\nraise ValueError("after it")',
    )
    outcome = project.memstack("upgrade").failed(10, "after it", "had committed part of its work, which is kept")
    assert "changed nothing" not in outcome.err
    assert database.rows("SELECT count(*) FROM kept") == [(0,)]


@pytest.mark.parametrize("commit", ["INSERT INTO b VALUES (1); COMMIT; BEGIN", "COMMIT AND CHAIN"])
def test_a_commit_within_a_transaction_that_went_on_was_not_seen(project: Project, database: Database, commit: str) -> None:
    project.revision("1", None, 'op.execute("CREATE TABLE a (i int)")')
    project.revision("2", "1", f'op.execute("CREATE TABLE b (i int)")\nop.execute("{commit}")\nraise ValueError("after it")')
    outcome = project.memstack("upgrade").failed(10, "after it", "had committed part of its work, which is kept")
    assert "changed nothing" not in outcome.err
    assert database.rows("SELECT version_num FROM alembic_version") == [("1",)]
    assert database.has_table("b")


_COMMITS_FIRST = """
op.execute("COMMIT")
op.execute("CREATE UNIQUE INDEX CONCURRENTLY x ON t (i)")
op.execute("ALTER TABLE t ADD CONSTRAINT x UNIQUE USING INDEX x")
"""


@pytest.mark.compat
@pytest.mark.parametrize("transaction_per_migration", ["False", "True"])
@pytest.mark.parametrize("driver", ["psycopg2", "asyncpg"])
def test_what_followed_an_executed_commit_was_in_a_transaction(
    project: Project, make_database: Callable[[], Database], transaction_per_migration: str, driver: str
) -> None:
    project.revision("1", None, 'op.execute("CREATE TABLE t (i int NOT NULL)")')
    project.revision("2", "1", _COMMITS_FIRST)
    project.revision("3", "2", """op.execute("CREATE TYPE mood AS ENUM ('calm')")""")
    project.revision("4", "3", """op.execute("ALTER TYPE mood ADD VALUE 'loud'")""")
    project.revision("5", "4", """op.execute("CREATE TABLE u (m mood DEFAULT 'loud')")""")
    option = f"context.configure(transaction_per_migration={transaction_per_migration}, "
    project.env_py.write_text(project.env_py.read_text().replace("context.configure(", option))
    dumps = []
    for run, run_driver in ((project.alembic, "psycopg2"), (project.memstack, driver)):
        database = make_database()
        project.set(**{"sqlalchemy.url": database.url_for(run_driver).replace("%", "%%")})
        run("upgrade", "head").ok()
        dumps.append(database.dump())
    assert dumps[0] == dumps[1]


def test_revisions_after_an_executed_commit_are_kept_one_by_one(project: Project, database: Database) -> None:
    project.set(**{"sqlalchemy.url": database.url_for("psycopg2").replace("%", "%%")})
    project.revision("1", None, 'op.execute("COMMIT")')
    project.revision("2", "1", 'op.execute("CREATE TABLE kept (i int)")')
    project.revision("3", "2", 'op.execute("CREATE TABLE dropped (i int)")\nraise ValueError("too late")')
    project.memstack("upgrade").failed(10, "too late", "stands at 2")
    assert database.has_table("kept")
    assert not database.has_table("dropped")


DIE_AT_COMMIT = '''
op.execute("""CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$""")
op.execute("CREATE TABLE t (i int)")
op.execute("CREATE CONSTRAINT TRIGGER d AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()")
op.execute("INSERT INTO t VALUES (1)")
'''


def test_connection_lost_during_commit_was_called_rolled_back(project: Project) -> None:
    project.revision("1", None, DIE_AT_COMMIT)
    outcome = project.memstack("upgrade").failed(15, "lost during COMMIT", "not known")
    assert "in doubt" in outcome.out
    assert "changed nothing" not in outcome.err


@pytest.mark.parametrize(
    "case",
    [
        ("op.execute('SELECT * FROM nowhere')", "pass", 11, '"nowhere"'),
        ("pass", "pass", 15, "env.py went on"),
        ("pass", "raise failure", 15, "during COMMIT"),
        ("pass", "raise RuntimeError('no cache')", 12, "RuntimeError: no cache"),
    ],
)
@pytest.mark.parametrize("driver", ["engine", "project"])
def test_commit_in_doubt_that_env_py_kept_to_itself(
    project: Project, database: Database, driver: str, case: tuple[str, str, int, str]
) -> None:
    then, finally_, code, said = case
    project.set(**{"sqlalchemy.url": database.url_for("psycopg2").replace("%", "%%")})
    project.ini.write_text(project.ini.read_text() + f"\n[memstack_migrate]\ndriver = {driver}\n")
    first = "".join(f"\n    {line}" for line in DIE_AT_COMMIT.splitlines())
    project.revision("1", None, f"if op.get_context().version_table == 'first':{first}\nelse:\n    {then}")
    project.env_py.write_text(
        HEADER
        + """
from sqlalchemy.exc import DBAPIError
def run(version_table):
    with engine.connect() as connection:
        context.configure(connection=connection, version_table=version_table)
        with context.begin_transaction():
            context.run_migrations()
try:
    run("first")
except DBAPIError as error:
    failure = error
run("second")
"""
        + finally_
    )
    outcome = project.memstack("upgrade").failed(code, said, "not known")
    assert ("during COMMIT:" in outcome.err) is (finally_ == "raise failure")


def test_purge_that_env_py_did_not_commit_was_called_done(project: Project, database: Database) -> None:
    project.revision("1")
    project.memstack("stamp", "1").ok()
    project.env_py.write_text(
        HEADER
        + """
with engine.connect() as connection:
    context.configure(connection=connection)
    context.run_migrations()
"""
    )
    project.memstack("stamp", "--purge", "base").failed(16, "without a commit")
    assert database.rows("SELECT version_num FROM alembic_version") == [("1",)]


def test_env_py_that_keeps_its_context_crashed_the_process_later(project: Project) -> None:
    project.revision("1")
    project.env_py.write_text(
        HEADER
        + """
import sys
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
sys.kept_by_env_py = context.get_context().environment_context
"""
    )
    memstack_migrate.upgrade(config=project.ini)
    kept = sys.__dict__.pop("kept_by_env_py")
    with pytest.raises(RuntimeError, match="is over"):
        kept.run_migrations()


def test_contexts_of_past_runs_stayed_for_ever(project: Project) -> None:
    project.revision("1")
    for _ in range(3):
        memstack_migrate.upgrade(config=project.ini)
    for _ in range(5):
        gc.collect()  # what one frees held others by way of C++
    assert not [found for found in gc.get_objects() if type(found) is MigrationContext]


def test_session_that_env_py_left_open_kept_its_locks(project: Project, database: Database) -> None:
    project.revision("1", None, "op.create_table('t', sa.Column('id', sa.Integer))")
    project.env_py.write_text(
        HEADER
        + """
import sys
sys.kept_by_env_py = connection = engine.connect()
context.configure(connection=connection)
context.run_migrations()
"""
    )
    with pytest.raises(errors.NotCommittedError):
        memstack_migrate.upgrade(config=project.ini)
    assert advisory_locks(database) == 0
    open_sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state LIKE 'idle in transaction%%'"
    assert database.rows(open_sessions, database.name) == [(0,)]
    sys.__dict__.pop("kept_by_env_py").close()


def test_revision_that_env_py_had_loaded_was_executed_twice(project: Project) -> None:
    (project.root / "shared.py").write_text("import sqlalchemy as sa\nmetadata = sa.MetaData()\n")
    table = 'TABLE = sa.Table("made_once", metadata, sa.Column("id", sa.Integer))'
    project.revision("1", imports=f"import sqlalchemy as sa\nfrom shared import metadata\n{table}")
    project.env_py.write_text(f"{HEADER}\ncontext.get_head_revision()\n" + project.env_py.read_text())
    project.memstack("upgrade").ok()


def test_engine_of_a_thread_of_env_py_had_no_driver(project: Project) -> None:
    project.revision("1")
    text = project.env_py.read_text()
    assert "    run_migrations_online()" in text
    threaded = (
        "    import threading\n    runner = threading.Thread(target=run_migrations_online)\n    runner.start()\n    runner.join()"
    )
    project.env_py.write_text(text.replace("    run_migrations_online()", threaded))
    project.memstack("upgrade").ok()
    assert project.memstack("current").ok().out == "1 (head)\n"
