"""email"""

import sqlalchemy as sa
from alembic import op

revision = "0a13"
down_revision = "0a12"


def upgrade():
    op.add_column("customers", sa.Column("email", sa.String))


def downgrade():
    op.drop_column("customers", "email")
