"""mail: invoices, which need the shop's merge"""
import sqlalchemy as sa
from alembic import op

revision = "mail2"
down_revision = "mail1"
branch_labels = None
depends_on = ("merge1",)


def upgrade():
    op.add_column("letters", sa.Column("order_id", sa.Integer(), sa.ForeignKey("orders.id", ondelete="CASCADE")))


def downgrade():
    op.drop_column("letters", "order_id")
