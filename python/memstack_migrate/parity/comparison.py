"""The comparison itself: the same commands through both programs, and what came of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from memstack_migrate.errors import make_error
from memstack_migrate.failure import without_passwords
from memstack_migrate.parity.child import DRIVER_MISSING, REFUSED
from memstack_migrate.parity.detour import REFUSAL_HINT
from memstack_migrate.parity.difference import Difference, compare_dumps, compare_scripts
from memstack_migrate.parity.dump import Dumper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from memstack_migrate.parity.scratch import ScratchServer

__all__ = ["Comparison", "Outcome", "Project", "Stage"]

ALEMBIC, MEMSTACK = "alembic", "memstack"

Command = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Project:
    """Which project is compared, as the command line named it, and how far."""

    config_files: list[str]
    section: str
    x_arguments: list[str]
    target: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a command of one program ended."""

    code: int
    seconds: float
    out: str
    reason: str  #: why it failed, in one line; "" where it did not
    report: dict[str, Any] = field(default_factory=dict)  #: what ours says of the run
    dumps: dict[str, list[str]] = field(default_factory=dict)  #: after it, by what env.py calls the database


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One command through both programs."""

    command: Command
    theirs: Outcome
    ours: Outcome
    differences: dict[str, list[Difference]]  #: by database; a script's under ""

    @property
    def is_equal(self) -> bool:
        """Whether both ended in the same way and left the same."""
        return not self.differences and (self.theirs.code == 0) == (self.ours.code == 0)


class Comparison:
    """Runs both programs on one server; one at a time, and all scratch databases gone in the end."""

    def __init__(self, project: Project, server: ScratchServer, sources: list[Path], tell: Callable[[str], None]) -> None:
        """Compare on `server`; ``sources`` are the revision files, ``tell`` hears what is being done, a line at a time."""
        self._project = project
        self._server = server
        self._sources = sources
        self._tell = tell
        self._dumper = Dumper(server)
        #: The driver that env.py asks for and that is not installed: Alembic then runs on the engine's own.
        self.missing_driver = ""

    def run(self) -> list[Stage]:
        """Return the stages in order; what is run is decided by what Alembic can do."""
        commands, theirs = self._run_alembic()
        ours = self._run_all(MEMSTACK, "memstack-migrate", commands)
        self._note_unopened(theirs, ours)
        stages = _stages(commands, theirs, ours, None)
        if any(stage.differences for stage in stages):
            # Random ids and times of day differ between any two runs.
            again = self._run_all(ALEMBIC, "Alembic again, to see what it makes differently by itself", commands)
            self._note_unopened(again, theirs)
            stages = _stages(commands, theirs, ours, again)
        return stages

    def _note_unopened(self, *runs: list[Outcome]) -> None:
        """Have a database that only one program opened count for the other as what it then is: as it was made."""
        for outcomes in zip(*runs, strict=True):
            opened = {database for outcome in outcomes for database in outcome.dumps}
            for outcome in outcomes:
                for database in opened - set(outcome.dumps):
                    outcome.dumps[database] = self._unopened

    @cached_property
    def _unopened(self) -> list[str]:
        """The dump of a scratch database in which nothing was done."""
        with self._cleaned_up():
            return self._dumper.dump(self._server.database_for(""))

    def _run_alembic(self) -> tuple[list[Command], list[Outcome]]:
        """Upgrade, downgrade as far as Alembic goes, upgrade again."""
        up: Command = ("upgrade", self._project.target)
        commands: list[Command] = []
        outcomes: list[Outcome] = []

        def run(command: Command) -> Outcome:
            commands.append(command)
            outcomes.append(self._run_command(ALEMBIC, "Alembic", command))
            return outcomes[-1]

        with self._cleaned_up():
            run((*up, "--sql"))
            top = run(up)
            down = run(("downgrade", "base"))
            # All in one transaction, and one revision cannot be undone: then those above it one by one.
            if top.code == 0 and down.code != 0 and down.dumps == top.dumps:
                while run(("downgrade", "-1")).code == 0:
                    pass
            run(up)
        return commands, outcomes

    def _run_all(self, program: str, title: str, commands: list[Command]) -> list[Outcome]:
        with self._cleaned_up():
            return [self._run_command(program, title, command) for command in commands]

    @contextmanager
    def _cleaned_up(self) -> Iterator[None]:
        roles = self._server.roles()
        try:
            yield
        finally:
            self._server.drop_databases()
            self._drop_roles(roles)

    def _drop_roles(self, before: set[str]) -> None:
        """Drop the roles that revisions made; one that no file names may be somebody else's, which a person has to judge."""
        made = self._server.roles() - before
        if not made:
            return
        text = "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in self._sources)
        for role in sorted(made):
            if re.search(rf"(?<!\w){re.escape(role)}(?!\w)", text):
                self._server.drop_role(role)
            else:
                self._tell(f"the role {role} is new on the server and stays there, since no revision file names it")

    def _run_command(self, program: str, title: str, command: Command) -> Outcome:
        self._tell(f"{title}: {' '.join(command)}")
        start = time.monotonic()
        done = self._start_child(program, command)
        if program == ALEMBIC and done.returncode == DRIVER_MISSING and not self.missing_driver:
            self.missing_driver = done.stderr.strip().splitlines()[-1]
            self._tell(f"{self.missing_driver} is not installed: Alembic runs on the driver of memstack-migrate")
            done = self._start_child(program, command)
        if program == ALEMBIC and done.returncode == REFUSED:
            raise make_error("unsupported", done.stderr.strip().splitlines()[-1], hint=REFUSAL_HINT)
        seconds = time.monotonic() - start
        is_script = "--sql" in command
        dumps = {} if is_script else {s.stands_for: self._dumper.dump(s.name) for s in self._server.databases()}
        report, reason = {}, ""
        if program == MEMSTACK and not is_script and done.stdout.startswith("{"):
            report = json.loads(done.stdout)
        if done.returncode != 0:
            reason = without_passwords(_reason(program, _last_words(done)))
        return Outcome(code=done.returncode, seconds=seconds, out=done.stdout, reason=reason, report=report, dumps=dumps)

    def _start_child(self, program: str, command: Command) -> subprocess.CompletedProcess[str]:
        project = self._project
        arguments = [argument for file in project.config_files for argument in ("--config", file)]
        arguments += ["--name", project.section] if project.section != "alembic" else []
        arguments += [argument for text in project.x_arguments for argument in ("-x", text)]
        arguments += [*command, "--json"] if program == MEMSTACK and "--sql" not in command else command
        request = {
            "program": program,
            "arguments": arguments,
            "server": self._server.url,
            "prefix": self._server.prefix,
            "template": self._server.template,
            "on_our_driver": bool(self.missing_driver),
        }
        return subprocess.run(
            [sys.executable, "-m", "memstack_migrate.parity.child"],
            check=False,
            capture_output=True,
            text=True,
            input=json.dumps(request),
            # A revision that fills a table from a set of strings must do it in one order, or any two runs differ by chance.
            env={"PYTHONHASHSEED": "0", **os.environ},
        )


