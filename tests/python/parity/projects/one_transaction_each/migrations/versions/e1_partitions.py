"""a partitioned table"""
import sqlalchemy as sa
from alembic import op

revision = "e1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "readings",
        sa.Column("device", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Float()),
        sa.PrimaryKeyConstraint("device", "day"),
        postgresql_partition_by="RANGE (day)",
    )
    op.execute("CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
    op.create_table("parents", sa.Column("id", sa.Integer(), primary_key=True), postgresql_tablespace="pg_default")
    op.create_table("children", sa.Column("more", sa.Text()), postgresql_inherits="parents", prefixes=["UNLOGGED"])


def downgrade():
    op.drop_table("children")
    op.drop_table("parents")
    op.drop_table("readings")
