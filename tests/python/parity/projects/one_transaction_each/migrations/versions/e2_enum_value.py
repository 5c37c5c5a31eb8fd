"""an enum and its table"""
import sqlalchemy as sa
from alembic import op

revision = "e2"
down_revision = "e1"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("jobs", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("state", sa.Enum("new", "done", name="job_state")))
    op.execute("ALTER TYPE job_state ADD VALUE 'failed'")


def downgrade():
    op.drop_table("jobs")
    op.execute("DROP TYPE IF EXISTS job_state")
