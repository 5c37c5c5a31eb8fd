"""PEP 249 over the engine's own connection, so that SQLAlchemy runs on the session that migrates.

It stands in for the driver that a URL names (psycopg2, psycopg, asyncpg, ...): same values, same exception classes where
that driver is importable. It is made for ``env.py`` and revision files, not for general use. Values are bound on the client,
since revision files contain what the server cannot bind: ``IN %s`` with a tuple, ``SET``, ``COMMENT``, ``DEFAULT``, several
statements in a string.

Values are the named driver's for psycopg and psycopg2, type by type. For asyncpg and pg8000 they are those of the types that
revisions read (numbers, texts, dates, json, uuid, arrays); what asyncpg reads into classes of its own (geometry, bit strings,
ranges), or with a look into the catalogues (arrays of enums, composites), is text or of the nearest class here.

``connection.py``, ``cursor.py`` and ``server_cursor.py`` are the module's objects, ``placeholders.py`` and ``adapt.py`` make
SQL of Python values, ``types.py`` makes Python values of the server's text, ``errors.py`` holds the exception classes,
``arguments.py`` turns a driver's connect arguments into libpq's, ``flavor.py`` says how the drivers differ. Only ``dialect.py``
and ``redirect.py`` import SQLAlchemy.
"""

from __future__ import annotations

from memstack_migrate.driver.connection import Connection, connect
from memstack_migrate.driver.constructors import (
    BINARY,
    DATETIME,
    NUMBER,
    ROWID,
    STRING,
    Binary,
    Date,
    DateFromTicks,
    Time,
    TimeFromTicks,
    Timestamp,
    TimestampFromTicks,
)
from memstack_migrate.driver.cursor import Cursor
from memstack_migrate.driver.errors import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,  # noqa: A004  the name is PEP 249's
)

__all__ = [
    "BINARY",
    "DATETIME",
    "NUMBER",
    "ROWID",
    "STRING",
    "Binary",
    "Connection",
    "Cursor",
    "DataError",
    "DatabaseError",
    "Date",
    "DateFromTicks",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Time",
    "TimeFromTicks",
    "Timestamp",
    "TimestampFromTicks",
    "Warning",
    "apilevel",
    "connect",
    "paramstyle",
    "threadsafety",
]

apilevel = "2.0"
threadsafety = 1  # threads may share the module, not a connection
paramstyle = "pyformat"
