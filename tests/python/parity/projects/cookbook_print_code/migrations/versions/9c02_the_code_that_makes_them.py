"""the code that makes them"""

import sqlalchemy as sa
from alembic import autogenerate, op
from alembic.operations import ops

revision = "9c02"
down_revision = "9c01"


def code(bind):
    tables = sa.MetaData()
    tables.reflect(bind, only=["users", "properties"])
    made = [ops.CreateTableOp.from_table(table) for table in tables.sorted_tables]
    made += [ops.CreateIndexOp.from_index(index) for table in tables.sorted_tables for index in sorted(table.indexes, key=str)]
    return autogenerate.render_python_code(ops.UpgradeOps(ops=made))


def upgrade():
    printed = op.create_table("printed", sa.Column("code", sa.Text))
    # Without a connection there is nothing to reflect.
    if not op.get_context().as_sql:
        op.bulk_insert(printed, [{"code": code(op.get_bind())}])


def downgrade():
    op.drop_table("printed")
