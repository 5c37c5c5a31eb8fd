"""columns that are missing"""

import sqlalchemy as sa
from alembic import op

revision = "7e02"
down_revision = "7e01"


def upgrade():
    inspector = sa.inspect(op.get_bind())
    tables = ", ".join(sorted(inspector.get_table_names()))
    op.execute(f"COMMENT ON TABLE documents IS 'in {inspector.default_schema_name}: {tables}'")
    if "note" not in {column["name"] for column in inspector.get_columns("documents")}:
        op.add_column("documents", sa.Column("note", sa.Text))


def downgrade():
    op.drop_column("documents", "note")
    op.drop_table_comment("documents")
