"""columns to move to"""

import sqlalchemy as sa
from alembic import op

revision = "da02"
down_revision = "da01"


def upgrade():
    op.add_column("people", sa.Column("given_name", sa.String))
    op.add_column("people", sa.Column("family_name", sa.String))


def downgrade():
    op.drop_column("people", "family_name")
    op.drop_column("people", "given_name")
