"""rows changed by SQL, by expressions, and by what was read

Revision ID: d002
Revises: d001
Create Date: 2020-02-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, declarative_base

revision = "d002"
down_revision = "d001"
branch_labels = None
depends_on = None

Base = declarative_base()

items = sa.table("items", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("price", sa.Numeric))


class Label(Base):
    __tablename__ = "labels"

    id = sa.Column(sa.Integer, primary_key=True)
    text = sa.Column(sa.String(50), nullable=False)


def upgrade():
    op.execute(items.update().where(items.c.name == op.inline_literal("plain")).values({"name": op.inline_literal("fancy")}))
    op.execute(sa.update(items).where(items.c.price.is_(None)).values(price=sa.func.coalesce(items.c.price, 0) + 1))
    op.execute(sa.text("UPDATE items SET name = :name WHERE id = :id").bindparams(name="bound: it's", id=3))
    op.execute(insert(items).values(id=4, name="upserted").on_conflict_do_nothing(index_elements=["id"]))

    connection = op.get_bind()
    if not sa.inspect(connection).has_table("labels"):
        op.create_table("labels", sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.String(50), nullable=False))
    names = [row.name for row in connection.execute(sa.select(items.c.id, items.c.name).order_by(items.c.id))]
    connection.execute(sa.text("UPDATE items SET extra = jsonb_build_object('names', CAST(:names AS text))"), {"names": "|".join(names)})

    session = Session(bind=connection)
    session.add_all([Label(id=1, text="first"), Label(id=2, text="se:cond")])
    session.flush()
    session.query(Label).filter_by(id=2).update({"text": "second"})
    session.flush()

    columns = {column["name"] for column in sa.inspect(connection).get_columns("items")}
    if "colour" not in columns:
        op.add_column("items", sa.Column("colour", sa.String(10), server_default="none"))
    with connection.begin_nested():
        connection.exec_driver_sql("DELETE FROM items WHERE id = 2")


def downgrade():
    op.drop_column("items", "colour")
    op.drop_table("labels")
    op.get_bind().execute(sa.delete(items).where(items.c.id.in_([4, 5])))
