"""One history through Alembic and through ours, compared: dumps, version tables, failures, and the scripts of ``--sql``."""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parity.oracle import HERE
from projects import Project, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database
    from parity.histories.history import History
    from servers import Server

#: What the clock says, and how long a thing took.
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+([+-]\d\d)?|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=\+00'.*--now)")


@dataclass
class Account:
    """What a run of many histories has seen."""

    histories: int = 0
    revisions: int = 0
    broken: int = 0
    #: Revisions that Alembic refuses, without being asked to.
    invalid: list[str] = field(default_factory=list)
    scripts: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    operations: Counter[tuple[str, bool, str]] = field(default_factory=Counter)

    def __str__(self) -> str:
        """Return the account as a person reads it."""
        failed = f"{self.broken} broken on purpose, {len(self.invalid)} invalid"
        lines = [
            f"{self.histories} histories, {self.revisions} revisions, {failed}, {self.scripts} scripts",
            "changes: " + ", ".join(f"{name} {number}" for name, number in self.changes.most_common()),
        ]
        for name in sorted({name for name, _, _ in self.operations}):
            native = sum(number for (op, is_native, _), number in self.operations.items() if op == name and is_native)
            library = Counter({r: n for (op, is_native, r), n in self.operations.items() if op == name and not is_native})
            reasons = "; ".join(f"{number} {reason[:150]}" for reason, number in library.most_common(12))
            lines.append(f"  {name}: {native} native, {library.total()} through the library{': ' if reasons else ''}{reasons}")
        return "\n".join([*lines, *self.invalid])


@dataclass
class Answer:
    """How one command ended."""

    error: str | None
    script: str
    counts: list[tuple[str, bool, str, int]]

    def failing_revision(self, history: History) -> str | None:
        """Return the revision that the error names as the last one."""
        named = re.findall(r"versions/(\w+)_\.py", self.error or "")
        known = {revision.id for revision in history.revisions}
        return next((revision for revision in reversed(named) if revision in known), None)


