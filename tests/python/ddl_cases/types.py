"""Every type of SQLAlchemy and its PostgreSQL dialect, and types of other people's, wherever a type can stand."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.types import TypeDecorator, UserDefinedType

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


class Trimmed(TypeDecorator[str]):
    impl = sa.String
    cache_ok = True


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
}


def _cases(name: str, make: Callable[[], Any]) -> list[Case]:
    return [
        Case(f"create_table, {name}", making(make, lambda op, type_: op.create_table("t", sa.Column("c", type_)))),
        Case(f"add_column, {name}", making(make, lambda op, type_: op.add_column("t", sa.Column("c", type_)))),
        Case(f"alter_column, {name}", making(make, lambda op, type_: op.alter_column("t", "c", type_=type_))),
    ]


CASES = [case for name, make in TYPES.items() for case in _cases(name, make)]
