"""documents"""

import sqlalchemy as sa
from alembic import op

revision = "7e01"
down_revision = None


def upgrade():
    op.create_table("documents", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.Enum("draft", "sent", name="state")))
    op.create_index("ix_documents_state", "documents", ["state"])


def downgrade():
    op.drop_table("documents")
    op.execute("DROP TYPE state")
