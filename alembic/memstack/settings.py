"""The application's settings, as far as the migrations need them."""

from __future__ import annotations

import os


def database_url() -> str:
    """Return the database's address as the application uses it, with its asynchronous driver.

    Raises RuntimeError where the environment does not name one.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        message = "DATABASE_URL is not set; example: DATABASE_URL=postgresql+asyncpg://user:password@localhost/memstack"
        raise RuntimeError(message)
    return url
