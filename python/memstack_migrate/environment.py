"""Runs env.py, and is what ``alembic.context`` answers meanwhile.

Control is inverted here: env.py makes the connection and the transaction and then calls ``context.run_migrations()``, which
hands over to the engine (lock, version table, plan, steps). Alembic's own classes are the base, so that every argument and
attribute that env.py may use is there; what is overridden is just the part that the engine does.
"""

from __future__ import annotations

import logging
import sys
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from alembic.config import CommandLine, Config
from alembic.runtime import environment as alembic_environment
from alembic.runtime import migration as alembic_migration
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import NoSuchModuleError

from memstack_migrate import _proxies, _upstream
from memstack_migrate._process_state import logging_kept_from, process_state_kept
from memstack_migrate.driver.connection import Connection as DriverConnection
from memstack_migrate.driver.redirect import every_file, redirected_engines
from memstack_migrate.errors import make_error
from memstack_migrate.operations import Operations
from memstack_migrate.statement_sink import EngineSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from sqlalchemy import Connection

    from memstack_migrate import _engine
    from memstack_migrate.errors import MigrateError

__all__ = ["EnvironmentContext", "EnvironmentRequest", "MigrationContext", "make_config", "run_environment"]


@dataclass(frozen=True, kw_only=True)
class EnvironmentRequest:
    """What env.py is run for: the configuration as Alembic's Config takes it, and what the command would pass to it.

    ``main_options`` are as ``Config.set_main_option()`` takes them, a ``%`` written twice; ``output`` takes the script of
    a ``--sql`` run, and whatever else env.py and revisions print, in the place of standard output.
    """

    ini_file: str | None
    toml_file: str | None
    ini_section: str
    command_line: list[str] | None
    x_arguments: list[str]
    main_options: dict[str, str]
    attributes: dict[str, Any] = field(default_factory=dict)
    context_options: dict[str, Any] = field(default_factory=dict)
    output: TextIO | None = None


class MigrationContext(alembic_migration.MigrationContext):
    """Alembic's MigrationContext with the engine in the place of its run loop."""

    def attach(self, migrate: Callable[[MigrationContext, dict[str, Any]], None]) -> None:
        """Set what run_migrations() calls."""
        self._migrate = migrate
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
            self.engine_connection.commit()
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
        self._migrate = _run_is_over
        if self.statement_sink is not None:
            self.statement_sink.connect(None)

    def rollback(self) -> None:
        """Roll back whatever transaction the SQLAlchemy connection is in (the engine's call)."""
        self._connected.rollback()
        self._transaction = None

    @property
    def has_version_table_key(self) -> bool:
        """Whether the version table is to have a primary key (``version_table_pk``)."""
        return bool(self.opts.get("version_table_pk", True))

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
        if not isinstance(self.connection.connection.dbapi_connection, DriverConnection):
            message = f"env.py brought a connection of the driver {self.dialect.driver}, which is not supported yet"
            hint = "let env.py make its engine itself, with create_engine() or engine_from_config() and a postgresql:// URL"
            raise make_error("unsupported", message, hint=hint)

    @property
    def engine_connection(self) -> _engine.Connection:
        """The engine's own connection below SQLAlchemy's."""
        driver_connection = cast("DriverConnection", self._connected.connection.dbapi_connection)
        return driver_connection.engine_connection


class EnvironmentContext(alembic_environment.EnvironmentContext):
    """Alembic's EnvironmentContext whose configure() makes our MigrationContext."""

    def __init__(
        self,
        config: Config,
        script: ScriptDirectory,
        *,
        migrate: Callable[[MigrationContext, dict[str, Any]], None],
        context_options: dict[str, Any],
    ) -> None:
        super().__init__(config, script, **context_options)
        self._migrate = migrate
        self._contexts: list[MigrationContext] = []

    def configure(self, *args: Any, **kw: Any) -> None:
        """Configure as Alembic does, then put the engine under the resulting MigrationContext."""
        super().configure(*args, **kw)
        context = self.get_context()
        # Alembic names its own class in configure(); an instance of it becomes ours here rather than being built twice,
        # since building it runs the impl of a user.
        context.__class__ = MigrationContext
        ours = cast("MigrationContext", context)
        ours.attach(self._migrate)
        self._contexts.append(ours)

    def run_migrations(self, **kw: Any) -> None:
        """Run the engine with ``alembic.op`` answering for this context."""
        context = cast("MigrationContext", self.get_context())
        context.statement_sink = EngineSink(context)
        with _proxies.operations_proxied(Operations(context, sink=context.statement_sink)):
            context.run_migrations(**kw)

    def warn_about_doubled_percents(self, script: str) -> None:
        """Say so if the script has every percent sign twice, as Alembic's then has."""
        if "%%" not in script:
            return
        if any(context.as_sql and _upstream.doubles_percents(context.dialect) for context in self._contexts):
            logging.getLogger("memstack_migrate").warning(
                "percent signs are doubled in this script, as in Alembic's: "
                'give context.configure() dialect_opts={"paramstyle": "named"} in env.py\'s offline mode'
            )

    def release(self) -> None:
        """Let go of the engine when env.py has ended, whoever still holds this object."""
        self._migrate = _run_is_over
        for context in self._contexts:
            context.release()


