"""by op"""

import sqlalchemy as sa
from alembic import autogenerate, op

revision = "d0a2"
down_revision = "d0a1"


def models():
    metadata = sa.MetaData()
    sa.Table(
        "foo", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("data", sa.Integer), sa.Column("x", sa.Integer, nullable=False)
    )
    sa.Table("bat", metadata, sa.Column("info", sa.String(100), index=True))
    return metadata


def invoke_all(operations, element):
    if hasattr(element, "ops"):
        for inner in element.ops:
            invoke_all(operations, inner)
    else:
        operations.invoke(element)


def upgrade():
    if not op.get_context().as_sql:
        invoke_all(op, autogenerate.produce_migrations(op.get_context(), models()).upgrade_ops)


def downgrade():
    pass
