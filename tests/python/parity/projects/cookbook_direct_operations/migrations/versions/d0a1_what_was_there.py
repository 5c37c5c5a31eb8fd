"""what was there"""

import sqlalchemy as sa
from alembic import op

revision = "d0a1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE foo (id integer NOT NULL PRIMARY KEY, old_data varchar(50), x integer); CREATE TABLE bar (data varchar(50))")


def downgrade():
    op.execute("DROP TABLE IF EXISTS foo, bar, bat, baz")
