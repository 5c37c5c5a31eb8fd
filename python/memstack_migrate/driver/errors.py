"""The exception classes of PEP 249, chosen by SQLSTATE, and what the server said on each.

``pgcode``, ``pgerror`` and ``diag`` are psycopg2's names, ``sqlstate`` and ``diag`` psycopg's. Where the driver that the URL
names can be imported, each exception is an instance of that driver's class, too, so that ``except
psycopg2.errors.UniqueViolation`` and ``isinstance(e.orig, ...)`` in a revision file keep working. ``__cause__`` is the engine's
own error; for asyncpg it is asyncpg's, as SQLAlchemy has it there, whose cause is the engine's.
"""

from __future__ import annotations

import contextlib
from functools import cache
from typing import TYPE_CHECKING, Any

from memstack_migrate.driver.flavor import Flavor, import_driver

if TYPE_CHECKING:
    from memstack_migrate.errors import MigrateError

__all__ = [
    "DataError",
    "DatabaseError",
    "Diagnostic",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Warning",
    "already_closed",
    "from_engine",
    "in_flavor",
    "is_drivers_own",
    "no_attribute",
]


class Diagnostic:
    """What the server said, under the names that psycopg and psycopg2 give it; absent fields are ``None``."""

    _NAMES = {  # noqa: RUF012  not to be changed
        "message_primary": "message",
        "message_detail": "detail",
        "message_hint": "hint",
        "statement_position": "position",
        "severity_nonlocalized": "severity",
    }

    def __init__(self, fields: dict[str, Any] | None) -> None:
        self._fields = fields or {}

    def __getattr__(self, name: str) -> str | None:
        if name.startswith("_") or name not in _DIAGNOSTIC_NAMES:
            raise AttributeError(name)
        value = self._fields.get(self._NAMES.get(name, name))
        return str(value) if value else None


_DIAGNOSTIC_NAMES = frozenset(
    [
        "severity",
        "severity_nonlocalized",
        "sqlstate",
        "message_primary",
        "message_detail",
        "message_hint",
        "statement_position",
        "internal_position",
        "internal_query",
        "context",
        "schema_name",
        "table_name",
        "column_name",
        "datatype_name",
        "constraint_name",
        "source_file",
        "source_line",
        "source_function",
    ]
)


class Warning(Exception):  # noqa: A001, N818  the name is PEP 249's
    """An important warning; never raised here."""


class Error(Exception):
    """The root of this module's errors."""

    sqlstate: str | None = None
    pgcode: str | None = None
    pgerror: str | None = None
    pgconn: Any = None
    pgresult: Any = None
    cursor: Any = None
    diag: Any = Diagnostic(None)


class InterfaceError(Error):
    """The module was used in a wrong way, such as after close()."""


class DatabaseError(Error):
    """The root of what the database refuses."""


class DataError(DatabaseError):
    """A value that does not fit."""


class OperationalError(DatabaseError):
    """Something beyond the program: the connection, a lock, a limit."""


class IntegrityError(DatabaseError):
    """A constraint was violated."""


class InternalError(DatabaseError):
    """The server is in a state that does not allow this, such as a failed transaction."""


class ProgrammingError(DatabaseError):
    """The statement is wrong, or names what is not there."""


class NotSupportedError(DatabaseError):
    """The server or this module cannot do it."""


# By class, as psycopg has them: https://www.postgresql.org/docs/current/errcodes-appendix.html
_BY_CLASS: dict[str, type[DatabaseError]] = {
    **dict.fromkeys(("0A",), NotSupportedError),
    **dict.fromkeys(("20", "21", "26", "34", "3D", "3F", "42", "44", "10", "P0"), ProgrammingError),
    **dict.fromkeys(("22",), DataError),
    **dict.fromkeys(("23",), IntegrityError),
    **dict.fromkeys(("24", "25", "2B", "2D", "XX"), InternalError),
    **dict.fromkeys(("08", "27", "28", "2F", "38", "39", "3B", "40", "53", "54", "55", "57", "58", "F0", "HV"), OperationalError),
}

