"""Runs the commands of one side, Alembic's or ours, one per line of its input, in one process.

Usage: python history_steps.py alembic|memstack. A line is a JSON list: the configuration file, the database's URL, the command
and its revision. The answer is a line with an object: the error's text or null, the script of ``--sql``, and for ours how the
operations went.
"""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections import Counter
from typing import Any

from alembic import command
from alembic.config import Config

_counts: Counter[tuple[str, bool, str]] = Counter()


def _through_alembic(ini: str, name: str, revision: str) -> str:
    script = io.StringIO()
    config = Config(ini, output_buffer=script)
    getattr(command, name.removesuffix(" --sql"))(config, revision, sql=name.endswith("--sql"))
    return script.getvalue()


def _through_memstack(ini: str, name: str, revision: str) -> str:
    import memstack_migrate

    getattr(memstack_migrate, name)(revision, config=ini)
    return ""


def _count_operations() -> None:
    from memstack_migrate.statement_sink import EngineSink

    counted = EngineSink.count

    def count(self: EngineSink, op_name: str, native: bool, reason: str) -> None:  # noqa: FBT001  the method's
        _counts[op_name, native, reason] += 1
        counted(self, op_name, native, reason)

    EngineSink.count = count  # type: ignore[method-assign]


def main() -> None:
    if sys.argv[1] == "memstack":
        _count_operations()
    run = _through_memstack if sys.argv[1] == "memstack" else _through_alembic
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        ini, os.environ["DATABASE_URL"], name, revision = json.loads(line)
        answer: dict[str, Any] = {"error": None, "script": ""}
        _counts.clear()
        try:
            answer["script"] = run(ini, name, revision)
        except Exception:  # noqa: BLE001  whatever it is, the test is told
            answer["error"] = traceback.format_exc()
        answer["counts"] = [[*key, number] for key, number in _counts.items()]
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
