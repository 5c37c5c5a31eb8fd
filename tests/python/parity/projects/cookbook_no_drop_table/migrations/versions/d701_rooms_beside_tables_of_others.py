"""rooms beside tables of others"""

import sqlalchemy as sa
from alembic import op

revision = "d701"
down_revision = None


def upgrade():
    op.create_table("of_somebody_else", sa.Column("x", sa.Text))
    op.create_table(
        "rooms", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(length=40), nullable=True), sa.PrimaryKeyConstraint("id")
    )


def downgrade():
    op.drop_table("of_somebody_else")
    op.drop_table("rooms")
