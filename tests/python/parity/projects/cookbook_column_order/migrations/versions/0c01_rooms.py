"""rooms"""

import sqlalchemy as sa
from alembic import op

revision = "0c01"
down_revision = None


def upgrade():
    op.create_table(
        "rooms", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(length=40), nullable=True), sa.PrimaryKeyConstraint("id")
    )


def downgrade():
    op.drop_table("rooms")
