"""shop: what needs both branches"""
import sqlalchemy as sa
from alembic import op

revision = "aftr1"
down_revision = "merge1"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("customer_id", sa.Integer(), nullable=True))
    op.create_foreign_key("fk_orders_customers", "orders", "customers", ["customer_id"], ["id"])


def downgrade():
    op.drop_constraint("fk_orders_customers", "orders", type_="foreignkey")
    op.drop_column("orders", "customer_id")
