"""Engines that env.py makes get the engine's own driver.

Under :func:`redirected_engines`, ``create_engine``, ``engine_from_config``, ``create_async_engine`` and
``async_engine_from_config`` give engines on ``driver.dialect`` for any ``postgresql[+driver]://`` URL, whether or not that
driver is installed. Only engines of the same context (``contextvars``) are concerned: other threads' keep their driver.
Afterwards SQLAlchemy is exactly as it was; an engine that was made keeps the dialect it has.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import URL

from memstack_migrate import _upstream
from memstack_migrate.driver.arguments import Untranslatable, libpq_parameters
from memstack_migrate.driver.dialect import EitherWayDialect, EngineDialect, default_driver, dialect_class
from memstack_migrate.driver.flavor import is_installed
from memstack_migrate.driver.giving_way import connect_or_give_way

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["PROJECTS_DRIVER", "Decision", "Redirection", "every_file", "redirected_engines"]

#: The drivers whose engines are an AsyncEngine's even if create_engine() makes them (their dialects' ``is_async``).
_ASYNC_DRIVERS = frozenset({"asyncpg", "psycopg_async"})

#: The reason for all engines of a project that asks for it.
PROJECTS_DRIVER = "the setting driver = project"

#: Says by the file of the code that makes an engine whether that engine is redirected.
ShouldRedirect = Callable[[str], bool]


@dataclass(frozen=True)
class Decision:
    """What became of one engine."""

    url: str  #: without the password
    driver: str
    file: str  #: of the code that made it
    is_redirected: bool
    reason: str  #: why the user's own driver is used; "" where it is not


@dataclass
class Redirection:
    """The engines that were made under one :func:`redirected_engines`, in order."""

    decisions: list[Decision] = field(default_factory=list)
    #: The DBMS of the last engine that was asked for, such as "mysql", whether or not it could be made.
    last_backend: str = ""

    def reason_for(self, url: URL) -> str:
        """Say why an engine with this URL has its own driver, the last one that does; "" where that is not known."""
        text = url.render_as_string()
        return next((decision.reason for decision in reversed(self.decisions) if decision.reason and decision.url == text), "")


@dataclass(frozen=True)
class _Active:
    redirection: Redirection
    should_redirect: ShouldRedirect
    reason: str


_active: ContextVar[_Active | None] = ContextVar("memstack_migrate_redirection", default=None)
# What holds for threads that began without a context, as those do that env.py starts; it says of a file on a thread's stack
# whether the thread belongs to the run.
_for_new_threads: list[tuple[_Active, ShouldRedirect]] = []
# Guards the two below: the hooks are installed while any context redirects.
_lock = threading.Lock()
_users = 0
_undo = contextlib.ExitStack()


def every_file(_file: str) -> bool:
    """Say yes to any code: for a process that does nothing else."""
    return True


@contextlib.contextmanager
def redirected_engines(
    should_redirect: ShouldRedirect | None = None, *, new_threads: ShouldRedirect | None = None, reason: str = ""
) -> Iterator[Redirection]:
    """Redirect the engines of this context; without ``should_redirect`` all of them, with a ``reason`` none, because of that.

    ``new_threads``: those of threads without a context of their own, too, as env.py may start some, where it says yes to any file
    whose code is running in the thread. Raises UpstreamChanged where this SQLAlchemy has no place to hook into.
    """
    _install()
    redirection = Redirection()
    active = _Active(redirection, should_redirect or every_file, reason)
    token = _active.set(active)
    if new_threads is not None:
        _for_new_threads.append((active, new_threads))
    try:
        yield redirection
    finally:
        if new_threads is not None:
            _for_new_threads.remove((active, new_threads))
        _active.reset(token)
        _uninstall()


def _current() -> _Active | None:
    active = _active.get()
    if active is not None or not _for_new_threads:
        return active
    files = _files_on_stack()
    return next((active for active, is_ours in reversed(_for_new_threads) if any(map(is_ours, files))), None)


def _files_on_stack() -> set[str]:
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  the documented way to the calling frame
    files = set()
    while frame is not None:
        files.add(frame.f_code.co_filename)
        frame = frame.f_back
    return files


def _install() -> None:
    global _users  # noqa: PLW0603  the state that _lock guards
    with _lock:
        if _users == 0:
            _undo.callback(_upstream.install_engine_hook(_choose))
            _undo.callback(_upstream.install_connect_hook(connect_or_give_way))
        _users += 1


def _uninstall() -> None:
    global _users  # noqa: PLW0603  the state that _lock guards
    with _lock:
        _users -= 1
        if _users == 0:
            _undo.close()


def _choose(url: URL, keywords: Mapping[str, Any]) -> URL:
    """Give the URL that create_engine() goes on with."""
    # One that env.py took from an engine of ours, and hands to an engine that we decide about anew.
    plain = URL._make(tuple(url))
    active = _current()
    if active is None:
        return plain
    active.redirection.last_backend = plain.get_backend_name()
    if plain.get_backend_name() != "postgresql":
        return plain
    file, driver = _calling_file(), _driver_of(plain)
    # An application's own engine keeps its driver; without the driver it would be none.
    is_applications = not active.should_redirect(file) and is_installed(driver)
    outside = "its engine is made outside the migration project" if is_applications else ""
    reason = outside or active.reason or _reason_against(plain, keywords)
    active.redirection.decisions.append(Decision(plain.render_as_string(), driver, file, not reason, reason))
    return plain if reason else _upstream.EntrypointURL._make(tuple(plain))


def _driver_of(url: URL) -> str:
    _, _, name = url.drivername.partition("+")
    return name or default_driver()


def _reason_against(url: URL, keywords: Mapping[str, Any]) -> str:
    """Say why only the user's own driver can make the connections; "": ours can."""
    for name in ("creator", "async_creator", "module", "pool"):
        if keywords.get(name) is not None:
            return f"the argument {name}= of create_engine() makes the connections itself"
    driver = _driver_of(url)
    connect_args = keywords.get("connect_args") or {}
    if "async_creator_fn" in connect_args:
        return "the connect argument 'async_creator_fn' makes the connections itself"
    dialect = dialect_class(driver)()
    _, arguments = dialect.create_connect_args(url)
    try:
        libpq_parameters(dialect.flavor.driver, {**arguments, **connect_args})
    except Untranslatable as error:
        return str(error)
    return ""


def _calling_file() -> str:
    """Give the file of the nearest code that is neither SQLAlchemy's nor ours."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  the documented way to the calling frame
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.partition(".")[0] != "sqlalchemy" and not module.startswith((__name__, _upstream.__name__)):
            return frame.f_code.co_filename
        frame = frame.f_back
    return ""


def _dialect_of(url: URL) -> Any:
    # Nothing outside a run: engine.url of one of our engines may make an ordinary engine later.
    if _current() is None:
        return None
    # AsyncEngine(engine_from_config(...)), as Alembic's template had it before 1.11, asks the engine whether it is one.
    driver = _driver_of(url)
    return dialect_class(driver, EitherWayDialect if driver in _ASYNC_DRIVERS and _has_greenlet() else EngineDialect)


@cache
def _has_greenlet() -> bool:
    return importlib.util.find_spec("greenlet") is not None


_upstream.choose_dialect_by(_dialect_of)
