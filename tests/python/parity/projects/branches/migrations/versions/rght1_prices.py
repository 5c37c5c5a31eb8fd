"""shop: prices, on the right branch"""
import sqlalchemy as sa
from alembic import op

revision = "rght1"
down_revision = "base1"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("price", sa.Numeric(8, 2), nullable=True))


def downgrade():
    op.drop_column("orders", "price")
