"""columns altered in every way

Revision ID: 002
Revises: 001
Create Date: 2021-02-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE people SET name = '' WHERE name IS NULL")
    op.alter_column("people", "name", existing_type=sa.String(50), type_=sa.String(200), nullable=False)
    op.alter_column("people", "age", server_default=None)
    op.alter_column("people", "age", existing_type=sa.String(10), type_=sa.Integer(), postgresql_using="age::integer")
    op.alter_column("people", "age", existing_type=sa.Integer(), server_default=sa.text("18"), existing_nullable=True)
    op.alter_column("people", "note", existing_type=sa.Text(), comment=None, existing_comment="a note")
    op.alter_column("people", "note", existing_type=sa.Text(), server_default="it's \"empty\": 100%", nullable=False)
    op.alter_column("people", "order", new_column_name="Position", existing_type=sa.Integer())
    op.alter_column("people", "seen", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True), existing_server_default=sa.func.now())
    op.alter_column("people", column_name="seen", comment="when, in 'UTC'")


def downgrade():
    op.alter_column("people", "seen", comment=None, existing_comment="when, in 'UTC'")
    op.alter_column("people", "seen", type_=sa.DateTime())
    op.alter_column("people", "Position", new_column_name="order")
    op.alter_column("people", "note", server_default=None, nullable=True, existing_type=sa.Text())
    op.alter_column("people", "note", comment="a note")
    op.alter_column("people", "age", server_default=None)
    op.alter_column("people", "age", type_=sa.String(10))
    op.alter_column("people", "age", server_default="0")
    op.alter_column("people", "name", type_=sa.String(50), nullable=True)
