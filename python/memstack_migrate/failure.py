"""Finds what a person needs in an exception that env.py or a revision raised: the line, the operation, the SQL, what the server said."""

from __future__ import annotations

import os
import sys
import sysconfig
import traceback
from typing import TYPE_CHECKING, Any

from memstack_migrate.errors import CommitInDoubtError, ConnectionError  # noqa: A004  named in errors.py

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

    from memstack_migrate.errors import MigrateError

__all__ = ["describe", "user_traceback"]

_DIAGNOSTICS = (
    ("severity", "severity"),
    ("message", "message_primary"),
    ("detail", "message_detail"),
    ("hint", "message_hint"),
    ("context", "context"),
    ("schema_name", "schema_name"),
    ("table_name", "table_name"),
    ("column_name", "column_name"),
    ("datatype_name", "datatype_name"),
    ("constraint_name", "constraint_name"),
    ("position", "statement_position"),
)


def _frames(tb: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _is_library(file: str) -> bool:
    """Whether `file` is not the user's own: this package, an installed one, the standard library, generated code."""
    if file.startswith("<"):
        return True
    here = os.path.dirname(os.path.abspath(__file__))
    paths = sysconfig.get_paths()
    roots = [here, paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    path = os.path.abspath(file)
    return any(path.startswith(root + os.sep) for root in roots) or f"{os.sep}site-packages{os.sep}" in path


def _place(error: BaseException, file: str) -> tuple[str, int]:
    """Return the line of `file` that was running, else the innermost one of the user's, else the file as a whole."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    found = (file, 0)
    for frame, line in _frames(error.__traceback__):
        name = frame.f_code.co_filename
        if os.path.abspath(name) == os.path.abspath(file):
            found = (file, line)
        elif found[1] == 0 and not _is_library(name):
            found = (name, line)
    return found


def _operation(error: BaseException) -> str:
    """Return the ``op.*`` call that was running: alembic.op's functions are generated, their frames carry its name."""
    for frame, _ in _frames(error.__traceback__):
        if frame.f_globals.get("__name__") == "alembic.op" and not frame.f_code.co_name.startswith("_"):
            return f"op.{frame.f_code.co_name}"
    return ""


def _diagnostics(original: Any) -> dict[str, Any] | None:
    """Read what psycopg 2 and 3, and our own driver, keep of the server's error report."""
    sqlstate = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    if not sqlstate:
        return None
    diag = getattr(original, "diag", None)
    said: dict[str, Any] = {"sqlstate": sqlstate}
    for name, attribute in _DIAGNOSTICS:
        said[name] = getattr(diag, attribute, None) or ""
    said["position"] = int(said["position"] or 0)
    said["message"] = said["message"] or str(original).strip().split("\n")[0]
    return said


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """Give `error` and what it was raised from; a chain may be a ring."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__


def _find_sql_error(error: BaseException) -> Any:
    """Return the SQLAlchemy error that carries a statement: `error` itself or what it was raised from."""
    alchemy = sys.modules.get("sqlalchemy.exc")
    return next((cause for cause in _with_causes(error) if alchemy is not None and isinstance(cause, alchemy.DBAPIError)), None)


def _find_lost_connection(error: BaseException) -> MigrateError | None:
    """Return the engine's error where the connection, and not a statement or the revision, is what failed."""
    lost = (ConnectionError, CommitInDoubtError)
    return next((cause for cause in _with_causes(error) if isinstance(cause, lost)), None)


def describe(error: BaseException, file: str) -> dict[str, Any]:
    """Return the fields of the engine's error for `error`, which came out of `file`."""
    place, line = _place(error, file)
    fields: dict[str, Any] = {
        "kind": "python",
        "message": "".join(traceback.format_exception_only(type(error), error)).strip(),
        "file": place,
        "line": line,
        "operation": _operation(error),
        "sql": "",
        "diagnostics": None,
        "hint": "",
        "state": "",
    }
    if isinstance(error, SyntaxError):
        fields["message"] = f"{type(error).__name__}: {error.msg}" + (f"\n    {error.text.rstrip()}" if error.text else "")
    sql_error = _find_sql_error(error)
    if (lost := _find_lost_connection(error)) is not None:
        said = (lost.diagnostics or {}).get("detail")
        fields.update(kind=lost.code, message=f"{lost.message}: {said}" if said else lost.message, hint=lost.hint)
        # Otherwise it is known what was committed, and the run can tell.
        fields["state"] = lost.state if isinstance(lost, CommitInDoubtError) else ""
    elif sql_error is not None and (said := _diagnostics(sql_error.orig)) is not None:
        fields.update(kind="sql", message=said["message"], sql=sql_error.statement or "", diagnostics=said)
    elif type(error).__module__ == "alembic.util.exc":
        fields["message"] = str(error)
    return fields


def user_traceback(error: BaseException) -> str:
    """Return the traceback as Python prints it, with the frames of this package folded away."""
    here = os.path.dirname(os.path.abspath(__file__))
    lines: list[str] = []
    folded = 0
    for entry in traceback.extract_tb(error.__traceback__):
        if os.path.abspath(entry.filename).startswith(here + os.sep):
            folded += 1
            continue
        if folded:
            lines.append(f"  [{folded} frames of memstack_migrate]\n")
            folded = 0
        lines.extend(traceback.format_list([entry]))
    if folded:
        lines.append(f"  [{folded} frames of memstack_migrate]\n")
    head = "Traceback (most recent call last):\n"
    return head + "".join(lines) + "".join(traceback.format_exception_only(type(error), error))
