"""Leaves the process as it was where env.py runs inside somebody's application.

``sys.path``: Alembic prepends to it for good. The working directory and the filters of ``warnings``: env.py may change them for
what was to be its own process. ``logging``: the usual env.py calls ``fileConfig()``, which closes the handlers of the whole
process and disables its loggers; within a run such a call is left out when code of the migration project makes it, and the
application's own logging shows what a run says.
"""

from __future__ import annotations

import logging.config
import os
import sys
import threading
import warnings
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

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


_CONFIGURE: tuple[tuple[ModuleType, str], ...] = (
    (logging.config, "fileConfig"),
    (logging.config, "dictConfig"),
    (logging, "basicConfig"),
)


def _working_directory() -> str | None:
    try:
        return os.getcwd()  # noqa: PTH109  as os.chdir() takes it
    except OSError:
        return None


class _Kept:
    """What is put back when the last of the runs that overlap has ended: one that ends earlier must not disturb the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs = 0
        self._path: list[str] = []
        self._folder: str | None = None
        self._filters: list[Any] = []
        self._configure: dict[tuple[ModuleType, str], Callable[..., None]] = {}

    def enter(self) -> None:
        with self._lock:
            self._runs += 1
            if self._runs > 1:
                return
            self._path = list(sys.path)
            # Python keeps what "." meant when it was first looked into; the working directory may be another one now.
            for name in [name for name in sys.path_importer_cache if not Path(name).is_absolute()]:
                del sys.path_importer_cache[name]
            self._folder = _working_directory()
            self._filters = list(warnings.filters)
            for module, name in _CONFIGURE:
                self._configure[module, name] = getattr(module, name)
                setattr(module, name, _unless_called_by_project(self._configure[module, name]))

    def leave(self) -> None:
        with self._lock:
            self._runs -= 1
            if self._runs > 0:
                return
            sys.path[:] = self._path
            if self._folder is not None and self._folder != _working_directory():
                with suppress(OSError):  # removed meanwhile
                    os.chdir(self._folder)
            if self._filters != list(warnings.filters):
                warnings.resetwarnings()  # forgets what was decided by the filters that go
                warnings.filters[:] = self._filters  # type: ignore[index]  # a list at run time
            for (module, name), configure in self._configure.items():
                setattr(module, name, configure)


_kept = _Kept()


@contextmanager
def process_state_kept() -> Iterator[None]:
    """Put back after the block what this module's docstring names."""
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
