"""``--sql`` writes what Alembic writes, and psql makes the same database of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from parity.oracle import PROJECTS, environment, revisions

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database

# Alembic cannot write them either: JSON has no literal, and some revisions ask the database.
_ONLINE_ONLY = {"bind", "data", "own_types", "plugins"}
_SCRIPTED = [name for name in PROJECTS if name not in _ONLINE_ONLY]


def _statements(script: str) -> list[str]:
    """Cut a script where Alembic ends each statement; blanks count, since both write the same."""
    return [statement.strip() for statement in script.split(";\n\n")]


def _steps(script: str) -> list[list[str]]:
    """List the statements of each revision, sorted: those that Alembic takes from a set change places from run to run."""
    return [sorted(_statements(step)) for step in script.split("-- Running ")]


def _is_version_row(statement: str) -> bool:
    return re.search(r"^(INSERT INTO|UPDATE|DELETE FROM) \S*version", statement, re.MULTILINE) is not None


def _assert_same_script(ours: str, theirs: str) -> None:
    for our_step, their_step in zip(_steps(ours), _steps(theirs), strict=True):
        if our_step != their_step:
            # An unmerge: which row is updated and which inserted is the set's choice as well.
            assert len(our_step) == len(their_step)
            assert [s for s in our_step if not _is_version_row(s)] == [s for s in their_step if not _is_version_row(s)]


@pytest.mark.compat
@pytest.mark.parametrize("name", _SCRIPTED)
def test_the_same_script_as_alembics(name: str, database: Database) -> None:
    project = PROJECTS[name]
    last = revisions(project)[-1]
    for command in (("upgrade", "heads"), ("downgrade", f"{last}:base"), ("stamp", "heads")):
        theirs = project.alembic_script(*command, env=environment(database))
        ours = project.memstack(*command, "--sql", env=environment(database)).ok().out
        _assert_same_script(ours, theirs)


# Alembic's script fails in psql, too: SQLAlchemy 2.1 does not write STORED when it cannot ask the server, which PostgreSQL
# minds before 18; and expressions keep the doubled percent signs of the driver.
_NOT_FOR_PSQL = {"alterations", "hooks"}


@pytest.mark.parametrize("name", [name for name in _SCRIPTED if name not in _NOT_FOR_PSQL])
def test_psql_makes_the_same_database_of_it(name: str, make_database: Callable[[], Database]) -> None:
    project = PROJECTS[name]
    online, scripted = make_database(), make_database()
    commands = [("upgrade", "heads")]
    heads = ScriptDirectory.from_config(Config(str(project.ini))).get_heads()
    if len(heads) == 1:
        commands += [("downgrade", f"{heads[0]}:base"), ("upgrade", "heads")]
    if name == "schemas":
        scripted.execute("CREATE SCHEMA ops")  # as its env.py does
    for number, (command, script_range) in enumerate(commands):
        project.memstack(command, script_range.rpartition(":")[2], env=environment(online)).ok()
        script = project.memstack(command, script_range, "--sql", env=environment(scripted)).ok().out
        if number == len(commands) - 1 > 0:
            # The script of an upgrade from base makes the version table, which a downgrade to base leaves in place.
            script = re.sub(r"CREATE TABLE \S*version .*?;\n", "", script, count=1, flags=re.DOTALL)
        scripted.run_script(script)
        assert scripted.dump() == online.dump(), f"after {command}"
