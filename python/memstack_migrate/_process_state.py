"""Leaves the process as it was where env.py runs inside somebody's application.

``sys.path``: Alembic prepends to it for good. ``logging``: the usual env.py calls ``fileConfig()``, which closes the handlers of
the whole process and disables its loggers; within a run such a call is left out when code of the migration project makes it, and
the application's own logging shows what a run says.
"""

from __future__ import annotations

import logging.config
import sys
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["logging_kept_from", "process_state_kept"]

# The folder of the project that is running in this context.
_project: ContextVar[Path | None] = ContextVar("memstack_migrate_project", default=None)


def _unless_called_by_project(configure: Callable[..., None]) -> Callable[..., None]:
    @wraps(configure)
    def configure_or_not(*arguments: Any, **keywords: Any) -> None:
        folder = _project.get()
        caller = sys._getframe(1).f_code.co_filename  # noqa: SLF001  the documented way to the calling frame
        if folder is None or not Path(caller).absolute().is_relative_to(folder):
            configure(*arguments, **keywords)

    return configure_or_not


class _Kept:
    """What is put back when the last of the runs that overlap has ended: one that ends earlier must not disturb the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs = 0
        self._path: list[str] = []
        self._configure: dict[str, Callable[..., None]] = {}

    def enter(self) -> None:
        with self._lock:
            self._runs += 1
            if self._runs > 1:
                return
            self._path = list(sys.path)
            # Python keeps what "." meant when it was first looked into; the working directory may be another one now.
            for name in [name for name in sys.path_importer_cache if not Path(name).is_absolute()]:
                del sys.path_importer_cache[name]
            for name in ("fileConfig", "dictConfig"):
                self._configure[name] = getattr(logging.config, name)
                setattr(logging.config, name, _unless_called_by_project(self._configure[name]))

    def leave(self) -> None:
        with self._lock:
            self._runs -= 1
            if self._runs > 0:
                return
            sys.path[:] = self._path
            for name, configure in self._configure.items():
                setattr(logging.config, name, configure)


_kept = _Kept()


@contextmanager
def process_state_kept() -> Iterator[None]:
    """Put ``sys.path`` and the functions of ``logging.config`` back after the block."""
    _kept.enter()
    try:
        yield
    finally:
        _kept.leave()


@contextmanager
def logging_kept_from(folder: str) -> Iterator[None]:
    """Leave out what code below `folder` would do to the logging configuration; REQUIRES: within process_state_kept()."""
    token = _project.set(Path(folder).absolute())
    try:
        yield
    finally:
        _project.reset(token)
