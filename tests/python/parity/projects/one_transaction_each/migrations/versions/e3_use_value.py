"""the enum's new value is used: only after the commit of the revision before"""
import sqlalchemy as sa
from alembic import op

revision = "e3"
down_revision = "e2"
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column("jobs", "state", server_default="failed", existing_type=sa.Enum("new", "done", "failed", name="job_state"))
    op.execute("INSERT INTO jobs (id) VALUES (1)")


def downgrade():
    op.execute("DELETE FROM jobs")
    op.alter_column("jobs", "state", server_default=None)
