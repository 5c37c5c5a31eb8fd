"""Whole programs in which each engine's connections are made by the driver that its URL names, so that the engine borrows them.

asyncpg carries a synchronous env.py, too, where the program runs in a greenlet of SQLAlchemy's, as within
``AsyncConnection.run_sync()``.
"""

from __future__ import annotations

import os
from itertools import cycle
from typing import TYPE_CHECKING

from projects import run_python

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from databases import Database
    from projects import Outcome, Project

SYNCHRONOUS = ("psycopg2", "psycopg", "pg8000", "asyncpg")
ASYNCHRONOUS = ("asyncpg", "psycopg")

#: Each test over each driver, which takes minutes; else the drivers take turns.
IS_EVERY = bool(os.environ.get("MEMSTACK_EVERY_DRIVER"))

_SITECUSTOMIZE = """
from sqlalchemy import Engine, event
from sqlalchemy.dialects import registry


@event.listens_for(Engine, "do_connect")
def connect(dialect, record, arguments, parameters):
    own = registry.load("postgresql." + dialect.driver)
    own = own.get_async_dialect_cls(None) if dialect.is_async else own
    return own(dbapi=own.import_dbapi()).connect(*arguments, **parameters)
"""

#: Runs the module or the file that its first argument names.
IN_A_LOOP = """
import asyncio, runpy, sys
from sqlalchemy.util import greenlet_spawn

target = sys.argv.pop(1)
run = runpy.run_path if target.endswith(".py") else runpy.run_module
asyncio.run(greenlet_spawn(run, target, run_name="__main__"))
"""


def over_drivers(names: Iterable[str], drivers: tuple[str, ...]) -> list[tuple[str, str]]:
    """List what is run over which driver."""
    names = list(names)
    return (
        [(name, driver) for name in names for driver in drivers] if IS_EVERY else list(zip(names, cycle(drivers), strict=False))
    )


def borrowing(database: Database, driver: str, place: Path) -> dict[str, str]:
    """Give the environment in which the driver makes all connections; ``place`` takes a module for its sys.path."""
    (place / "sitecustomize.py").write_text(_SITECUSTOMIZE)
    return {"DATABASE_URL": database.url_for(driver), "PYTHONPATH": str(place)}


def memstack(project: Project, line: Iterable[str], env: dict[str, str], *, in_loop: bool) -> Outcome:
    """Run our command line, in a loop's greenlet or as it is."""
    program = ("-c", IN_A_LOOP, "memstack_migrate") if in_loop else ("-m", "memstack_migrate")
    return run_python(*program, *line, cwd=project.root, env=env)
