"""plans and tenant slugs

Revision ID: 003
Revises: 002
Create Date: 2025-03-17 14:30:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "003"
down_revision: str | tuple[str, ...] | None = "002"
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None

# The tables as they are in this revision: the application's models move on.
TENANTS = sa.table(
    "tenants",
    sa.column("id", sa.String),
    sa.column("name", sa.String),
    sa.column("slug", sa.String),
    sa.column("plan", sa.String),
)


def upgrade() -> None:
    plans = op.create_table(
        "plans",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("max_projects", sa.Integer(), nullable=False),
        sa.CheckConstraint("max_projects > 0", name="ck_plans_max_projects"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.bulk_insert(
        plans,
        [
            {"code": "free", "name": "Free", "max_projects": 3},
            {"code": "team", "name": "Team", "max_projects": 50},
            {"code": "enterprise", "name": 'Enterprise: "we\'ll call"', "max_projects": 10000},
        ],
    )

    op.add_column("tenants", sa.Column("slug", sa.String(length=300), nullable=True))
    op.execute(
        TENANTS.update().values(
            slug=sa.func.lower(sa.func.regexp_replace(TENANTS.c.name, "[^[:alnum:]]+", "-", "g"))
            + "-"
            + sa.func.left(TENANTS.c.id, 8)
        )
    )
    op.execute(
        TENANTS.update()
        .where(sa.or_(TENANTS.c.plan.is_(None), TENANTS.c.plan.not_in(["free", "team", "enterprise"])))
        .values(plan=op.inline_literal("free"))
    )

    with op.batch_alter_table("tenants") as batch_op:
        batch_op.alter_column("slug", existing_type=sa.String(length=300), nullable=False)
        batch_op.alter_column(
            "plan",
            existing_type=sa.String(length=255),
            type_=sa.String(length=32),
            existing_server_default="free",
            nullable=False,
        )
        batch_op.create_unique_constraint("uq_tenants_slug", ["slug"])
        batch_op.create_foreign_key("fk_tenants_plan", "plans", ["plan"], ["code"], onupdate="CASCADE")


def downgrade() -> None:
    with op.batch_alter_table("tenants") as batch_op:
        batch_op.drop_constraint("fk_tenants_plan", type_="foreignkey")
        batch_op.drop_constraint("uq_tenants_slug", type_="unique")
        batch_op.alter_column(
            "plan",
            existing_type=sa.String(length=32),
            type_=sa.String(length=255),
            existing_server_default="free",
            nullable=True,
        )
        batch_op.drop_column("slug")

    op.drop_table("plans")
