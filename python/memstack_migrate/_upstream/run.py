"""What a run touches: Alembic's proxies, the migration context, the ends of transactions, loaded revision files."""

# ruff: noqa: SLF001  the folder for private names

from __future__ import annotations

import contextlib
import functools
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.script import Script, ScriptDirectory
from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateTable

from memstack_migrate._upstream.statements import replaced_compiler, table_listeners, unusual_dialect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.engine import Dialect

__all__ = [
    "InstalledProxies",
    "connections_noted",
    "install_proxies",
    "is_plain_version_table",
    "loaded_revisions",
    "sqlalchemy_error",
    "version_directories",
    "version_table",
    "watch_transaction_ends",
]


class InstalledProxies:
    """Our objects behind ``alembic.op`` and ``alembic.context``, until ``remove()`` puts back what was there."""

    def __init__(self, operations: Any, context: Any) -> None:
        """Install at once."""
        import alembic.context
        import alembic.op

        self._modules: dict[ModuleType, Any] = {alembic.op: operations, alembic.context: context}
        self._before = {module: vars(module).get("_proxy") for module in self._modules}
        for module, proxy in self._modules.items():
            vars(module)["_proxy"] = proxy
        # config and script are no functions: Alembic puts them into the module for the time of a run.
        vars(alembic.context)["__getattr__"] = lambda name: _module_attribute(context, name)

    def remove(self) -> None:
        """Put back what was there, unless somebody has put another object in the place meanwhile."""
        for module, proxy in self._modules.items():
            if vars(module).get("_proxy") is proxy:
                vars(module)["_proxy"] = self._before[module]
            vars(module).pop("__getattr__", None)


def _module_attribute(context: Any, name: str) -> Any:
    if name not in {"config", "script"}:
        msg = f"module 'alembic.context' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(context, name)


def install_proxies(operations: Any, context: Any) -> InstalledProxies:
    """Put our objects behind ``alembic.op`` and ``alembic.context``."""
    return InstalledProxies(operations, context)


def sqlalchemy_error(statement: str, original: BaseException, dialect: Dialect, *, is_lost: bool = False) -> BaseException:
    """Wrap a driver's exception as SQLAlchemy does when a statement fails; ``is_lost``: and the connection with it."""
    from sqlalchemy.exc import DBAPIError

    kind = dialect.loaded_dbapi.Error
    return DBAPIError.instance(statement, None, original, kind, connection_invalidated=is_lost, dialect=dialect)


def version_table(context: MigrationContext) -> Table:
    """Return the table that the context keeps its revisions in."""
    table: Table = context._version
    return table


def is_plain_version_table(context: MigrationContext) -> bool:
    """Tell whether the version table is Alembic's own and nobody hears of its creation or changes its text."""
    table = version_table(context)
    if not _is_shaped_as_alembics(table, has_key=bool(context.opts.get("version_table_pk", True))):
        return False
    listener = table_listeners(table, ("before_create", "after_create"))
    return listener is None and replaced_compiler() is None and unusual_dialect(context.dialect) is None


def _is_shaped_as_alembics(table: Table, *, has_key: bool) -> bool:
    """Compare with what Alembic makes: an impl of the user's makes it (1.14 and later), or env.py puts another in its place."""
    alembics = Table(table.name, MetaData(), Column("version_num", String(32), nullable=False), schema=table.schema)
    if has_key:
        alembics.append_constraint(PrimaryKeyConstraint("version_num", name=f"{table.name}_pkc"))
    return not table.indexes and table.comment is None and _text_of(table) == _text_of(alembics)


def _text_of(table: Table) -> str:
    return str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def version_directories(script: ScriptDirectory) -> list[str]:
    """Return the directories out of which the ScriptDirectory takes revision files."""
    return [os.fspath(directory) for directory in script._version_locations]


class _Observers:
    """Who is told of each SQLAlchemy connection that is made; ``Connection.__init__`` is replaced while there is anybody.

    The public event, engine_connect of all engines, would make SQLAlchemy take its path for listeners for ever, on which empty
    parameters are none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._notes: list[Callable[[Connection], None]] = []
        self._original = Connection.__init__
        self._ours: Any = None

    def add(self, note: Callable[[Connection], None]) -> None:
        with self._lock:
            if self._ours is None:
                self._original, self._ours = Connection.__init__, self._replacement()
                Connection.__init__ = self._ours  # type: ignore[method-assign]
            self._notes = [*self._notes, note]

    def remove(self, note: Callable[[Connection], None]) -> None:
        with self._lock:
            self._notes = [other for other in self._notes if other is not note]
            # Somebody may have put a wrapper of theirs round it meanwhile.
            if not self._notes and Connection.__init__ is self._ours:
                Connection.__init__, self._ours = self._original, None  # type: ignore[method-assign]

    def _replacement(self) -> Any:
        original = self._original

        @functools.wraps(original)
        def make(made: Connection, /, *arguments: Any, **keywords: Any) -> None:
            original(made, *arguments, **keywords)
            for note in self._notes:
                note(made)

        return make


_observers = _Observers()


@contextlib.contextmanager
def connections_noted(note: Callable[[Connection], None]) -> Iterator[None]:
    """Have ``note`` called with each SQLAlchemy connection that is made within the block, in whatever thread."""
    _observers.add(note)
    try:
        yield
    finally:
        _observers.remove(note)


def watch_transaction_ends(
    connection: Connection, watched: Callable[[str], contextlib.AbstractContextManager[None]]
) -> Callable[[], None]:
    """Run each commit and rollback that SQLAlchemy does on the connection within ``watched("commit")``, or "rollback".

    The public events come before the fact, and say nothing of a COMMIT that fails. Gives the function that ends the watch.
    """
    ends = {f"_{how}{kind}_impl": how for how in ("commit", "rollback") for kind in ("", "_twophase")}

    def watch(name: str) -> None:
        original = getattr(connection, name)

        @functools.wraps(original)
        def end(*arguments: Any) -> None:
            with watched(ends[name]):
                original(*arguments)

        setattr(connection, name, end)

    # One run may be watching already, within which another runs on the same connection.
    before = {name: vars(connection)[name] for name in ends if name in vars(connection)}

    def stop() -> None:
        for name in ends:
            vars(connection).pop(name, None)
        vars(connection).update(before)

    for name in ends:
        watch(name)
    return stop


def loaded_revisions(script: ScriptDirectory | None) -> dict[Path, ModuleType]:
    """Return the modules of revision files by path if the ScriptDirectory has loaded its files; does not make it load them."""
    if script is None or "_revision_map" not in vars(script.revision_map):
        return {}
    # The same revision stands there under its id and its labels, and the base as None.
    revisions = script.revision_map._revision_map.values()
    return {Path(revision.path).resolve(): revision.module for revision in revisions if isinstance(revision, Script)}
