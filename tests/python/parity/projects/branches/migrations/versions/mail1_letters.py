"""mail: a history of its own"""
import sqlalchemy as sa
from alembic import op

revision = "mail1"
down_revision = None
branch_labels = "mail"
depends_on = None


def upgrade():
    op.create_table("letters", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("letters")
