"""Commands that are the alembic package's own, over the engine's connections."""

from __future__ import annotations

import sys

from alembic.config import CommandLine, Config
from alembic.util import CommandError

from memstack_migrate.driver.redirect import every_file, redirected_engines

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


def run(arguments: list[str], url: str) -> int:
    """Run one of Alembic's commands as its own command line does; return its exit code."""
    with redirected_engines(new_threads=every_file):
        try:
            _CommandLine(url).main(arguments)
        except CommandError as error:
            sys.stderr.write(f"error: {error}\n")
            return 1
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    return 0
