"""Tables with each of their options and constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.elements import quoted_name

from ddl_cases.case import CONVENTION, Case, case

if TYPE_CHECKING:
    from collections.abc import Callable


def _create_table(name: str, *items: Callable[[], Any], library: tuple[str, ...] = (), **options: Any) -> list[Case]:
    def call(op: Any) -> object:
        columns = (sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.String(20)))
        return op.create_table("t", *columns, *(item() for item in items), **options)

    return [
        case(f"create_table, {name}", call, None, *library),
        case(f"create_table, {name}, naming convention", call, CONVENTION, *library),
    ]


CASES = [
    *_create_table("plain"),
    *_create_table("schema", schema="My Schema"),
    *_create_table("dotted schema", schema="a.b"),
    *_create_table("comment", comment="a 'b'\nc %"),
    *_create_table("empty comment", comment="", library=("create_table",)),
    *_create_table("if_not_exists", if_not_exists=True),
    *_create_table("prefixes", prefixes=["GLOBAL", "TEMPORARY"], postgresql_on_commit="DELETE_ROWS"),
    *_create_table("partition_by", postgresql_partition_by="RANGE (a)"),
    *_create_table("inherits", postgresql_inherits=("p", "Q")),
    *_create_table("inherits one", postgresql_inherits="p"),
    *_create_table("using and tablespace", postgresql_using="heap", postgresql_tablespace="Fast"),
    *_create_table("with_oids", postgresql_with_oids=False),
    *_create_table("ignore_search_path", postgresql_ignore_search_path=True),
    *_create_table("other databases", mysql_engine="InnoDB", sqlite_autoincrement=True),
    *_create_table("info and extend_existing", info={"a": 1}, extend_existing=True),
    *_create_table("primary key", lambda: sa.PrimaryKeyConstraint("a")),
    *_create_table("primary key named", lambda: sa.PrimaryKeyConstraint("a", "b", name="PK")),
    *_create_table("primary key include", lambda: sa.PrimaryKeyConstraint("a", postgresql_include=["b"], deferrable=True)),
    *_create_table("unique", lambda: sa.UniqueConstraint("a", "b")),
    *_create_table("unique named", lambda: sa.UniqueConstraint("b", name="uq", deferrable=False, initially="IMMEDIATE")),
    *_create_table(
        "unique options", lambda: sa.UniqueConstraint("b", postgresql_nulls_not_distinct=True, postgresql_include=["a"])
    ),
    *_create_table("check", lambda: sa.CheckConstraint("a > 5", name="positive")),
    *_create_table("check text", lambda: sa.CheckConstraint(sa.text("a > 5 AND b LIKE 'x%'"))),
    *_create_table(
        "check expression", lambda: sa.CheckConstraint(sa.and_(sa.column("a") > 5, sa.column("b").in_(["x", "y"])), name="ck")
    ),
    *_create_table("check not valid", lambda: sa.CheckConstraint("a > 5", name="ck", postgresql_not_valid=True)),
    *_create_table(
        "foreign keys",
        lambda: sa.ForeignKeyConstraint(["a", "b"], ["o.x", "o.y"], name="fk", ondelete="CASCADE"),
        lambda: sa.ForeignKeyConstraint(["a"], ["s.o.x"]),
    ),
    *_create_table("foreign key to itself", lambda: sa.ForeignKeyConstraint(["b"], ["t.a"])),
    *_create_table(
        "foreign key use_alter", lambda: sa.ForeignKeyConstraint(["a"], ["o.x"], name="fk", use_alter=True, match="SIMPLE")
    ),
    *_create_table(
        "exclude", lambda: pg.ExcludeConstraint(("a", "="), (sa.text("b"), "&&"), using="gist", where=sa.text("a > 5"), name="ex")
    ),
    *_create_table("index", lambda: sa.Index("ix_b", "b", postgresql_where=sa.text("a > 1"))),
    *_create_table("index expression", lambda: sa.Index("ix_b", sa.text("lower(b)"), "a", unique=True)),
    *_create_table(
        "many",
        lambda: sa.CheckConstraint("a > 1"),
        lambda: sa.UniqueConstraint("a"),
        lambda: sa.PrimaryKeyConstraint("a"),
        lambda: sa.CheckConstraint("a > 2", name=quoted_name("Ck", True)),
    ),
    *_create_table("f names", lambda: sa.CheckConstraint("a > 1", name=sa.schema.conv("fixed_name"))),
    *_create_table("long name", lambda: sa.CheckConstraint("a > 1", name="x" * 80)),
    *_create_table("long conv name", lambda: sa.CheckConstraint("a > 1", name="y" * 60)),
    *_create_table(
        "ddl_if",
        lambda: sa.CheckConstraint("a > 1").ddl_if(dialect="mysql"),
        lambda: sa.CheckConstraint("a > 2").ddl_if(dialect="postgresql"),
    ),
    case("create_table, no columns", lambda op: op.create_table("t")),
    case(
        "create_table, shared enum",
        lambda op: (
            op.create_table("t", sa.Column("a", pg.ENUM("x", name="e"))),
            op.create_table("u", sa.Column("a", pg.ENUM("x", name="e"))),
        ),
    ),
    case(
        "create_table, enum inherit_schema",
        lambda op: op.create_table("t", sa.Column("a", pg.ENUM("x", name="e", schema="sch")), schema="sch"),
    ),
    case(
        "create_table, same name as reserved",
        lambda op: op.create_table("user", sa.Column("order", sa.Integer(), primary_key=True), schema="table"),
    ),
    case(
        "create_table, quoted_name",
        lambda op: op.create_table(quoted_name("t", True), sa.Column("a", sa.Integer()), schema=quoted_name("Plain", False)),
    ),
    case("create_table, unknown option", lambda op: op.create_table("t", sa.Column("a", sa.Integer()), postgresql_nonsense=True)),
    case("drop_table", lambda op: op.drop_table("T", schema="s")),
    case("drop_table, dotted schema", lambda op: op.drop_table("t", schema="a.b")),
    case("rename_table", lambda op: op.rename_table("t", "New", schema="a.B")),
    case("rename_table, quoted_name schema", lambda op: op.rename_table("t", "u", schema=quoted_name("a.b", True))),
    case("create_table_comment", lambda op: op.create_table_comment("t", "it's \\ 5%", schema="s", existing_comment="x")),
    case("create_table_comment, none", lambda op: op.create_table_comment("t", None)),
    case("drop_table_comment", lambda op: op.drop_table_comment("t", existing_comment="x", schema="s")),
]
