"""rooms and pictures"""

import sqlalchemy as sa
from alembic import op

revision = "d101"
down_revision = None


def upgrade():
    op.create_table("rooms", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("pictures", sa.Column("id", sa.Integer, primary_key=True), sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id"), index=True))


def downgrade():
    op.drop_table("pictures")
    op.drop_table("rooms")
