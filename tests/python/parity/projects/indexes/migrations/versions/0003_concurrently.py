"""indexes made beside the running application

Revision ID: 0003
Revises: 0002
Create Date: 2022-01-03 00:00:00

"""
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.create_index("ix_beside", "events", ["at", "id"], postgresql_concurrently=True, if_not_exists=True)
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_by_hand ON events (id, at)")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_by_hand")
        op.drop_index("ix_beside", table_name="events", postgresql_concurrently=True, if_exists=True)
