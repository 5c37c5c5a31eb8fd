import os

from alembic import context
from alembic.autogenerate import rewriter
from alembic.operations import ops
from museum_models import metadata
from sqlalchemy import Column, create_engine
from sqlalchemy.pool import NullPool

writer = rewriter.Rewriter()
PLACES = {"id": -1, "created_at": 1001, "updated_at": 1002}


@writer.rewrites(ops.CreateTableOp)
def id_first_and_times_last(_context, _revision, operation):
    def place(numbered):
        number, item = numbered
        return PLACES.get(item.key, number) if isinstance(item, Column) else 2000

    items = [item for _, item in sorted(enumerate(operation.columns), key=place)]
    return ops.CreateTableOp(operation.table_name, items, schema=operation.schema, **operation.kw)


def offline():
    context.configure(url=os.environ["DATABASE_URL"], target_metadata=metadata, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, process_revision_directives=writer)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
