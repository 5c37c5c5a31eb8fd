"""events"""

import sqlalchemy as sa
from alembic import op

revision = "a501"
down_revision = None


def upgrade():
    op.create_table("events", sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()")), sa.Column("body", sa.JSON))


def downgrade():
    op.drop_table("events")
