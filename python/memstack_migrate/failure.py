"""Finds what a person needs in an exception of env.py or a revision: the line, the operation, the SQL, what the server said."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import traceback
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memstack_migrate.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

__all__ = ["describe", "describe_statement", "user_traceback", "without_passwords"]

_PACKAGE = Path(__file__).absolute().parent
# SQLSTATE classes and codes of a session that the server refuses: connection, authorization, unknown database, not ready, full.
_REFUSALS = ("08", "28", "3D", "57P03", "53300")

# The engine's ErrorCode::kConnection and kInterrupted.
_CONNECTION, _INTERRUPTED = 6, 130

_CANNOT_CONNECT = "see whether the server runs, and whether env.py's address, user and password are right"
_DRIVERS_OWN = 'psycopg2 takes its own connection only: set driver = "project" in [tool.memstack_migrate] of pyproject.toml'
_OUTSIDE = "put it into `with op.get_context().autocommit_block():` and run the same command again"

# The field, psycopg's attribute for it, and its letter in the protocol.
# https://www.postgresql.org/docs/current/protocol-error-fields.html
_DIAGNOSTICS = (
    ("severity", "severity", "S"),
    ("message", "message_primary", "M"),
    ("detail", "message_detail", "D"),
    ("hint", "message_hint", "H"),
    ("context", "context", "W"),
    ("schema_name", "schema_name", "s"),
    ("table_name", "table_name", "t"),
    ("column_name", "column_name", "c"),
    ("datatype_name", "datatype_name", "d"),
    ("constraint_name", "constraint_name", "n"),
    ("position", "statement_position", "P"),
)


def _frames(tb: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _is_library(file: str) -> bool:
    """Whether `file` is not the user's own: this package, an installed one, the standard library, code without a file."""
    if file.startswith("<"):
        return True
    # A frame of a compiled module has the source's path on the machine that built it: "lib/sqlalchemy/engine/...".
    if not Path(file).is_absolute() and not Path(file).exists():
        return True
    here = str(_PACKAGE)
    paths = sysconfig.get_paths()
    roots = [here, paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    path = str(Path(file).absolute())
    return any(path.startswith(root + os.sep) for root in roots) or f"{os.sep}site-packages{os.sep}" in path


def _places(error: BaseException, file: str) -> list[tuple[str, int]]:
    """Return the line of `file` that was running, else the file as a whole; then the user's innermost line, if in another."""
    if isinstance(error, SyntaxError) and error.filename:
        return [(error.filename, error.lineno or 0)]
    own = [
        (frame.f_code.co_filename, line)
        for frame, line in _frames(error.__traceback__)
        if not _is_library(frame.f_code.co_filename) or _same_file(frame.f_code.co_filename, file)
    ]
    lines = [line for name, line in own if _same_file(name, file)]
    if not lines:
        # The innermost line is where a person looks first if the file itself was not reached.
        return own[-1:] or [(file, 0)]
    return [(file, lines[-1]), *(place for place in own[-1:] if not _same_file(place[0], file))]


def _same_file(one: str, other: str) -> bool:
    return Path(one).absolute() == Path(other).absolute()


def _operation(error: BaseException) -> str:
    """Return the ``op.*`` call that was running: alembic.op's functions are generated, their frames carry its name."""
    for frame, _ in _frames(error.__traceback__):
        module, name = frame.f_globals.get("__name__"), frame.f_code.co_name
        # A batch runs when its block ends, by the generator that alembic.op gave away.
        is_batch = module == "memstack_migrate.operations" and name == "batch_alter_table"
        if is_batch or (module == "alembic.op" and not name.startswith("_")):
            return f"op.{name}"
    return ""


def _diagnostics(original: Any) -> dict[str, Any] | None:
    """Read what a driver keeps of the server's error report: psycopg 2 and 3 and our own, asyncpg, pg8000."""
    fields = _pg8000_fields(original)
    sqlstate = fields.get("C") or getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    if not sqlstate:
        return None
    diag = getattr(original, "diag", None)
    asyncpg = original.__cause__ if isinstance(original, BaseException) else None
    said: dict[str, Any] = {"sqlstate": sqlstate}
    for name, attribute, letter in _DIAGNOSTICS:
        said[name] = fields.get(letter) or getattr(diag, attribute, None) or getattr(asyncpg, name, None) or ""
    said["datatype_name"] = said["datatype_name"] or getattr(asyncpg, "data_type_name", None) or ""
    said["position"] = int(said["position"] or 0)
    said["message"] = said["message"] or str(original).strip().split("\n")[0]
    return said


def _pg8000_fields(original: Any) -> dict[str, str]:
    """Return the error report as pg8000 raises it, by the letters of the protocol; empty for another driver."""
    first = original.args[0] if isinstance(original, BaseException) and original.args else None
    return first if isinstance(first, dict) else {}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give `error` and what it was raised from."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__


def _find_sql_error(error: BaseException) -> Any:
    """Return the SQLAlchemy error that carries a statement: `error` itself or what it was raised from."""
    alchemy = sys.modules.get("sqlalchemy.exc")
    if alchemy is None:
        return None
    return next((cause for cause in _causes(error) if isinstance(cause, alchemy.DBAPIError)), None)


def _find_engine_error(error: BaseException) -> MigrateError | None:
    """Return an error of the engine that says more than the exceptions round it: no connection, a URL of another DBMS."""
    told = {"sql", "internal"}
    return next((cause for cause in _causes(error) if isinstance(cause, MigrateError) and cause.code not in told), None)


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}" + (f"\n    {error.text.rstrip()}" if error.text else "")
    if isinstance(error, SystemExit):
        return f"sys.exit({'' if error.code is None else repr(error.code)}) was called"
    if type(error).__module__ == "alembic.util.exc":
        return str(error)
    return "".join(traceback.format_exception_only(type(error), error)).strip()


