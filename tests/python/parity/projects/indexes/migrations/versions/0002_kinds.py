"""indexes of every kind

Revision ID: 0002
Revises: 0001
Create Date: 2022-01-02 00:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_live", "events", ["kind", "at"], unique=True, postgresql_where=sa.text("deleted_at IS NULL AND kind <> 'it''s'"))
    op.create_index("ix_where_expression", "events", ["at"], postgresql_where=sa.column("kind").in_(["a", "b"]))
    op.create_index("ix_body", "events", ["body"], postgresql_using="gin", postgresql_ops={"body": "jsonb_path_ops"})
    op.create_index("ix_words", "events", ["words"], postgresql_using="gin", postgresql_with={"fastupdate": "off"})
    op.create_index("ix_lower", "events", [sa.text("lower(key)")], unique=True)
    op.create_index("ix_path", "events", [sa.text("(body ->> 'user')"), "at"])
    op.create_index("ix_function", "events", [sa.func.upper(sa.column("kind"))])
    op.create_index("ix_order", "events", [sa.text("at DESC NULLS LAST"), "id"])
    op.create_index("ix_descending", "events", [sa.desc("at")])
    op.create_index("ix_include", "events", ["key"], postgresql_include=["kind"])
    op.create_index("ix_hash", "events", ["MixedCase"], postgresql_using="hash")
    op.create_index("IX_Mixed", "events", ["MixedCase"], postgresql_ops={"MixedCase": "text_pattern_ops"}, mysql_length=20)
    op.create_index("ix_kind_again", "events", ["kind"], if_not_exists=True)
    op.create_index("ix_kind_again", "events", ["kind"], if_not_exists=True)


def downgrade():
    op.drop_index("ix_kind_again", "events")
    op.drop_index("ix_kind_again", if_exists=True)
    op.drop_index("IX_Mixed", table_name="events", postgresql_ops={"MixedCase": "text_pattern_ops"})
    for name in ("hash", "include", "descending", "order", "function", "path", "lower", "words"):
        op.drop_index(f"ix_{name}", table_name="events")
    op.drop_index("ix_body", table_name="events", postgresql_using="gin")
    op.drop_index("ix_where_expression", table_name="events")
    op.drop_index("ix_live", table_name="events", postgresql_where=sa.text("deleted_at IS NULL"))
