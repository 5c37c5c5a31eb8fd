"""initial schema with sse

Revision ID: 001
Revises:
Create Date: 2024-12-31 17:00:00
"""

from __future__ import annotations

from alembic import op

revision: str = "001"
down_revision: str | tuple[str, ...] | None = None
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None

# IF NOT EXISTS throughout: early installations made these tables from the models, before there were revisions.
TABLES = (
    """
    CREATE TABLE IF NOT EXISTS users (
        id VARCHAR(36) PRIMARY KEY,
        email VARCHAR(255) NOT NULL,
        name VARCHAR(255) NOT NULL,
        password_hash VARCHAR(255) NOT NULL,
        is_active BOOLEAN NOT NULL DEFAULT true,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        updated_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT uq_users_email UNIQUE (email)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS tenants (
        id VARCHAR(36) PRIMARY KEY,
        name VARCHAR(255) NOT NULL,
        description TEXT,
        owner_id VARCHAR(36) NOT NULL CONSTRAINT fk_tenants_owner_id REFERENCES users (id),
        plan VARCHAR(255) DEFAULT 'free',
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        updated_at TIMESTAMP WITH TIME ZONE
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS projects (
        id VARCHAR(36) PRIMARY KEY,
        tenant_id VARCHAR(36) NOT NULL CONSTRAINT fk_projects_tenant_id REFERENCES tenants (id) ON DELETE CASCADE,
        owner_id VARCHAR(36) NOT NULL CONSTRAINT fk_projects_owner_id REFERENCES users (id),
        name VARCHAR(255) NOT NULL,
        description TEXT,
        memory_rules JSONB NOT NULL DEFAULT '{}'::jsonb,
        is_public BOOLEAN NOT NULL DEFAULT false,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        updated_at TIMESTAMP WITH TIME ZONE
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS entity_types (
        id VARCHAR(36) PRIMARY KEY,
        project_id VARCHAR(36) NOT NULL CONSTRAINT fk_entity_types_project_id REFERENCES projects (id) ON DELETE CASCADE,
        name VARCHAR(255) NOT NULL,
        description TEXT,
        attributes JSONB NOT NULL DEFAULT '{}'::jsonb,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        CONSTRAINT uq_entity_types_project_id_name UNIQUE (project_id, name)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS memories (
        id VARCHAR(36) PRIMARY KEY,
        project_id VARCHAR(36) NOT NULL CONSTRAINT fk_memories_project_id REFERENCES projects (id) ON DELETE CASCADE,
        author_id VARCHAR(36) NOT NULL CONSTRAINT fk_memories_author_id REFERENCES users (id),
        title VARCHAR(255) NOT NULL,
        content TEXT NOT NULL,
        tags TEXT[] NOT NULL DEFAULT '{}',
        entities JSONB NOT NULL DEFAULT '{}'::jsonb,
        status VARCHAR(20) NOT NULL DEFAULT 'pending',
        task_id VARCHAR(36),
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        updated_at TIMESTAMP WITH TIME ZONE
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS task_logs (
        id VARCHAR(36) PRIMARY KEY,
        group_id VARCHAR(255) NOT NULL,
        name VARCHAR(255) NOT NULL,
        status VARCHAR(20) NOT NULL DEFAULT 'pending',
        payload JSONB NOT NULL DEFAULT '{}'::jsonb,
        parent_task_id VARCHAR(36),
        progress INTEGER NOT NULL DEFAULT 0,
        result JSONB,
        message TEXT,
        error TEXT,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        started_at TIMESTAMP WITH TIME ZONE,
        completed_at TIMESTAMP WITH TIME ZONE
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS user_projects (
        user_id VARCHAR(36) NOT NULL CONSTRAINT fk_user_projects_user_id REFERENCES users (id) ON DELETE CASCADE,
        project_id VARCHAR(36) NOT NULL CONSTRAINT fk_user_projects_project_id REFERENCES projects (id) ON DELETE CASCADE,
        role VARCHAR(20) NOT NULL DEFAULT 'member',
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, project_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS user_tenants (
        user_id VARCHAR(36) NOT NULL CONSTRAINT fk_user_tenants_user_id REFERENCES users (id) ON DELETE CASCADE,
        tenant_id VARCHAR(36) NOT NULL CONSTRAINT fk_user_tenants_tenant_id REFERENCES tenants (id) ON DELETE CASCADE,
        role VARCHAR(20) NOT NULL DEFAULT 'member',
        created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, tenant_id)
    )
    """,
)

INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_tenants_owner_id ON tenants (owner_id)",
    "CREATE INDEX IF NOT EXISTS ix_projects_tenant_id ON projects (tenant_id)",
    "CREATE INDEX IF NOT EXISTS ix_memories_project_id ON memories (project_id)",
    "CREATE INDEX IF NOT EXISTS ix_memories_task_id ON memories (task_id)",
    "CREATE INDEX IF NOT EXISTS ix_task_logs_group_id ON task_logs (group_id)",
    "CREATE INDEX IF NOT EXISTS ix_task_logs_status ON task_logs (status)",
    "CREATE INDEX IF NOT EXISTS ix_user_projects_project_id ON user_projects (project_id)",
    "CREATE INDEX IF NOT EXISTS ix_user_tenants_tenant_id ON user_tenants (tenant_id)",
)


def upgrade() -> None:
    for statement in TABLES + INDEXES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS user_tenants")
    op.execute("DROP TABLE IF EXISTS user_projects")
    op.execute("DROP TABLE IF EXISTS task_logs")
    op.execute("DROP TABLE IF EXISTS memories")
    op.execute("DROP TABLE IF EXISTS entity_types")
    op.execute("DROP TABLE IF EXISTS projects")
    op.execute("DROP TABLE IF EXISTS tenants")
    op.execute("DROP TABLE IF EXISTS users")
