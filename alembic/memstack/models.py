"""The tables of MemStack as its code sees them: users and tenants, their projects, the memories in these, background tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ENUM, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

MEMORY_VISIBILITY = ENUM("private", "project", "public", name="memory_visibility")
API_KEY_SCOPE = ENUM("read", "write", "admin", name="api_key_scope")


class Base(DeclarativeBase):
    """The root of the models; its metadata is what revisions are compared with."""

    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it as a plain class attribute
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        str: String(255),
    }


class Created:
    """A row that remembers when it was made."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(Created, Base):
    """A person who signs in."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email", name="uq_users_email"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    updated_at: Mapped[datetime | None]


class Plan(Base):
    """What a tenant pays for."""

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint("max_projects > 0", name="ck_plans_max_projects"),)

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    max_projects: Mapped[int]


class Tenant(Created, Base):
    """An organisation."""

    __tablename__ = "tenants"
    __table_args__ = (
        UniqueConstraint("slug", name="uq_tenants_slug"),
        Index("ix_tenants_owner_id", "owner_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(String(300))
    description: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[str] = mapped_column(String(36), ForeignKey("users.id", name="fk_tenants_owner_id"))
    plan: Mapped[str] = mapped_column(
        String(32), ForeignKey("plans.code", name="fk_tenants_plan", onupdate="CASCADE"), server_default="free"
    )
    updated_at: Mapped[datetime | None]


class Project(Created, Base):
    """A collection of memories of one tenant."""

    __tablename__ = "projects"
    __table_args__ = (Index("ix_projects_tenant_id", "tenant_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(36), ForeignKey("tenants.id", name="fk_projects_tenant_id", ondelete="CASCADE"))
    owner_id: Mapped[str] = mapped_column(String(36), ForeignKey("users.id", name="fk_projects_owner_id"))
    name: Mapped[str]
    description: Mapped[str | None] = mapped_column(Text)
    memory_rules: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    is_public: Mapped[bool] = mapped_column(server_default=text("false"))
    updated_at: Mapped[datetime | None]


class EntityType(Created, Base):
    """A kind of thing that memories speak of."""

    __tablename__ = "entity_types"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_entity_types_project_id_name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("projects.id", name="fk_entity_types_project_id", ondelete="CASCADE")
    )
    name: Mapped[str]
    description: Mapped[str | None] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))


class Memory(Created, Base):
    """A text that is remembered; ``task_id`` is the background task that works on it."""

    __tablename__ = "memories"
    __table_args__ = (
        Index("ix_memories_project_id", "project_id"),
        Index("ix_memories_task_id", "task_id"),
        Index(
            "ix_memories_unprocessed",
            "created_at",
            postgresql_where=text("processing_status <> 'completed'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    project_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("projects.id", name="fk_memories_project_id", ondelete="CASCADE")
    )
    author_id: Mapped[str] = mapped_column(String(36), ForeignKey("users.id", name="fk_memories_author_id"))
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    entities: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    visibility: Mapped[str] = mapped_column(MEMORY_VISIBILITY, server_default="project")
    processing_status: Mapped[str] = mapped_column(String(20), server_default="pending")
    task_id: Mapped[str | None] = mapped_column(String(36))
    updated_at: Mapped[datetime | None]


class TaskLog(Created, Base):
    """A background task and how far it is: what the server-sent events of the application tell."""

    __tablename__ = "task_logs"
    __table_args__ = (
        Index("ix_task_logs_group_id", "group_id"),
        Index("ix_task_logs_parent_task_id", "parent_task_id"),
        Index("ix_task_logs_running", "started_at", postgresql_where=text("completed_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    group_id: Mapped[str]
    name: Mapped[str]
    status: Mapped[str] = mapped_column(String(20), server_default="pending")
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    parent_task_id: Mapped[str | None] = mapped_column(
        String(36), ForeignKey("task_logs.id", name="fk_task_logs_parent_task_id", ondelete="SET NULL")
    )
    progress: Mapped[int] = mapped_column(Integer, server_default="0")
    result: Mapped[dict[str, Any] | None]
    message: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]


class UserProject(Created, Base):
    """Who may do what in a project."""

    __tablename__ = "user_projects"
    __table_args__ = (Index("ix_user_projects_project_id", "project_id"),)

    user_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("users.id", name="fk_user_projects_user_id", ondelete="CASCADE"), primary_key=True
    )
    project_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("projects.id", name="fk_user_projects_project_id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(20), server_default="member")


class UserTenant(Created, Base):
    """Who belongs to a tenant."""

    __tablename__ = "user_tenants"
    __table_args__ = (Index("ix_user_tenants_tenant_id", "tenant_id"),)

    user_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("users.id", name="fk_user_tenants_user_id", ondelete="CASCADE"), primary_key=True
    )
    tenant_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("tenants.id", name="fk_user_tenants_tenant_id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(20), server_default="member")


class ApiKey(Created, Base):
    """A secret with which a program acts for a user."""

    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
        Index("ix_api_keys_active", "user_id", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(36), ForeignKey("users.id", name="fk_api_keys_user_id", ondelete="CASCADE"))
    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(API_KEY_SCOPE, server_default="read")
    revoked_at: Mapped[datetime | None]
