"""Runs Alembic's command lines, one per line of its input, in one process: starts of Alembic would take most of the tests' time.

Usage: python alembic_steps.py, in the project's directory. A line is a JSON list, such as ["upgrade", "head"]; the answer is a
line with null, or with the error's text.
"""

from __future__ import annotations

import json
import sys
import traceback


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    # Not before: its Config keeps the standard output that it finds.
    from alembic.config import CommandLine

    for line in sys.stdin:
        error = None
        try:
            CommandLine(prog="alembic").main(["--raiseerr", *json.loads(line)])
        except (Exception, SystemExit):  # noqa: BLE001  whatever it is, the test is told
            error = traceback.format_exc()
        print(json.dumps(error), file=answers, flush=True)


if __name__ == "__main__":
    main()
