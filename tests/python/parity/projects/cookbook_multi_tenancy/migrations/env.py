import os

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema


def offline():
    context.configure(url=os.environ["DATABASE_URL"], target_metadata=None, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
    tenant = context.get_x_argument(as_dictionary=True)["tenant"]
    with engine.connect() as connection:
        connection.execute(CreateSchema(tenant, if_not_exists=True))
        connection.execute(text(f'SET search_path TO "{tenant}"'))
        connection.commit()
        # No documented attribute: what the dialect takes for the schema of tables that name none.
        connection.dialect.default_schema_name = tenant
        context.configure(connection=connection, target_metadata=None)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