def without_passwords(text: str) -> str:
    """Blot out the passwords of addresses: people put them into their messages and into their code."""
    # SQLAlchemy takes any sign but "@" in a password, "/" too; what follows "http://host:" is a port.
    text = re.sub(r"(://[^\s:/@'\"]*:)(?!\d+(?:[/?\s]|$))[^\s'\"]+@", r"\1***@", text)
    return re.sub(r"\b(password=)(?:'[^']*'|\"[^\"]*\"|[^\s&'\"]+)", r"\1***", text)


def _is_interrupt(error: BaseException) -> bool:
    asyncio = sys.modules.get("asyncio")
    return isinstance(error, KeyboardInterrupt) or (asyncio is not None and isinstance(error, asyncio.CancelledError))


def describe(error: BaseException, file: str) -> dict[str, Any]:
    """Return the fields of the engine's error for `error`, which came out of `file`.

    ``exit_code`` is that of the engine's own error, where one is at the bottom of it, else 0.
    """
    places = _places(error, file)
    fields: dict[str, Any] = {
        "exit_code": 0,
        "message": without_passwords(_message(error)),
        "places": places,
        "operation": _operation(error),
        "hint": "",
        "sql": "",
        "state": "",
        "diagnostics": None,
    }
    if _is_interrupt(error):
        fields.update(exit_code=_INTERRUPTED, message="interrupted")
    engine_error = _find_engine_error(error)
    sql_error = _find_sql_error(error)
    if engine_error is not None:
        said = (engine_error.diagnostics or {}).get("detail")
        message = f"{engine_error.message}: {said}" if said else engine_error.message
        fields.update(exit_code=engine_error.exit_code, message=message, hint=engine_error.hint)
        # Otherwise it is known what was committed, and the run can tell.
        fields["state"] = engine_error.state if engine_error.code == "commit_in_doubt" else ""
        fields["diagnostics"] = engine_error.diagnostics
    elif sql_error is not None and sql_error.connection_invalidated:
        hint = "when the server is up again, run the same command again"
        fields.update(exit_code=_CONNECTION, message=_of_connection("was lost", sql_error), hint=hint)
    elif isinstance(error, OSError) and _came_from_pool(error):
        # asyncpg's, which SQLAlchemy passes on.
        fields.update(exit_code=_CONNECTION, message=f"the connection could not be made: {error}", hint=_CANNOT_CONNECT)
    elif sql_error is not None and _made_no_connection(sql_error):
        fields.update(exit_code=_CONNECTION, message=_of_connection("could not be made", sql_error), hint=_CANNOT_CONNECT)
    elif sql_error is not None and (said := _diagnostics(sql_error.orig)) is not None:
        is_users = sql_error is not error and not isinstance(error, type(sql_error.orig))
        raised_as = f" (raised as {fields['message']})" if is_users else ""
        fields.update(message=said["message"] + raised_as, sql=sql_error.statement or "", diagnostics=said)
        if said["sqlstate"] == "25001" and "inside a transaction block" in said["message"]:
            fields["hint"] = _OUTSIDE
    elif isinstance(error, TypeError) and re.search(r"must be a connection( or a cursor|, cursor or None)", str(error)):
        fields["hint"] = _DRIVERS_OWN
    return fields


