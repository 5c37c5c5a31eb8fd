"""The program ``memstack-migrate`` against ``python -m memstack_migrate``: the same answers, by Python only where it must."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from memstack_migrate import _engine
from projects import Outcome, clean_environment, heed_interrupts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from databases import Database
    from projects import Project

NAME = "memstack-migrate"
PACKAGES = str(Path(memstack_migrate.__file__).parent.parent)
# What says where Python is. Without it, and away from any python, an answer is native.
WITHOUT_PYTHON = {"PATH": "/nonexistent", "PYTHONPATH": "", "VIRTUAL_ENV": "", "MEMSTACK_MIGRATE_PYTHON": ""}
HAS_LIBPYTHON = ".so" in (sysconfig.get_config_var("INSTSONAME") or "")

SHOW_PROCESS = """
import os, sys
print("process", os.readlink("/proc/self/exe"), flush=True)
print("prefix", sys.prefix, flush=True)
print("executable", sys.executable, flush=True)
"""


@pytest.fixture(scope="session")
def built_program() -> Path:
    """The program that belongs to the package under test: MEMSTACK_TEST_PROGRAM, or beside this Python."""
    path = Path(os.environ.get("MEMSTACK_TEST_PROGRAM") or Path(sys.executable).parent / NAME).absolute()
    if not path.is_file():
        pytest.fail(f"no program {path}: install the project, or set MEMSTACK_TEST_PROGRAM to the one in build/*/cpp")
    return path


@pytest.fixture
def program(built_program: Path, tmp_path: Path) -> Path:
    """A copy that has no Python beside it."""
    (tmp_path / "bin").mkdir()
    return Path(shutil.copy(built_program, tmp_path / "bin" / NAME))


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment with the packages of the tests' own."""
    root = tmp_path / "environment"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(root)
    (site,) = root.glob("lib/python*/site-packages")
    (site / "tests.pth").write_text("\n".join([PACKAGES, *(path for path in sys.path if path.endswith("site-packages"))]))
    return root


def run(
    program: Path, project: Project, *arguments: str | bytes, env: Mapping[str, str] | None = None, python: bool = True
) -> Outcome:
    """Run the program in the project's directory, with this Python or where it can find none."""
    here = {"MEMSTACK_MIGRATE_PYTHON": sys.executable, "PYTHONPATH": PACKAGES} if python else WITHOUT_PYTHON
    done = subprocess.run(
        [program, *arguments],
        cwd=project.root,
        env=clean_environment({**here, **(env or {})}),
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def without_times(outcome: Outcome) -> Outcome:
    """Return the outcome with a fixed number for each duration."""
    pattern = re.compile(r'[\d.]+ (m?s)\b|("(?:duration|environment_time|lock_wait)": )[\d.e+-]+')

    def blot(text: str) -> str:
        return pattern.sub(lambda found: f"{found[2] or ''}N {found[1] or ''}", text)

    return Outcome(outcome.code, blot(outcome.out), blot(outcome.err))


def shown(outcome: Outcome, name: str) -> str:
    """Return what SHOW_PROCESS printed under a name."""
    found = re.search(rf"^{name} (.*)$", outcome.ok().out, re.MULTILINE)
    assert found, outcome
    return found[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("heads",),
        ("heads", "--verbose"),
        ("heads", "--json"),
        ("--quiet", "heads"),
        ("history",),
        ("history", "-r", "0001:0002", "-v"),
        ("history", "-r", "nothing:"),
        ("--help",),
        ("upgrade", "--help"),
        ("--version",),
        ("upgrade", "--no-such-flag"),
        ("upgarde",),
        ("--json", "heads", "--no-such-flag"),
        ("-c", "missing.ini", "heads"),
        ("--url", "mysql://host/name", "upgrade"),
        ("--url", "postgresql://localhost:1/name", "--json", "status"),
    ],
)
def test_answers_of_its_own_equal_those_under_python(program: Path, project: Project, arguments: tuple[str, ...]) -> None:
    project.chain(3)
    assert run(program, project, *arguments, python=False) == project.memstack(*arguments)


def test_a_database_at_head_needs_no_python(program: Path, project: Project, database: Database) -> None:
    project.chain(2)
    project.memstack("upgrade").ok()
    for arguments in [
        ("status",),
        ("status", "--json"),
        ("current", "-v"),
        ("upgrade",),
        ("history", "-i"),
        ("upgrade", "--json"),
    ]:
        native = run(program, project, *arguments, "--url", database.url, python=False).ok()
        assert without_times(native) == without_times(project.memstack(*arguments, "--url", database.url))


def test_an_embedded_server_in_the_environment_is_python_s_to_start(program: Path, project: Project, database: Database) -> None:
    """Its address may be where env.py takes the database from."""
    project.chain(1)
    project.memstack("upgrade").ok()
    env = {"SOME_DATABASE": "embedded:///never/started"}
    run(program, project, "heads", python=False, env=env).ok()
    run(program, project, "status", "--url", database.url, python=False, env=env).failed(18, "needs Python")


