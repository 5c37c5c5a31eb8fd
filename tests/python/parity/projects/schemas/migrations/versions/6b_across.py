"""changes in schemas and across them

Revision ID: 6b
Revises: 5a
Create Date: 2024-05-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "6b"
down_revision = "5a"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("audit", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("user_id", sa.Integer()))
    op.create_foreign_key("fk_audit_user", "audit", "users", ["user_id"], ["id"], referent_schema="auth", ondelete="SET NULL")
    op.add_column("users", sa.Column("phone", sa.String(30), nullable=True), schema="auth")
    op.add_column("Posts", sa.Column("editor_id", sa.Integer(), nullable=True), schema="Odd Name")
    op.create_foreign_key(
        "fk_posts_editor", "Posts", "users", ["editor_id"], ["id"], source_schema="Odd Name", referent_schema="auth"
    )
    op.create_unique_constraint("uq_users_phone", "users", ["phone"], schema="auth")
    op.create_check_constraint("ck_users_phone", "users", "phone ~ '^[+0-9]+$'", schema="auth")
    op.alter_column("users", "email", existing_type=sa.String(100), nullable=False, schema="auth")
    op.alter_column("Posts", "select", new_column_name="Select Text", schema="Odd Name")
    op.rename_table("users", "people", schema="auth")
    with op.batch_alter_table("people", schema="auth") as batch_op:
        batch_op.add_column(sa.Column("age", sa.SmallInteger(), nullable=True))
        batch_op.create_index("ix_people_age", ["age"])


def downgrade():
    with op.batch_alter_table("people", schema="auth") as batch_op:
        batch_op.drop_index("ix_people_age")
        batch_op.drop_column("age")
    op.rename_table("people", "users", schema="auth")
    op.alter_column("Posts", "Select Text", new_column_name="select", schema="Odd Name")
    op.alter_column("users", "email", existing_type=sa.String(100), nullable=True, schema="auth")
    op.drop_constraint("ck_users_phone", "users", type_="check", schema="auth")
    op.drop_constraint("uq_users_phone", "users", type_="unique", schema="auth")
    op.drop_constraint("fk_posts_editor", "Posts", schema="Odd Name", type_="foreignkey")
    op.drop_column("Posts", "editor_id", schema="Odd Name")
    op.drop_column("users", "phone", schema="auth")
    op.drop_table("audit")
