"""Runs and greenlets: how a command works for a caller within ``AsyncConnection.run_sync()``.

SQLAlchemy has such a connection's statements leave the greenlet of ``run_sync()`` and come back to it. A run must not be left
like that where the same thread goes on with something else: C++ keeps its calls and its exceptions by thread. So it gets a
thread, in which nothing else happens, and what it awaits there is awaited in the loop.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

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
    """Run ``command`` in a thread; REQUIRES: is_in_run_sync(). The event loop goes on meanwhile."""
    from sqlalchemy.util import await_only

    loop = asyncio.get_running_loop()
    context = copy_context()
    done: T = await_only(asyncio.to_thread(_run_in_greenlet, loop, lambda: context.run(command, *arguments)))
    return done


def _run_in_greenlet(loop: asyncio.AbstractEventLoop, command: Callable[[], Any]) -> Any:
    import greenlet  # type: ignore[import-untyped,unused-ignore]

    runner = greenlet.greenlet(command)
    runner.__sqlalchemy_greenlet_provider__ = True
    # What comes out of it is something to await, until it is the result.
    awaited_or_result = runner.switch()
    while not runner.dead:
        try:
            value = asyncio.run_coroutine_threadsafe(_await(awaited_or_result), loop).result()
        except BaseException:  # noqa: BLE001, PERF203  it is the command's to handle
            awaited_or_result = runner.throw(*sys.exc_info())
        else:
            awaited_or_result = runner.switch(value)
    return awaited_or_result


async def _await(awaitable: Awaitable[T]) -> T:
    return await awaitable


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
