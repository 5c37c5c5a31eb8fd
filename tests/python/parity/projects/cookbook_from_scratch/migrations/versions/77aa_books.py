"""books"""

import sqlalchemy as sa
from alembic import op

revision = "77aa"
down_revision = "5c01"


def upgrade():
    op.create_table(
        "books",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_books_author"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_books_title"), "books", ["title"])


def downgrade():
    op.drop_index(op.f("ix_books_title"), table_name="books")
    op.drop_table("books")
