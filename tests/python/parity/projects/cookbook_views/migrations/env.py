import os

from alembic import context
from museum_models import metadata
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool


def no_view(item, _name, _kind, _reflected, _compared_to):
    return not item.info.get("is_view", False)


def offline():
    context.configure(url=os.environ["DATABASE_URL"], target_metadata=metadata, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, include_object=no_view)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
