"""An application whose process ran migrations finds it as it was, whether env.py behaved, failed, or left things open."""

from __future__ import annotations

import logging
import logging.config
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

import alembic.context
import alembic.op
import pytest
from sqlalchemy import create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL

import memstack_migrate
from memstack_migrate import errors
from waiting import advisory_locks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from databases import Database
    from projects import Project

pytestmark = pytest.mark.oldest

_UNTIDY = """
import logging
import logging.config
import logging.config
import os
import sys
import warnings

from alembic import context, op
from sqlalchemy import create_engine, event

logging.config.dictConfig({"version": 1, "disable_existing_loggers": True})
logging.basicConfig(level="DEBUG", force=True)
os.chdir(os.path.dirname(__file__))
sys.path.insert(0, os.getcwd())
warnings.simplefilter("ignore")

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
connection = engine.connect()
context.config.attributes["left_open"] += [engine, connection]
context.configure(connection=connection)
"""

#: How env.py ends, and what the run raises.
_ENDS = {
    "well": ("with context.begin_transaction():\n    context.run_migrations()", None),
    "without a commit": ("context.run_migrations()", errors.NotCommittedError),
    "failing after the run": ("context.run_migrations()\nraise LookupError('on purpose')", errors.EnvironmentError),
    "failing before it": ("connection.exec_driver_sql('LOCK pg_class')\n1 / 0", errors.EnvironmentError),
    "leaving": ("raise SystemExit(3)", errors.EnvironmentError),
}


def _process() -> dict[str, Any]:
    return {
        "path": list(sys.path),
        "folder": os.getcwd(),  # noqa: PTH109  a text, as the rest
        "warnings": list(warnings.filters),
        "root": (logging.root.level, list(logging.root.handlers)),
        "configure": (logging.config.fileConfig, logging.config.dictConfig, logging.basicConfig),
        # Alembic leaves its own proxy as None.
        "op": {name: value for name, value in vars(alembic.op).items() if value is not None},
        "context": {name: value for name, value in vars(alembic.context).items() if value is not None},
        "dialects": dict(registry.impls),
        "hook": URL.__dict__["_instantiate_plugins"],
        "streams": (sys.stdout, sys.stderr, list(sys.argv)),
        "project's modules": [name for name in sys.modules if name.startswith(("env_py", "0001_"))],
    }


@pytest.mark.parametrize("end", _ENDS)
def test_the_process_is_as_it_was(project: Project, database: Database, end: str) -> None:
    code, error = _ENDS[end]
    project.chain(1)
    project.env_py.write_text(_UNTIDY + code + "\n")
    left_open: list[Any] = []
    logger = logging.getLogger("an.application.of.its.own")
    for name in ("postgresql", "postgresql.psycopg"):
        registry.load(name)  # SQLAlchemy keeps what it has found
    before = _process()
    if error is None:
        memstack_migrate.upgrade(config=project.ini, attributes={"left_open": left_open})
    else:
        with pytest.raises(error):
            memstack_migrate.upgrade(config=project.ini, attributes={"left_open": left_open})
    assert _process() == before
    assert not logger.disabled
    assert type(create_engine("postgresql+psycopg://").dialect).__module__.startswith("sqlalchemy.")
    assert advisory_locks(database) == 0
    locks = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE datname = %s AND pid <> pg_backend_pid()"
    assert database.rows(locks, database.name) == [(0,)]
    engine, connection = left_open
    connection.close()
    engine.dispose()


_APPLICATION = """
import os
from sqlalchemy import create_engine
engine = create_engine(os.environ["DATABASE_URL"])
"""

_ENGINE_OF_THE_APPLICATION = """
from alembic import context
from an_application_with_an_engine import engine

with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""

_ENGINE_OF_ITS_OWN = """
import os

import an_application_with_an_engine
from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.fixture
def application(tmp_path: Path, project: Project, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project beside an application whose engine is made where it is imported, which env.py is the first to do."""
    (tmp_path / "an_application_with_an_engine.py").write_text(_APPLICATION)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database.url_for("psycopg"))
    project.chain(2)
    yield project
    sys.modules.pop("an_application_with_an_engine", None)


def test_env_py_migrates_on_the_applications_engine(application: Project, database: Database) -> None:
    application.env_py.write_text(_ENGINE_OF_THE_APPLICATION)
    memstack_migrate.upgrade(config=application.ini)
    assert database.version_rows() == ["0002"]
    memstack_migrate.downgrade("base", config=application.ini)
    assert database.version_rows() == []


def test_an_engine_of_an_application_that_env_py_imported_first_keeps_its_driver(application: Project) -> None:
    application.env_py.write_text(_ENGINE_OF_ITS_OWN)
    memstack_migrate.upgrade(config=application.ini)
    engine = sys.modules["an_application_with_an_engine"].engine
    with engine.connect() as connection:
        assert type(connection.connection.dbapi_connection).__module__.startswith("psycopg")
    engine.dispose()
