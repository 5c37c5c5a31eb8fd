"""after the move"""

import sqlalchemy as sa
from alembic import op

revision = "da03"
down_revision = "da02"


def upgrade():
    op.execute("UPDATE people SET given_name = 'nobody' WHERE given_name IS NULL")
    op.alter_column("people", "given_name", nullable=False)
    op.drop_column("people", "name")


def downgrade():
    op.add_column("people", sa.Column("name", sa.String))
    op.execute("UPDATE people SET name = concat_ws(' ', given_name, family_name)")
    op.alter_column("people", "name", nullable=False)
    op.alter_column("people", "given_name", nullable=True)
