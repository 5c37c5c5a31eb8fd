"""Types of columns, with values, defaults, and casts from any other type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parity.histories.words import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


@dataclass(frozen=True)
class Kind:
    """A type. All sources are Python, ``cast`` is SQL with the column at ``{c}``."""

    source: str
    #: A value for each number; equal numbers give equal values, and where ``is_distinct`` others give others.
    value: Callable[[int], str]
    cast: str
    defaults: tuple[str, ...] = ()
    is_distinct: bool = True
    family: str = ""
    #: Can be in a btree index.
    has_order: bool = True
    #: Plain values, not SQL expressions.
    is_plain: bool = True
    #: The type where it exists already; else as ``source``.
    known_source: str = ""
    #: The SQL that drops what the type has made.
    drop: str = ""


def _text(number: int) -> str:
    return repr(f"{TEXTS[number % len(TEXTS)]}{number}")


def _date(number: int) -> str:
    return f"datetime.date({1970 + number // 336 % 900}, {number // 28 % 12 + 1}, {number % 28 + 1})"


def _moment(number: int) -> str:
    return f"datetime.datetime({1970 + number // 336 % 900}, {number // 28 % 12 + 1}, {number % 28 + 1}, 12, 30)"


_LENGTH = "length({c}::text)"
_INT = ("'5'", 'sa.text("5")', 'sa.text("(7 % 4)")', "sa.literal_column('1 + 1')")
_WORD = (
    "'x'",
    '"it\'s"',
    "'100%'",
    "sa.text(\"'a\\\\:b'\")",
    "sa.text(\"'x'::text\")",
    "''",
    "sa.func.lower('ABC')",
    "sa.text(\"'%s'\")",
)
_NOW = ("sa.func.now()", "sa.text('now()')", "sa.text('CURRENT_TIMESTAMP')", "sa.func.current_timestamp()")
_UUID = "'00000000-0000-0000-0000-{:012d}'"

SERIAL = Kind("sa.Integer()", str, _LENGTH, family="int")
INTEGER = Kind("sa.Integer()", str, _LENGTH, _INT, family="int")
TEXT = Kind("sa.Text()", _text, "{c}::text", _WORD, family="text")
RANGE = Kind(
    "postgresql.INT4RANGE()",
    lambda number: f'sa.text("int4range({number}, {number + 1})")',
    "int4range(0, length({c}::text))",
    ("sa.text(\"'[1,2)'::int4range\")",),
    family="range",
    is_plain=False,
)
JSONB = Kind(
    "postgresql.JSONB(astext_type=sa.Text())",
    lambda number: f'{{"a": {number}, "k%": "it\'s"}}',
    "to_jsonb({c})",
    ("sa.text(\"'{}'::jsonb\")", "'[]'", "sa.text('\\'{\"a\"\\\\: 1}\\'::jsonb')"),
    family="jsonb",
)
WORDS = Kind(
    "postgresql.ARRAY(sa.Text())",
    lambda number: f"['it\\'s', 'n{number}']",
    "ARRAY[{c}::text]",
    ("sa.text(\"'{}'::text[]\")", "'{}'"),
    family="array",
)

KINDS = [
    INTEGER,
    INTEGER,
    TEXT,
    TEXT,
    RANGE,
    RANGE,
    JSONB,
    WORDS,
    Kind("sa.BigInteger()", str, _LENGTH, _INT, family="int"),
    Kind("sa.SmallInteger()", lambda number: str(number % 30000), _LENGTH, _INT, family="int"),
    Kind("sa.String(length=50)", _text, "left({c}::text, 50)", _WORD, family="text"),
    Kind("sa.String()", _text, "{c}::varchar", _WORD, family="text"),
    Kind("sa.Unicode(length=40)", _text, "left({c}::text, 40)", _WORD, family="text"),
    Kind("sa.CHAR(length=9)", lambda number: repr(f"c{number}"), "left({c}::text, 9)", ("'y'",), family="char"),
    Kind(
        "sa.Boolean()",
        lambda number: str(number % 2 == 0),
        "({c} IS NOT NULL)",
        ("sa.false()", "sa.true()", "'t'", "sa.text('false')"),
        is_distinct=False,
    ),
    Kind("sa.Date()", _date, "'2020-02-02'::date", ("'2020-01-01'", "sa.text(\"'2020-01-01'::date\")")),
    Kind("sa.DateTime()", _moment, "'2020-02-02 10:00'::timestamp", _NOW),
    Kind("sa.DateTime(timezone=True)", _moment, "'2020-02-02 10:00+00'::timestamptz", _NOW),
    Kind("postgresql.TIMESTAMP(timezone=True, precision=3)", _moment, "'2020-02-02 10:00+00'::timestamptz", ()),
    Kind("sa.Time()", lambda number: f"datetime.time({number % 24}, 15)", "'10:00'::time", ("'11:00'",), is_distinct=False),
    Kind("sa.Interval()", lambda number: f"datetime.timedelta(days={number})", "'1 day'::interval", ("'2 hours'",)),
    Kind(
        "sa.Numeric(precision=12, scale=2)", lambda number: f"decimal.Decimal('{number}.25')", _LENGTH, ("'1.5'", "sa.text('0')")
    ),
    Kind("sa.Float()", lambda number: f"{number}.5", _LENGTH, ("'0.5'",)),
    Kind("sa.Double()", lambda number: f"{number}.5", _LENGTH, ("'0.5'",)),
    Kind("sa.JSON()", lambda number: f"[{number}, '%']", "to_json({c})", ("'{}'",), has_order=False, is_distinct=False),
    Kind(
        "postgresql.UUID(as_uuid=True)",
        lambda number: f"uuid.UUID({_UUID.format(number)})",
        "md5({c}::text)::uuid",
        (_UUID.format(0),),
    ),
    Kind("sa.Uuid()", lambda number: f"uuid.UUID({_UUID.format(number)})", "md5({c}::text)::uuid", (_UUID.format(0),)),
    Kind(
        "sa.ARRAY(sa.Integer())",
        lambda number: f"[{number}, 2]",
        "ARRAY[length({c}::text)]",
        ("'{}'", 'sa.text("ARRAY[1, 2]")'),
        family="array",
    ),
    Kind(
        "sa.LargeBinary()",
        lambda number: f"sa.text(\"'\\\\\\\\x{number:06d}'::bytea\")",
        "convert_to({c}::text, 'UTF8')",
        (),
        is_plain=False,
    ),
    Kind(
        "postgresql.INET()",
        lambda number: f"'10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}'",
        "'10.0.0.1'::inet",
        ("'127.0.0.1'",),
    ),
    Kind(
        "postgresql.TSVECTOR()",
        lambda number: f"sa.func.to_tsvector('simple', 'w{number}')",
        "to_tsvector('simple', {c}::text)",
        (),
        is_plain=False,
        family="tsvector",
    ),
    Kind(
        "postgresql.BIT(4)", lambda number: f"sa.text(\"B'{number % 16:04b}'\")", "B'0101'", (), is_plain=False, is_distinct=False
    ),
    Kind("sa.Integer().with_variant(sa.String(), 'sqlite')", str, _LENGTH, _INT, family="int"),
]


def enum_kind(random: Random, name: str, schema: str | None) -> Kind:
    """Return a type with labels: one of the database's, or a text with or without a check."""
    labels = random.sample(["new", "in work", "it's done", "100%", "Ünï"], k=3)
    words = ", ".join(map(repr, labels))
    in_schema = "" if schema is None else f", schema={schema!r}"

    def value(number: int) -> str:
        return repr(labels[number % 3])

    default = (repr(labels[0]),)
    if random.random() < 0.4:
        check = random.choice(["", ", create_constraint=True", ", length=30"])
        source = f"sa.Enum({words}, name={name!r}, native_enum=False{check})"
        return Kind(source, value, repr(labels[1]).replace('"', "'").replace("it's", "it''s"), default, is_distinct=False)
    class_ = random.choice(["sa.Enum", "postgresql.ENUM"])
    quoted_name = '"' + name.replace('"', '""') + '"'
    sql_name = quoted_name if schema is None else f'"{schema}".{quoted_name}'
    return Kind(
        f"{class_}({words}, name={name!r}{in_schema})",
        value,
        "'" + labels[1].replace("'", "''") + f"'::{sql_name}",
        default,
        is_distinct=False,
        known_source=f"postgresql.ENUM({words}, name={name!r}{in_schema}, create_type=False)",
        drop=f"DROP TYPE {sql_name}",
    )
