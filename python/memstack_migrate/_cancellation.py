"""How a run that waits for the server is ended by asyncio: the engine asks here at each of its waits (``pg/interrupt.h``).

A command in a thread ends when the task that awaits it is cancelled. A task that runs migrations itself ends by Ctrl-C, which
``asyncio.run()`` of Python 3.11 and later turns into a cancellation of its task: nothing in a run of ours gives it a chance to
arrive.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["raise_if_cancelled", "run_in_thread", "run_to_its_end"]

T = TypeVar("T")

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


async def run_in_thread(command: Callable[..., T], *arguments: Any, **keywords: Any) -> T:
    """Run ``command`` in a thread of its own; a cancellation ends it, and is raised when it has ended.

    What it was doing is then rolled back, and its lock is given up.
    """
    threads: list[int] = []
    cancelled = threading.Event()
    context = copy_context()

    def run() -> T:
        thread = threading.get_ident()
        threads.append(thread)
        if cancelled.is_set():
            _ending.add(thread)  # before it had begun
        try:
            return context.run(command, *arguments, **keywords)
        finally:
            threads.clear()
            _ending.discard(thread)

    def end() -> None:
        cancelled.set()
        _ending.update(threads)

    return await run_to_its_end(run, end)


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