def _stages(commands: list[Command], theirs: list[Outcome], ours: list[Outcome], again: list[Outcome] | None) -> list[Stage]:
    seconds: Sequence[Outcome | None] = again or [None] * len(commands)
    return [
        Stage(command=command, theirs=left, ours=right, differences=_differences(left, right, second))
        for command, left, right, second in zip(commands, theirs, ours, seconds, strict=True)
    ]


def _differences(theirs: Outcome, ours: Outcome, again: Outcome | None) -> dict[str, list[Difference]]:
    if (theirs.code == 0) != (ours.code == 0):
        return {}  # that only one of them failed says it all
    if not theirs.dumps and not ours.dumps:
        # A script that neither finishes is compared by that alone.
        scripts = compare_scripts(theirs.out, ours.out, again.out if again else None) if theirs.code == 0 else []
        return {"": scripts} if scripts else {}
    found = {}
    for database in sorted({*theirs.dumps, *ours.dumps}):
        second = again.dumps.get(database, []) if again else None
        differences = compare_dumps(theirs.dumps.get(database, []), ours.dumps.get(database, []), second)
        if differences:
            found[database] = differences
    return found


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a program that failed said on standard error, or, as Alembic's own refusals, behind the script."""
    if done.stderr.strip():
        return done.stderr
    _, failed, words = done.stdout.rpartition("FAILED: ")
    return failed + " ".join(words.split()) if failed else ""


def _reason(program: str, said: str) -> str:
    """Return the last word of a program that failed."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    if not lines:
        return "it said nothing"
    if program == MEMSTACK and lines[-1].startswith("{"):
        error = json.loads(lines[-1])["error"]
        place = f" ({error['file']}, line {error['line']})" if error.get("line") else ""
        return f"{error['message'].partition(chr(10))[0]}{place}"
    told = [line for line in lines if line.startswith(("error: ", "FAILED: "))]
    # SQLAlchemy ends its errors with an address of its documentation.
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Interrupt)\b", line)]
    return (told or errors or lines)[-1].removeprefix("error: ").removeprefix("FAILED: ")
