"""scripts/alembic_cli.py and the Makefile ask for the right command."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from projects import Outcome, clean_environment
from scripts.loading import ROOT, load_script

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database

alembic_cli = load_script("alembic_cli")


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        ("current", "memstack_migrate current"),
        ("history -v", "memstack_migrate history --verbose"),
        ("status", "memstack_migrate status"),
        ("upgrade", "memstack_migrate upgrade head"),
        ("upgrade 002", "memstack_migrate upgrade 002"),
        ("downgrade", "memstack_migrate downgrade -1"),
        ("downgrade -2", "memstack_migrate downgrade -2"),
        ("revision -m words --autogenerate", "alembic revision -m words --autogenerate"),
    ],
)
def test_commands(typed: str, run: str) -> None:
    assert alembic_cli.command_line(alembic_cli.parse(typed.split())) == ["-m", *run.split()]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--dry-run", f"PYTHON={sys.executable}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        (["db-migrate"], "scripts/alembic_cli.py upgrade"),
        (["db-status"], "scripts/alembic_cli.py status"),
        (["db-history"], "scripts/alembic_cli.py history"),
        (["db-upgrade-to", "REV=002"], 'scripts/alembic_cli.py upgrade "002"'),
        (["db-downgrade-to", "REV=-1"], 'scripts/alembic_cli.py downgrade "-1"'),
        (["db-create-migration", "MSG=two words"], 'scripts/alembic_cli.py revision --autogenerate -m "two words"'),
    ],
)
def test_make_targets(typed: list[str], run: str) -> None:
    shown = make(*typed)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip().endswith(run)


@pytest.mark.parametrize("target", ["db-upgrade-to", "db-downgrade-to", "db-create-migration"])
def test_make_says_what_an_argument_is_missing(target: str) -> None:
    refused = make(target)
    assert refused.returncode != 0
    assert f"make {target} " in refused.stderr


def run_in(folder: Path, database: Database, *command: str) -> str:
    environ = clean_environment({"DATABASE_URL": database.url_for("asyncpg"), "PYTHONPATH": os.environ.get("PYTHONPATH", "")})
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr).ok().out


def test_the_script_works_on_this_repositorys_migrations(database: Database, tmp_path: Path) -> None:
    def cli(*arguments: str) -> str:
        return run_in(tmp_path, database, sys.executable, str(ROOT / "scripts" / "alembic_cli.py"), *arguments)

    assert "3 revisions to run" in cli("status") or "003" in cli("status")
    cli("upgrade", "002")
    assert cli("current").split() == ["002"]
    cli("upgrade")
    assert cli("current").split() == ["003", "(head)"]
    assert [line.split()[2].rstrip(",") for line in cli("history").splitlines()] == ["003", "002", "001"]
    cli("downgrade")
    assert database.version_rows() == ["002"]


def test_make_works_on_this_repositorys_migrations(database: Database) -> None:
    def make_in_earnest(target: str) -> str:
        return run_in(ROOT, database, "make", "--silent", f"PYTHON={sys.executable}", target)

    make_in_earnest("db-migrate")
    assert database.version_rows() == ["003"]
    assert "003" in make_in_earnest("db-status")
    assert "001 -> 002" in make_in_earnest("db-history")
