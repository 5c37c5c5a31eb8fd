"""start

Revision ID: 001
Revises:
Create Date: 2021-01-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(50)),
        sa.Column("age", sa.String(10), server_default="0"),
        sa.Column("note", sa.Text(), comment="a note"),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=True, server_default=sa.func.now()),
    )


def downgrade():
    op.drop_table("people")
