"""types of the project's own and of other people's"""
import enum

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC, VECTOR
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.types import SchemaType, TypeDecorator, UserDefinedType

revision = "01"
down_revision = None
branch_labels = None
depends_on = None

# In the place of PostGIS and pgvector, which few servers have: types that take any modifier.
STAND_IN = """
CREATE TYPE {name};
CREATE FUNCTION {name}_in(cstring) RETURNS {name} AS 'textin' LANGUAGE internal IMMUTABLE STRICT;
CREATE FUNCTION {name}_out({name}) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT;
CREATE FUNCTION {name}_modifier(cstring[]) RETURNS integer AS 'array_cardinality' LANGUAGE internal IMMUTABLE STRICT;
CREATE TYPE {name} (INPUT = {name}_in, OUTPUT = {name}_out, LIKE = text, TYPMOD_IN = {name}_modifier);
"""
STAND_INS = ("geometry", "geography", "raster", "vector", "halfvec")


class Level(enum.Enum):
    LOW = "low: 0%"
    HIGH = "it's high"


class Folded(TypeDecorator):
    """Text here, a string elsewhere."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(sa.TEXT() if dialect.name == "postgresql" else sa.String(80))


class LevelType(TypeDecorator):
    impl = sa.Enum
    cache_ok = True

    def __init__(self, **options):
        super().__init__(Level, values_callable=lambda values: [value.value for value in values], **options)


class Point(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return "point"


class Even(SchemaType, UserDefinedType):
    """A domain that comes and goes with its table, and a constraint with each column."""

    cache_ok = True

    def __init__(self, name, **options):
        SchemaType.__init__(self, name=name, **options)

    def get_col_spec(self, **kw):
        return self.name

    def _set_table(self, column, table):
        SchemaType._set_table(self, column, table)
        table.append_constraint(sa.CheckConstraint(f"{column.name} % 4 <> 2", name=f"ck_{column.name}_even"))

    def _on_table_create(self, target, bind, checkfirst=False, **kw):
        bind.execute(sa.DDL("CREATE DOMAIN %(name)s AS integer CHECK (VALUE %% 2 = 0)", context={"name": self.name}))


class Short(sa.String):
    """A string that @compiles spells."""


@compiles(Short, "postgresql")
def _short(type_, compiler, **kw):
    return "varchar(7)"


class Logged(sa.Table):
    """A class of tables, with statements of its own."""


class CreateLogged(CreateTable):
    pass


@compiles(CreateLogged, "postgresql")
def _create_logged(element, compiler, **kw):
    return compiler.visit_create_table(element, **kw).rstrip() + " WITH (fillfactor=50)"


def upgrade():
    import geoalchemy2  # here, as it listens to all tables of a process that imports it

    for name in STAND_INS:
        op.execute(STAND_IN.format(name=name))
    level = LevelType(name="Level")
    op.create_table(
        "things",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("folded", Folded(), server_default="100%: a\\b", nullable=False, index=True),
        sa.Column("level", level, server_default="low: 0%", nullable=False),
        sa.Column("levels", postgresql.ARRAY(level), nullable=True),
        sa.Column("place", Point(), nullable=True),
        sa.Column("pair", Even("pair"), nullable=True),
        sa.Column("short", Short(99), nullable=True),
        sa.Column("shorts", sa.ARRAY(Short()), nullable=True),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="ck_flag"), nullable=True),
        sa.Column("kind", sa.Enum("a", "b%", name="kind", native_enum=False, create_constraint=True, length=20), nullable=True),
        sa.Column("mood", sa.Text().with_variant(postgresql.ENUM("calm", "loud", name="mood"), "postgresql"), nullable=True),
        sa.Column("mail", postgresql.DOMAIN("mail", sa.Text(), collation="C", check=r"VALUE ~ '^[^@]+@\w+:?%?$'", not_null=True)),
        sa.Column("embedding", VECTOR(3), nullable=True),
        sa.Column("half", HALFVEC(), nullable=True),
        sa.Column("where", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("on_earth", geoalchemy2.Geography("POLYGON", srid=4326, spatial_index=False), nullable=True),
        comment="50%: types",
    )
    op.add_column("things", sa.Column("second", LevelType(name="Level"), nullable=True))
    op.add_column("things", sa.Column("picture", geoalchemy2.Raster(spatial_index=False), nullable=True))
    op.add_column("things", sa.Column("vectors", postgresql.ARRAY(VECTOR(2)), nullable=True))
    with op.batch_alter_table("things") as batch_op:
        batch_op.add_column(sa.Column("other", postgresql.ENUM(name="mood", create_type=False), server_default="loud"))
        batch_op.alter_column("short", type_=Folded(), existing_type=Short(99))
    op.alter_column("things", "flag", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="ck_flag"), postgresql_using="flag::int")
    op.execute(CreateLogged(Logged("logged", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))))


def downgrade():
    op.execute(DropTable(sa.Table("logged", sa.MetaData())))
    op.drop_table("things")
    op.execute("DROP DOMAIN pair")
    postgresql.DOMAIN("mail", sa.Text()).drop(op.get_bind())
    sa.Enum(name="mood").drop(op.get_bind(), checkfirst=True)
    LevelType(name="Level").drop(op.get_bind(), checkfirst=False)
    for name in STAND_INS:
        op.execute(f"DROP TYPE {name} CASCADE; DROP FUNCTION {name}_modifier")
