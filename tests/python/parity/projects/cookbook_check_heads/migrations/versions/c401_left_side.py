"""left side"""

import sqlalchemy as sa
from alembic import op

revision = "c401"
down_revision = None


branch_labels = "left"


def upgrade():
    op.create_table("left_side", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("left_side")
