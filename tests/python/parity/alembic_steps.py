"""Runs Alembic's commands, one per line of its input, in one process: starts of Alembic would take most of the tests' time.

Usage: python alembic_steps.py INI. A line is a JSON list, such as ["upgrade", "head"]; the answer is a line with null, or with
the error's text.
"""

from __future__ import annotations

import json
import sys
import traceback

from alembic import command
from alembic.config import Config


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        error = None
        try:
            getattr(command, name)(Config(sys.argv[1]), *arguments)
        except Exception:  # noqa: BLE001  whatever it is, the test is told
            error = traceback.format_exc()
        print(json.dumps(error), file=answers, flush=True)


if __name__ == "__main__":
    main()
