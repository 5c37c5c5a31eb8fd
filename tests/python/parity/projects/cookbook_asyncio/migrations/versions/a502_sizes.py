"""sizes"""

import sqlalchemy as sa
from alembic import op

revision = "a502"
down_revision = "a501"


def upgrade():
    count = 2
    if not op.get_context().as_sql:
        count += op.get_bind().scalar(sa.text("SELECT count(*) FROM events WHERE body IS NULL AND :size > 1").bindparams(size=count))
    op.add_column("events", sa.Column("size", sa.Integer, server_default=str(count)))


def downgrade():
    op.drop_column("events", "size")
