"""What a history has made so far: schemas, tables, columns, keys. Names change, so keys hold columns and not their names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parity.histories.kinds import SERIAL, Kind
from parity.histories.words import as_text, pick_word, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def execute(sql: str) -> str:
    """Return the line that runs SQL as it is."""
    return f"op.execute({as_text(sql)!r})"


@dataclass
class Change:
    """Lines of ``upgrade()``, those of ``downgrade()`` that undo them, and what to count them as."""

    kind: str
    up: list[str]
    down: list[str]


@dataclass(eq=False)
class Column:
    """A column as it is now; ``default`` and ``generated`` are Python source."""

    name: str
    kind: Kind
    nullable: bool = True
    default: str | None = None
    comment: str | None = None
    #: What the value is computed from, and how; or ``sa.Identity(...)``.
    base: Column | None = None
    generated: str = ""
    has_index: bool = False
    is_unique: bool = False
    #: The server or the database gives the value: an insert leaves it out.
    is_serial: bool = False
    is_primary: bool = False

    @property
    def sql(self) -> str:
        """The name in SQL."""
        return quoted(self.name)

    def generated_source(self) -> str:
        """Return ``sa.Identity(...)`` or ``sa.Computed(...)`` as of now, or nothing."""
        if self.base is None:
            return self.generated
        return f"sa.Computed({as_text(self.generated.format(c=self.base.sql))!r}, persisted=True)"

    def source(self, *extras: str, is_new_type: bool = False) -> str:
        """Return ``sa.Column(...)``; ``extras`` stand behind the type, ``is_new_type`` lets it create an enum."""
        type_ = self.kind.source if is_new_type or not self.kind.known_source else self.kind.known_source
        parts = [repr(self.name), type_, *extras]
        if self.generated:
            parts.append(self.generated_source())
        options = {"nullable": None if self.nullable and self.base else repr(self.nullable), "server_default": self.default}
        options["comment"] = None if self.comment is None else repr(self.comment)
        options["index"] = "True" if self.has_index else None
        options["unique"] = "True" if self.is_unique else None
        options["primary_key"] = "True" if self.is_primary else None
        options["autoincrement"] = "False" if self.is_primary and not self.is_serial else None
        return f"sa.Column({', '.join(parts + [f'{name}={value}' for name, value in options.items() if value is not None])})"


@dataclass(eq=False)
class Key:
    """A constraint or an index. ``name`` is what the database calls it, None where only the database knows."""

    kind: str
    table: Table
    columns: list[Column]
    name: str | None
    #: Writes the call that makes it, as things are called by then.
    create: Callable[[Via], str]
    target: Table | None = None
    target_columns: list[Column] = field(default_factory=list)


@dataclass(eq=False)
class Table:
    """A table as it is now."""

    name: str
    schema: str | None
    columns: list[Column] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    comment: str | None = None
    #: Keywords of create_table() that stay, as source.
    options: dict[str, str] = field(default_factory=dict)
    #: Partitioned, a parent or a child: not everything can be done to it.
    is_special: bool = False
    #: Other statements that made it complete, such as its partitions; the name goes in at ``{t}``.
    companions: list[str] = field(default_factory=list)
    has_rows: bool = False
    parent: Table | None = None

    @property
    def sql(self) -> str:
        """The qualified name in SQL."""
        return (f"{quoted(self.schema)}." if self.schema else "") + quoted(self.name)

    @property
    def dotted(self) -> str:
        """The name as a foreign key has it."""
        return (f"{self.schema}." if self.schema else "") + self.name

    def keys_with(self, column: Column) -> list[Key]:
        """Return the keys that a column is in."""
        return [key for key in self.keys if column in key.columns]

    def is_distinct(self, column: Column) -> bool:
        """Whether two rows may not have one value in this column."""
        return (
            column.is_unique
            or column.is_primary
            or any(key.kind in {"unique", "primary", "exclude", "unique index"} for key in self.keys_with(column))
        )

    def is_foreign(self, column: Column) -> bool:
        """Whether the column refers to another table."""
        return any(key.kind == "foreign" for key in self.keys_with(column))

    def free_columns(self) -> list[Column]:
        """Return the columns that nothing depends on."""
        bases = {id(column.base) for column in self.columns if column.base}
        return [
            column
            for column in self.columns
            if not (
                self.keys_with(column)
                or id(column) in bases
                or column.is_primary
                or column.is_unique
                or column.has_index
                or column.generated
                or column.is_serial
            )
        ]

    def companion_lines(self) -> list[str]:
        """Return the lines behind create_table() that complete it."""
        return [execute(companion.replace("{t}", self.sql)) for companion in self.companions]

    def truncate(self) -> str:
        """Return the line that leaves no row that could be in the way."""
        return execute(f"TRUNCATE {self.sql} CASCADE")


@dataclass(frozen=True)
class Via:
    """How a directive is called: ``op.name(table, ..., schema=)`` or ``batch_op.name(...)``."""

    is_batch: bool = False

    def call(self, name: str, table: Table, before: list[str], after: list[str], **options: str | None) -> str:
        """Return a call's source; ``before`` stands before the table's name, ``after`` behind it."""
        schema = {} if self.is_batch or table.schema is None else {"schema": repr(table.schema)}
        given = {key: value for key, value in {**options, **schema}.items() if value is not None}
        where = [] if self.is_batch else [repr(table.name)]
        words = [*before, *where, *after, *(f"{key}={value}" for key, value in given.items())]
        return f"{'batch_op' if self.is_batch else 'op'}.{name}({', '.join(words)})"


OP = Via()


@dataclass
class Schema:
    """Everything that a history has made, and what it may use."""

    is_live: bool
    has_convention: bool
    schemas: tuple[str | None, ...]
    major: int
    tables: list[Table] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    made: int = 0

    def new_name(self, random: Random, prefix: str = "") -> str:
        """Return a name that nothing has had before, odd now and then."""
        self.made += 1
        return f"{prefix or pick_word(random)}{self.made}"

    def referring(self, table: Table) -> list[Key]:
        """Return the foreign keys of other tables that point to this one."""
        return [key for other in self.tables if other is not table for key in other.keys if key.target is table]

    def is_target(self, table: Table, column: Column) -> bool:
        """Whether a foreign key points to the column."""
        return any(column in key.target_columns for other in self.tables for key in other.keys if key.target is table)

    def serial_column(self, random: Random) -> Column:
        """Return a primary key of one column that numbers itself."""
        identity = random.choice(["", "", "sa.Identity()", "sa.Identity(always=True, start=10, increment=5)"])
        return Column(self.new_name(random, "id"), SERIAL, nullable=False, is_serial=True, is_primary=True, generated=identity)