def test_warnings_look_as_under_python(program: Path, project: Project) -> None:
    project.chain(1)
    (project.versions / "0002_a.py").write_text("revision = '0002'\nrevision = '0003'\n")
    native = run(program, project, "heads")
    assert native == project.memstack("heads")


@pytest.mark.parametrize(
    ("start", "arguments"),
    [
        (None, ("upgrade",)),
        (None, ("upgrade", "--json", "+1")),
        ("0001", ("status",)),
        ("0002", ("upgrade", "head")),
        ("0002", ("downgrade", "-1")),
        ("0002", ("stamp", "base")),
    ],
)
def test_revisions_run_as_under_python(
    program: Path, project: Project, database: Database, start: str | None, arguments: tuple[str, ...]
) -> None:
    project.chain(3)
    ends = []
    for command in (project.memstack, lambda *words: run(program, project, *words)):
        database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        if start:
            project.memstack("upgrade", start).ok()
        ends.append((without_times(command(*arguments).ok()), database.version_rows(), database.schema_dump()))
    assert ends[0] == ends[1]


def test_a_server_that_is_down_is_all_there_is_to_say(program: Path, project: Project) -> None:
    project.chain(1)
    arguments = ("upgrade", "--url", "postgresql://127.0.0.1:1/name")
    native = run(program, project, *arguments, python=False)
    assert native == project.memstack(*arguments)
    assert native.failed(6).out == ""


@pytest.mark.parametrize(
    ("body", "code"), [("op.execute('SELECT nothing')", 11), ("raise ValueError('no')", 10), ("import sys; sys.exit(3)", None)]
)
def test_failures_are_equal(program: Path, project: Project, body: str, code: int | None) -> None:
    project.revision("0001", None, body)
    expected = project.memstack("upgrade")
    assert code in (None, expected.code)
    assert without_times(run(program, project, "upgrade")) == without_times(expected)


def test_alembics_own_commands_are_handed_over(program: Path, project: Project) -> None:
    project.chain(2)
    for arguments in [("show", "0002"), ("branches",), ("upgrade", "0001:0002", "--sql"), ("show", "nothing")]:
        assert run(program, project, *arguments) == project.memstack(*arguments)


def test_a_header_that_is_not_literal_is_handed_over(program: Path, project: Project) -> None:
    (project.versions / "a.py").write_text("revision = str(1)\ndown_revision = None\n\ndef upgrade():\n    pass\n")
    assert run(program, project, "heads").ok() == project.memstack("heads")
    run(program, project, "heads", python=False).failed(18, "needs Python", "MEMSTACK_MIGRATE_PYTHON")


def test_it_is_not_linked_with_python(program: Path, project: Project) -> None:
    project.chain(1)
    linked = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout  # noqa: S607
    assert "libpq" in linked
    assert "python" not in linked
    trace = {"LD_DEBUG": "files"}
    assert "libpython" not in run(program, project, "heads", env=trace).ok().err
    if HAS_LIBPYTHON:
        assert "libpython" in run(program, project, "branches", env=trace).ok().err


def test_python_runs_in_this_process_where_it_has_a_library(program: Path, project: Project) -> None:
    project.revision("0001", None, SHOW_PROCESS)
    outcome = run(program, project, "upgrade")
    assert (shown(outcome, "process") == str(program)) == HAS_LIBPYTHON
    assert shown(outcome, "prefix") == sys.prefix
    assert shown(outcome, "executable") == sys.executable


def test_python_without_a_library_takes_the_process_over(program: Path, project: Project, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import sysconfig\nsysconfig.get_config_vars().update(INSTSONAME='libpython3.a', LDLIBRARY='libpython3.a')\n"
    )
    project.revision("0001", None, SHOW_PROCESS)
    outcome = run(program, project, "upgrade", env={"PYTHONPATH": f"{site}:{PACKAGES}"})
    assert shown(outcome, "process") == str(Path(sys.executable).resolve())
    assert shown(outcome, "prefix") == sys.prefix


def test_the_active_environment_is_found(program: Path, project: Project, environment: Path) -> None:
    project.revision("0001", None, SHOW_PROCESS)
    outcome = run(program, project, "upgrade", python=False, env={"VIRTUAL_ENV": str(environment)})
    assert shown(outcome, "prefix") == str(environment)


@pytest.mark.parametrize("linked", [False, True])
def test_the_environment_that_it_lies_in_is_found(
    built_program: Path, project: Project, environment: Path, tmp_path: Path, *, linked: bool
) -> None:
    project.revision("0001", None, SHOW_PROCESS)
    installed = Path(shutil.copy(built_program, environment / "bin" / NAME))
    if linked:
        (tmp_path / "link").symlink_to(installed)
        installed = tmp_path / "link"
    assert shown(run(installed, project, "upgrade", python=False), "prefix") == str(environment)


