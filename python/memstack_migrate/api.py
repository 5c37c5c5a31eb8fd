"""The commands as functions. All of them may be called from any thread, with an event loop running there or without.

They raise :class:`memstack_migrate.errors.MigrateError` or a subclass; its text says what happened to the database.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TypedDict

from memstack_migrate import _engine
from memstack_migrate.report import RunReport, StatusReport, run_report, status_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Unpack

__all__ = ["ProjectOptions", "downgrade", "stamp", "status", "upgrade"]


class ProjectOptions(TypedDict, total=False):
    """Where the project and the database are: the keywords that every function takes."""

    #: The configuration file; default: alembic.ini or pyproject.toml in the current directory.
    config: str | os.PathLike[str] | None
    #: Its section, as with ``-n``; default: "alembic".
    section: str
    #: The database; default: the configured one, or what env.py says.
    url: str | None
    #: What ``-x`` would give.
    x_arguments: Sequence[str] | None
    #: What ``Config.set_main_option()`` would set; as there, a ``%`` is written twice.
    main_options: Mapping[str, str] | None
    #: Becomes ``config.attributes``.
    attributes: Mapping[str, Any] | None
    #: Seconds to wait for another run; default: the configured time, or 300.
    lock_timeout: float | None


def engine_request(options: ProjectOptions) -> dict[str, Any]:
    """Write the keywords out as the engine takes them."""
    unknown = set(options) - set(ProjectOptions.__annotations__)
    if unknown:
        msg = f"unknown keyword {min(unknown)!r}; known are: {', '.join(sorted(ProjectOptions.__annotations__))}"
        raise TypeError(msg)
    config = options.get("config")
    return {
        "config_files": [] if config is None else [os.fspath(config)],
        "section": options.get("section", "alembic"),
        "url": options.get("url") or "",
        "x_arguments": list(options.get("x_arguments") or ()),
        "main_options": dict(options.get("main_options") or {}),
        "attributes": dict(options.get("attributes") or {}),
        "lock_timeout": options.get("lock_timeout"),
    }


def _away_from_event_loop(command: Callable[..., str], *arguments: Any) -> str:
    """Call `command`, in a thread of its own where an event loop runs in this one: env.py may call asyncio.run()."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:  # noqa: SLF001  documented for libraries
        return command(*arguments)
    from memstack_migrate._cancellation import run_in_thread_meanwhile
    from memstack_migrate._loop_bridge import is_in_run_sync, run_beside_loop

    return (run_beside_loop if is_in_run_sync() else run_in_thread_meanwhile)(command, *arguments)


def upgrade(
    revision: str = "head",
    *,
    on_plan: Callable[[tuple[str, ...], int], None] | None = None,
    **project: Unpack[ProjectOptions],
) -> RunReport:
    """Run the revisions that lead up to `revision`; with any number of callers at once, each runs once.

    ``on_plan(current_revisions, steps)`` is called once per database, when it is known what will run.
    """
    return run_report(_away_from_event_loop(_engine.upgrade, engine_request(project), revision, on_plan))


def downgrade(revision: str, **project: Unpack[ProjectOptions]) -> RunReport:
    """Undo revisions down to `revision`, which stays; ``base`` undoes all."""
    return run_report(_away_from_event_loop(_engine.downgrade, engine_request(project), revision))


def stamp(*revisions: str, purge: bool = False, **project: Unpack[ProjectOptions]) -> RunReport:
    """Set the version table to `revisions` without running anything; `purge` empties it first."""
    return run_report(_away_from_event_loop(_engine.stamp, engine_request(project), list(revisions), purge))


def status(**project: Unpack[ProjectOptions]) -> StatusReport:
    """Say where the database is and what is to run; changes nothing, waits for no lock."""
    return status_report(_away_from_event_loop(_engine.status, engine_request(project)))