class Side:
    """A process that runs the commands of Alembic or of ours."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, HERE / "history_steps.py", name],
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, project: Project, url: str, command: str, revision: str) -> Answer:
        """Run a command to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([str(project.ini), url, command, revision]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        assert line, f"the process has ended: {self._process.wait()}"
        return Answer(**json.loads(line))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@dataclass
class BothWays:
    """The two sides, the server with their databases, and what they have done so far."""

    server: Server
    theirs: Side
    ours: Side
    account: Account = field(default_factory=Account)

    def compare(self, history: History, folder: Path) -> None:
        """Run the history up, down, and up again; fails with the revision that differs, and how."""
        project = Project(folder).create("postgresql://")
        history.write(project)
        self._note(history)
        with self._databases(2) as (theirs, ours):
            for command, target in (("upgrade", "heads"), ("downgrade", "base"), ("upgrade", "heads")):
                if not self._step(history, project, (theirs, ours), command, target):
                    break
        if not history.schema.is_live and history.broken is None:
            self._compare_scripts(history, project)

    def _note(self, history: History) -> None:
        self.account.histories += 1
        self.account.revisions += len(history.revisions)
        self.account.broken += history.broken is not None
        self.account.changes.update(change.kind for revision in history.revisions for change in revision.changes)

    def _step(self, history: History, project: Project, pair: tuple[Database, Database], command: str, target: str) -> bool:
        """Run one command on both sides and compare; answers whether it succeeded."""
        theirs, ours = pair
        expected = self.theirs.run(project, theirs.url_for(history.driver), command, target)
        answer = self.ours.run(project, ours.url_for(history.driver), command, target)
        for op_name, is_native, reason, number in answer.counts:
            self.account.operations[op_name, is_native, reason] += number
        what = f"{command} {target}"
        at, our_place = expected.failing_revision(history), answer.failing_revision(history)
        differs = (expected.error is None) != (answer.error is None)
        # Where a revision has ended the transaction and a later one fails, Alembic loses the row of the version table; and
        # where the very first one fails in a transaction of its own, ours has made that table.
        first_failed = history.one_transaction_each and at == history.revisions[0].id
        if not (expected.error and (history.may_have_committed or first_failed)):
            differs = differs or _dump(theirs) != _dump(ours)
        if differs or (expected.error and at != our_place):
            raise AssertionError(
                f"after {what}: theirs {_end(expected.error)}\n--- ours {_end(answer.error)}\n"
                + self._first_difference(history, project, pair)
            )
        if expected.error is not None and at != history.broken:
            self.account.invalid.append(f"seed {history.seed}, {what}, revision {at}: {_cause(expected.error)}")
        return expected.error is None

    def _first_difference(self, history: History, project: Project, pair: tuple[Database, Database]) -> str:
        """Go up again, a revision at a time; returns the first source after which the databases differ, and all that is known."""
        with self._databases(2) as (theirs, ours):
            for revision in history.revisions:
                expected = self.theirs.run(project, theirs.url_for(history.driver), "upgrade", revision.id)
                answer = self.ours.run(project, ours.url_for(history.driver), "upgrade", revision.id)
                if (expected.error is None) != (answer.error is None) or _dump(theirs) != _dump(ours):
                    source = next(project.versions.glob(f"{revision.id}*")).read_text()
                    return f"{source}\n{_difference(_dump(theirs), _dump(ours))}\n{_reproduction(history, project)}"
                if expected.error is not None:
                    break
        return f"{_difference(_dump(pair[0]), _dump(pair[1]))}\n{_reproduction(history, project)}"

    def _compare_scripts(self, history: History, project: Project) -> None:
        theirs = self.theirs.run(project, "", "upgrade --sql", "base:heads")
        ours = project.memstack("upgrade", "base:heads", "--sql")
        self.account.scripts += 1
        if theirs.error is not None:
            assert ours.code != 0, f"Alembic wrote no script: {theirs.error}\n{_reproduction(history, project)}"
            return
        assert ours.code == 0, f"{ours.err}\n{_reproduction(history, project)}"
        for one, other in zip(_parts(theirs.script), _parts(ours.out), strict=False):
            # Alembic takes the indexes and constraints of a directive from a set.
            assert sorted(one.splitlines()) == sorted(other.splitlines()), (
                f"the scripts differ\n{_difference(one, other)}\n{_reproduction(history, project)}"
            )
        assert len(_parts(theirs.script)) == len(_parts(ours.out)), _reproduction(history, project)

    def _databases(self, count: int) -> _Databases:
        return _Databases(self.server, count)


class _Databases:
    """Fresh databases for a while."""

    def __init__(self, server: Server, count: int) -> None:
        from databases import Database

        self._server = server
        self._made = [Database(server, server.create_database()) for _ in range(count)]

    def __enter__(self) -> tuple[Database, Database]:
        return self._made[0], self._made[1]

    def __exit__(self, *_: object) -> None:
        for database in self._made:
            self._server.drop_database(database.name)


def _dump(database: Database) -> str:
    return _CLOCK.sub("<now>", database.dump())


def _parts(script: str) -> list[str]:
    """Return a script's parts, one for each revision; without blank lines."""
    parts = re.split(r"^-- Running .*$", script, flags=re.MULTILINE)
    return ["\n".join(line.rstrip() for line in part.splitlines() if line.strip()) for part in parts]


def _cause(error: str) -> str:
    lines = [line for line in error.splitlines() if re.match(r"[\w.]+: |\[SQL", line)]
    return " ".join(lines[-2:])


def _end(error: str | None) -> str:
    return "\n".join((error or "succeeds").strip().splitlines()[-8:])


def _difference(theirs: str, ours: str) -> str:
    return "\n".join(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "Alembic", "ours", lineterm="", n=3))


def _reproduction(history: History, project: Project) -> str:
    how = "one transaction each" if history.one_transaction_each else "one transaction"
    return f"seed {history.seed}, {len(history.revisions)} revisions, {history.driver}, {how}; the files are in {project.root}"
