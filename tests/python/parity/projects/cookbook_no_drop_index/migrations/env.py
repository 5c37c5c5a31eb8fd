import os

from alembic import context
from alembic.operations import ops
from museum_models import metadata
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool


def without_needless_drops(_context, _revision, directives):
    for side in (directives[0].upgrade_ops, directives[0].downgrade_ops):
        dropped = {(step.table_name, step.schema) for step in side.ops if isinstance(step, ops.DropTableOp)}
        side.ops = list(kept(side.ops, dropped))


def kept(steps, dropped):
    for step in steps:
        concerned = (getattr(step, "table_name", None), getattr(step, "schema", None)) in dropped
        if concerned and isinstance(step, ops.DropIndexOp):
            continue
        if concerned and isinstance(step, ops.ModifyTableOps):
            step.ops = list(kept(step.ops, dropped))
            if not step.ops:
                continue
        yield step


def offline():
    context.configure(url=os.environ["DATABASE_URL"], target_metadata=metadata, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, process_revision_directives=without_needless_drops)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
