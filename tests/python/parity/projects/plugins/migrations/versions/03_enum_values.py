"""values of an enum, by alembic-postgresql-enum"""
import sqlalchemy as sa
from alembic import op
from alembic_postgresql_enum import ColumnType, TableReference

revision = "03"
down_revision = "02"
branch_labels = None
depends_on = None

COLUMNS = [
    TableReference(table_schema="public", table_name="books", column_name="mood", existing_server_default="'50%'::mood"),
    TableReference(table_schema="public", table_name="books", column_name="moods", column_type=ColumnType.ARRAY),
]


def upgrade():
    op.execute("DROP MATERIALIZED VIEW moods")
    op.sync_enum_values(
        enum_schema="public",
        enum_name="mood",
        new_values=["calm", "wild", "half: 50%", "loud"],
        affected_columns=COLUMNS,
        enum_values_to_rename=[("50%", "half: 50%")],
    )
    rows = op.get_bind().execute(sa.text("SELECT mood::text FROM books ORDER BY id")).scalars().all()
    assert rows == ["calm", "half: 50%", "half: 50%"]
    # The columns as (table, column), whose default the plugin reads itself.
    op.sync_enum_values("public", "mood", ["calm", "half", "loud"], [("books", "mood"), ("books", "moods", ColumnType.ARRAY)], [("half: 50%", "half")])
    with op.get_bind().begin_nested() as savepoint:
        try:
            op.sync_enum_values("public", "mood", ["loud"], [("books", "mood"), ("books", "moods", ColumnType.ARRAY)])
        except ValueError as error:
            assert error.__cause__.orig.sqlstate == "22P02"
            savepoint.rollback()
        else:
            raise AssertionError("rows hold the values that went")


def downgrade():
    op.sync_enum_values(
        "public",
        "mood",
        ["calm", "loud", "50%"],
        [("books", "mood"), ("books", "moods", ColumnType.ARRAY)],
        [("half", "50%")],
    )
    op.execute("CREATE MATERIALIZED VIEW moods AS select mood, count(*) as n from books group by mood")
