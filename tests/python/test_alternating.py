"""A project goes to and fro between Alembic and ours: at every revision either takes over from the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from projects import Outcome, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from databases import Database

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("forked")]

REPOSITORY = Path(__file__).resolve().parents[2]

# Ways of going through the history: by Alembic alone, and taking turns.
ALONE = ("alembic",)
TURNS = ("alembic", "memstack_migrate")


@dataclass(frozen=True)
class Walk:
    """One project on one database, driven by the programs in turn."""

    root: Path
    database: Database
    programs: Iterable[str]

    def run(self, program: str, *arguments: str) -> Outcome:
        project = Project(self.root)
        run = project.alembic if program == "alembic" else project.memstack
        return run(*arguments, env={"DATABASE_URL": self.database.url})

    def states_along(self, commands: Iterable[tuple[str, str]]) -> list[str]:
        """Return the database's dump after each command."""
        states = []
        for program, command in zip(cycle(self.programs), commands, strict=False):
            self.run(program, *command).ok()
            states.append(self.database.dump())
        return states

    def current(self, program: str) -> set[str]:
        """Return the revisions that `current` shows, without "(head)" and the like."""
        lines = self.run(program, "current").ok().out.splitlines()
        return {line.split()[0] for line in lines if line.strip()}


def compare(root: Path, make_database: Callable[[], Database], commands: list[tuple[str, str]]) -> None:
    """Give the same commands to Alembic, and to both in turn, either of them first: the databases are equal after each."""
    expected = Walk(root, make_database(), ALONE).states_along(commands)
    for programs in (TURNS, TURNS[::-1]):
        walk = Walk(root, make_database(), programs)
        for command, wanted, state in zip(commands, expected, walk.states_along(commands), strict=True):
            assert state == wanted, f"{' '.join(command)}, {programs[0]} first"


def test_the_projects_own_history(make_database: Callable[[], Database]) -> None:
    up = [("upgrade", revision) for revision in ("001", "002", "head")]
    down = [("downgrade", revision) for revision in ("002", "-1", "base")]
    compare(REPOSITORY, make_database, [*up, *down, ("upgrade", "+2"), ("upgrade", "heads")])


def branched(project: Project) -> Project:
    """Write a history with two branches, a dependency between them, a second base that depends on one, and a merge.

    a1 -> b1 -> b2 --.
      `-> c1 -> c2 ---> m1      c2 depends on b1; x1 (a base of its own) depends on a1
    x1 -> x2
    """
    history: list[tuple[str, str | tuple[str, ...] | None, str | None, str | None]] = [
        ("a1", None, None, None),
        ("b1", "a1", "left", None),
        ("b2", "b1", None, None),
        ("c1", "a1", "right", None),
        ("c2", "c1", None, "b1"),
        ("m1", ("b2", "c2"), None, None),
        ("x1", None, "apart", "a1"),
        ("x2", "x1", None, None),
    ]
    for revision, down_revision, label, depends_on in history:
        project.revision(
            revision,
            down_revision,
            f'op.create_table("t_{revision}", sa.Column("id", sa.Integer))',
            f'op.drop_table("t_{revision}")',
            branch_labels=label,
            depends_on=depends_on,
        )
    project.env_py.write_text(project.env_py.read_text().replace("config = context.config\n", _TAKE_URL, 1))
    return project


_TAKE_URL = """config = context.config
import os
url = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
"""


def test_branches_a_merge_and_dependencies(project: Project, make_database: Callable[[], Database]) -> None:
    up = ["a1", "b1", "c1", "c2", "b2", "m1", "x1", "heads"]
    down = ["apart@-1", "right@c1", "left@a1", "base"]
    commands = [("upgrade", revision) for revision in up] + [("downgrade", revision) for revision in down]
    compare(branched(project).root, make_database, commands)


def test_stamps_of_either_are_read_by_the_other(project: Project, database: Database) -> None:
    walk = Walk(branched(project).root, database, TURNS)
    for writer in TURNS:
        for revision in ("b1", "c2", "m1", "heads", "a1"):
            walk.run(writer, "stamp", revision).ok()
            current = walk.current("alembic")
            assert current
            assert walk.current("memstack_migrate") == current, f"{writer} stamped {revision}"
        walk.run(writer, "stamp", "base", "--purge").ok()
        assert walk.current("alembic") == walk.current("memstack_migrate") == set()
