"""The projects over other drivers' connections, and without any driver: the same databases as Alembic's.

``MEMSTACK_EVERY_DRIVER=1`` takes each project over each driver, and each without any; else the drivers take turns, and no driver
is one of them.
"""

from __future__ import annotations

import json
import os
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from borrowing import SYNCHRONOUS
from parity.oracle import PROJECTS, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from databases import Database
    from parity.oracle import AlembicSteps
    from projects import Project

    StartAlembic = Callable[..., AlembicSteps]

pytestmark = pytest.mark.slow

#: create_engine() is told the driver's module, so that only that driver can make the connections.
_THEIR_OWN = """
import importlib
import sqlalchemy

create_engine = sqlalchemy.create_engine
sqlalchemy.create_engine = lambda url, **options: create_engine(url, module=importlib.import_module({driver!r}), **options)
"""

#: As if none were installed.
_NONE = """
import sys

sys.modules.update(dict.fromkeys(("asyncpg", "pg8000", "psycopg", "psycopg2")))
"""

# They look into the exceptions of psycopg, which their URL names.
_PSYCOPGS = ("own_types", "plugins")
# It writes down what exceptions say, the class of the driver included.
_ALL = [name for name in PROJECTS if name != "bind"]
_OTHERS = [name for name in _ALL if name not in _PSYCOPGS]
_EVERY = [(name, driver) for name in _OTHERS for driver in SYNCHRONOUS]
_IN_TURN = [(name, driver) for name, driver in zip(_OTHERS, cycle((*SYNCHRONOUS, "")), strict=False) if driver]
_IS_EVERY = bool(os.environ.get("MEMSTACK_EVERY_DRIVER"))
_CHOSEN = _EVERY if _IS_EVERY else _IN_TURN
_WITHOUT = _ALL if _IS_EVERY else [name for name in _OTHERS if name not in dict(_IN_TURN)] + ["plugins"]
# pg8000 fails in an autocommit block, with Alembic, too.
_OVER = [pair for pair in _CHOSEN if pair != ("indexes", "pg8000")] + [(name, "psycopg") for name in _PSYCOPGS]


def up_and_down(
    project: Project, theirs: AlembicSteps, databases: tuple[Database, Database], env: dict[str, str]
) -> list[dict[str, str]]:
    """Take both up, down and up again, compared after each; returns what the report says of the connections."""
    runs = []
    for command in (("upgrade", "heads"), ("downgrade", "base"), ("upgrade", "heads")):
        theirs.run(*command)
        report = json.loads(project.memstack(*command, "--json", env=env).ok().out)
        runs += report["databases"]
        assert databases[1].dump() == databases[0].dump(), f"after {' '.join(command)}"
    return runs


@pytest.mark.parametrize(("name", "driver"), _OVER)
def test_equal_over_another_drivers_connection(
    name: str, driver: str, alembic_steps: StartAlembic, make_database: Callable[[], Database], tmp_path: Path
) -> None:
    project, databases = PROJECTS[name], (make_database(), make_database())
    (tmp_path / "sitecustomize.py").write_text(_THEIR_OWN.format(driver=driver))
    env = {"DATABASE_URL": databases[1].url_for(driver), "PYTHONPATH": str(tmp_path)}
    theirs = alembic_steps(project, databases[0], {"DATABASE_URL": databases[0].url_for(driver)})
    runs = up_and_down(project, theirs, databases, env)
    assert {run["driver"] for run in runs} == {driver}


@pytest.mark.parametrize("name", _WITHOUT)
def test_equal_without_any_driver(
    name: str, alembic_steps: StartAlembic, make_database: Callable[[], Database], tmp_path: Path
) -> None:
    project, databases = PROJECTS[name], (make_database(), make_database())
    (tmp_path / "sitecustomize.py").write_text(_NONE)
    env = {**environment(databases[1]), "PYTHONPATH": str(tmp_path)}
    runs = up_and_down(project, alembic_steps(project, databases[0]), databases, env)
    assert {run["driver"] for run in runs} == {""}
