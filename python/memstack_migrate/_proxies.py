"""What ``from alembic import op, context`` answers while a run is on.

Alembic keeps one object per process behind ``alembic.op`` and ``alembic.context``. Here one object of ours stands behind each
and finds the run it belongs to by a context variable, so that runs in several threads of one process do not mix. A thread that
env.py or a revision starts has no context of its own: where just one run is on, it is that one's.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from memstack_migrate import _upstream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memstack_migrate.environment import EnvironmentContext
    from memstack_migrate.operations import Operations

__all__ = ["current_environment", "environment_proxied", "operations_proxied"]

_environment: ContextVar[EnvironmentContext | None] = ContextVar("memstack_migrate_environment", default=None)
_operations: ContextVar[Operations | None] = ContextVar("memstack_migrate_operations", default=None)


class _ActiveRuns:
    """The runs of this process, and Alembic's proxies, which are ours as long as there is one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._environments: list[EnvironmentContext] = []
        self._operations: list[Operations] = []
        self._installed: _upstream.InstalledProxies | None = None

    def add_environment(self, environment: EnvironmentContext) -> None:
        with self._lock:
            if self._installed is None:
                self._installed = _upstream.install_proxies(_OperationsProxy(), _ContextProxy())
            self._environments.append(environment)

    def remove_environment(self, environment: EnvironmentContext) -> None:
        with self._lock:
            self._environments.remove(environment)
            if not self._environments and self._installed is not None:
                self._installed.remove()
                self._installed = None

    def add_operations(self, operations: Operations) -> None:
        with self._lock:
            self._operations.append(operations)

    def remove_operations(self, operations: Operations) -> None:
        with self._lock:
            self._operations.remove(operations)

    def only_environment(self) -> EnvironmentContext | None:
        with self._lock:
            return self._environments[0] if len(self._environments) == 1 else None

    def only_operations(self) -> Operations | None:
        with self._lock:
            return self._operations[0] if len(self._operations) == 1 else None


_active = _ActiveRuns()


class _ContextProxy:
    def __getattr__(self, name: str) -> Any:
        environment = _environment.get() or _active.only_environment()
        if environment is None:
            msg = f"Can't use alembic.context.{name} outside of a run: it is there while env.py and revisions are executed"
            raise NameError(msg)
        return getattr(environment, name)


class _OperationsProxy:
    def __getattr__(self, name: str) -> Any:
        operations = _operations.get() or _active.only_operations()
        if operations is None:
            msg = f"Can't use op.{name}() outside of a revision that is being run. Try placing this code inside a callable."
            raise NameError(msg)
        return getattr(operations, name)


def current_environment() -> EnvironmentContext | None:
    """Return the environment of the run that the caller is part of."""
    return _environment.get() or _active.only_environment()


@contextmanager
def environment_proxied(environment: EnvironmentContext) -> Iterator[None]:
    """Make ``alembic.context`` answer for `environment` within the block."""
    _active.add_environment(environment)
    token = _environment.set(environment)
    try:
        yield
    finally:
        _environment.reset(token)
        _active.remove_environment(environment)


@contextmanager
def operations_proxied(operations: Operations) -> Iterator[None]:
    """Make ``alembic.op`` answer for `operations` within the block."""
    _active.add_operations(operations)
    token = _operations.set(operations)
    try:
        yield
    finally:
        _operations.reset(token)
        _active.remove_operations(operations)
