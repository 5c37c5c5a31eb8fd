"""DDL of SQLAlchemy's own, through op.execute() and the connection"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import schema
from sqlalchemy.dialects import postgresql

revision = "02"
down_revision = "01"
branch_labels = None
depends_on = None


def tables():
    metadata = sa.MetaData(schema="my app", naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s"})
    sa.Table(
        "parts",
        metadata,
        sa.Column("id", sa.Integer, sa.Sequence("part_ids", metadata=metadata), primary_key=True),
        sa.Column("state", sa.Enum("new", "50%", name="state", metadata=metadata)),
        sa.Column("note", sa.Text, index=True, unique=True, comment="50%: x"),
        comment="100%: parts",
    )
    return metadata


def upgrade():
    bind = op.get_bind()
    op.execute(schema.CreateSchema("my app", if_not_exists=True))
    op.execute(schema.CreateSequence(sa.Sequence("steps", start=4, increment=2, cycle=True, data_type=sa.BigInteger)))
    bind.execute(schema.CreateSequence(sa.Sequence("steps", schema="my app")))
    metadata = tables()
    metadata.create_all(bind)
    metadata.create_all(bind)
    parts = metadata.tables["my app.parts"]
    plain = sa.Table("plain", sa.MetaData(), sa.Column("x", sa.Integer, server_default=sa.text("5 % 3")), sa.CheckConstraint("x % 2 = 1"))
    op.execute(schema.CreateTable(plain, if_not_exists=True))
    op.execute(schema.CreateIndex(sa.Index("ix_plain", plain.c.x, postgresql_where=plain.c.x % 3 == 0)))
    op.execute(schema.AddConstraint(sa.UniqueConstraint(plain.c.x, name="uq_plain")))
    plain.comment = "it's %(x)s :y"
    bind.execute(schema.SetTableComment(plain))
    op.execute(sa.DDL("COMMENT ON SCHEMA public IS '%(what)s 100%% \\: :b'", context={"what": "ours"}))
    bind.execute(sa.DDL("CREATE VIEW percent AS SELECT '%%x' AS a, ':y' AS b"))
    bind.execution_options(no_parameters=True).exec_driver_sql("COMMENT ON VIEW percent IS '100% %s :z'")
    postgresql.ENUM("a", "b", name="letter").create(bind, checkfirst=True)
    sa.Enum("z", name="letter", schema="my app").create(bind)
    postgresql.DOMAIN("even", sa.Integer, check=sa.text("VALUE > 0")).create(bind, checkfirst=False)
    op.create_table(
        "uses",
        sa.Column("letter", postgresql.ENUM("a", "b", name="letter", create_type=False)),
        sa.Column("even", postgresql.DOMAIN("even", sa.Integer, create_type=False)),
    )
    op.execute(parts.insert().values(state="50%", note="c:%d"))
    op.execute(sa.insert(parts).values([{"state": "new", "note": "1"}, {"state": "new", "note": "2"}]))
    op.execute(parts.update().where(parts.c.note == "1").values(note=sa.bindparam("new_note", "%s")))
    op.execute(sa.text("INSERT INTO uses (even) VALUES (:even + '1' \\:\\:int)").bindparams(even=2))
    assert bind.execute(sa.select(parts.c.note).order_by(parts.c.id)).scalars().all() == ["c:%d", "%s", "2"]


def downgrade():
    bind = op.get_bind()
    op.drop_table("uses")
    postgresql.DOMAIN("even", sa.Integer).drop(bind)
    sa.Enum(name="letter", schema="my app").drop(bind, checkfirst=False)
    postgresql.ENUM(name="letter").drop(bind, checkfirst=True)
    postgresql.ENUM(name="no_such_type").drop(bind, checkfirst=True)
    bind.execute(sa.DDL("DROP VIEW percent"))
    op.execute("COMMENT ON SCHEMA public IS NULL")
    op.execute(schema.DropTable(sa.Table("plain", sa.MetaData())))
    tables().drop_all(bind)
    op.execute(schema.DropSequence(sa.Sequence("steps", schema="my app")))
    op.execute(schema.DropSequence(sa.Sequence("steps"), if_exists=True))
    op.execute(schema.DropSchema("my app", cascade=True))
