"""accounts"""

import sqlalchemy as sa
from alembic import op

revision = "c5a1"
down_revision = None


def upgrade():
    op.create_table("accounts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.Text, nullable=False))


def downgrade():
    op.drop_table("accounts")
