#!/usr/bin/env python3
"""The migration commands of MemStack's developers: current, history, upgrade, downgrade, revision, status.

Each is ``python -m memstack_migrate``'s command of that name, run from the root of the repository, so that it works from any
directory; ``revision`` writes a file and is Alembic's own. The exit code is the command's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from memstack_migrate import embedded

ROOT = Path(__file__).resolve().parent.parent


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Work with the database's revisions; DATABASE_URL says where the database is.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in {
        "current": "show the revision at which the database stands",
        "history": "list the revisions, newest first",
        "status": "show whether the database needs an upgrade",
    }.items():
        command = commands.add_parser(name, help=summary)
        if name != "status":
            command.add_argument("-v", "--verbose", action="store_true", help="show more of each revision")
    command = commands.add_parser("upgrade", help="upgrade to a revision")
    command.add_argument("revision", nargs="?", default="head", help="an id, +1, or head (the default)")
    command = commands.add_parser("downgrade", help="downgrade to a revision")
    command.add_argument("revision", nargs="?", default="-1", help="an id, base, or -1 (the default)")
    command = commands.add_parser("revision", help="write a new revision file")
    command.add_argument("-m", "--message", required=True, help="what the revision does; its file is named after it")
    command.add_argument("--autogenerate", action="store_true", help="fill it with what the models have and the database lacks")
    return parser.parse_args(arguments)


def command_line(asked: argparse.Namespace) -> list[str]:
    """Return the arguments for the interpreter."""
    if asked.command == "revision":
        autogenerate = ["--autogenerate"] if asked.autogenerate else []
        return ["-m", "alembic", "revision", "-m", asked.message, *autogenerate]
    if asked.command in {"upgrade", "downgrade"}:
        return ["-m", "memstack_migrate", asked.command, asked.revision]
    verbose = ["--verbose"] if getattr(asked, "verbose", False) else []
    return ["-m", "memstack_migrate", asked.command, *verbose]


def main() -> int:
    """Run the command that was asked for."""
    asked = parse(sys.argv[1:])
    embedded.resolve_environment(os.environ)
    return subprocess.run([sys.executable, *command_line(asked)], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
