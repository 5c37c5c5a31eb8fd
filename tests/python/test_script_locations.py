"""Where the scripts are, said in ways that only Python can follow."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from databases import Database
    from projects import Project

MAKE = "op.execute('CREATE TABLE made (id int)')"
UNDO = "op.drop_table('made')"


def taken_up_and_down(project: Project, database: Database) -> None:
    """Up and down by ours, with Alembic finding the same revision in between."""
    assert "CREATE TABLE made" in project.memstack("upgrade", "001", "--sql").ok().out
    project.memstack("upgrade", "head").ok()
    assert database.version_rows() == ["001"]
    assert database.has_table("made")
    assert "001 (head)" in project.alembic("current").ok().out + project.memstack("current").ok().out
    assert "DROP TABLE made" in project.memstack("downgrade", "001:base", "--sql").ok().out
    project.memstack("downgrade", "base").ok()
    assert database.version_rows() == []


def test_a_package_is_the_script_location_and_version_locations_are_not_set(project: Project, database: Database) -> None:
    """No file was read: there were no heads, and a database that Alembic had made was at a revision that no file has."""
    project.revision("001", upgrade=MAKE, downgrade=UNDO)
    package = project.root / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    shutil.move(project.env_py.parent, package / "scripts")
    project.set(script_location="shop:scripts", prepend_sys_path=".")
    assert "001 (head)" in project.memstack("heads").ok().out
    taken_up_and_down(project, database)


def test_env_py_sets_version_locations_of_the_script_directory(project: Project, database: Database) -> None:
    """As a project does whose revisions for each DBMS are in a folder of their own, chosen when env.py runs."""
    project.revision("001", upgrade=MAKE, downgrade=UNDO)
    folder = project.versions / "postgresql"
    folder.mkdir()
    (project.versions / "001_.py").rename(folder / "001.py")
    choice = "context.script.version_locations = [str(__import__('pathlib').Path(__file__).parent / 'versions' / 'postgresql')]\n"
    text = project.env_py.read_text()
    project.env_py.write_text(text.replace("config = context.config\n", f"config = context.config\n{choice}", 1))
    taken_up_and_down(project, database)
    assert "001" in project.memstack("status").ok().out
    project.memstack("upgrade", "002").failed(7, "no revision or branch '002'")
