"""What ``alembic init`` makes, of each of Alembic's templates, with revisions as ``alembic revision`` writes them."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from parity import own_driver
from projects import TEMPLATES, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from databases import Database
    from parity.oracle import AlembicSteps
    from projects import Outcome

    StartAlembic = Callable[..., AlembicSteps]
    MakeDatabase = Callable[[], Database]

pytestmark = pytest.mark.compat

_NAMES = sorted(folder.name for folder in TEMPLATES.iterdir() if (folder / "env.py").exists())
_UP_DOWN_UP = (("upgrade", "head"), ("downgrade", "base"), ("upgrade", "+1"), ("upgrade", "head"))

_FIRST = (
    'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.Enum("a", "b", name="kind")))',
    'op.drop_table("t"); op.execute("DROP TYPE kind")',
)
_SECOND = ("op.execute(\"INSERT INTO t (kind) VALUES ('a')\")", 'op.execute("DELETE FROM t")')


def _fill(file: Path, upgrade: str, downgrade: str) -> None:
    """Put statements into the functions of a revision; the template multidb has one of each for each database."""
    text = file.read_text()
    for function, body in (("upgrade", upgrade), ("downgrade", downgrade)):
        pattern = rf"(def {function}\w*\(\)[^:]*:\n(?:    \"\"\".*\"\"\"\n)?)    pass"
        assert re.search(pattern, text)
        text = re.sub(pattern, rf"\1    {body}", text)
    file.write_text(text)


def _addressed(project: Project, databases: Sequence[Database], driver: str) -> None:
    text = project.ini.read_text()
    for number, database in enumerate(databases, 1):
        url = database.url_for(driver).replace("%", "%%")
        text = text.replace(f"driver://user:pass@localhost/dbname{'' if number == 1 else number}\n", f"{url}\n")
    assert "driver://" not in text
    project.ini.write_text(text)


def _scripts(project: Project, out: str) -> list[str]:
    """List what ``--sql`` wrote: the template multidb makes a file for each database."""
    return [out, *(file.read_text() for file in sorted(project.root.glob("*.sql")))]


@dataclass(frozen=True)
class _Pair:
    """A project of a template twice, for Alembic and for ours, each with databases of its own."""

    theirs: Project
    ours: Project
    databases: list[tuple[Database, Database]]
    alembic: AlembicSteps

    def compare(self, command: tuple[str, ...], outcome: Outcome) -> None:
        """Run the command by Alembic, and compare with what ours, which has run it, has made of its databases."""
        outcome.ok()
        self.alembic.run(*command)
        for their_database, our_database in self.databases:
            assert our_database.dump() == their_database.dump(), f"after {command}"


@pytest.fixture
def initialized(alembic_steps: StartAlembic, make_database: MakeDatabase, tmp_path: Path) -> Callable[..., _Pair]:
    """Make the projects of a template, for a driver, with two revisions."""

    def initialize(template: str, driver: str, *, in_loop: bool = False) -> _Pair:
        theirs, ours = Project(tmp_path / "theirs"), Project(tmp_path / "ours")
        databases = [(make_database(), make_database()) for _ in range(2 if template == "multidb" else 1)]
        theirs.root.mkdir()
        alembic = alembic_steps(theirs, databases[0][0], in_loop=in_loop)
        alembic.run("init", "-t", template, "migrations")
        _addressed(theirs, [their for their, _ in databases], driver)
        for revision, bodies in (("aa01", _FIRST), ("bb02", _SECOND)):
            alembic.run("revision", "-m", f"revision {revision}", "--rev-id", revision)
            _fill(next(theirs.versions.glob(f"{revision}*")), *bodies)
        shutil.copytree(theirs.root, ours.root)
        for project, place in ((theirs, 0), (ours, 1)):
            text = project.ini.read_text()
            for pair in databases:
                text = text.replace(f"/{pair[0].name}\n", f"/{pair[place].name}\n")
            project.ini.write_text(text)
        return _Pair(theirs, ours, databases, alembic)

    return initialize


@pytest.mark.parametrize("template", _NAMES)
def test_template_as_it_is_initialized(template: str, initialized: Callable[..., _Pair]) -> None:
    pair = initialized(template, "psycopg")
    for command in _UP_DOWN_UP:
        pair.compare(command, pair.ours.memstack(*command))
    assert [database.version_rows() for _, database in pair.databases] == [["bb02"]] * len(pair.databases)
    script = pair.theirs.alembic("upgrade", "head", "--sql").ok().out
    assert _scripts(pair.ours, pair.ours.memstack("upgrade", "head", "--sql").ok().out) == _scripts(pair.theirs, script)


_ASYNC = [name for name in _NAMES if "async" in name]
_OVER_DRIVERS = [
    *own_driver.over_drivers([name for name in _NAMES if name not in _ASYNC], own_driver.SYNCHRONOUS),
    *own_driver.over_drivers(_ASYNC, own_driver.ASYNCHRONOUS),
]


@pytest.mark.slow
@pytest.mark.parametrize(("template", "driver"), _OVER_DRIVERS)
def test_template_over_another_drivers_connection(
    template: str, driver: str, initialized: Callable[..., _Pair], tmp_path: Path
) -> None:
    in_loop = driver == "asyncpg" and template not in _ASYNC
    pair = initialized(template, driver, in_loop=in_loop)
    env = own_driver.borrowing(pair.databases[0][1], driver, tmp_path)
    for command in _UP_DOWN_UP:
        outcome = own_driver.memstack(pair.ours, [*command, "--json"], env, in_loop=in_loop)
        pair.compare(command, outcome)
        assert {run["driver"] for run in json.loads(outcome.out)["databases"]} == {driver}
