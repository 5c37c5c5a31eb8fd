"""One command of one of the two programs, on scratch databases: a process of its own, as it would be for the user.

What to do comes as JSON on standard input (an address with a password has no place on a command line); see :func:`main`.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from memstack_migrate import _engine
from memstack_migrate.parity.scratch import ScratchServer

__all__ = ["DRIVER_MISSING", "REFUSED"]

#: The exit code for: Alembic's run needs a driver that is not installed. Its name is the last line of standard error.
DRIVER_MISSING = 77
#: The exit code for: parity itself refused a connection; the reason is the last line of standard error.
REFUSED = 78


def main() -> int:
    """Run ``arguments`` of ``program`` ("alembic" or "memstack") against the server; returns its exit code."""
    request = json.loads(sys.stdin.read())
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  for as long as the process lives
    server = ScratchServer(request["server"], request["prefix"], request["template"])
    if request["program"] == "memstack":
        return _memstack(request["arguments"], server)
    return _alembic(request, server)


def _memstack(arguments: list[str], server: ScratchServer) -> int:
    from memstack_migrate.parity.detour import Detour

    Detour(server, may_replace_driver=False)
    # An address out of the settings is the user's own database: it must not even be asked.
    return _engine.main([argument.encode() for argument in ("--url", "", *arguments)])


def _alembic(request: dict[str, Any], server: ScratchServer) -> int:
    from alembic.config import CommandLine
    from sqlalchemy.exc import NoSuchModuleError

    from memstack_migrate.driver.redirect import every_file, redirected_engines
    from memstack_migrate.parity.detour import Detour

    with ExitStack() as stack:
        detour = Detour(server, may_replace_driver=not request["on_our_driver"])
        if request["on_our_driver"]:
            stack.enter_context(redirected_engines(new_threads=every_file))
        try:
            CommandLine(prog="alembic").main(request["arguments"])
        except (ImportError, NoSuchModuleError):
            if not detour.missing_driver:
                raise
            sys.stderr.write(f"\n{detour.missing_driver}\n")
            return DRIVER_MISSING
        except BaseException:
            if not detour.refusal:
                raise
            sys.stderr.write(f"\n{detour.refusal}\n")
            return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
