"""postgresql types

Revision ID: 2b7c
Revises: 1f0a
Create Date: 2024-02-11 09:00:00

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2b7c"
down_revision = "1f0a"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True, start=100, increment=5), primary_key=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("meta", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column("loose", sa.JSON(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.String(length=40)), server_default="{}", nullable=False),
        sa.Column("matrix", sa.ARRAY(sa.Integer(), dimensions=2), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=True),
        sa.Column("origin", postgresql.INET(), nullable=True),
        sa.Column("network", postgresql.CIDR(), nullable=True),
        sa.Column("card", postgresql.MACADDR(), nullable=True),
        sa.Column("flags", postgresql.BIT(8), nullable=True),
        sa.Column("wider", postgresql.BIT(varying=True), nullable=True),
        sa.Column("raw", postgresql.BYTEA(), server_default=sa.text(r"'\x00ff'::bytea"), nullable=True),
        sa.Column("valid", postgresql.TSTZRANGE(), nullable=True),
        sa.Column("seats", postgresql.INT4RANGE(), nullable=True),
        sa.Column("pause", postgresql.INTERVAL(fields="DAY TO SECOND", precision=3), nullable=True),
        sa.Column("seen", postgresql.TIMESTAMP(timezone=True, precision=0), nullable=True),
        sa.Column("price", postgresql.MONEY(), nullable=True),
        sa.Column("title", sa.Text(), server_default="it's 100% \"untitled\"", nullable=False, comment="what it's called: 100%"),
        sa.Column("size", sa.Integer(), sa.Computed("length(title) * 2", persisted=True), nullable=True),
        sa.Column(
            "state",
            postgresql.ENUM("draft", "published", name="document_state"),
            server_default=sa.text("'draft'::document_state"),
            nullable=False,
        ),
        comment="Documents; it's where they are",
    )
    op.add_column("accounts", sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("accounts", sa.Column("home_id", sa.BigInteger(), sa.ForeignKey("documents.id", ondelete="SET NULL"), nullable=True))
    op.add_column("accounts", sa.Column("nickname", sa.VARCHAR(length=40, collation="C"), nullable=True, comment="short"))


def downgrade():
    op.drop_column("accounts", "nickname")
    op.drop_column("accounts", "home_id")
    op.drop_column("accounts", "settings")
    op.drop_table("documents")
    sa.Enum(name="document_state").drop(op.get_bind(), checkfirst=False)
