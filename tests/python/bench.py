"""A project on its database in which something is wrong, and commands that are expected to say so and to change nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import memstack_migrate
from memstack_migrate import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from databases import Database
    from projects import Outcome, Project

SECRET = "s3cr3t-0f-th1s-t3st"  # noqa: S105  to look for in what is printed


@dataclass(frozen=True)
class Bench:
    """A project, its database, and commands that are expected to fail there."""

    project: Project
    database: Database

    def refused(
        self, code: str, *phrases: str, arguments: tuple[str, ...] = ("upgrade", "heads"), env: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Run the command as text and with --json, check both and that nothing changed, and return the JSON error."""
        before = self.database.dump()
        text = self.project.memstack(*arguments, env=env).failed(EXIT_CODES[code], "error: ", *phrases)
        as_json = self.project.memstack(*arguments, "--json", env=env).failed(EXIT_CODES[code])
        # In front of it stands what env.py's own logging set-up lets through.
        error: dict[str, Any] = json.loads(as_json.err.splitlines()[-1])["error"]
        assert error["code"] == code
        assert error["hint"], f"nothing says what to do\n{text.err}"
        if as_json.out:
            json.loads(as_json.out)  # the report of what had been tried: one document
        for outcome in (text, as_json):
            self.hides_secrets(outcome)
        assert self.database.dump() == before
        return error

    def hides_secrets(self, outcome: Outcome) -> None:
        said = outcome.out + outcome.err
        for secret in (self.database.server.password, SECRET):
            assert not secret or secret not in said, said

    def raises(self, code: str, call: Callable[[], object]) -> errors.MigrateError:
        """Call the API, expecting the class for this code, the same words, no secret and no change; return the exception."""
        before = self.database.dump()
        with pytest.raises(CLASSES[code]) as caught:
            call()
        assert type(caught.value) is CLASSES[code]
        assert (caught.value.code, caught.value.exit_code) == (code, EXIT_CODES[code])
        assert caught.value.message in str(caught.value)
        assert SECRET not in str(caught.value)
        assert self.database.dump() == before
        return caught.value

    def upgrade(self, revision: str = "heads", **options: Any) -> Callable[[], object]:
        return lambda: memstack_migrate.upgrade(revision, config=self.project.ini, **options)

    def edit_env(self, old: str, new: str) -> None:
        text = self.project.env_py.read_text()
        assert old in text
        self.project.env_py.write_text(text.replace(old, new, 1))


EXIT_CODES = {
    "usage": 2,
    "configuration": 3,
    "database_url": 4,
    "wrong_database": 5,
    "connection": 6,
    "target": 7,
    "history": 8,
    "revision_file": 9,
    "revision_failed": 10,
    "sql": 11,
    "environment": 12,
    "version_table": 13,
    "not_committed": 16,
    "unsupported": 17,
    "output": 74,
    "interrupted": 130,
}

CLASSES: dict[str, type[errors.MigrateError]] = {
    "configuration": errors.ConfigurationError,
    "database_url": errors.DatabaseUrlError,
    "wrong_database": errors.WrongDatabaseError,
    "connection": errors.ConnectionError,
    "target": errors.TargetError,
    "history": errors.HistoryError,
    "revision_file": errors.RevisionError,
    "revision_failed": errors.RevisionError,
    "sql": errors.SqlError,
    "environment": errors.EnvironmentError,
    "version_table": errors.VersionTableError,
    "not_committed": errors.NotCommittedError,
}


def line_of(file: Path, text: str) -> int:
    """Return the number of the first line of a file that holds this text."""
    return next(number for number, line in enumerate(file.read_text().splitlines(), 1) if text in line)
