"""the inspector"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from noting import note, note_error

revision = "b003"
down_revision = "b002"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE SCHEMA "Other";
CREATE DOMAIN "Other".positive AS integer CHECK (VALUE > 0) NOT NULL DEFAULT 3;
CREATE DOMAIN short AS varchar(5) COLLATE "C" CONSTRAINT is_short CHECK (length(VALUE) < 6);
CREATE TYPE mood AS ENUM ('happy', 'it''s so so', 'sad');
CREATE TYPE "Other"."Mood" AS ENUM ();
CREATE SEQUENCE counting START 5;
CREATE SEQUENCE "Other".counting;
CREATE TABLE parents (
    id bigserial PRIMARY KEY,
    code varchar(10) NOT NULL DEFAULT 'x''y' CONSTRAINT uq_code UNIQUE,
    always int GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 MINVALUE 1 MAXVALUE 1000 CYCLE),
    twice int GENERATED ALWAYS AS (2 * 21) STORED,
    price numeric(10, 2), ratio double precision, small smallint, t time(3), tz timestamptz(0), i interval day to second(3),
    m mood DEFAULT 'happy', ms mood[], d short, p "Other".positive, b bytea, j json, jb jsonb, u uuid, a text[][], bits bit(4), vb bit varying,
    r int4range, ts tsvector, addr inet, c cidr, mac macaddr, o oid, money money, ch char(3), "Mixed Case" text COLLATE "C",
    CONSTRAINT checked CHECK (small > 0 AND price < 100), CHECK (code <> '') NOT VALID
);
COMMENT ON TABLE parents IS 'it''s a comment';
COMMENT ON COLUMN parents.code IS 'of a column';
COMMENT ON CONSTRAINT uq_code ON parents IS 'of a constraint';
CREATE UNIQUE INDEX ix_partial ON parents (lower(code), small DESC NULLS LAST) INCLUDE (price) WHERE price > 5;
CREATE INDEX ix_gin ON parents USING gin (jb jsonb_path_ops) WITH (fastupdate = off);
CREATE TABLE "Other".children (
    a int, b int, parent_id bigint,
    CONSTRAINT pk_children PRIMARY KEY (b, a),
    CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parents (id) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    EXCLUDE USING gist (int4range(a, b) WITH &&)
);
CREATE TABLE measures (at date, v int) PARTITION BY RANGE (at);
CREATE TABLE measures_1 PARTITION OF measures FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE UNLOGGED TABLE heirs () INHERITS (parents);
CREATE VIEW seen AS SELECT id, code FROM parents;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM parents;
CREATE TEMPORARY TABLE passing (i int) ON COMMIT DROP;
CREATE TEMPORARY VIEW passing_view AS SELECT 1 AS one;
"""


def upgrade(**_arguments):
    op.get_bind().exec_driver_sql(SCHEMA)
    inspector = sa.inspect(op.get_bind())
    note("inspector", [type(inspector).__name__, inspector.bind is op.get_bind(), inspector.default_schema_name, inspector.dialect.name])
    everything(inspector)
    tables(inspector)
    columns(inspector)
    many(inspector)
    reflection()


# SQLAlchemy 2.0 has no table options of PostgreSQL.
ASPECTS = ["pk_constraint", "foreign_keys", "indexes", "unique_constraints", "check_constraints", "table_comment"]
if not sa.__version__.startswith("2.0"):
    ASPECTS.append("table_options")