def _run_is_over(_context: MigrationContext, _arguments: dict[str, Any]) -> None:
    msg = "the run that this context belongs to is over"
    raise RuntimeError(msg)


def make_config(request: EnvironmentRequest) -> Config:
    """Make the Config that env.py sees, `cmd_opts` being what Alembic's own argument parser makes of the command line."""
    options = None
    if request.command_line is not None:
        # The engine has read the line already; an older Alembic's parser does not know every flag of it (--check-heads).
        options, _unknown = CommandLine(prog="alembic").parser.parse_known_args(request.command_line)
    elif request.x_arguments:
        from argparse import Namespace

        options = Namespace(x=request.x_arguments)
    config = Config(
        file_=request.ini_file,
        ini_section=request.ini_section,
        cmd_opts=options,
        attributes=request.attributes,
        stdout=sys.stdout,  # Config's own default is the one of the time when Alembic was imported
    )
    if hasattr(Config, "toml_file_name"):  # Alembic 1.16 and later
        config.toml_file_name = request.toml_file
    for name, value in request.main_options.items():
        config.set_main_option(name, value)
    return config


def run_environment(
    request: EnvironmentRequest, migrate: Callable[[MigrationContext, dict[str, Any]], None], *, library_mode: bool
) -> None:
    """Execute env.py once; `migrate` is called each time that it calls ``context.run_migrations()``.

    Whatever env.py raises comes out unchanged.
    """
    with ExitStack() as stack:
        if library_mode:
            stack.enter_context(process_state_kept())
        printed = stack.enter_context(_standard_output_kept()) if request.output is not None else None
        config = make_config(request)
        script = ScriptDirectory.from_config(config)
        if library_mode:
            stack.enter_context(logging_kept_from(script.dir))
        environment = EnvironmentContext(config, script, migrate=migrate, context_options=_alembics(request.context_options))
        stack.enter_context(_proxies.environment_proxied(environment))
        redirection = stack.enter_context(redirected_engines(new_threads=_belongs_to(script.dir) if library_mode else every_file))
        stack.callback(environment.release)
        try:
            script.run_env()
            if request.output is not None and printed is not None:
                request.output.write(_text_of(printed))
                environment.warn_about_doubled_percents(_text_of(printed))
        except (ImportError, NoSuchModuleError) as error:
            # SQLAlchemy's own message asks for that DBMS's driver, which would not help.
            if redirection.last_backend in {"", "postgresql"} or not _made_no_engine(error):
                raise
            raise other_dbms(redirection.last_backend) from error


@contextmanager
def _standard_output_kept() -> Iterator[TextIOWrapper[BytesIO]]:
    """Collect what is printed: a script of Alembic's is printed, so that a revision's own print() stands in its place there."""
    # The real thing has a buffer below it, and can be reconfigured.
    with redirect_stdout(TextIOWrapper(BytesIO(), encoding="utf-8", newline="", write_through=True)) as printed:
        yield printed


def _text_of(printed: TextIOWrapper[BytesIO]) -> str:
    printed.flush()
    return printed.buffer.getvalue().decode(printed.encoding)


def _belongs_to(folder: str) -> Callable[[str], bool]:
    """Tell the project's files from an application's, whose other threads' engines are not ours to touch."""
    project = Path(folder).absolute()
    # "<string>" and the like are no files; their absolute path would be in the working directory.
    return lambda file: not file.startswith("<") and Path(file).absolute().is_relative_to(project)


def _alembics(options: dict[str, Any]) -> dict[str, Any]:
    """Leave out what Alembic does not tell its EnvironmentContext either: `current` has neither a start nor a target."""
    if options.get("dont_mutate"):
        return {"dont_mutate": True}
    return {name: value for name, value in options.items() if name != "dont_mutate"}


def _made_no_engine(error: BaseException) -> bool:
    """Whether the exception came out of SQLAlchemy's making of an engine."""
    tb = error.__traceback__
    while tb is not None and tb.tb_frame.f_globals.get("__name__") != "sqlalchemy.engine.create":
        tb = tb.tb_next
    return tb is not None


def other_dbms(name: str) -> MigrateError:
    """Make the error for an env.py whose database is of another DBMS."""
    message = f"env.py makes an engine for {name}, and this tool runs on PostgreSQL only"
    hint = f"write a postgresql:// URL (sqlalchemy.url, or where env.py takes it from), or run alembic itself for {name}"
    return make_error("database_url", message, hint=hint)
