"""an enum that two tables share

Revision ID: 3c99
Revises: 2b7c
Create Date: 2024-03-01 12:30:00

"""
import enum

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "3c99"
down_revision = "2b7c"
branch_labels = None
depends_on = None


class Colour(enum.Enum):
    RED = "r"
    GREEN = "g"


colour = postgresql.ENUM(Colour, name="colour", create_type=False)


def upgrade():
    colour.create(op.get_bind(), checkfirst=True)
    op.create_table("cars", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("colour", colour, nullable=False))
    op.create_table(
        "bikes",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("colour", colour, server_default="RED"),
        sa.Column("gears", sa.Enum("few", "many", name="gears", native_enum=False, length=10)),
        sa.Column("bell", sa.Enum("ding", "dong", name="bell", native_enum=False, create_constraint=True)),
        sa.Column("lights", postgresql.ARRAY(colour), nullable=True),
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE account_kind ADD VALUE IF NOT EXISTS 'family'")


def downgrade():
    op.drop_table("bikes")
    op.drop_table("cars")
    colour.drop(op.get_bind(), checkfirst=True)