def everything(inspector):
    note("schemas", inspector.get_schema_names())
    for schema in (None, "Other"):
        for name in ("table", "view", "materialized_view", "sequence", "foreign_table"):
            note(f"{name}s {schema}", sorted(getattr(inspector, f"get_{name}_names")(schema=schema)))
        note("enums", inspector.get_enums(schema=schema))
        note("domains", inspector.get_domains(schema=schema))
        note("sorted", [(name, sorted(keys)) for name, keys in inspector.get_sorted_table_and_fkc_names(schema)])
    note("all enums", sorted(enum["name"] for enum in inspector.get_enums("*")))
    note("temporary", [inspector.get_temp_table_names(), inspector.get_temp_view_names()])
    note("has", [inspector.has_table("parents"), inspector.has_table("children"), inspector.has_table("children", schema="Other"), inspector.has_table("seen"), inspector.has_table("passing"), inspector.has_sequence("counting"), inspector.has_schema("nowhere"), inspector.has_type("mood"), inspector.has_type("Mood", "Other"), inspector.has_index("parents", "ix_gin")])


def tables(inspector):
    for name, schema in (("parents", None), ("children", "Other"), ("measures", None), ("heirs", None)):
        for what in ASPECTS:
            note(f"{what} of {name}", getattr(inspector, f"get_{what}")(name, schema=schema))
    note("definition", inspector.get_view_definition("seen"))
    note("oid", inspector.get_table_oid("parents") == op.get_bind().scalar(sa.text("SELECT 'parents'::regclass::oid")))
    note_error("no such table", lambda: inspector.get_columns("nowhere"))
    inspector.clear_cache()
    op.add_column("measures", sa.Column("later", sa.Integer))
    note("after clear_cache()", [column["name"] for column in inspector.get_columns("measures")])


def columns(inspector):
    for name, schema in (("parents", None), ("children", "Other"), ("seen", None), ("counted", None), ("passing", None)):
        for column in inspector.get_columns(name, schema=schema):
            note(f"{name}.{column['name']}", [repr(column.pop("type")), sorted(column.items())])


def many(inspector):
    from sqlalchemy.engine.reflection import ObjectKind, ObjectScope

    for what in ASPECTS:
        found = getattr(inspector, f"get_multi_{what}")(schema="Other")
        note(f"multi {what}", sorted(found.items(), key=str))
    kinds = inspector.get_multi_columns(kind=ObjectKind.ANY, scope=ObjectScope.ANY)
    note("multi columns", sorted((name, len(found)) for (_, name), found in kinds.items()))


def reflection():
    bind = op.get_bind()
    metadata = sa.MetaData()
    table = sa.Table("parents", metadata, autoload_with=bind)
    note("reflected", sa.schema.CreateTable(table).compile(bind))
    note("its indexes", sorted(index.name for index in table.indexes))
    note("its constraints", sorted(str(constraint.name) for constraint in table.constraints))
    children = sa.Table("children", metadata, schema="Other", autoload_with=bind)
    note("follows keys", [sorted(metadata.tables), [key.target_fullname for key in children.foreign_keys]])
    some = sa.Table("parents", sa.MetaData(), sa.Column("code", sa.Text, key="k"), autoload_with=bind, include_columns=["id", "code"], resolve_fks=False)
    note("some columns", [repr(some.c.k.type), some.c.keys()])
    whole = sa.MetaData()
    whole.reflect(bind=bind, views=True, only=lambda name, _: name != "alembic_version")
    note("reflect()", sorted(whole.tables))
    note("sorted", [table.name for table in whole.sorted_tables if table.name in ("authors", "books", "tags", "book_tags")])
    note("pg.ENUM", repr(table.c.m.type))
    bind.execute(table.insert().values(id=4, code="c", m="sad", ms=["sad", "happy"], p=4, jb={"a": 1}, d="abc", r=pg.Range(1, 4)))
    note("its row", bind.execute(sa.select(table.c.m, table.c.ms, table.c.p, table.c.jb, table.c.r, table.c.always)).one())


def downgrade(**_arguments):
    for statement in ("MATERIALIZED VIEW counted", "VIEW seen", "TABLE heirs", "TABLE measures", 'SCHEMA "Other" CASCADE', "TABLE parents CASCADE"):
        op.execute(f"DROP {statement}")
    op.execute("DROP SEQUENCE counting; DROP TYPE mood; DROP DOMAIN short")
