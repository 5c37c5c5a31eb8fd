"""The two names that an application's start-up calls, with the log that it knows.

In a FastAPI application, ``await run_alembic_migrations()`` is the first line of the lifespan.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypedDict

from memstack_migrate import _engine
from memstack_migrate._cancellation import run_in_thread
from memstack_migrate.api import engine_request, status, upgrade

if TYPE_CHECKING:
    import os

__all__ = ["MigrationStatus", "get_migration_status", "run_alembic_migrations"]

logger = logging.getLogger("memstack_migrate.startup")


class MigrationStatus(TypedDict):
    """What get_migration_status() gives; the revisions are None where there is none."""

    current_revision: str | None
    head_revision: str | None
    total_revisions: int
    needs_upgrade: bool


def _joined(revisions: tuple[str, ...]) -> str | None:
    return ", ".join(revisions) or None


async def get_migration_status(*, config: str | os.PathLike[str] | None = None, url: str | None = None) -> MigrationStatus:
    """Say where the database is, without blocking the event loop. Raises MigrateError."""
    report = await run_in_thread(status, config=config, url=url)
    return {
        "current_revision": _joined(report.current_revisions),
        "head_revision": _joined(report.head_revisions),
        "total_revisions": report.total_revisions,
        "needs_upgrade": report.needs_upgrade,
    }


async def run_alembic_migrations(*, config: str | os.PathLike[str] | None = None, url: str | None = None) -> None:
    """Bring the database to head, without blocking the event loop. Raises MigrateError: then the application must not start.

    Cancelled (``asyncio.timeout()``, the end of the application), it ends when the statement that runs has been cancelled and the
    revision is rolled back.
    """
    logger.info("Applying database migrations with Alembic...")
    head = await run_in_thread(_engine.heads, engine_request({"config": config, "url": url}))

    def log_plan(current: tuple[str, ...], steps: int) -> None:
        logger.info("Current database version: %s", _joined(current))
        logger.info("Latest migration version: %s", _joined(tuple(head)))
        if steps == 0:
            logger.info("Database is already at latest version")

    report = await run_in_thread(upgrade, "heads", on_plan=log_plan, config=config, url=url)
    if not report.databases:
        logger.warning("No database migrations were run: env.py never called context.run_migrations()")
    elif not report.nothing_to_do:
        logger.info("Database migrations completed")
