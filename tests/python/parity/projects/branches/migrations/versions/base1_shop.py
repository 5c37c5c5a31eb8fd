"""shop: orders"""
import sqlalchemy as sa
from alembic import op

revision = "base1"
down_revision = None
branch_labels = ("shop",)
depends_on = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("orders")
