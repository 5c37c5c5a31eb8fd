"""Every type of SQLAlchemy and its PostgreSQL dialect, and types of other people's, wherever a type can stand."""

from __future__ import annotations

import enum
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from ddl_cases.case import Case, making

if TYPE_CHECKING:
    from collections.abc import Callable


class Mood(enum.Enum):
    happy = 1
    sad = 2


class Vector(UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, size: int) -> None:
        self.size = size

    def get_col_spec(self, **_kw: Any) -> str:
        return f"vector({self.size})"


class Named(UserDefinedType[Any]):
    """Asks for its column, which alter_column does not have."""

    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        return f"named({options['type_expression'].name})"


class Trimmed(TypeDecorator[str]):
    impl = sa.String
    cache_ok = True


class TrimmedTwice(TypeDecorator[str]):
    impl = Trimmed
    cache_ok = True


class Document(TypeDecorator[Any]):
    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.engine.Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(pg.JSONB() if dialect.name == "postgresql" else sa.Text())


class Letters(TypeDecorator[str]):
    impl = sa.Enum
    cache_ok = True


class Number(sa.Integer):
    """A subclass of a type without a spelling of its own."""


TYPES: dict[str, Callable[[], Any]] = {
    "Integer": sa.Integer,
    "Integer class": lambda: sa.Integer,
    "SmallInteger": sa.SmallInteger,
    "BigInteger": sa.BigInteger,
    "INTEGER": sa.INTEGER,
    "BIGINT": sa.BIGINT,
    "SMALLINT": sa.SMALLINT,
    "String": sa.String,
    "String length": lambda: sa.String(length=255),
    "String collation": lambda: sa.String(10, collation="C"),
    "VARCHAR": lambda: sa.VARCHAR(length=20),
    "CHAR": lambda: sa.CHAR(length=2),
    "Unicode": lambda: sa.Unicode(5),
    "UnicodeText": sa.UnicodeText,
    "Text": sa.Text,
    "Text length": lambda: sa.Text(30),
    "TEXT": sa.TEXT,
    "Boolean": sa.Boolean,
    "BOOLEAN": sa.BOOLEAN,
    "Boolean create_constraint": lambda: sa.Boolean(create_constraint=True, name="ck_bool"),
    "Date": sa.Date,
    "DATE": sa.DATE,
    "DateTime": sa.DateTime,
    "DateTime timezone": lambda: sa.DateTime(timezone=True),
    "TIMESTAMP": lambda: sa.TIMESTAMP(timezone=True),
    "pg TIMESTAMP": lambda: pg.TIMESTAMP(timezone=True, precision=3),
    "pg TIME": lambda: pg.TIME(precision=2),
    "Time": sa.Time,
    "Interval": sa.Interval,
    "pg INTERVAL": lambda: pg.INTERVAL(fields="DAY TO SECOND", precision=3),
    "INTERVAL": pg.INTERVAL,
    "Numeric": sa.Numeric,
    "Numeric precision": lambda: sa.Numeric(precision=10),
    "Numeric scale": lambda: sa.Numeric(precision=10, scale=2),
    "NUMERIC": lambda: sa.NUMERIC(12, 0),
    "DECIMAL": lambda: sa.DECIMAL(5, 2),
    "Float": sa.Float,
    "Float precision": lambda: sa.Float(precision=24),
    "FLOAT": lambda: sa.FLOAT(53),
    "Double": sa.Double,
    "DOUBLE_PRECISION": lambda: pg.DOUBLE_PRECISION(precision=53),
    "REAL": sa.REAL,
    "LargeBinary": sa.LargeBinary,
    "LargeBinary length": lambda: sa.LargeBinary(length=10),
    "BYTEA": pg.BYTEA,
    "BLOB": sa.BLOB,
    "JSON": sa.JSON,
    "pg JSON": lambda: pg.JSON(astext_type=sa.Text()),
    "JSONB": lambda: pg.JSONB(astext_type=sa.Text(), none_as_null=True),
    "Uuid": sa.Uuid,
    "Uuid not native": lambda: sa.Uuid(native_uuid=False),
    "UUID": sa.UUID,
    "pg UUID": lambda: pg.UUID(as_uuid=True),
    "CITEXT": pg.CITEXT,
    "INET": pg.INET,
    "CIDR": pg.CIDR,
    "MACADDR": pg.MACADDR,
    "MACADDR8": pg.MACADDR8,
    "MONEY": pg.MONEY,
    "OID": pg.OID,
    "REGCLASS": pg.REGCLASS,
    "REGCONFIG": pg.REGCONFIG,
    "TSVECTOR": pg.TSVECTOR,
    "TSQUERY": pg.TSQUERY,
    "HSTORE": pg.HSTORE,
    "JSONPATH": pg.JSONPATH,
    "BIT": lambda: pg.BIT(8),
    "BIT VARYING": lambda: pg.BIT(varying=True),
    "INT4RANGE": pg.INT4RANGE,
    "TSTZMULTIRANGE": pg.TSTZMULTIRANGE,
    "ARRAY": lambda: sa.ARRAY(sa.Integer()),
    "pg ARRAY dimensions": lambda: pg.ARRAY(sa.String(5), dimensions=2),
    "ARRAY of timestamps": lambda: pg.ARRAY(sa.DateTime(timezone=True)),
    "ARRAY of enums": lambda: pg.ARRAY(sa.Enum("a", "b", name="letters")),
    "ARRAY of collated": lambda: pg.ARRAY(sa.String(collation="de_DE")),
    "ARRAY of own": lambda: pg.ARRAY(Vector(3)),
    "Enum": lambda: sa.Enum("a", "it's", name="Letters"),
    "Enum schema": lambda: sa.Enum("a", "b", name="letters", schema="my.Types"),
    "Enum class": lambda: sa.Enum(Mood),
    "Enum not native": lambda: sa.Enum("a", "bbb", name="letters", native_enum=False),
    "Enum not native checked": lambda: sa.Enum("a", "b", name="letters", native_enum=False, create_constraint=True),
    "Enum length": lambda: sa.Enum("a", name="letters", native_enum=False, length=40),
    "ENUM": lambda: pg.ENUM("a", "b", name="letters"),
    "ENUM no create": lambda: pg.ENUM("a", "b", name="letters", create_type=False),
    "Enum without name": lambda: sa.Enum("a", "b"),
    "Enum named like a type": lambda: sa.Enum("a", name="text"),
    "DOMAIN": lambda: pg.DOMAIN("positive", sa.Integer(), check="VALUE > 0"),
    "variant": lambda: sa.JSON().with_variant(pg.JSONB(), "postgresql"),
    "variant for others": lambda: sa.String(5).with_variant(sa.Text(), "mysql"),
    "UserDefinedType": lambda: Vector(3),
    "TypeDecorator": lambda: Trimmed(12),
    "PickleType": sa.PickleType,
    "DATETIME": sa.DATETIME,
    "NCHAR": lambda: sa.NCHAR(3),
    "NullType": sa.types.NullType,
    "String of length 0": lambda: sa.String(0),
    "Unicode collation": lambda: sa.Unicode(5, collation="de_DE"),
    "Text collation": lambda: sa.Text(collation='de"x'),
    "CITEXT collation": lambda: pg.CITEXT(collation="C"),
    "Boolean name": lambda: sa.Boolean(name="b"),
    "Boolean create_constraint unnamed": lambda: sa.Boolean(create_constraint=True),
    "Time timezone": lambda: sa.Time(timezone=True),
    "TIMESTAMP precision 0": lambda: pg.TIMESTAMP(precision=0),
    "TIME precision 0": lambda: pg.TIME(timezone=True, precision=0),
    "Interval not native": lambda: sa.Interval(native=False),
    "Interval precisions": lambda: sa.Interval(second_precision=3, day_precision=2),
    "INTERVAL precision 0": lambda: pg.INTERVAL(precision=0),
    "INTERVAL fields": lambda: pg.INTERVAL(fields="year"),
    "Numeric scale only": lambda: sa.Numeric(scale=2),
    "Numeric negative scale": lambda: sa.Numeric(5, -2),
    "Numeric zeros": lambda: sa.Numeric(0, 0),
    "Numeric asdecimal": lambda: sa.Numeric(5, 2, decimal_return_scale=3, asdecimal=False),
    "Float asdecimal": lambda: sa.Float(asdecimal=True),
    "Float precision 0": lambda: sa.Float(0),
    "Double precision": lambda: sa.Double(53),
    "DOUBLE": sa.DOUBLE,
    "REAL precision": lambda: sa.REAL(5),
    "VARBINARY": lambda: sa.VARBINARY(5),
    "CLOB": sa.CLOB,
    "NVARCHAR": lambda: sa.NVARCHAR(5),
    "BIT without length": pg.BIT,
    "BIT length 0": lambda: pg.BIT(0),
    "BIT VARYING length": lambda: pg.BIT(5, varying=True),
    "Uuid as text": lambda: sa.Uuid(as_uuid=False),
    "HSTORE text_type": lambda: pg.HSTORE(text_type=sa.Text()),
    "ARRAY dimensions": lambda: sa.ARRAY(sa.Integer(), dimensions=3),
    "ARRAY options": lambda: pg.ARRAY(sa.Integer(), as_tuple=True, zero_indexes=True),
    "ARRAY of domains": lambda: pg.ARRAY(pg.DOMAIN("d", sa.Integer(), create_type=False)),
    "ARRAY of decorated": lambda: pg.ARRAY(Document()),
    "ARRAY of uuids": lambda: pg.ARRAY(sa.Uuid()),
    "Enum values_callable": lambda: sa.Enum(Mood, name="m", values_callable=lambda class_: [str(mood.value) for mood in class_]),
    "Enum quote": lambda: sa.Enum("a", name="e", quote=True),
    "Enum quoted_name": lambda: sa.Enum("a", name=quoted_name("e", True), schema=quoted_name("s", True)),
    "Enum options": lambda: sa.Enum("a", name="e", validate_strings=True, omit_aliases=True, sort_key_function=None, length=50),
    "Enum metadata": lambda: sa.Enum("a", name="e", metadata=sa.MetaData(schema="s")),
    "Enum inherit_schema": lambda: sa.Enum("a", name="e", inherit_schema=True),
    "Enum no inherit_schema": lambda: sa.Enum("a", name="e", inherit_schema=False),
    "Enum without values": lambda: sa.Enum(name="e"),
    "Enum long name": lambda: sa.Enum("a", name="e" * 70),
    "Enum native checked": lambda: sa.Enum("a", name="e", create_constraint=True),
    "ENUM inherit_schema": lambda: pg.ENUM("a", name="e", inherit_schema=True),
    "ENUM dotted schema": lambda: pg.ENUM("a", name="E", schema="x.y"),
    "ENUM metadata no create": lambda: pg.ENUM("a", name="E", metadata=sa.MetaData(), create_type=False),
    "ENUM without values": lambda: pg.ENUM(name="e", create_type=False),
    "ENUM class": lambda: pg.ENUM(Mood),
    "Enum for PostgreSQL only": lambda: sa.String(5).with_variant(pg.ENUM("a", name="e"), "postgresql"),
    "Enum for others only": lambda: sa.Enum("a", name="e").with_variant(sa.String(5), "postgresql"),
    "DOMAIN options": lambda: pg.DOMAIN(
        "d", sa.Text(), collation="C", default="x", not_null=True, constraint_name="c", check="1=1"
    ),
    "DOMAIN default text": lambda: pg.DOMAIN("D", sa.Integer(), default=sa.text("5"), schema="S"),
    "DOMAIN quote": lambda: pg.DOMAIN("d", sa.Integer(), quote=True),
    "DOMAIN inherit_schema": lambda: pg.DOMAIN("d", sa.Integer(), inherit_schema=True),
    "DOMAIN of an enum": lambda: pg.DOMAIN("d", pg.ENUM("a", name="e")),
    "DOMAIN no create": lambda: pg.DOMAIN("d", sa.Integer(), create_type=False),
    "DOMAIN named like a type": lambda: pg.DOMAIN("text", sa.Integer()),
    "TypeDecorator for the dialect": Document,
    "TypeDecorator of a TypeDecorator": lambda: TrimmedTwice(12),
    "TypeDecorator of an enum": lambda: Letters("a", "b", name="letters"),
    "subclass": Number,
    "mysql LONGTEXT": mysql.LONGTEXT,
    "mysql INTEGER": lambda: mysql.INTEGER(11, unsigned=True),
    "mysql LONGTEXT, variant": lambda: mysql.LONGTEXT().with_variant(pg.JSONB(), "postgresql"),
    "no type": lambda: "INTEGER",
    **{
        name: getattr(pg, name)
        for name in (
            "INT8RANGE",
            "NUMRANGE",
            "DATERANGE",
            "TSRANGE",
            "TSTZRANGE",
            "INT4MULTIRANGE",
            "INT8MULTIRANGE",
            "NUMMULTIRANGE",
            "DATEMULTIRANGE",
            "TSMULTIRANGE",
        )
    },
}

