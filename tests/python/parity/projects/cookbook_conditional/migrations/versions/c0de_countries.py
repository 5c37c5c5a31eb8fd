"""countries"""

import sqlalchemy as sa
from alembic import context, op

revision = "c0de"
down_revision = None


countries = sa.table("countries", sa.column("code", sa.String), sa.column("name", sa.String))


def wants(what):
    return context.get_x_argument(as_dictionary=True).get(what) == "true"


def upgrade():
    upgrade_schema()
    if wants("data"):
        upgrade_data()


def downgrade():
    if wants("data"):
        downgrade_data()
    downgrade_schema()


def upgrade_schema():
    op.create_table("countries", sa.Column("code", sa.String(2), primary_key=True), sa.Column("name", sa.String(60)))
    op.create_table("audit", sa.Column("said", sa.Text))


def downgrade_schema():
    op.drop_table("countries")
    op.drop_table("audit")


def upgrade_data():
    op.bulk_insert(countries, [{"code": "at", "name": "Austria"}, {"code": "pe", "name": "Peru"}, {"code": "ke", "name": "Kenya"}])
    op.execute(sa.text("INSERT INTO audit VALUES (:said)").bindparams(said=repr(sorted(context.get_x_argument()))))


def downgrade_data():
    op.execute("DELETE FROM countries")
