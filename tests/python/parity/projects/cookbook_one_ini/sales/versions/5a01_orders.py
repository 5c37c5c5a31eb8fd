"""orders"""

import sqlalchemy as sa
from alembic import op

revision = "5a01"
down_revision = None


def upgrade(section="--sql"):
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), comment=f"made by the section {section}")


def downgrade(section):
    op.drop_table("orders")
