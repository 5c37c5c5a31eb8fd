"""one account per email"""

import sqlalchemy as sa
from alembic import op

revision = "c5a2"
down_revision = "c5a1"


def upgrade():
    op.create_unique_constraint("uq_accounts_email", "accounts", ["email"])


def downgrade():
    op.drop_constraint("uq_accounts_email", "accounts", type_="unique")
