"""The setting ``driver = project``: env.py's engines connect by the drivers that their URLs name."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from projects import ASYNC_ENV
from waiting import advisory_locks

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from projects import Project

#: What only the driver's own objects have.
_ONLY_THE_DRIVERS = {
    "psycopg2": 'large = bind.connection.driver_connection.lobject(0, "wb")\nlarge.write(b"kept")\nlarge.close()',
    "psycopg": "assert bind.connection.driver_connection.pgconn.socket",
    "asyncpg": 'bind.connection.run_async(lambda own: own.copy_records_to_table("t", records=[(7,)]))',
}


@pytest.fixture(params=_ONLY_THE_DRIVERS)
def driver(request: pytest.FixtureRequest, project: Project, database: Database) -> str:
    name: str = request.param
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    if name == "asyncpg":
        project.env_py.write_text(
            f'from alembic import context\nURL = context.config.get_main_option("sqlalchemy.url")\n{ASYNC_ENV}'
        )
    project.set(**{"sqlalchemy.url": database.url_for(name)})
    project.revision("1", None, 'op.create_table("t", sa.Column("id", sa.Integer))', imports="import sqlalchemy as sa")
    project.revision("2", "1", "bind = op.get_bind()\n" + _ONLY_THE_DRIVERS[name])
    return name


def _set_driver(project: Project, driver: str) -> None:
    project.ini.write_text(project.ini.read_text() + f"\n[memstack_migrate]\ndriver = {driver}\n")


def test_what_only_the_drivers_own_connection_has(
    driver: str, project: Project, database: Database, make_database: Callable[[], Database]
) -> None:
    project.memstack("upgrade").failed(10, 'driver = "project"', f"over {driver} itself", "2_.py, line")
    _set_driver(project, "project")
    report = memstack_migrate.upgrade("heads", config=project.ini)
    (run,) = report.databases
    assert (run.driver, run.driver_reason) == (driver, "the setting driver = project")
    assert run.heads_after == ("2",)
    assert advisory_locks(database) == 0
    oracle = make_database()
    project.set(**{"sqlalchemy.url": oracle.url_for(driver)})
    project.alembic("upgrade", "head").ok()
    assert database.dump("--no-blobs") == oracle.dump("--no-blobs")


def test_alembics_own_commands_ran_over_the_engines_connection(project: Project, database: Database) -> None:
    project.set(**{"sqlalchemy.url": database.url_for("psycopg2").replace("%", "%%")})
    connected = "with connectable.connect() as connection:\n"
    text = project.env_py.read_text()
    assert connected in text
    noted = f"{connected}        print(type(connection.connection.driver_connection))\n"
    project.env_py.write_text(text.replace(connected, noted))
    assert "memstack_migrate" in project.memstack("ensure_version").ok().out
    _set_driver(project, "project")
    assert "'psycopg2.extensions.connection'" in project.memstack("ensure_version").ok().out


def test_a_driver_that_is_not_installed(project: Project, database: Database) -> None:
    project.set(**{"sqlalchemy.url": database.url_for("nodriver")})
    project.revision("1")
    project.memstack("upgrade", "head").ok()
    _set_driver(project, "project")
    project.memstack("downgrade", "base").failed(
        12, "nodriver", "driver = project", "install nodriver, or leave the setting away"
    )
    assert database.version_rows() == ["1"]
