"""a table with indexes by column flags

Revision ID: 0001
Revises:
Create Date: 2022-01-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), index=True),
        sa.Column("key", sa.String(20), unique=True, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("body", JSONB),
        sa.Column("words", TSVECTOR),
        sa.Column("MixedCase", sa.Text),
        sa.Index("ix_events_at_kind", "at", "kind"),
    )
    op.create_index(op.f("ix_events_deleted_at"), "events", ["deleted_at"], unique=False)


def downgrade():
    op.drop_index(op.f("ix_events_deleted_at"), table_name="events")
    op.drop_table("events")
