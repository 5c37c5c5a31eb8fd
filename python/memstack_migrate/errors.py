"""What can go wrong, one class per way of reacting to it.

Every error of the engine becomes a :class:`MigrateError` or one of its subclasses, chosen by its ``code``. ``str(error)``
is the whole report for a person; the attributes are for programs.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "CommitInDoubtError",
    "ConfigurationError",
    "ConnectionError",
    "DatabaseUrlError",
    "EnvironmentError",
    "HistoryError",
    "LockTimeoutError",
    "MigrateError",
    "NotCommittedError",
    "RevisionError",
    "SqlError",
    "TargetError",
    "UnsupportedError",
    "VersionTableError",
    "WrongDatabaseError",
]


class MigrateError(Exception):
    """The root of all errors of this package.

    ``code`` is the error's name (``"lock_timeout"``), ``exit_code`` what the command line exits with, ``message`` one sentence,
    ``file`` and ``line`` the place in the user's files, ``called_file`` and ``called_line`` one in a file that it calls,
    ``sql`` and ``diagnostics`` what the server refused and said about it, ``state`` where the database stands now, ``hint`` what
    to do.
    """

    code = "internal"
    exit_code = 70
    message = ""
    file: str | None = None
    line: int | None = None
    called_file: str | None = None
    called_line: int | None = None
    revision = ""
    operation = ""
    hint = ""
    state = ""
    sql = ""
    diagnostics: dict[str, Any] | None = None


class ConfigurationError(MigrateError):
    """A setting, or the lack of one."""


class DatabaseUrlError(ConfigurationError):
    """A URL that cannot be read, or of another DBMS."""


class WrongDatabaseError(ConfigurationError):
    """env.py connects to another database than the URL says."""


class ConnectionError(MigrateError):  # noqa: A001  the field's name for it
    """The server is down, unreachable, or refuses the user: a later try may succeed."""


class TargetError(MigrateError):
    """The asked-for revision is unknown, ambiguous, or one of several heads."""


class HistoryError(MigrateError):
    """The revision files contradict one another."""


class RevisionError(MigrateError):
    """A revision file cannot be loaded, or its upgrade() or downgrade() raised."""


class SqlError(MigrateError):
    """The server refused a statement."""


class EnvironmentError(MigrateError):  # noqa: A001  named after env.py
    """env.py raised."""


class VersionTableError(MigrateError):
    """The version table contradicts the revision files, or was changed by someone else."""


class LockTimeoutError(MigrateError):
    """Another run held the migration lock for longer than the limit."""


class CommitInDoubtError(MigrateError):
    """The connection was lost during COMMIT: look at the database before a new try."""


class NotCommittedError(MigrateError):
    """env.py ended its transaction without a commit: nothing was kept."""


class UnsupportedError(MigrateError):
    """Something that this version cannot do."""


_BY_CODE: dict[str, type[MigrateError]] = {
    "configuration": ConfigurationError,
    "database_url": DatabaseUrlError,
    "wrong_database": WrongDatabaseError,
    "connection": ConnectionError,
    "target": TargetError,
    "history": HistoryError,
    "revision_file": RevisionError,
    "revision_failed": RevisionError,
    "sql": SqlError,
    "environment": EnvironmentError,
    "version_table": VersionTableError,
    "lock_timeout": LockTimeoutError,
    "commit_in_doubt": CommitInDoubtError,
    "not_committed": NotCommittedError,
    "unsupported": UnsupportedError,
}


_EXIT_CODES = {"configuration": 3, "database_url": 4, "connection": 6, "environment": 12, "unsupported": 17}


def make_error(code: str, message: str, *, hint: str) -> MigrateError:
    """Make an error of the Python side's own; its text and exit code are as the engine's (``cpp/base/error.h``)."""
    description = f"{message}\n  hint: {hint}" if hint else message
    fields = {"code": code, "exit_code": _EXIT_CODES[code], "message": message, "hint": hint, "description": description}
    return from_engine(fields)


def from_engine(fields: dict[str, Any]) -> MigrateError:
    """Make the exception for an error of the engine; ``fields`` is everything that it holds."""
    error = _BY_CODE.get(fields["code"], MigrateError)(fields["description"])
    for name, value in fields.items():
        if name != "description":
            setattr(error, name, value)
    return error
