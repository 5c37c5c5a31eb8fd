"""One project on two databases, Alembic's functions on the one and ours on the other, and env.py telling what it sees."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

import memstack_migrate
from projects import Project

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from databases import Database

HEAD = """
import json
import os
import sys

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

config = context.config
url = os.environ["DATABASE_URL"]


def note(name, answer):
    with open(os.environ["ANSWERS"], "a") as answers:
        answers.write(json.dumps([name, answer], default=str) + "\\n")


def ask(name, *arguments, **keywords):
    try:
        answer = getattr(context, name)(*arguments, **keywords)
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    note(f"{name}{arguments or ''}{keywords or ''}", answer)

"""

_REVISIONS = (
    ("aa01", None, 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))', 'op.drop_table("t")'),
    ("bb02", "aa01", 'op.add_column("t", sa.Column("name", sa.Text))', 'op.drop_column("t", "name")'),
    ("cc03", "bb02", "op.execute(\"INSERT INTO t VALUES (7, 'x')\")", 'op.execute("DELETE FROM t")'),
)


def project_of(root: Path, env_py: str) -> Project:
    """Write a project with this env.py."""
    project = Project(root)
    project.versions.mkdir(parents=True)
    project.ini.write_text("[alembic]\nscript_location = %(here)s/migrations\n\n[other]\nscript_location = %(here)s/migrations\n")
    project.env_py.write_text(env_py)
    for revision in _REVISIONS:
        file = project.revision(*revision)
        file.write_text(file.read_text().replace("grade():", "grade(**given):"))
    return project


def answers_in(file: Path) -> list[object]:
    """Take what env.py has noted."""
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return [json.loads(line) for line in lines]


def by_alembic(project: Project, name: str, revision: str) -> None:
    """Run a command of Alembic's."""
    getattr(command, name)(Config(project.ini), revision)


def by_ours(project: Project, name: str, revision: str) -> None:
    """Run the same by ours."""
    getattr(memstack_migrate, name)(revision, config=project.ini)


@dataclass
class Pair:
    """One project on two databases, in this process: Alembic's functions on the one, ours on the other."""

    project: Project
    databases: tuple[Database, Database]
    answers: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, name: str, revision: str) -> list[str]:
        """Run a command by both; what env.py noted and the databases are the same. Returns how each failed, or ""."""
        failures, noted = [], []
        for by, database in zip((by_alembic, by_ours), self.databases, strict=True):
            self.monkeypatch.chdir(self.project.root)
            self.monkeypatch.setenv("DATABASE_URL", database.url_for("psycopg"))
            self.monkeypatch.setenv("ANSWERS", str(self.answers))
            failures.append("")
            try:
                by(self.project, name, revision)
            except Exception as error:  # noqa: BLE001  whatever it is, the test looks at it
                failures[-1] = str(error)
            noted.append(answers_in(self.answers))
        assert noted[1] == noted[0], (name, failures)
        assert self.databases[1].dump() == self.databases[0].dump(), (name, failures)
        return failures
