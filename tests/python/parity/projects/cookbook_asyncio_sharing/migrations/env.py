import asyncio
import os

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


def offline():
    context.configure(url=os.environ["DATABASE_URL"], target_metadata=None, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


def migrate(connection):
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_async():
    engine = create_async_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


def online():
    shared = context.config.attributes.get("connection", None)
    if shared is None:
        asyncio.run(migrate_async())
    else:
        migrate(shared)


if context.is_offline_mode():
    offline()
else:
    online()
