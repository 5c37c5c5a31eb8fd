"""How a run is ended by asyncio: the engine asks here as it waits for the server, and between statements (``pg/interrupt.h``).

A command in a thread ends when the task that awaits it, or that blocks its loop to wait for it, is cancelled. A task that runs
migrations itself ends by Ctrl-C, which ``asyncio.run()`` of Python 3.11 and later turns into a cancellation of its task: nothing
in a run of ours gives it a chance to arrive.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["raise_if_cancelled", "run_in_thread", "run_in_thread_meanwhile", "run_to_its_end"]

T = TypeVar("T")

_SECONDS_BETWEEN_LOOKS = 0.1

# Threads whose command is to end, by their identifiers.
_ending: set[int] = set()
# How many of a task's cancellations have been raised here.
_raised: WeakKeyDictionary[asyncio.Task[Any], int] = WeakKeyDictionary()


def raise_if_cancelled() -> None:
    """Raise CancelledError, once for each time, where the command of this thread or the task that runs here is to end."""
    thread = threading.get_ident()
    if thread in _ending:
        _ending.discard(thread)
        raise asyncio.CancelledError
    if asyncio._get_running_loop() is None:  # noqa: SLF001  documented for libraries
        return
    task = asyncio.current_task()
    # One that has arrived already is the task's own affair. Python 3.10 has no cancelling(), and no such Ctrl-C.
    if task is None or not getattr(task, "_must_cancel", False) or not hasattr(task, "cancelling"):
        return
    if task.cancelling() > _raised.get(task, 0):
        _raised[task] = task.cancelling()
        raise asyncio.CancelledError


class _Command:
    """What a thread of its own is to run, in the context of now, and how it is told to end."""

    def __init__(self, command: Callable[[], Any]) -> None:
        self._command = command
        self._context = copy_context()
        self._threads: list[int] = []
        self._is_cancelled = threading.Event()

    def __call__(self) -> Any:
        thread = threading.get_ident()
        self._threads.append(thread)
        if self._is_cancelled.is_set():
            _ending.add(thread)  # before it had begun
        try:
            return self._context.run(self._command)
        finally:
            self._threads.clear()
            _ending.discard(thread)

    def end(self) -> None:
        """Have it end where it waits for the server, or before its next statement; it may have ended already."""
        self._is_cancelled.set()
        _ending.update(self._threads)


async def run_in_thread(command: Callable[..., T], *arguments: Any, **keywords: Any) -> T:
    """Run ``command`` in a thread of its own; a cancellation ends it, and is raised when it has ended.

    What it was doing is then rolled back, and its lock is given up.
    """
    told = _Command(partial(command, *arguments, **keywords))
    return await run_to_its_end(told, told.end)


def run_in_thread_meanwhile(command: Callable[..., T], *arguments: Any) -> T:
    """Run ``command`` in a thread of its own while this one, in which an event loop runs, does nothing but wait.

    Ctrl-C ends it, as does a cancellation of the task that waits here, and is raised when it has ended.
    """
    told = _Command(partial(command, *arguments))
    with ThreadPoolExecutor(1, thread_name_prefix="memstack-migrate") as pool:
        worker: Future[T] = pool.submit(told)
        try:
            while not wait([worker], _SECONDS_BETWEEN_LOOKS).done:
                raise_if_cancelled()
        except BaseException:
            told.end()
            raise
        return worker.result()


async def run_to_its_end(command: Callable[[], T], on_cancel: Callable[[], None]) -> T:
    """Run ``command`` in a thread of its own and wait until it has ended, when cancelled, too: ``on_cancel`` has it end.

    Not in the loop's own threads: the command may wait for something that needs one of them, such as the address of a host.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="memstack-migrate")
    worker = asyncio.get_running_loop().run_in_executor(pool, command)
    pool.shutdown(wait=False)
    try:
        return await asyncio.shield(worker)
    except asyncio.CancelledError as cancelled:
        on_cancel()
        while not worker.done():
            # Being cancelled again must not disturb the command's rollback.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([worker])
        raise cancelled from None if worker.cancelled() else worker.exception()
