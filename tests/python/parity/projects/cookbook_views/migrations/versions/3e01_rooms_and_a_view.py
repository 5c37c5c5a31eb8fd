"""rooms and a view"""

import sqlalchemy as sa
from alembic import op

revision = "3e01"
down_revision = None


def upgrade():
    op.create_table(
        "rooms", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(length=40), nullable=True), sa.PrimaryKeyConstraint("id")
    )
    op.execute("CREATE VIEW named_rooms AS SELECT id FROM rooms WHERE name IS NOT NULL")


def downgrade():
    op.execute("DROP VIEW named_rooms")
    op.drop_table("rooms")
