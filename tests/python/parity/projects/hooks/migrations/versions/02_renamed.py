"""an operation that the project implements itself"""
import sqlalchemy as sa
from alembic import op

revision = "02"
down_revision = "01"
branch_labels = None
depends_on = None


def upgrade():
    op.rename_table("herds", "flocks")
    op.bulk_insert(sa.table("flocks", sa.column("animal_id", sa.Integer)), [{"animal_id": 1}, {"animal_id": 2}])


def downgrade():
    op.rename_table("flocks", "herds")
