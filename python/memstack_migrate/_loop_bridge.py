"""Runs and greenlets: how a command works for a caller within ``AsyncConnection.run_sync()``.

SQLAlchemy has such a connection's statements leave the greenlet of ``run_sync()`` and come back to it. A run must not be left
like that where the same thread goes on with something else: C++ keeps its calls and its exceptions by thread. So it gets a
thread, in which nothing else happens, and what it awaits there is awaited in the loop.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import sys
import threading
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from memstack_migrate._cancellation import run_to_its_end
from memstack_migrate.errors import make_error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

__all__ = ["is_in_run_sync", "nested", "run_beside_loop"]

T = TypeVar("T")


def is_in_run_sync() -> bool:
    """Tell whether the caller may use a connection of an asynchronous driver here."""
    greenlet = sys.modules.get("greenlet")
    # How SQLAlchemy itself tells.
    return greenlet is not None and getattr(greenlet.getcurrent(), "__sqlalchemy_greenlet_provider__", False)


def run_beside_loop(command: Callable[..., T], *arguments: Any) -> T:
    """Run ``command`` in a thread; REQUIRES: is_in_run_sync(). The event loop goes on meanwhile.

    It has ended when this returns or raises, after a cancellation of the task, too: till then the caller's connection is its own.
    """
    from sqlalchemy.util import await_only

    context = copy_context()
    beside = _Beside(asyncio.get_running_loop(), lambda: context.run(command, *arguments))
    done: T = await_only(beside.run())
    return done


class _Beside:
    """A command in a thread, and the loop in which what it awaits is awaited."""

    def __init__(self, loop: asyncio.AbstractEventLoop, command: Callable[[], Any]) -> None:
        self._loop = loop
        self._command = command
        # In the loop's thread only.
        self._awaiting: asyncio.Task[Any] | None = None
        self._is_cancelled = False

    async def run(self) -> Any:
        """Run the command; a cancellation is its to handle, at what it awaits now or next, and is raised when it has ended."""
        return await run_to_its_end(self._in_thread, self._cancel)

    def _cancel(self) -> None:
        if self._awaiting is None:
            self._is_cancelled = True
        else:
            self._awaiting.cancel()

    def _in_thread(self) -> Any:
        asyncio.set_event_loop(_LoopElsewhere(self._loop))  # type: ignore[abstract]  # of which only this is asked for
        try:
            return self._in_greenlet()
        finally:
            asyncio.set_event_loop(None)

    def _in_greenlet(self) -> Any:
        import greenlet  # type: ignore[import-untyped,unused-ignore]

        runner = greenlet.greenlet(self._command)
        runner.__sqlalchemy_greenlet_provider__ = True
        # What comes out of it is something to await, until it is the result.
        awaited_or_result = runner.switch()
        while not runner.dead:
            try:
                value = asyncio.run_coroutine_threadsafe(self._await(awaited_or_result), self._loop).result()
            except concurrent.futures.CancelledError:  # noqa: PERF203  likewise
                awaited_or_result = runner.throw(asyncio.CancelledError())
            except BaseException:  # noqa: BLE001  it is the command's to handle
                awaited_or_result = runner.throw(*sys.exc_info())
            else:
                awaited_or_result = runner.switch(value)
        return awaited_or_result

    async def _await(self, awaitable: Awaitable[T]) -> T:
        self._awaiting = asyncio.current_task()
        try:
            if self._is_cancelled and self._awaiting is not None:
                self._is_cancelled = False
                self._awaiting.cancel()
            return await awaitable
        finally:
            self._awaiting = None


class _LoopElsewhere(asyncio.AbstractEventLoop):
    """The caller's loop as asyncio's functions find it in the command's thread: SQLAlchemy shields the end of a connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def create_task(self, coro: Any, **keywords: Any) -> asyncio.Task[Any]:
        """Make the task in the loop's thread."""

        async def make() -> asyncio.Task[Any]:
            return self._loop.create_task(coro, **keywords)

        return asyncio.run_coroutine_threadsafe(make(), self._loop).result()


class _Running(threading.local):
    """The greenlets in which this thread runs migrations, the innermost last; None without greenlets."""

    def __init__(self) -> None:
        self.greenlets: list[Any] = []


_running = _Running()


@contextmanager
def nested() -> Iterator[None]:
    """Refuse to run migrations in two tasks of one event loop that take turns: one run within the other is all that works."""
    module = sys.modules.get("greenlet")
    current = module.getcurrent() if module is not None else None
    if _running.greenlets and not _is_below(current, _running.greenlets[-1]):
        message = "env.py runs migrations in several tasks of one event loop at the same time"
        raise make_error("unsupported", message, hint="await one task's migrations before the next one starts its own")
    _running.greenlets.append(current)
    try:
        yield
    finally:
        _running.greenlets.remove(current)


def _is_below(greenlet: Any, ancestor: Any) -> bool:
    while greenlet is not None and greenlet is not ancestor:
        greenlet = greenlet.parent
    return greenlet is ancestor