def describe_statement(error: BaseException) -> dict[str, Any] | None:
    """Return message, SQL and diagnostics of a statement that failed on another driver's connection; None if none did.

    Without diagnostics the connection was lost.
    """
    sql_error = _find_sql_error(error)
    if sql_error is None:
        return None
    if sql_error.connection_invalidated:
        return {"message": _of_connection("was lost", sql_error), "sql": sql_error.statement or "", "diagnostics": None}
    said = _diagnostics(sql_error.orig)
    if said is None:
        return None
    return {"message": without_passwords(said["message"]), "sql": sql_error.statement or "", "diagnostics": said}


def _made_no_connection(sql_error: Any) -> bool:
    """Tell whether another driver could not connect."""
    if sql_error.statement is not None or type(sql_error).__name__ not in {
        "OperationalError",
        "InterfaceError",
        "ProgrammingError",
    }:
        return False
    said = _diagnostics(sql_error.orig)
    return said["sqlstate"].startswith(_REFUSALS) if said is not None else type(sql_error).__name__ != "ProgrammingError"


def _came_from_pool(error: BaseException) -> bool:
    return any(frame.f_globals.get("__name__") == "sqlalchemy.pool.base" for frame, _ in _frames(error.__traceback__))


def _of_connection(what: str, sql_error: Any) -> str:
    """Say that the connection "was lost", or "could not be made", and in which words."""
    said = _diagnostics(sql_error.orig)
    message = said["message"] if said is not None else str(sql_error.orig).strip()
    return f"the connection {what}: {without_passwords(message)}"


class _FoldedStack(traceback.StackSummary):
    """Frames of which those of this package are only counted."""

    def format(self, **keywords: Any) -> list[str]:
        lines: list[str] = []
        for is_ours, group in groupby(self, key=lambda frame: _PACKAGE in Path(frame.filename).absolute().parents):
            frames = list(group)
            users = [] if is_ours else traceback.StackSummary.from_list(frames).format(**keywords)
            lines += [f"  [{len(frames)} frames of memstack_migrate]\n"] if is_ours else users
        return lines


def _fold(told: traceback.TracebackException, error: BaseException) -> None:
    """Fold the frames of an exception, of its parts, and of those that it was raised from or while they were handled."""
    told.stack = _FoldedStack(told.stack)
    for name in ("__cause__", "__context__"):
        link, linked = getattr(told, name), getattr(error, name)
        # What the engine raised below the driver's exception says nothing new.
        if type(linked).__module__.startswith("memstack_migrate."):
            setattr(told, name, None)
        elif link is not None:
            _fold(link, linked)
    parts = getattr(told, "exceptions", None) or ()
    for part, its in zip(parts, getattr(error, "exceptions", ()), strict=False):
        _fold(part, its)


def user_traceback(error: BaseException) -> str:
    """Return the traceback as Python prints it, with the frames of this package folded away."""
    told = traceback.TracebackException.from_exception(error)
    _fold(told, error)
    return without_passwords("".join(told.format()))
