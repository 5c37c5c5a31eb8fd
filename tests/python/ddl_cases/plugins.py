"""Types of pgvector, GeoAlchemy2 and sqlalchemy-utils, and GeoAlchemy2's own operations."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import geoalchemy2 as ga
import geoalchemy2.alembic_helpers  # registers its operations
import sqlalchemy as sa
import sqlalchemy_utils as su
from pgvector import sqlalchemy as pv
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.types import TypeDecorator

from ddl_cases.case import Case, making

if TYPE_CHECKING:
    from collections.abc import Callable


class Mood(enum.Enum):
    happy = "it's 50%"
    sad = "b: c"


class MoodType(TypeDecorator[Mood]):
    impl = sa.Enum
    cache_ok = True

    def __init__(self, **options: Any) -> None:
        super().__init__(Mood, values_callable=lambda moods: [mood.value for mood in moods], **options)


class Folded(TypeDecorator[str]):
    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(pg.CITEXT() if dialect.name == "postgresql" else sa.String(80))


TYPES: dict[str, Callable[[], Any]] = {
    "Vector": lambda: pv.Vector(3),
    "Vector without size": pv.Vector,
    "HALFVEC": lambda: pv.HALFVEC(4),
    "SPARSEVEC": lambda: pv.SPARSEVEC(5),
    "BIT of pgvector": lambda: pv.BIT(6),
    "ARRAY of Vector": lambda: pg.ARRAY(pv.Vector(2)),
    "Geometry": ga.Geometry,
    "Geometry point": lambda: ga.Geometry("POINT", srid=4326),
    "Geometry three dimensions": lambda: ga.Geometry("POINTZ", srid=4326, dimension=3, use_N_D_index=True),
    "Geometry without index": lambda: ga.Geometry("POINT", srid=4326, spatial_index=False),
    "Geometry managed": lambda: ga.Geometry("POINT", srid=4326, use_typmod=False),
    "Geography": lambda: ga.Geography("POLYGON", srid=4326),
    "Raster": ga.Raster,
    "ChoiceType": lambda: su.ChoiceType([(1, "one")], impl=sa.Integer()),
    "EmailType": su.EmailType,
    "IPAddressType": su.IPAddressType,
    "JSONType": su.JSONType,
    "LtreeType": su.LtreeType,
    "ScalarListType": su.ScalarListType,
    "TSVectorType": lambda: su.TSVectorType("a", regconfig="pg_catalog.simple"),
    "UUIDType": su.UUIDType,
    "UUIDType text": lambda: su.UUIDType(binary=False, native=False),
    "CompositeType": lambda: su.CompositeType("amount", [sa.Column("currency", sa.Text), sa.Column("value", sa.Integer)]),
    "TypeDecorator of Enum": lambda: MoodType(name="Mood"),
    "TypeDecorator of Enum checked": lambda: MoodType(name="mood", native_enum=False, create_constraint=True),
    "TypeDecorator for the dialect": Folded,
}


def _in_batch(op: Any, type_: Any) -> None:
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("c", type_))


def _cases(name: str, make: Callable[[], Any]) -> list[Case]:
    # GeoAlchemy2 listens to every table there is.
    calls: dict[str, Callable[[Any, Any], object]] = {
        "create_table": lambda op, type_: op.create_table("t", sa.Column("c", type_, comment="50%"), schema="s"),
        "two columns": lambda op, type_: op.create_table("t", sa.Column("c", type_), sa.Column("d", type_)),
        "add_column": lambda op, type_: op.add_column("t", sa.Column("c", type_, nullable=False)),
        "batch": _in_batch,
        "alter_column": lambda op, type_: op.alter_column("t", "c", type_=type_, postgresql_using="c::text"),
        "existing type": lambda op, type_: op.alter_column("t", "c", type_=sa.Text(), existing_type=type_),
    }
    return [Case(f"{call}, {name}", making(make, use)) for call, use in calls.items()]


def _geospatial(op: Any) -> None:
    op.create_geospatial_table(
        "g", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("p", ga.Geometry("POINT", spatial_index=False))
    )
    op.create_geospatial_index("ix_g_p", "g", ["p"], postgresql_using="gist", postgresql_ops={})
    op.add_geospatial_column("g", sa.Column("q", ga.Geography("POINT", srid=4326, spatial_index=False)))
    with op.batch_alter_table("g") as batch_op:
        batch_op.drop_geospatial_column("q")
    op.drop_geospatial_index("ix_g_p", table_name="g", column_name="p")
    op.drop_geospatial_table("g")


PLUGIN_CASES = [case for name, make in TYPES.items() for case in _cases(name, make)]
PLUGIN_CASES.append(Case("operations of GeoAlchemy2", _geospatial))
