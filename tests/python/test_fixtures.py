"""The fixtures do what the other tests rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servers import fulfils

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from projects import Project
    from servers import Server


@pytest.mark.every_major
def test_a_database_is_empty_and_of_the_major_that_was_asked_for(database: Database) -> None:
    assert database.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    assert database.rows("SHOW server_version_num")[0][0][:2] == str(database.server.major)
    assert database.version_rows() is None


@pytest.mark.pg(">= 16")
def test_a_test_may_ask_for_a_newer_server(server: Server) -> None:
    assert server.major >= 16


def test_conditions_on_majors() -> None:
    assert fulfils(14, ">= 14")
    assert not fulfils(13, ">= 14")
    assert fulfils(15, "< 16")
    assert not fulfils(16, "!= 16")


@pytest.mark.every_major
def test_dumps_of_equal_databases_are_equal_and_of_others_are_not(make_database: Callable[[], Database]) -> None:
    first, second = make_database(), make_database()
    for database in (first, second):
        database.execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    assert first.dump() == second.dump()
    assert "INSERT INTO public.t VALUES (1)" in first.dump()
    second.execute("ALTER TABLE t ADD COLUMN name text")
    assert first.schema_dump() != second.schema_dump()


def test_alembic_runs_a_project_that_was_written_here(project: Project, database: Database) -> None:
    ids = project.chain(3)
    project.alembic("upgrade", "head").ok()
    assert database.version_rows() == [ids[-1]]
    assert database.has_table("t0002")
    project.alembic("downgrade", "base").ok()
    assert database.version_rows() == []


def test_a_failure_shows_its_phrases(project: Project) -> None:
    project.chain(1)
    project.alembic("upgrade", "nowhere").failed(255, "Can't locate revision identified by 'nowhere'")


def test_a_server_of_its_own_can_be_stopped(own_server: Server) -> None:
    own_server.control("stop", "-m", "fast")
    own_server.control("start")
    with own_server.connect() as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
