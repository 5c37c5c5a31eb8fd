"""The projects themselves: Alembic takes each of them up, down and up again, so that a difference is ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parity.oracle import PROJECTS, environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from parity.oracle import AlembicSteps
    from projects import Project


@pytest.mark.every_major
def test_alembic_takes_the_project_up_and_down(
    fixture_project: Project,
    alembic_steps: Callable[[Project, Database], AlembicSteps],
    database: Database,
) -> None:
    alembic = alembic_steps(fixture_project, database)
    alembic.run("upgrade", "heads")
    up = database.schema_dump()
    alembic.run("downgrade", "base")
    down = database.schema_dump()
    assert "CREATE TABLE" in up
    # Only the version table stays, and what its schema is.
    assert down.count("CREATE TABLE") == 1, down
    assert "CREATE TYPE" not in down
    alembic.run("upgrade", "heads")
    assert len(database.schema_dump()) == pytest.approx(len(up), rel=0.05)


@pytest.mark.compat
def test_models_and_revisions_of_memstack_agree(database: Database) -> None:
    memstack = PROJECTS["memstack"]
    memstack.alembic("upgrade", "head", env=environment(database)).ok()
    checked = memstack.alembic("check", env=environment(database)).ok()
    assert "No new upgrade operations detected" in checked.out


def test_memstack_says_what_is_missing_without_an_address() -> None:
    refused = PROJECTS["memstack"].alembic("current")
    assert refused.code != 0
    assert "DATABASE_URL is not set" in refused.err