_BY_ENGINE_CODE: dict[str, type[Error]] = {
    "connection": OperationalError,
    "commit_in_doubt": OperationalError,
    "unsupported": NotSupportedError,
    "internal": InterfaceError,
}


def from_engine(error: MigrateError, flavor: Flavor) -> Error:
    """Make the exception for an error of the engine, with its ``__cause__``."""
    fields = error.diagnostics or {}
    sqlstate = fields.get("sqlstate") or None
    by_sqlstate = _BY_CLASS.get(sqlstate[:2], DatabaseError) if sqlstate else None
    base = _BY_ENGINE_CODE.get(error.code) or by_sqlstate or DatabaseError
    text = _text(error, fields)
    shown = text if flavor.error_ends_line else text.rstrip("\n")
    raised = in_flavor(base, flavor, sqlstate)(shown)  # type: ignore[arg-type]  # a class is hashable
    raised.sqlstate = raised.pgcode = sqlstate
    raised.pgerror = f"{fields.get('severity') or 'ERROR'}:  {text}" if sqlstate else None
    raised.diag = Diagnostic(fields)
    if flavor.driver == "pg8000" and sqlstate:
        raised.args = (_by_letter(fields),)
    raised.__cause__ = _cause_in_flavor(error, flavor)
    return raised


def _cause_in_flavor(error: MigrateError, flavor: Flavor) -> BaseException:
    fields = _by_letter(error.diagnostics or {})
    asyncpg = import_driver("asyncpg") if flavor.driver == "asyncpg" and "C" in fields else None
    if asyncpg is None:
        return error
    theirs: BaseException = asyncpg.PostgresError.new(fields, error.sql)
    theirs.__cause__ = error
    return theirs


def _by_letter(fields: dict[str, Any]) -> dict[str, str]:
    """Write the server's report as the protocol has it, and pg8000 and asyncpg read it."""
    return {letter: str(fields[name]) for letter, name in _LETTERS.items() if fields.get(name)}


# https://www.postgresql.org/docs/current/protocol-error-fields.html
_LETTERS = {
    "S": "severity",
    "V": "severity",
    "C": "sqlstate",
    "M": "message",
    "D": "detail",
    "H": "hint",
    "P": "position",
    "p": "internal_position",
    "q": "internal_query",
    "W": "context",
    "s": "schema_name",
    "t": "table_name",
    "c": "column_name",
    "d": "datatype_name",
    "n": "constraint_name",
    "F": "source_file",
    "L": "source_line",
    "R": "source_function",
}


def _text(error: MigrateError, fields: dict[str, Any]) -> str:
    """Write the error as libpq does: message, the line with a caret, DETAIL, HINT, CONTEXT."""
    lines = [error.message]
    if fields.get("position") and error.sql:
        lines += _caret(error.sql, fields["position"])
    elif fields.get("internal_position") and fields.get("internal_query"):
        lines += _caret(fields["internal_query"], fields["internal_position"])
    lines += [f"{name.upper()}:  {fields[name]}" for name in ("detail", "hint") if fields.get(name)]
    if fields.get("internal_query"):
        lines.append(f"QUERY:  {fields['internal_query']}")
    if fields.get("context"):
        lines.append(f"CONTEXT:  {fields['context']}")
    if error.hint and not fields.get("hint"):
        lines.append(f"HINT:  {error.hint}")
    return "\n".join(lines) + "\n"


def _caret(sql: str, position: int) -> list[str]:
    before = sql[: position - 1]
    number = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1)
    prefix = f"LINE {number}: "
    line = sql.split("\n")[number - 1].replace("\t", " ")
    return [prefix + line, " " * (len(prefix) + column) + "^"]


def already_closed(what: str, flavor: Flavor) -> Error:
    """Make the exception for the use of a closed "connection" or "cursor"."""
    if what == "connection" and flavor.module == "psycopg":
        return in_flavor(OperationalError, flavor)("the connection is closed")
    return in_flavor(InterfaceError, flavor)(f"{what} already closed")


