"""The command ``parity``: from its arguments to its exit code."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from memstack_migrate import _engine, embedded
from memstack_migrate.errors import MigrateError, make_error
from memstack_migrate.parity import report
from memstack_migrate.parity.comparison import Comparison, Project
from memstack_migrate.parity.scratch import ScratchServer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["run"]

_INTERRUPTED = 130
_DIFFERENT = 1  # the exit code where the two programs differ


def run(  # noqa: PLR0913  the command's options
    *,
    config_files: list[str],
    section: str,
    x_arguments: list[str],
    url: str,
    template: str,
    target: str,
    json: bool,
    quiet: bool,
) -> int:
    """Compare, report, and return the exit code.

    0: no difference; 1: one, or Alembic itself could not upgrade, which proves little; else an error's.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        # A terminal that is closed must not leave scratch databases behind; under nohup it does not matter.
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        settings = _engine.load_settings(
            str(Path.cwd()),
            config_files=config_files,
            ini_section=section,
            url=url or None,
            x_arguments=x_arguments,
            environment=dict(os.environ),
        )
        server = ScratchServer(_server_url(settings), f"memstack_parity_{secrets.token_hex(4)}", template)
        server.check()
        project = Project(config_files=config_files, section=section, x_arguments=x_arguments, target=target)
        tell = _silence if json or quiet else _tell
        comparison = Comparison(project, server, list(_sources(settings)), tell)
        stages = comparison.run()
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted; the scratch databases are gone\n")
        return _INTERRUPTED
    except MigrateError as error:
        sys.stderr.write(report.error_json(error) if json else f"error: {error}\n")
        return error.exit_code
    if json:
        sys.stdout.write(report.to_json(stages, comparison.missing_driver))
    elif not quiet:
        sys.stdout.write(report.to_text(stages, comparison.missing_driver))
    return 0 if report.is_proof(stages) else _DIFFERENT


def _server_url(settings: _engine.Settings) -> str:
    if settings.url is None:
        hint = "pass --url postgresql://user@host/postgres, or embedded:///path for one of its own; no database there is changed"
        raise make_error("configuration", "parity needs a server on which it may create databases", hint=hint)
    return embedded.resolve(settings.url)


def _sources(settings: _engine.Settings) -> Iterator[Path]:
    for location in (settings.script_location, *settings.version_locations):
        if not location.needs_python:
            yield from sorted(Path(location.path).rglob("*.py"))


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _silence(line: str) -> None:
    del line
