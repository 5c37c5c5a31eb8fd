"""authors the earliest that is kept"""

import sqlalchemy as sa
from alembic import op

revision = "5c01"
down_revision = None


# What came before is on every database and was deleted.


def upgrade():
    op.create_table(
        "authors", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(80), nullable=False), sa.PrimaryKeyConstraint("id")
    )


def downgrade():
    op.drop_table("authors")
