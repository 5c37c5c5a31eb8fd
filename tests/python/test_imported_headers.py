"""Revision files whose headers only Python can read, in projects where only env.py makes them importable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from bench import EXIT_CODES

if TYPE_CHECKING:
    from databases import Database
    from projects import Project

pytestmark = pytest.mark.compat


@pytest.fixture
def application(project: Project) -> Project:
    """Make a project whose second revision takes its id from an application that env.py puts on sys.path."""
    package = project.root / "src" / "shop_of_a_test"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("NUMBER = 2\n")
    project.chain(1)
    file = project.revision(
        "0002", "0001", 'op.add_column("t0001", sa.Column("more", sa.Text))', 'op.drop_column("t0001", "more")'
    )
    text = file.read_text().replace("revision = '0002'", "import shop_of_a_test\nrevision = f'000{shop_of_a_test.NUMBER}'", 1)
    file.write_text(text)
    path = f"import sys\nsys.path.insert(0, {str(project.root / 'src')!r})\n"
    project.env_py.write_text(path + project.env_py.read_text())
    return project


def test_a_header_that_needs_what_env_py_makes_importable(application: Project, database: Database) -> None:
    application.memstack("upgrade", "head").ok()
    assert database.version_rows() == ["0002"]
    assert json.loads(application.memstack("status", "--json").ok().out)["head_revisions"] == ["0002"]
    assert application.memstack("current").ok().out == application.alembic("current").ok().out
    application.memstack("upgrade", "head", "--url", database.url).ok()
    assert application.memstack("upgrade", "head", "--sql").ok().out == application.alembic("upgrade", "head", "--sql").ok().out
    application.memstack("downgrade", "-1").ok()
    application.memstack("stamp", "0002").ok()
    assert database.version_rows() == ["0002"]
    application.memstack("stamp", "0001").ok()
    application.alembic("downgrade", "base").ok()


def test_the_same_from_an_application(application: Project, database: Database) -> None:
    config = str(application.ini)
    assert memstack_migrate.status(config=config).needs_upgrade
    memstack_migrate.upgrade(config=config)
    assert database.version_rows() == ["0002"]


def test_without_env_py_it_cannot_be_read(application: Project) -> None:
    application.memstack("heads").failed(EXIT_CODES["revision_file"], "No module named 'shop_of_a_test'")


def test_a_header_that_cannot_be_imported_at_all(application: Project, database: Database) -> None:
    (application.root / "src" / "shop_of_a_test" / "__init__.py").write_text("import nowhere_to_be_found\n")
    before = database.dump()
    for command in (("upgrade", "head"), ("status",), ("upgrade", "head", "--sql"), ("downgrade", "base")):
        refused = application.memstack(*command).failed(EXIT_CODES["revision_file"], "nowhere_to_be_found", "0002_.py")
        assert refused.out == ""
    assert database.dump() == before
