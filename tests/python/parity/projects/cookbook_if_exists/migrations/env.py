import os

from alembic import context
from alembic.autogenerate import rewriter
from alembic.operations import ops
from museum_models import metadata
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

writer = rewriter.Rewriter()


@writer.rewrites(ops.CreateTableOp)
@writer.rewrites(ops.CreateIndexOp)
@writer.rewrites(ops.AddColumnOp)
def unless_it_is_there(_context, _revision, operation):
    operation.if_not_exists = True
    return operation


@writer.rewrites(ops.DropTableOp)
@writer.rewrites(ops.DropIndexOp)
@writer.rewrites(ops.DropColumnOp)
def if_it_is_there(_context, _revision, operation):
    operation.if_exists = True
    return operation


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
