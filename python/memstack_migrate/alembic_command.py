"""Commands that are the alembic package's own, over the engine's connections."""

from __future__ import annotations

import os
import sys

from alembic.config import CommandLine, Config
from alembic.util import CommandError

from memstack_migrate import _engine
from memstack_migrate.driver.redirect import PROJECTS_DRIVER, every_file, redirected_engines
from memstack_migrate.errors import ConfigurationError

__all__ = ["run"]


class _CommandLine(CommandLine):
    """Alembic's command line with a URL that overrides ``sqlalchemy.url``."""

    def __init__(self, url: str) -> None:
        super().__init__(prog="memstack-migrate")
        self._url = url

    def run_cmd(self, config: Config, options: object) -> None:
        if self._url:
            config.set_main_option("sqlalchemy.url", self._url.replace("%", "%%"))
        super().run_cmd(config, options)  # type: ignore[arg-type]  # argparse's Namespace


def _uses_projects_driver(config_files: list[str], section: str) -> bool:
    try:
        return _engine.load_settings(os.getcwd(), config_files=config_files, ini_section=section).uses_projects_driver  # noqa: PTH109
    except ConfigurationError:
        return False  # `init` needs no configuration, and what else is wrong with it is Alembic's to say


def run(arguments: list[str], *, url: str, config_files: list[str], section: str) -> int:
    """Run one of Alembic's commands as its own command line does; return its exit code."""
    reason = PROJECTS_DRIVER if _uses_projects_driver(config_files, section) else ""
    with redirected_engines(new_threads=every_file, reason=reason):
        try:
            _CommandLine(url).main(arguments)
        except CommandError as error:
            sys.stderr.write(f"error: {error}\n")
            return 1
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    return 0
