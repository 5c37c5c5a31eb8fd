"""customers"""

import sqlalchemy as sa
from alembic import op

revision = "0a11"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("name", sa.String), sa.Column("orders", sa.Integer))


def downgrade():
    op.drop_table("customers")
