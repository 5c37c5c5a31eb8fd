import os

from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.QueuePool)

with engine.connect() as connection:
    context.configure(connection=connection, an_option="of its own", compare_type=False)
    with context.begin_transaction():
        context.run_migrations(colour="red", number=7)
