"""Directives that nobody thought of: random arguments through Alembic and through the engine."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql.elements import quoted_name

from ddl_cases import CONVENTION
from ddl_cases.types import TYPES
from ddl_oracle import assert_same, through_alembic, through_engine
from memstack_migrate import _engine

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.compat

# Random, but the same in every run.
_SETTINGS = settings(max_examples=400, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

_WORDS = [
    "t",
    "user",
    "Users",
    "order",
    "a b",
    "x.y",
    "täble",
    'q"q',
    "100%",
    "$1",
    "2x",
    "select",
    "name_",
    "it's",
    "back\\slash",
]
_plain_names = st.sampled_from(_WORDS) | st.text(string.ascii_letters + string.digits + "_$ .%\"'é", min_size=1, max_size=12)
_names = _plain_names | st.builds(quoted_name, _plain_names, st.sampled_from([True, False]))
_schemas = st.none() | _names
# Foreign keys name their target with dots: other names cannot be told apart.
_dotless = st.sampled_from(["t", "User", "order", "a b", "o'x"])
_texts = st.sampled_from(["", "x", "it's", "a\\b", "100%", "%s", "ünï", "two\nlines", '"q"'])
_phrases = st.none() | st.sampled_from(["CASCADE", "SET NULL", "set default", "NO ACTION", "RESTRICT", "SET NULL (a)"])
_initially = st.none() | st.sampled_from(["DEFERRED", "immediate"])
_flag = st.none() | st.booleans()
_conditions = st.sampled_from(
    ["a > 5", "b LIKE 'x%'", sa.text("a IS NOT NULL"), sa.column("Group") == "it's", sa.func.length(sa.column("b")) > 3]
)
_makers = st.sampled_from([make for name, make in TYPES.items() if name != "NullType"])
_defaults = (
    st.none() | _texts | st.sampled_from([sa.text("now()"), sa.text("'{}'::jsonb"), sa.func.now(), sa.false(), sa.text("5 % 3")])
)


@st.composite
def _columns(draw: Any) -> Callable[[], sa.Column[Any]]:
    """A function that makes the same column anew: a column belongs to one table only."""
    name, make = draw(_names), draw(_makers)
    options: dict[str, Any] = {"server_default": draw(_defaults)}
    for flag in ("nullable", "unique", "index", "primary_key"):
        value = draw(_flag)
        if value is not None:
            options[flag] = value
    if draw(st.booleans()):
        options["comment"] = draw(_texts)
    target = draw(st.none() | _dotless)
    actions = {"ondelete": draw(_phrases), "onupdate": draw(_phrases), "deferrable": draw(_flag), "initially": draw(_initially)}

    def make_column() -> sa.Column[Any]:
        keys = [] if target is None else [sa.ForeignKey(f"{target}.id", **actions)]
        return sa.Column(name, make(), *keys, **options)

    return make_column


@st.composite
def _constraints(draw: Any) -> Callable[[], sa.Constraint]:
    name = draw(st.none() | _names)
    kind = draw(st.sampled_from(["check", "unique", "foreign"]))
    deferral = {"deferrable": draw(_flag), "initially": draw(_initially)}
    condition, nulls, actions = (
        draw(_conditions),
        draw(_flag),
        {"ondelete": draw(_phrases), "match": draw(st.none() | st.just("FULL"))},
    )
    target = draw(_dotless)

    def make_constraint() -> sa.Constraint:
        if kind == "check":
            return sa.CheckConstraint(condition, name=name, postgresql_not_valid=nulls, **deferral)
        if kind == "unique":
            return sa.UniqueConstraint("first", name=name, postgresql_nulls_not_distinct=nulls, **deferral)
        return sa.ForeignKeyConstraint(["first"], [f"{target}.x"], name=name, **deferral, **actions)

    return make_constraint


@st.composite
def _create_table(draw: Any) -> Callable[[Any], object]:
    columns = draw(st.lists(_columns(), max_size=4))
    constraints = draw(st.lists(_constraints(), max_size=3))
    options = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "schema": _schemas,
                "comment": _texts,
                "if_not_exists": st.booleans(),
                "prefixes": st.just(["UNLOGGED"]),
                "postgresql_partition_by": st.just("LIST (a)"),
                "postgresql_tablespace": _names,
                "postgresql_inherits": _names | st.lists(_names, max_size=2),
                "postgresql_with_oids": st.booleans(),
            },
        )
    )
    name = draw(_names)

    def call(op: Any) -> None:
        items = [sa.Column("first", sa.Integer()), *(make() for make in columns), *(make() for make in constraints)]
        op.create_table(name, *items, **options)

    return call


@st.composite
def _add_column(draw: Any) -> Callable[[Any], object]:
    make, table, schema = draw(_columns()), draw(_names), draw(_schemas)
    return lambda op: op.add_column(table, make(), schema=schema)


@st.composite
def _alter_column(draw: Any) -> Callable[[Any], object]:
    options = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "schema": _schemas,
                "nullable": st.booleans(),
                "server_default": _defaults,
                "comment": st.none() | _texts,
                "new_column_name": _names,
                "existing_nullable": st.booleans(),
                "existing_server_default": _defaults,
                "postgresql_using": st.sampled_from(["a::int", "b % 5"]),
            },
        )
    )
    make_type, make_existing = draw(st.none() | _makers), draw(st.none() | _makers)
    table, column = draw(_names), draw(_names)

    def call(op: Any) -> None:
        types = {"type_": make_type, "existing_type": make_existing}
        op.alter_column(table, column, **options, **{key: make() for key, make in types.items() if make is not None})

    return call


@st.composite
def _create_index(draw: Any) -> Callable[[Any], object]:
    expressions = st.sampled_from([sa.text("lower(a)"), sa.func.lower(sa.column("B")), sa.column("c").desc()])
    columns = draw(st.lists(_names | expressions, min_size=1, max_size=3, unique_by=str))
    options = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "schema": _schemas,
                "unique": st.booleans(),
                "if_not_exists": st.booleans(),
                "postgresql_where": _conditions,
                "postgresql_using": st.sampled_from(["gin", "BTREE"]),
                "postgresql_ops": st.dictionaries(_names, st.just("my_ops"), max_size=2),
                "postgresql_with": st.dictionaries(st.just("fillfactor"), st.integers(10, 100)),
                "postgresql_concurrently": st.booleans(),
                "postgresql_include": st.lists(_names, max_size=2, unique=True),
                "postgresql_nulls_not_distinct": _flag,
                "postgresql_tablespace": _names,
                "mysql_length": st.just(5),
            },
        )
    )
    name, table = draw(st.none() | _names), draw(_names)
    return lambda op: op.create_index(name, table, columns, **options)


@st.composite
def _create_constraint(draw: Any) -> Callable[[Any], object]:
    name, table, schema = draw(st.none() | _names), draw(_names), draw(_schemas)
    columns = draw(st.lists(_names, min_size=1, max_size=2, unique=True))
    kind = draw(st.sampled_from(["unique", "primary", "check", "foreign", "drop"]))
    condition, target = draw(_conditions), draw(_dotless)
    actions = {"ondelete": draw(_phrases), "onupdate": draw(_phrases), "deferrable": draw(_flag), "initially": draw(_initially)}
    type_ = draw(st.sampled_from([None, "check", "unique", "primary", "foreignkey"]))

    def call(op: Any) -> None:
        if kind == "unique":
            op.create_unique_constraint(name, table, columns, schema=schema)
        elif kind == "primary":
            op.create_primary_key(name, table, columns, schema=schema)
        elif kind == "check":
            op.create_check_constraint(name, table, condition, schema=schema)
        elif kind == "foreign":
            op.create_foreign_key(name, table, target, ["a"], ["b"], source_schema=schema, **actions)
        else:
            op.drop_constraint(name, table, type_=type_, schema=schema)

    return call


@st.composite
def _rest(draw: Any) -> Callable[[Any], object]:
    name, other, schema, text = draw(_names), draw(_names), draw(_schemas), draw(st.none() | _texts)
    calls: list[Callable[[Any], object]] = [
        lambda op: op.drop_table(name, schema=schema),
        lambda op: op.rename_table(name, other, schema=schema),
        lambda op: op.drop_column(name, other, schema=schema),
        lambda op: op.drop_index(name, table_name=other, schema=schema),
        lambda op: op.create_table_comment(name, text, schema=schema),
        lambda op: op.drop_table_comment(name, schema=schema),
    ]
    chosen: Callable[[Any], object] = draw(st.sampled_from(calls))
    return chosen


_calls = st.one_of(_create_table(), _add_column(), _alter_column(), _create_index(), _create_constraint(), _rest())
_conventions = st.none() | st.just(CONVENTION)


@_SETTINGS
@given(_calls, _conventions, st.sampled_from(["named", "pyformat"]))
def test_same_sql_as_alembic(call: Callable[[Any], object], convention: dict[str, str] | None, paramstyle: str) -> None:
    theirs = through_alembic(call, convention, paramstyle)
    ours = through_engine(call, convention, paramstyle)
    if ours.library and paramstyle == "pyformat":
        ours.statements = [statement.replace("%%", "%") for statement in ours.statements]
    assert_same(ours, theirs)


_DIALECT: Any = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_preparer: Any = CreateTable(sa.Table("t", sa.MetaData())).compile(dialect=_DIALECT).preparer


@_SETTINGS
@given(st.text(min_size=1) | st.text(string.printable, min_size=1) | st.sampled_from(sorted(_preparer.reserved_words)))
def test_names_are_quoted_as_sqlalchemy_quotes_them(name: str) -> None:
    assert _engine.quote_identifier(name) == _preparer.quote(name)


def test_every_character_is_quoted_as_sqlalchemy_quotes_it() -> None:
    for code in (*range(0xD800), *range(0xE000, 0x11000)):
        for name in (chr(code), f"a{chr(code)}"):
            assert _engine.quote_identifier(name) == _preparer.quote(name), hex(code)


@_SETTINGS
@given(st.text(), st.booleans())
def test_literals_are_written_as_sqlalchemy_writes_them(value: str, backslash_escapes: bool) -> None:  # noqa: FBT001
    dialect: Any = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    dialect._backslash_escapes = backslash_escapes  # noqa: SLF001
    compiler = dialect.statement_compiler(dialect, None)
    expected = compiler.render_literal_value(value, sa.String())
    assert _engine.quote_literal(value, backslash_escapes) == expected
