"""What ``context.configure()`` makes: Alembic's MigrationContext, with the engine in the place of its run loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from alembic.runtime import migration as alembic_migration
from alembic.util import CommandError

from memstack_migrate import _upstream
from memstack_migrate._loop_bridge import is_in_run_sync
from memstack_migrate.borrowed_connection import BorrowedConnection, Fetched, fetched
from memstack_migrate.driver.connection import Connection as DriverConnection
from memstack_migrate.driver.dialect import EngineDialect
from memstack_migrate.driver.errors import from_engine
from memstack_migrate.errors import make_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.script import ScriptDirectory
    from sqlalchemy import Connection

    from memstack_migrate import _engine
    from memstack_migrate.connection_origins import ConnectionOrigins
    from memstack_migrate.errors import MigrateError, SqlError
    from memstack_migrate.statement_sink import EngineSink

__all__ = ["MigrationContext", "other_dbms", "run_is_over"]


class MigrationContext(alembic_migration.MigrationContext):
    """Alembic's MigrationContext with the engine in the place of its run loop."""

    def attach(
        self,
        migrate: Callable[[MigrationContext, dict[str, Any]], None],
        origins: ConnectionOrigins,
        configured_locations: object,
    ) -> None:
        """Set what run_migrations() calls, what is known of connections, and where revision files are configured to be."""
        self._migrate = migrate
        self._configured_locations = configured_locations
        self._origins = origins
        self._borrowed: BorrowedConnection | None = None
        # What SQLAlchemy raised for the last statement that it ran for the engine.
        self._last_error: BaseException | None = None
        self.statement_sink: EngineSink | None = None

    def run_migrations(self, **kw: Any) -> None:
        """Hand over to the engine. ``kw`` is passed on to upgrade() and downgrade(), as Alembic does."""
        if self.opts.get("starting_rev") and not self.as_sql:
            # As Alembic refuses it.
            raise CommandError("Can't specify current_rev to context when using a database connection")
        self.impl.start_migrations()
        try:
            self._migrate(self, kw)
        except BaseException:
            if self.as_sql:
                # A file that env.py opened for itself keeps what was written so far.
                self.impl.static_output("-- This script is not complete: what follows here failed.")
            raise

    def begin_transaction(self, _per_migration: bool = False) -> Any:  # noqa: FBT001, FBT002  Alembic's signature
        """Begin as Alembic does, unless the engine cannot run: a connection that it cannot use is not touched at all."""
        self.check_supported()
        return super().begin_transaction(_per_migration)

    @property
    def in_external_transaction(self) -> bool:
        """Whether the caller of configure() already had a transaction open, which stays the caller's."""
        return self._in_external_transaction

    @property
    def transaction_per_migration(self) -> bool:
        """Whether each revision gets a transaction of its own."""
        return bool(self._transaction_per_migration) or not self.impl.transactional_ddl

    @property
    def _connected(self) -> Connection:
        """The SQLAlchemy connection; check_supported() has seen that there is one."""
        return cast("Connection", self.connection)

    def ensure_begun(self) -> None:
        """Let SQLAlchemy know of a transaction before a statement of the engine's begins it (the engine's call)."""
        if self.connection is not None and not self.connection.in_transaction():
            self.connection.begin()

    def begin(self) -> None:
        """Begin a transaction on the SQLAlchemy connection, or take over the open one (the engine's call)."""
        if not self._is_environments_transaction:
            self._transaction = self._connected.get_transaction() or self._connected.begin()

    def commit(self) -> None:
        """Commit whatever transaction the SQLAlchemy connection is in (the engine's call)."""
        if self._is_environments_transaction:
            # env.py goes on with its own object and commits that; the driver begins the next transaction below it.
            if self._borrowed is None:
                self.engine_connection.commit()
            else:
                self._borrowed.commit_beneath()
        else:
            self._connected.commit()
            self._transaction = None

    @property
    def _is_environments_transaction(self) -> bool:
        """Whether env.py began the transaction itself, not by ``context.begin_transaction()``."""
        return self._transaction is None and self._connected.in_transaction() and not self.transaction_per_migration

    @property
    def starting_revisions(self) -> list[str]:
        """Where a ``--sql`` run starts: what the command line or env.py says (``starting_rev``)."""
        start = self.opts.get("starting_rev")
        named = [start] if isinstance(start, str) else list(start or ())
        return [name for name in named if name not in {None, "base"}]

    def begin_step(self) -> None:
        """Write BEGIN, where each revision is a transaction of its own (the engine's call)."""
        self._step = self.begin_transaction(_per_migration=True)
        self._step.__enter__()

    def end_step(self) -> None:
        """Write COMMIT, likewise (the engine's call)."""
        self._step.__exit__(None, None, None)

    def write_statement(self, statement: str) -> None:
        """Write one statement of the engine's as Alembic writes its own (the engine's call)."""
        self.impl.static_output(statement.replace("\t", "    ").strip() + self.impl.command_terminator)

    def write_comment(self, text: str) -> None:
        """Write a line that is no statement (the engine's call)."""
        self.impl.static_output(f"-- {text}")

    def release(self) -> None:
        """Let go of the engine: it holds this object, and the garbage collector cannot see through it."""
        self._migrate = run_is_over
        self._last_error = None
        if self._borrowed is not None:
            self._borrowed.release()
        if self.statement_sink is not None:
            self.statement_sink.connect(None)

    def rollback(self) -> None:
        """Roll back whatever transaction the SQLAlchemy connection is in (the engine's call)."""
        self._connected.rollback()
        self._transaction = None

    @property
    def version_directories(self) -> list[str]:
        """Where env.py put revision files by ``context.script.version_locations``; empty: as configured (the engine's call)."""
        script = cast("ScriptDirectory", self.script)
        return [] if script.version_locations == self._configured_locations else _upstream.version_directories(script)

    @property
    def has_version_table_key(self) -> bool:
        """Whether the version table is to have a primary key (``version_table_pk``)."""
        return bool(self.opts.get("version_table_pk", True))

    @property
    def schema_of_version_table(self) -> str | None:
        """Where the version table is: ``version_table_schema``, as a schema_translate_map of the connection has it."""
        named: str | None = self.version_table_schema
        if self.as_sql:
            return named
        translations = self._connected.get_execution_options().get("schema_translate_map") or {}
        translated: str | None = translations.get(named, named)
        return translated

    def create_version_table(self) -> bool:
        """Create the version table as SQLAlchemy does if env.py has a say in it; answers whether it was (the engine's call)."""
        if _upstream.is_plain_version_table(self):
            return False
        # In offline mode a stand-in that writes.
        _upstream.version_table(self).create(self._connected, checkfirst=False)
        return True

    def check_supported(self) -> None:
        """Raise DatabaseUrlError or UnsupportedError where the engine cannot run on the connection (the engine's call)."""
        if self.dialect.name != "postgresql":
            raise other_dbms(self.dialect.name)
        if "fn" in self.opts:
            hint = "leave fn= out of context.configure(), or run alembic itself"
            raise make_error("unsupported", "env.py tells context.configure() itself which steps to run (fn=)", hint=hint)
        if self.as_sql:
            return
        if self.connection is None:
            hint = "give context.configure() a connection, as env.py does for `alembic upgrade` without --sql"
            raise make_error("unsupported", "env.py called context.configure() without a connection", hint=hint)
        if _needs_run_sync(self.connection):
            hint = "give it as `await connection.run_sync(lambda sync: upgrade(attributes={'connection': sync}))` does"
            raise make_error(
                "unsupported", "the connection is an asynchronous engine's, and this is not run by run_sync()", hint=hint
            )

    @property
    def borrowed_connection(self) -> BorrowedConnection | None:
        """The connection as the engine uses it where another driver made it; None where that is the engine's own."""
        if self._borrowed is None and not isinstance(self._connected.connection.dbapi_connection, DriverConnection):
            self._borrowed = BorrowedConnection(self._connected)
        return self._borrowed

    @property
    def borrowed_reason(self) -> str:
        """Why the connection is not the engine's own."""
        return self._origins.why_not_engines(self._connected)

    @property
    def is_callers_connection(self) -> bool:
        """Whether the connection was there before env.py ran."""
        return self._origins.is_callers(self._connected)

    @property
    def is_heard(self) -> bool:
        """Whether somebody listens on the SQLAlchemy connection for the text of statements, or for their errors."""
        return _upstream.cursor_listeners(self.connection) is not None

    def execute_heard(self, statement: str) -> Fetched:
        """Run a statement of the engine's so that the listeners of the SQLAlchemy connection hear of it, and may rewrite it."""
        if _upstream.doubles_percents(self.dialect) and not _numbers_placeholders(self.dialect):
            statement = statement.replace("%", "%%")  # as they hear it from SQLAlchemy
        try:
            with self._connected.exec_driver_sql(statement) as result:
                return fetched(result)
        except BaseException as error:
            self._last_error = error
            raise

    def raised_for(self, error: SqlError, statement: str) -> BaseException:
        """Return what SQLAlchemy raises for a statement of the engine's that the server refused."""
        raised, self._last_error = self._last_error, None
        if raised is None and self._borrowed is not None:
            raised = self._borrowed.take_last_error()
        if raised is not None:
            return raised
        original = from_engine(error, self.dialect.flavor)  # type: ignore[attr-defined]  # our dialect's
        return _upstream.sqlalchemy_error(statement, original, self.dialect)

    @property
    def engine_connection(self) -> _engine.Connection:
        """The engine's own connection below SQLAlchemy's."""
        driver_connection = cast("DriverConnection", self._connected.connection.dbapi_connection)
        return driver_connection.engine_connection


def _numbers_placeholders(dialect: Any) -> bool:
    return isinstance(dialect, EngineDialect) and dialect.flavor.numbers_placeholders


def _needs_run_sync(connection: Any) -> bool:
    if hasattr(connection, "run_sync"):
        return True
    # One of ours awaits nothing.
    is_ours = isinstance(connection.connection.dbapi_connection, DriverConnection)
    return connection.dialect.is_async and not is_ours and not is_in_run_sync()


def run_is_over(_context: MigrationContext, _arguments: dict[str, Any]) -> None:
    """Stand where the engine stood, once its run is over."""
    msg = "the run that this context belongs to is over"
    raise RuntimeError(msg)


def other_dbms(name: str) -> MigrateError:
    """Make the error for an env.py whose database is of another DBMS."""
    message = f"env.py makes an engine for {name}, and this tool runs on PostgreSQL only"
    hint = f"write a postgresql:// URL (sqlalchemy.url, or where env.py takes it from), or run alembic itself for {name}"
    return make_error("database_url", message, hint=hint)
