"""The same directives on a real server, through Alembic and through the engine: the same schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import alembic.operations
import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql as pg

from memstack_migrate.operations import Operations

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from databases import Database

pytestmark = pytest.mark.compat


class _ConnectionSink:
    """Runs the engine's statements on the connection, as they are: no driver halves a percent sign."""

    doubles_percents = False

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.reasons: dict[str, str] = {}

    def execute(self, op_name: str, statements: list[str], *, shown: str | None = None) -> None:  # noqa: ARG002  the Protocol's
        cursor = self.connection.connection.cursor()
        for statement in statements:
            cursor.execute(statement)

    def count(self, op_name: str, native: bool, reason: str) -> None:  # noqa: FBT001  the Protocol's
        if not native:
            self.reasons[op_name] = reason


def _revision(op: Any) -> None:
    op.execute("CREATE SCHEMA app")
    op.execute("COMMENT ON SCHEMA app IS '100% ours, since 12\\:30'")
    users = op.create_table(
        "Users",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("mood", sa.Enum("happy", "it's 5%", name="mood", schema="app"), server_default="happy", nullable=False),
        sa.Column("size", pg.DOMAIN("positive", sa.Integer(), check="VALUE > 0", schema="app")),
        sa.Column("tags", pg.ARRAY(sa.String(20)), server_default=sa.text("'{}'"), comment="50% \\ 'quoted'"),
        sa.Column("data", pg.JSONB(), server_default="{}", index=True),
        sa.Column("email", sa.String(100), unique=True),
        sa.Column("lower", sa.Text(), sa.Computed("lower(email)", persisted=True)),
        sa.CheckConstraint("id % 2 >= 0", name="ck"),
        schema="app",
        comment="it's",
    )
    op.bulk_insert(users, [{"id": 1, "email": "a"}, {"id": 2, "email": "b"}])
    # The type is there: neither Alembic nor the engine makes it again within one run.
    op.create_table("moods", sa.Column("mood", sa.Enum("happy", "it's 5%", name="mood", schema="app")), schema="app")
    op.create_index("ix", "Users", [sa.text("lower(email)"), "id"], schema="app", postgresql_where=sa.text("email LIKE '%x'"))
    with op.batch_alter_table("Users", schema="app") as batch_op:
        batch_op.add_column(sa.Column("parent", sa.BigInteger(), sa.ForeignKey("app.Users.id", ondelete="CASCADE")))
        batch_op.alter_column("email", new_column_name="Mail", nullable=False, comment="5%")
        batch_op.create_unique_constraint("uq", ["Mail", "id"])
        batch_op.drop_constraint("ck", type_="check")
    op.alter_column("Users", "size", schema="app", type_=sa.Numeric(10, 2), postgresql_using="size::numeric / 2")
    op.rename_table("moods", "Moods", schema="app")


def _run(database: Database, make: Callable[[MigrationContext, Connection], Any]) -> None:
    engine = sa.create_engine(database.url_for("psycopg2"))
    with engine.begin() as connection:
        _revision(make(MigrationContext.configure(connection), connection))
    engine.dispose()


def test_same_schema_as_alembic(make_database: Callable[[], Database]) -> None:
    theirs, ours = make_database(), make_database()
    sinks: list[_ConnectionSink] = []

    def make_ours(context: MigrationContext, connection: Connection) -> Operations:
        sinks.append(_ConnectionSink(connection))
        return Operations(context, sink=sinks[0])

    _run(theirs, lambda context, _: alembic.operations.Operations(context))
    _run(ours, make_ours)
    assert ours.schema_dump() == theirs.schema_dump()
    assert ours.rows('SELECT id, "Mail", mood, tags::text FROM app."Users" ORDER BY id') == theirs.rows(
        'SELECT id, "Mail", mood, tags::text FROM app."Users" ORDER BY id'
    )
    assert set(sinks[0].reasons) == {"bulk_insert"}
