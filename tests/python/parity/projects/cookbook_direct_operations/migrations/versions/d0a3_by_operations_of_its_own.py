"""by operations of its own"""

import sqlalchemy as sa
from alembic import autogenerate, op
from alembic.migration import MigrationContext
from alembic.operations import Operations

revision = "d0a3"
down_revision = "d0a2"


def models():
    metadata = sa.MetaData()
    sa.Table(
        "foo", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("data", sa.Integer), sa.Column("x", sa.Integer, nullable=False)
    )
    sa.Table("baz", metadata, sa.Column("info", sa.String(100), index=True))
    return metadata


def invoke_all(operations, element):
    if hasattr(element, "ops"):
        for inner in element.ops:
            invoke_all(operations, inner)
    else:
        operations.invoke(element)


def upgrade():
    if not op.get_context().as_sql:
        own = MigrationContext.configure(op.get_bind())
        invoke_all(Operations(own), autogenerate.produce_migrations(own, models()).upgrade_ops)


def downgrade():
    pass
