"""The fixtures of the comparison with Alembic."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from parity.oracle import PROJECTS, AlembicSteps
from parity.pair import Pair, project_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from databases import Database
    from projects import Project


@pytest.fixture(autouse=True)
def _forked(forked: None) -> None:
    """Compare what runs do, not how they start."""


@pytest.fixture(params=PROJECTS)
def fixture_project(request: pytest.FixtureRequest) -> Project:
    """Each of the projects in turn."""
    return PROJECTS[request.param]


@pytest.fixture
def alembic_steps() -> Iterator[Callable[..., AlembicSteps]]:
    """Start Alembic on a project and a database, as ``alembic_steps(project, database)``; it ends with the test."""
    started: list[AlembicSteps] = []

    def start(
        project: Project, database: Database, env: Mapping[str, str] | None = None, *, in_loop: bool = False
    ) -> AlembicSteps:
        started.append(AlembicSteps(project, database, env, in_loop=in_loop))
        return started[-1]

    yield start
    for steps in started:
        steps.close()


@pytest.fixture
def pair(make_database: Callable[[], Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Pair]:
    """Give two databases to a project with three revisions, whose env.py a test writes."""

    def pair_of(env_py: str) -> Pair:
        project = project_of(tmp_path / "project", textwrap.dedent(env_py))
        return Pair(project, (make_database(), make_database()), tmp_path / "answers", monkeypatch)

    return pair_of
