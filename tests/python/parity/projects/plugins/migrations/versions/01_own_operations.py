"""operations that the project registers"""
import sqlalchemy as sa
from alembic import op

import sequences

revision = "01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    made = op.create_sequence("numbers", start=7)
    assert made == "numbers"
    op.create_table(
        "books",
        sa.Column("id", sa.Integer(), server_default=sa.text(f"nextval('{made}')"), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("mood", sa.Enum("calm", "loud", "50%", name="mood"), server_default="50%", nullable=False, index=True),
        sa.Column("moods", sa.ARRAY(sa.Enum("calm", "loud", "50%", name="mood", create_type=False)), nullable=True),
    )
    with op.batch_alter_table("books") as batch_op:
        batch_op.add_column(sa.Column("shelf", sa.Integer(), nullable=True))
        batch_op.create_sequence("shelves")
    op.execute("INSERT INTO books (title, mood, moods) VALUES ('100%', 'calm', '{loud,50%}'), ('b: c', DEFAULT, NULL)")


def downgrade():
    op.drop_table("books")
    op.drop_sequence("books_shelves")
    op.drop_sequence("numbers")
    op.execute("DROP TYPE mood")
