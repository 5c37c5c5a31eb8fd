"""people"""

import sqlalchemy as sa
from alembic import op

revision = "da01"
down_revision = None


def upgrade():
    people = op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False))
    op.bulk_insert(people, [{"name": "Ada Lovelace"}, {"name": "Grace Hopper"}])


def downgrade():
    op.drop_table("people")
