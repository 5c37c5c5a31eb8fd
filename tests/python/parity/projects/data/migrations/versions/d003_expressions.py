"""rows by every kind of expression

Revision ID: d003
Revises: d002
Create Date: 2020-01-03 00:00:00

"""
import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declarative_base

revision = "d003"
down_revision = "d002"
branch_labels = None
depends_on = None


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad's"


class Upper(sa.TypeDecorator):
    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else value.upper()

    def bind_expression(self, bindvalue):
        return sa.func.trim(bindvalue)


def upgrade():
    things = op.create_table(
        "things",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("per%cent", sa.String(40)),
        sa.Column("mood", sa.Enum(Mood, name="mood")),
        sa.Column("shout", Upper(40)),
        sa.Column("when", sa.DateTime(timezone=True)),
        sa.Column("took", sa.Interval()),
        sa.Column("price", sa.Numeric(12, 4)),
        sa.Column("ratio", sa.Float()),
        sa.Column("key", sa.Uuid()),
        sa.Column("tags", postgresql.ARRAY(sa.Text())),
        sa.Column("extra", postgresql.JSONB()),
        sa.Column("range", postgresql.INT4RANGE()),
        sa.Column("made", sa.Integer(), default=lambda: 7, onupdate=lambda: 8),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("address", postgresql.INET()),
    )
    common = {"mood": Mood.BAD, "shout": " it's loud ", "per%cent": "100% of %s and %(x)s, \\ back", "extra": {"a%": [None, "é"]}}
    rows = [
        {"id": 1, **common, "took": datetime.timedelta(days=-1, seconds=5), "price": decimal.Decimal("-1.5")},
        {"id": 2, **common, "took": None, "price": decimal.Decimal("NaN")},
        {"id": 3, **common, "took": datetime.timedelta(microseconds=1), "price": None},
    ]
    op.bulk_insert(things, rows)
    plain = sa.table(
        "things",
        sa.column("id", sa.Integer),
        sa.column("per%cent", sa.String),
        sa.column("when", sa.DateTime(timezone=True)),
        sa.column("ratio", sa.Float),
        sa.column("key", sa.Uuid),
        sa.column("tags", postgresql.ARRAY(sa.Text)),
        sa.column("mood", sa.Enum(Mood, name="mood", create_type=False)),
        sa.column("extra", postgresql.JSONB),
        sa.column("range", postgresql.INT4RANGE),
        sa.column("raw", sa.LargeBinary),
        sa.column("address", postgresql.INET),
        sa.column("made", sa.Integer),
    )
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    op.bulk_insert(
        plain,
        [
            {
                "id": number,
                "when": datetime.datetime(2020, 1, 2, 3, 4, 5, number, tzinfo=zone),
                "ratio": number / 3,
                "key": uuid.UUID(int=number),
                "tags": [f"{number}%", 'quo"te', "NULL", ""],
                "raw": bytes([number % 256, 0, 39, 92]),
                "address": "10.0.0.1",
            }
            for number in range(10, 1300)
        ],
    )
    op.bulk_insert(
        plain,
        [{"id": 2000, "tags": sa.func.array_append(sa.cast([], postgresql.ARRAY(sa.Text)), "x")}, {"id": 2001, "made": 5}],
        multiinsert=False,
    )
    op.bulk_insert(plain, [])
    op.execute(plain.update().where(plain.c.id.in_([10, 11, 12])).values({"per%cent": "50%", "mood": Mood.GOOD}))
    op.execute(plain.update().where(plain.c.id.in_([])).values(made=1))
    op.execute(things.update().where(things.c.id == 13).values(ratio=things.c.ratio * 2))
    op.execute(plain.delete().where(sa.and_(plain.c.id > 1000, plain.c.id < 1290, ~plain.c.tags.contains(["1001%"]))))
    op.execute(
        postgresql.insert(plain)
        .values([{"id": 1, "made": 1}, {"id": 3000, "made": 2}])
        .on_conflict_do_update(index_elements=["id"], set_={"made": sa.literal_column("excluded.made") + 40})
        .returning(plain.c.id)
    )
    op.execute(plain.insert().from_select(["id", "made"], sa.select(plain.c.id + 10000, sa.bindparam("n", 4)).where(plain.c.id < 3)))
    op.execute(sa.text("UPDATE things SET made = :made WHERE \"per%cent\" LIKE '50%' AND id IN :ids").bindparams(
        sa.bindparam("ids", [10, 12], expanding=True), made=99))
    op.execute(sa.text("UPDATE things SET extra = '{\"a\\:b\": 1}'::jsonb || :more WHERE id = 14").bindparams(
        sa.bindparam("more", {"c": "%"}, type_=postgresql.JSONB)))
    op.execute(sa.select(sa.func.set_config("memstack.test", "50%", True)))
    op.execute(sa.text("SELECT 1").execution_options(stream_results=False))
    op.execute(sa.schema.CreateSequence(sa.Sequence("numbers", start=5)))
    op.execute(sa.DDL("COMMENT ON SEQUENCE numbers IS '100%% of %(what)s'", context={"what": "them"}))
    # The option stays on the connection, and percent signs are doubled from here on.
    op.execute("UPDATE things SET made = made", execution_options={"no_parameters": True})
    op.execute(sa.DDL("COMMENT ON TABLE things IS '100%% of %(what)s'", context={"what": "them"}))
    op.create_table_comment("items", "50%")
    op.execute("COMMENT ON COLUMN items.id IS '7%'")
    base = declarative_base()

    class Thing(base):
        __table__ = sa.Table("things", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("made", sa.Integer))

    op.execute(sa.insert(Thing).values(id=4000, made=1))
    op.execute(sa.update(Thing).where(Thing.id == 4000).values(made=2))


def downgrade():
    op.execute(sa.schema.DropSequence(sa.Sequence("numbers")))
    op.drop_table("things")
    op.execute("DROP TYPE mood")
