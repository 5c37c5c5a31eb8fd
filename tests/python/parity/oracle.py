"""The projects that Alembic and ours are compared on, and Alembic as a process that takes one step after another."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.script import ScriptDirectory

from parity.own_driver import IN_A_LOOP
from projects import Project, clean_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from databases import Database

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

_FOUND = {path.name: Project(path) for path in sorted((HERE / "projects").iterdir()) if (path / "alembic.ini").exists()}

# The recipes of Alembic's cookbook: their env.py and what is called around it matter, so test_cookbook.py has them alone.
COOKBOOK = {name: project for name, project in _FOUND.items() if name.startswith("cookbook_")}

PROJECTS = {"memstack": Project(ROOT, "alembic"), **{name: _FOUND[name] for name in _FOUND if name not in COOKBOOK}}


class AlembicSteps:
    """Alembic on one project and one database, running the commands that it is given in turn."""

    def __init__(
        self, project: Project, database: Database, env: Mapping[str, str] | None = None, *, in_loop: bool = False
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *(("-c", IN_A_LOOP) if in_loop else ()), str(HERE / "alembic_steps.py")],
            cwd=project.root,
            env=environment(database) if env is None else clean_environment(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str) -> None:
        """Run a command line; fails the test where Alembic fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(command), file=self._process.stdin, flush=True)
        error = json.loads(self._process.stdout.readline())
        assert error is None, f"alembic {' '.join(command)}:\n{error}"

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def environment(database: Database) -> dict[str, str]:
    """Return the environment with the database's address where the projects look for it."""
    return clean_environment({"DATABASE_URL": database.url_for("psycopg")})


def revisions(project: Project) -> list[str]:
    """Return the ids of a project's revisions in an order in which each can be the target of an upgrade."""
    script = ScriptDirectory.from_config(Config(str(project.ini)))
    return [step.revision for step in reversed(list(script.walk_revisions()))]
