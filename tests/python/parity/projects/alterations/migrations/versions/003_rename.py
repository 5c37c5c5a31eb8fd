"""columns and tables come, go and are renamed

Revision ID: 003
Revises: 002
Create Date: 2021-03-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade():
    op.rename_table("people", "persons")
    op.add_column("persons", sa.Column("email", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("persons", sa.Column("boss_id", sa.Integer(), sa.ForeignKey("persons.id", name="fk_boss"), index=True))
    op.add_column("persons", sa.Column("code", sa.String(8), unique=True))
    op.add_column("persons", sa.Column("double", sa.Integer(), sa.Computed("age * 2")))
    op.add_column("persons", sa.Column("serial", sa.BigInteger(), sa.Identity(), nullable=False))
    op.create_table_comment("persons", "was \"people\"; it's 'persons' now")
    op.alter_column("persons", "email", server_default=None)
    op.drop_column("persons", "note")


def downgrade():
    op.add_column("persons", sa.Column("note", sa.Text(), server_default="it's \"empty\": 100%", nullable=False))
    op.drop_table_comment("persons", existing_comment="was \"people\"; it's 'persons' now")
    for name in ("serial", "double", "code", "boss_id", "email"):
        op.drop_column("persons", name)
    op.rename_table("persons", "people")
