"""api keys and visibility

Revision ID: 002
Revises: 001
Create Date: 2025-02-03 09:15:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "002"
down_revision: str | tuple[str, ...] | None = "001"
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("read", "write", "admin", name="api_key_scope"),
            server_default="read",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_api_keys_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
    )
    op.create_index("ix_api_keys_active", "api_keys", ["user_id"], postgresql_where=sa.text("revoked_at IS NULL"))

    op.execute("CREATE TYPE memory_visibility AS ENUM ('private', 'project', 'public')")
    op.add_column(
        "memories",
        sa.Column(
            "visibility",
            postgresql.ENUM("private", "project", "public", name="memory_visibility", create_type=False),
            server_default="project",
            nullable=False,
        ),
    )
    op.alter_column("memories", "title", existing_type=sa.String(length=255), type_=sa.Text(), existing_nullable=False)
    op.alter_column(
        "memories",
        "status",
        new_column_name="processing_status",
        existing_type=sa.String(length=20),
        existing_server_default="pending",
        existing_nullable=False,
    )
    op.create_index(
        "ix_memories_unprocessed",
        "memories",
        ["created_at"],
        postgresql_where=sa.text("processing_status <> 'completed'"),
    )

    op.create_foreign_key(
        "fk_task_logs_parent_task_id", "task_logs", "task_logs", ["parent_task_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index("ix_task_logs_parent_task_id", "task_logs", ["parent_task_id"], unique=False)
    op.drop_index("ix_task_logs_status", table_name="task_logs")
    op.create_index("ix_task_logs_running", "task_logs", ["started_at"], postgresql_where=sa.text("completed_at IS NULL"))


def downgrade() -> None:
    op.drop_index("ix_task_logs_running", table_name="task_logs")
    op.create_index("ix_task_logs_status", "task_logs", ["status"], unique=False)
    op.drop_index("ix_task_logs_parent_task_id", table_name="task_logs")
    op.drop_constraint("fk_task_logs_parent_task_id", "task_logs", type_="foreignkey")

    op.drop_index("ix_memories_unprocessed", table_name="memories")
    op.alter_column("memories", "processing_status", new_column_name="status")
    op.alter_column(
        "memories",
        "title",
        existing_type=sa.Text(),
        type_=sa.String(length=255),
        existing_nullable=False,
        postgresql_using="left(title, 255)",
    )
    op.drop_column("memories", "visibility")
    op.execute("DROP TYPE memory_visibility")

    op.drop_index("ix_api_keys_active", table_name="api_keys", postgresql_where=sa.text("revoked_at IS NULL"))
    op.drop_table("api_keys")
    op.execute("DROP TYPE api_key_scope")
