"""Runs Alembic and ours in children of a process that has imported what a start spends most of its time on.

For tests of what a run does, not of how a process starts: those take ``python -m`` itself.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_IMPORTED = (
    "alembic.command",
    "memstack_migrate.__main__",
    "memstack_migrate.environment",
    "memstack_migrate.operations",
    "memstack_migrate.report",
    "memstack_migrate.revision_runner",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
)


class ForkServer:
    """The process, till ``close()``; one command at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, module: str, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> tuple[int, str, str]:
        """Run a module's command line; gives its exit code, its output and its errors."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory(prefix="memstack-fork-") as folder:
            request = {"module": module, "arguments": list(arguments), "cwd": str(cwd), "env": dict(env), "folder": folder}
            print(json.dumps(request), file=self._process.stdin, flush=True)
            code = json.loads(self._process.stdout.readline())
            out, err = ((Path(folder) / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return code, out, err

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _serve() -> None:
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for name in _IMPORTED:
        importlib.import_module(name)
    gc.freeze()  # the children's collections then leave the pages shared
    while line := requests.readline():
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), file=answers, flush=True)


def _become(request: dict[str, Any]) -> None:
    """Go on as the process that the request describes, to its end."""
    folder = Path(request["folder"])
    for number, (name, flags) in enumerate(
        (("/dev/null", os.O_RDONLY), ("out", os.O_WRONLY | os.O_CREAT), ("err", os.O_WRONLY | os.O_CREAT))
    ):
        opened = os.open(folder / name, flags, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = [request["module"], *request["arguments"]]
    sys.path[0] = request["cwd"]
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve()
