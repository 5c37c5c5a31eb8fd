"""tables in schemas

Revision ID: 5a
Revises:
Create Date: 2024-04-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateSchema

revision = "5a"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE SCHEMA IF NOT EXISTS auth")
    op.execute(CreateSchema("Odd Name"))
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("role", sa.Enum("admin", "user", name="role", schema="auth"), nullable=False, server_default="user"),
        sa.Column("mood", postgresql.ENUM("good", "bad", name="mood", schema="Odd Name")),
        sa.Column("email", sa.String(100), unique=True),
        schema="auth",
    )
    op.create_table(
        "Posts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("auth.users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("select", sa.Text(), comment="a reserved word"),
        schema="Odd Name",
        comment="Posts",
    )
    op.create_index("ix_posts_author", "Posts", ["author_id"], schema="Odd Name")
    op.create_index(op.f("ix_auth_users_role"), "users", ["role"], schema="auth", postgresql_where=sa.text("role = 'admin'"))


def downgrade():
    op.drop_index(op.f("ix_auth_users_role"), table_name="users", schema="auth")
    op.drop_index("ix_posts_author", table_name="Posts", schema="Odd Name")
    op.drop_table("Posts", schema="Odd Name")
    op.drop_table("users", schema="auth")
    op.execute("DROP TYPE auth.role")
    op.execute('DROP TYPE "Odd Name".mood')
    op.execute('DROP SCHEMA "Odd Name"')
    op.execute("DROP SCHEMA auth")
