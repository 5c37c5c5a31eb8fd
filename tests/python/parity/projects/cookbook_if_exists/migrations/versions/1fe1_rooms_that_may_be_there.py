"""rooms that may be there"""

import sqlalchemy as sa
from alembic import op

revision = "1fe1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE rooms (id serial PRIMARY KEY)")
    op.create_table("rooms", sa.Column("never", sa.Text), if_not_exists=True)
    op.create_index("ix_rooms", "rooms", ["id"], if_not_exists=True)
    op.create_index("ix_rooms", "rooms", ["id"], if_not_exists=True)


def downgrade():
    op.drop_index("ix_rooms", table_name="rooms", if_exists=True)
    op.drop_index("ix_rooms", table_name="rooms", if_exists=True)
    op.drop_table("rooms", if_exists=True)
    op.drop_table("rooms", if_exists=True)
