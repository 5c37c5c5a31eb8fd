"""Where the database is, and which tables it ought to have: run by every command that needs either."""

from __future__ import annotations

import sys
from logging.config import fileConfig
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool

# The application's package lies beside this file. `prepend_sys_path = .` alone cannot reach it: "alembic" is a package already.
sys.path.append(str(Path(__file__).resolve().parent))

from memstack.models import Base
from memstack.settings import database_url

config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)

target_metadata = Base.metadata


def migration_url() -> str:
    """Return the application's database URL without the asynchronous driver: migrations run synchronously."""
    return database_url().replace("+asyncpg", "")


def run_migrations_offline() -> None:
    """Write the SQL instead of running it."""
    context.configure(
        url=migration_url(),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        render_as_batch=True,
    )

    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the revisions on a connection of their own."""
    connectable = create_engine(migration_url(), poolclass=pool.NullPool)

    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, render_as_batch=True)

        with context.begin_transaction():
            context.run_migrations()

    connectable.dispose()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