def test_the_python_on_path_is_found_through_a_script(program: Path, project: Project, tmp_path: Path) -> None:
    """As pyenv's: the first word that Python is started with must be the interpreter, not the script."""
    folder = tmp_path / "shims"
    folder.mkdir()
    (folder / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (folder / "python3").chmod(0o755)
    project.revision("0001", None, SHOW_PROCESS)
    outcome = run(program, project, "upgrade", python=False, env={"PATH": str(folder), "PYTHONPATH": PACKAGES})
    assert shown(outcome, "executable") == sys.executable


def test_a_package_of_another_version_is_refused(program: Path, project: Project, tmp_path: Path) -> None:
    package = tmp_path / "other" / "memstack_migrate"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "_engine.py").write_text("__version__ = '0.0.7'\n")
    outcome = run(program, project, "branches", env={"PYTHONPATH": str(package.parent)})
    outcome.failed(18, f"memstack-migrate {_engine.__version__}", "is 0.0.7", "pip install")


def test_a_python_without_the_package_is_refused(program: Path, project: Project, tmp_path: Path) -> None:
    venv.EnvBuilder(symlinks=True, with_pip=False).create(tmp_path / "bare")
    outcome = run(program, project, "branches", python=False, env={"VIRTUAL_ENV": str(tmp_path / "bare")})
    outcome.failed(18, "does not have the package memstack_migrate", f"{tmp_path}/bare/bin/python -m pip install")
    as_json = run(program, project, "upgrade", "--json", python=False, env={"VIRTUAL_ENV": str(tmp_path / "bare")})
    as_json.failed(18, '"code":"interpreter"')
    as_text = run(program, project, "upgrade", python=False, env={"VIRTUAL_ENV": str(tmp_path / "bare")})
    assert (as_text.out, as_json.out) == ("", ""), "env.py was never asked, so there is nothing to report"


def test_what_is_no_python_is_refused(program: Path, project: Project) -> None:
    named = {"MEMSTACK_MIGRATE_PYTHON": "/nonexistent/python"}
    run(program, project, "branches", env=named).failed(18, "MEMSTACK_MIGRATE_PYTHON names '/nonexistent/python'")
    run(program, project, "branches", env={"MEMSTACK_MIGRATE_PYTHON": "/bin/true"}).failed(18, "it said: nothing")
    run(program, project, "branches", python=False).failed(18, "none was found")


def test_what_python_prints_at_its_start_is_no_answer(program: Path, project: Project, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nprint('hello')\nsys.stderr.write('hello')\n")
    project.chain(1)
    outcome = run(program, project, "show", "0001", env={"PYTHONPATH": f"{tmp_path}:{PACKAGES}", "PYTHONVERBOSE": "1"})
    assert outcome.ok().out.startswith("hello\nRev: 0001")


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_arguments_that_are_no_text_reach_both_alike(program: Path, project: Project, locale: str) -> None:
    odd = project.root / os.fsdecode(b"\xff\xc3\xa9.ini")
    project.ini.rename(odd)
    project.chain(1)
    for name in (odd.name, os.fsdecode(b"missing\xff.ini")):
        native, python = (
            subprocess.run(
                [*command, "-c", os.fsencode(name), "heads"],
                cwd=project.root,
                env=clean_environment({"LC_ALL": locale}),
                capture_output=True,
                check=False,
            )
            for command in ([program], [sys.executable, "-m", "memstack_migrate"])
        )
        assert (native.returncode, native.stdout, native.stderr) == (python.returncode, python.stdout, python.stderr)
        assert native.returncode == (0 if name == odd.name else 3), native.stderr


def test_output_that_nobody_reads_is_no_failure(program: Path, project: Project) -> None:
    project.chain(2)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run([program, "history"], cwd=project.root, env=clean_environment(), stdout=writer, check=False)
    finally:
        os.close(writer)
    assert done.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_a_revision_as_under_python(
    program: Path, project: Project, database: Database, number: signal.Signals
) -> None:
    project.revision(
        "0001", None, "op.execute('CREATE TABLE gone ()')\nprint('here', flush=True)\nop.execute('SELECT pg_sleep(60)')"
    )
    codes = []
    for command in ([program], [sys.executable, "-m", "memstack_migrate"]):
        env = clean_environment({"MEMSTACK_MIGRATE_PYTHON": sys.executable, "PYTHONPATH": PACKAGES})
        running = subprocess.Popen(
            [*command, "upgrade"],
            cwd=project.root,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=heed_interrupts,  # noqa: PLW1509  as in projects.py
        )
        with running as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.2)
            process.send_signal(number)
            process.communicate(timeout=20)
            codes.append(process.returncode)
    assert codes[0] == codes[1] != 0
    assert not database.has_table("gone")
