"""releases"""

import sqlalchemy as sa
from alembic import context, op

revision = "0d01"
down_revision = None


def upgrade():
    comment = context.get_x_argument(as_dictionary=True).get("comment")
    op.create_table("releases", sa.Column("id", sa.Integer, primary_key=True), comment=comment)


def downgrade():
    op.drop_table("releases")
