"""tables, types and sequences by SQLAlchemy's own create() and drop()"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from noting import note, note_error

revision = "b004"
down_revision = "b003"
branch_labels = None
depends_on = None

metadata = sa.MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "fk": "fk_%(table_name)s_%(column_0_name)s"})
status = pg.ENUM("new", "old", name="status", create_type=False)
size = sa.Enum("small", "large", name="size", metadata=metadata)
orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Integer, sa.Sequence("order_numbers", start=100, metadata=metadata), primary_key=True),
    sa.Column("status", status, nullable=False, server_default="new"),
    sa.Column("size", size),
    sa.Column("at", sa.DateTime(timezone=True), index=True),
    comment="100% of them",
)
lines = sa.Table(
    "order_lines",
    metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.SmallInteger, primary_key=True),
    sa.Column("parent", sa.Integer, sa.ForeignKey("orders.id", use_alter=True, name="fk_late")),
    sa.CheckConstraint("number > 0", name="counted"),
    sa.Index("ix_of_lines", sa.text("(number % 2)"), postgresql_where=sa.text("number < 100")),
)
fired = []
sa.event.listen(orders, "after_create", lambda table, connection, **_: fired.append((table.name, connection is op.get_bind())))
sa.event.listen(orders, "after_create", sa.DDL("COMMENT ON COLUMN %(table)s.status IS 'by DDL()'").execute_if(dialect="postgresql"))
sa.event.listen(metadata, "before_drop", lambda _target, _connection, **_: fired.append("before_drop"))


def upgrade(**_arguments):
    bind = op.get_bind()
    status.create(bind, checkfirst=True)
    status.create(bind, checkfirst=True)
    note_error("a type that is there", lambda: status.create(bind, checkfirst=False))
    metadata.create_all(bind)
    metadata.create_all(bind=bind, tables=[orders], checkfirst=True)
    note("fired", fired)
    note("tables", [sa.inspect(bind).has_table(name) for name in metadata.tables])
    sa.Index("ix_added", orders.c.status).create(bind)
    sa.Index("ix_added_2", orders.c.size).create(bind=bind, checkfirst=True)
    numbers = sa.Sequence("numbers", start=7)
    numbers.create(bind)
    note("next", [bind.scalar(numbers), bind.execute(numbers.next_value().select()).scalar(), bind.scalar(sa.select(sa.func.nextval("numbers")))])
    note("inserted", bind.execute(orders.insert().values(size="large")).inserted_primary_key)
    note("inserted many", sorted(bind.scalars(orders.insert().returning(orders.c.id), [{"size": "small"}, {"size": None}])))
    sa.Enum("one", "two", name="checked_first").create(bind, checkfirst=True)
    pg.DOMAIN("zip", sa.String(5), check=sa.text("VALUE ~ '^[0-9]+$'")).create(bind)
    made = sa.Table("made_alone", sa.MetaData(), sa.Column("code", pg.DOMAIN("zip", sa.String(5), create_type=False)))
    made.create(bind, checkfirst=True)
    made.create(bind, checkfirst=True)
    bind.execute(sa.schema.CreateTable(sa.Table("by_ddl", sa.MetaData(), sa.Column("x", sa.Integer)), if_not_exists=True))
    bind.execute(sa.schema.AddConstraint(sa.UniqueConstraint(made.c.code, name="uq_code_alone")))
    bind.execute(sa.schema.CreateSchema("by_ddl_schema", if_not_exists=True))
    bind.execute(sa.DDL("CREATE VIEW %(name)s AS SELECT '100%%' AS all_of_it", context={"name": "percents"}))
    dropped(bind)


def dropped(bind):
    gone = sa.MetaData()
    sa.Table("gone", gone, sa.Column("kind", sa.Enum("a", name="gone_kind")))
    gone.create_all(bind)
    note("types", sorted(enum["name"] for enum in sa.inspect(bind).get_enums()))
    gone.drop_all(bind)
    gone.drop_all(bind, checkfirst=True)
    note("types then", sorted(enum["name"] for enum in sa.inspect(bind).get_enums()))
    sa.Enum(name="checked_first").drop(bind, checkfirst=True)
    sa.Enum(name="checked_first").drop(bind, checkfirst=True)
    note_error("a type that is gone", lambda: sa.Enum(name="checked_first").drop(bind, checkfirst=False))
    bind.execute(sa.schema.DropTable(sa.table("by_ddl"), if_exists=True))


def downgrade(**_arguments):
    bind = op.get_bind()
    metadata.drop_all(bind)
    status.drop(bind, checkfirst=True)
    op.execute("DROP VIEW percents; DROP SCHEMA by_ddl_schema; DROP TABLE made_alone; DROP DOMAIN zip; DROP SEQUENCE numbers")
