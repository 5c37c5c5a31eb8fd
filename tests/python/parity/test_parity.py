"""The same directory through Alembic and through ours gives the same database.

Compared are whole dumps (schema, comments, rows, sequences, the version table) after the upgrade to each revision, after the
downgrade to base, and after a second upgrade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parity.oracle import environment, revisions

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from parity.oracle import AlembicSteps
    from projects import Project

    StartAlembic = Callable[[Project, Database], AlembicSteps]
    MakeDatabase = Callable[[], Database]


def ours(project: Project, database: Database, *command: str) -> None:
    project.memstack(*command, env=environment(database)).ok()


@pytest.mark.slow
def test_equal_at_every_revision(fixture_project: Project, alembic_steps: StartAlembic, make_database: MakeDatabase) -> None:
    theirs_database, our_database = make_database(), make_database()
    theirs = alembic_steps(fixture_project, theirs_database)
    for revision in revisions(fixture_project):
        theirs.run("upgrade", revision)
        ours(fixture_project, our_database, "upgrade", revision)
        assert our_database.dump() == theirs_database.dump(), f"after upgrade {revision}"


@pytest.mark.compat
@pytest.mark.every_major
def test_equal_up_down_and_up_again(fixture_project: Project, alembic_steps: StartAlembic, make_database: MakeDatabase) -> None:
    theirs_database, our_database = make_database(), make_database()
    theirs = alembic_steps(fixture_project, theirs_database)
    for command in (("upgrade", "heads"), ("downgrade", "base"), ("upgrade", "heads")):
        theirs.run(*command)
        ours(fixture_project, our_database, *command)
        assert our_database.dump() == theirs_database.dump(), f"after {' '.join(command)}"


@pytest.mark.slow
def test_alembic_and_ours_take_turns(fixture_project: Project, alembic_steps: StartAlembic, make_database: MakeDatabase) -> None:
    theirs_database, shared_database = make_database(), make_database()
    theirs = alembic_steps(fixture_project, theirs_database)
    guest = alembic_steps(fixture_project, shared_database)
    for number, revision in enumerate(revisions(fixture_project)):
        theirs.run("upgrade", revision)
        if number % 2:
            guest.run("upgrade", revision)
        else:
            ours(fixture_project, shared_database, "upgrade", revision)
        assert shared_database.dump() == theirs_database.dump(), f"after upgrade {revision}"
    guest.run("downgrade", "base")
    theirs.run("downgrade", "base")
    assert shared_database.dump() == theirs_database.dump(), "after Alembic's downgrade to base"
