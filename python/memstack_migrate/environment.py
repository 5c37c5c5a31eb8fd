"""Runs env.py, and is what ``alembic.context`` answers meanwhile.

Control is inverted here: env.py makes the connection and the transaction and then calls ``context.run_migrations()``, which
hands over to the engine (lock, version table, plan, steps). Alembic's own classes are the base, so that every argument and
attribute that env.py may use is there; what is overridden is just the part that the engine does.
"""

from __future__ import annotations

import logging
import sys
from contextlib import ExitStack, contextmanager, redirect_stdout
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from alembic.config import CommandLine, Config
from alembic.runtime import environment as alembic_environment
from alembic.script import ScriptDirectory
from sqlalchemy.exc import NoSuchModuleError

from memstack_migrate import _proxies, _upstream
from memstack_migrate._loop_bridge import nested
from memstack_migrate._process_state import logging_kept_from, process_state_kept
from memstack_migrate.connection_origins import connection_origins
from memstack_migrate.driver.connection import rolled_back_afterwards
from memstack_migrate.driver.redirect import PROJECTS_DRIVER, every_file, redirected_engines
from memstack_migrate.errors import make_error
from memstack_migrate.migration_context import MigrationContext, other_dbms, run_is_over
from memstack_migrate.operations import Operations
from memstack_migrate.statement_sink import EngineSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from memstack_migrate.connection_origins import ConnectionOrigins
    from memstack_migrate.driver.redirect import Redirection
    from memstack_migrate.errors import MigrateError

__all__ = ["EnvironmentContext", "EnvironmentRequest", "make_config", "run_environment"]


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
    uses_projects_driver: bool = False
    attributes: dict[str, Any] = field(default_factory=dict)
    context_options: dict[str, Any] = field(default_factory=dict)
    output: TextIO | None = None


class EnvironmentContext(alembic_environment.EnvironmentContext):
    """Alembic's EnvironmentContext whose configure() makes our MigrationContext."""

    def __init__(
        self,
        config: Config,
        script: ScriptDirectory,
        *,
        migrate: Callable[[MigrationContext, dict[str, Any]], None],
        origins: ConnectionOrigins,
        context_options: dict[str, Any],
    ) -> None:
        super().__init__(config, script, **context_options)
        self._migrate = migrate
        self._origins = origins
        self._configured_locations = copy(script.version_locations)
        self._contexts: list[MigrationContext] = []

    def configure(self, *args: Any, **kw: Any) -> None:
        """Configure as Alembic does, then put the engine under the resulting MigrationContext."""
        super().configure(*args, **kw)
        context = self.get_context()
        # Alembic names its own class in configure(); an instance of it becomes ours here rather than being built twice,
        # since building it runs the impl of a user.
        context.__class__ = MigrationContext
        ours = cast("MigrationContext", context)
        ours.attach(self._migrate, self._origins, self._configured_locations)
        self._contexts.append(ours)

    def run_migrations(self, **kw: Any) -> None:
        """Run the engine with ``alembic.op`` answering for this context."""
        context = cast("MigrationContext", self.get_context())
        context.statement_sink = EngineSink(context)
        with nested(), _proxies.operations_proxied(Operations(context, sink=context.statement_sink)):
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
        self._migrate = run_is_over
        for context in self._contexts:
            context.release()


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
            stack.enter_context(rolled_back_afterwards())
        printed = stack.enter_context(_standard_output_kept()) if request.output is not None else None
        config = make_config(request)
        script = ScriptDirectory.from_config(config)
        if library_mode:
            stack.enter_context(logging_kept_from(script.dir))
        reason = PROJECTS_DRIVER if request.uses_projects_driver else ""
        is_ours = _belongs_to(script.dir) if library_mode else every_file
        redirection = stack.enter_context(redirected_engines(is_ours, new_threads=is_ours, reason=reason))
        origins = stack.enter_context(connection_origins(redirection))
        options = _alembics(request.context_options)
        environment = EnvironmentContext(config, script, migrate=migrate, origins=origins, context_options=options)
        stack.enter_context(_proxies.environment_proxied(environment))
        stack.callback(environment.release)
        try:
            script.run_env()
            if request.output is not None and printed is not None:
                request.output.write(_text_of(printed))
                environment.warn_about_doubled_percents(_text_of(printed))
        except (ImportError, NoSuchModuleError) as error:
            if not _made_no_engine(error):
                raise
            explained = _explained(redirection)
            if explained is None:
                raise
            raise explained from error


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


def _explained(redirection: Redirection) -> MigrateError | None:
    """Say why an engine needs a driver that cannot be imported, in better words than SQLAlchemy's."""
    if redirection.last_backend not in {"", "postgresql"}:
        return other_dbms(redirection.last_backend)  # that DBMS's driver would not help
    decision = redirection.decisions[-1] if redirection.decisions else None
    if decision is None or decision.is_redirected:
        return None
    message = f"env.py makes an engine that only its own driver, {decision.driver}, can connect: {decision.reason}"
    without = "leave the setting away" if decision.reason == PROJECTS_DRIVER else "make the engine without that"
    hint = f"install {decision.driver}, or {without}: then no driver is needed"
    return make_error("environment", message, hint=hint)
