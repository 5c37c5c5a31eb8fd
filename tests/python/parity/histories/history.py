"""A whole history: revisions that build on one another, written as the files of a project."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parity.histories.alterations import alter_column
from parity.histories.batches import batch
from parity.histories.columns import add_column, drop_column
from parity.histories.conditions import seeded
from parity.histories.indexes import create_index, drop_index
from parity.histories.keys import CONVENTION, KEY_DIRECTIVES
from parity.histories.model import OP, Change, Schema, execute
from parity.histories.rows import ROW_DIRECTIVES
from parity.histories.statements import STATEMENT_DIRECTIVES
from parity.histories.tables import TABLE_DIRECTIVES, create_table
from parity.histories.words import quoted

if TYPE_CHECKING:
    from random import Random

    from projects import Project

_IMPORTS = """
import datetime
import decimal
import uuid
from sqlalchemy.dialects import postgresql
"""

_ENVIRONMENT = """
import os
from alembic import context
from sqlalchemy import MetaData, create_engine, pool

options = {{"target_metadata": MetaData(naming_convention={convention!r}), "transaction_per_migration": {each!r}}}

if context.is_offline_mode():
    context.configure(url="postgresql+{driver}://", literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
"""

_WRONG = [
    'op.execute("SELECT 1 / 0")',
    'op.drop_table("there is none")',
    'op.add_column("there is none", sa.Column("a", sa.Integer()))',
    'op.create_index("i", "there is none", ["a"])',
    'op.execute(sa.text("SELECT :missing"))',
    'raise ValueError("on purpose")',
    'op.bulk_insert(sa.table("there is none", sa.column("a")), [{"a": 1}])',
    'op.alter_column("there is none", "a", nullable=False)',
    'op.execute("SELEC 1")',
]


@dataclass
class Revision:
    """One revision file to be."""

    id: str
    down: tuple[str, ...]
    depends_on: str | None = None
    changes: list[Change] = field(default_factory=list)

    def body(self, *, down: bool) -> str:
        """Return the source of upgrade() or downgrade()."""
        lines = [line for change in self.changes for line in change.up]
        if down:
            lines = [line for change in reversed(self.changes) for line in change.down]
        return "\n".join(['op.execute("SET CONSTRAINTS ALL IMMEDIATE")', *lines])


@dataclass
class History:
    """Revisions in an order in which they can run, and how env.py runs them."""

    seed: int
    driver: str
    schema: Schema
    one_transaction_each: bool
    revisions: list[Revision] = field(default_factory=list)
    #: The revision with a statement on purpose that fails, if there is one.
    broken: str | None = None

    @property
    def may_have_committed(self) -> bool:
        """Whether a revision ends the transaction that all of them are in."""
        bodies = (revision.body(down=down) for revision in self.revisions for down in (False, True))
        return not self.one_transaction_each and any("autocommit_block" in body for body in bodies)

    def write(self, project: Project) -> None:
        """Write env.py and the revision files."""
        convention = CONVENTION if self.schema.has_convention else {}
        each = self.one_transaction_each
        project.env_py.write_text(_ENVIRONMENT.format(convention=convention, each=each, driver=self.driver))
        for revision in self.revisions:
            down = revision.down if len(revision.down) > 1 else next(iter(revision.down), None)
            bodies = (revision.body(down=False), revision.body(down=True))
            project.revision(revision.id, down, *bodies, imports=textwrap.dedent(_IMPORTS), depends_on=revision.depends_on)


def make_history(seed: int, count: int, major: int) -> History:
    """Return the history of this seed: ``count`` revisions for a server of this major version."""
    random = seeded(seed)
    schema = Schema(
        is_live=random.random() < 0.5,
        has_convention=random.random() < 0.5,
        schemas=random.choice([(None,), (None, None, "side"), (None, "Odd Schema"), (None, "side", "per%cent")]),
        major=major,
    )
    history = History(seed, random.choice(["psycopg", "psycopg2"]), schema, random.random() < 0.4)
    _arrange(random, history, count)
    for revision in history.revisions:
        _fill(random, schema, revision)
    first = history.revisions[0]
    for name in {name for name in schema.schemas if name is not None}:
        first.changes.insert(0, _schema_change(name))
    if random.random() < 0.2:
        # Not the first one: after it the version tables differ on purpose.
        broken = random.choice(history.revisions[1:])
        history.broken = broken.id
        change = random.choice(broken.changes)
        change.up.insert(random.randint(0, len(change.up)), random.choice(_WRONG))
    return history


def _schema_change(name: str) -> Change:
    return Change("execute", [execute(f"CREATE SCHEMA {quoted(name)}")], [execute(f"DROP SCHEMA {quoted(name)}")])


def _arrange(random: Random, history: History, count: int) -> None:
    """Make empty revisions: a line with forks, of which one side waits for the other, and merges."""
    heads: tuple[str, ...] = ()
    while len(history.revisions) < count:
        ids = [f"{len(history.revisions) + number:04d}{random.randrange(16**6):06x}" for number in range(3)]
        if heads and random.random() < 0.08 and count - len(history.revisions) >= 3:
            fork = [Revision(ids[0], heads), Revision(ids[1], heads, depends_on=ids[0]), Revision(ids[2], (ids[0], ids[1]))]
            history.revisions += fork
            heads = (ids[2],)
        else:
            history.revisions.append(Revision(ids[0], heads))
            heads = (ids[0],)


def _fill(random: Random, schema: Schema, revision: Revision) -> None:
    if not schema.tables:
        revision.changes = [create_table(random, schema), create_table(random, schema)]
        return
    wanted = random.choice([1, 2, 2, 3, 4, 6])
    while len(revision.changes) < wanted:
        change = _change(random, schema)
        if change is not None:
            revision.changes.append(change)


def _change(random: Random, schema: Schema) -> Change | None:
    """Return one change more, or nothing where the draw is not possible."""
    choice = random.random()
    if choice < 0.1 and len(schema.tables) < 12:
        return create_table(random, schema)
    if choice < 0.16:
        return random.choice(TABLE_DIRECTIVES[1:])(random, schema)
    table = random.choice(schema.tables)
    if choice < 0.3:
        return random.choice(ROW_DIRECTIVES + STATEMENT_DIRECTIVES)(random, schema, table)
    if choice < 0.4:
        return batch(random, schema, table)
    if choice < 0.6:
        return random.choice(KEY_DIRECTIVES)(random, schema, table, OP)
    directive = random.choice(
        [add_column, add_column, alter_column, alter_column, drop_column, create_index, create_index, drop_index]
    )
    return directive(random, schema, table, OP)