def no_attribute(what: str, name: str, flavor: Flavor) -> str:
    """Say what a "connection" or "cursor" has not got, and how the driver's own is had."""
    return (
        f"the engine's {what} in place of {flavor.driver}'s has no attribute {name!r}; "
        f'the setting driver = "project" ([tool.memstack_migrate] in pyproject.toml) runs over {flavor.driver} itself'
    )


@cache
def in_flavor(base: type[Error], flavor: Flavor, sqlstate: str | None = None) -> type[Error]:
    """Give ``base``, or a class that is also the driver's own for that SQLSTATE where the driver is importable."""
    driver = _drivers_classes(flavor)
    if driver is None:
        return base
    theirs: type[Exception] = getattr(driver, base.__name__)
    if flavor.driver == "pg8000":
        theirs = _pg8000s_class_for(sqlstate, driver, theirs)
    elif sqlstate:
        theirs = _class_for(sqlstate, flavor, driver) or theirs
    if theirs is not getattr(driver, base.__name__):
        # The drivers disagree about a few codes (P0001): theirs decides, since SQLAlchemy wraps by the general class.
        base = next(ours for ours in (*_GENERAL, DatabaseError, Error) if issubclass(theirs, getattr(driver, ours.__name__)))
    # Our attributes go first: theirs are read-only members of a C struct in psycopg2, properties in psycopg. The module is theirs
    # because SQLAlchemy's message names it, and revisions look for "(psycopg2.errors.DuplicateTable)" there.
    return type(theirs.__name__, (base, theirs), {"__module__": theirs.__module__, "__init__": _plain_init})


def is_drivers_own(error: BaseException, flavor: Flavor) -> bool:
    """Tell whether the driver itself has raised it, or SQLAlchemy for asyncpg."""
    driver = _drivers_classes(flavor)
    return driver is not None and isinstance(error, driver.Error) and not isinstance(error, Error)


def _drivers_classes(flavor: Flavor) -> Any:
    """Give what has the driver's exception classes as attributes: for asyncpg those that SQLAlchemy raises; None without it."""
    if flavor.driver != "asyncpg":
        return import_driver(flavor.module or flavor.driver)
    if import_driver("asyncpg") is None:
        return None
    return getattr(import_driver("sqlalchemy.dialects.postgresql.asyncpg"), "AsyncAdapt_asyncpg_dbapi", None)


def _class_for(sqlstate: str, flavor: Flavor, classes: Any) -> type[Exception] | None:
    """Give the driver's own class for a code; None where it has none, as for one that a function of the user's raises."""
    if flavor.driver == "asyncpg":
        from memstack_migrate._upstream import class_for_asyncpgs_error

        asyncpg: Any = import_driver("asyncpg")
        return class_for_asyncpgs_error(classes(asyncpg), asyncpg.PostgresError.new({"C": sqlstate, "M": ""}))
    details = import_driver(f"{flavor.module}.errors")
    if details is not None:
        with contextlib.suppress(KeyError):
            return details.lookup(sqlstate)  # type: ignore[no-any-return]
    return None


def _pg8000s_class_for(sqlstate: str | None, pg8000: Any, general: type[Exception]) -> type[Exception]:
    """Give pg8000's class for a code: it knows two of them; and it could not reach a server, or lost it, by an InterfaceError."""
    interface_error: type[Exception] = pg8000.InterfaceError
    if sqlstate is None:
        return interface_error if general is pg8000.OperationalError else general
    known: dict[str, type[Exception]] = {"28000": interface_error, "23505": pg8000.IntegrityError}
    return known.get(sqlstate) or pg8000.ProgrammingError


_GENERAL = (DataError, OperationalError, IntegrityError, InternalError, ProgrammingError, NotSupportedError)


def _plain_init(self: Exception, *args: object) -> None:
    Exception.__init__(self, *args)
