"""shop: customers, on the left branch"""
import sqlalchemy as sa
from alembic import op

revision = "left1"
down_revision = "base1"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("customers")