#: Types that only a column's definition can spell; inside an array they were asked without their column.
_OF_COLUMNS: dict[str, Callable[[], Any]] = {
    "type that asks for its column": Named,
    "ARRAY of a type that asks for its column": lambda: pg.ARRAY(Named()),
}

#: Lengths and the like that are no integers: they were cast to one, True to 1.
NO_INTEGERS: dict[str, Callable[[], Any]] = {
    "String length given as a bool": lambda: sa.String(True),
    "String length given as text": lambda: sa.String("5"),  # type: ignore[arg-type]
    "String length given as a float": lambda: sa.String(5.0),  # type: ignore[arg-type]
    "Numeric precision given as text": lambda: sa.Numeric("5", "2"),  # type: ignore[call-overload]
}


def _cases(name: str, make: Callable[[], Any]) -> list[Case]:
    return [
        Case(f"create_table, {name}", making(make, lambda op, type_: op.create_table("t", sa.Column("c", type_)))),
        Case(f"add_column, {name}", making(make, lambda op, type_: op.add_column("t", sa.Column("c", type_)))),
        Case(f"alter_column, {name}", making(make, lambda op, type_: op.alter_column("t", "c", type_=type_))),
    ]


def _library_cases(name: str, make: Callable[[], Any]) -> list[Case]:
    return [replace(case, library=frozenset({case.name.split(",", 1)[0]})) for case in _cases(name, make)]


CASES = [
    *(case for name, make in (TYPES | _OF_COLUMNS).items() for case in _cases(name, make)),
    *(case for name, make in NO_INTEGERS.items() for case in _library_cases(name, make)),
]
