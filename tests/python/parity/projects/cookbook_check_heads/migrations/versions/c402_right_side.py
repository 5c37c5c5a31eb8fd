"""right side"""

import sqlalchemy as sa
from alembic import op

revision = "c402"
down_revision = None


branch_labels = "right"


def upgrade():
    op.create_table("right_side", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("right_side")
