"""How long a start takes when nothing is to do, beside Alembic and beside the least that any tool could do.

    python tests/benchmarks/at_head.py postgresql://user@host/database [--runs 20] [--revisions 100]

The database must be an empty one that may be written to. A project with that many revisions is made in a temporary directory,
from Alembic's own generic template, and upgraded. Then the commands run in turn, A B C D A B C D ..., so that all of them meet
the same noise; the first round is not counted. Traps: PYTHONDONTWRITEBYTECODE would make every start compile the files again, so
it is unset for all; `python -m` must run the interpreter itself, not a shim; the C program's build is not measured. This
informs, it does not gate.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent


@dataclass
class Command:
    """A command and what its runs took: wall seconds, and the peak memory of the process in MiB."""

    name: str
    arguments: list[str]
    seconds: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)


def make_project(directory: Path, url: str, revisions: int) -> None:
    """Make an Alembic project with a line of revisions, and upgrade the database with Alembic."""
    alembic = [sys.executable, "-m", "alembic"]
    subprocess.run([*alembic, "init", "migrations"], cwd=directory, check=True, capture_output=True)
    ini = directory / "alembic.ini"
    ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname", url.replace("%", "%%")))
    for number in range(1, revisions + 1):
        down = f'"{number - 1:04d}"' if number > 1 else "None"
        (directory / "migrations" / "versions" / f"{number:04d}_step.py").write_text(
            f'"""step {number}"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
            f'revision: str = "{number:04d}"\ndown_revision: str | None = {down}\nbranch_labels = None\ndepends_on = None\n\n\n'
            f'def upgrade() -> None:\n    op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True))\n\n\n'
            f'def downgrade() -> None:\n    op.drop_table("t{number}")\n'
        )
    subprocess.run([*alembic, "upgrade", "head"], cwd=directory, check=True, capture_output=True)


def build_floor(directory: Path) -> str:
    """Compile the C program."""
    include = subprocess.run(
        ["/usr/bin/env", "pg_config", "--includedir"], check=True, capture_output=True, text=True
    ).stdout.strip()
    program = str(directory / "at_head")
    subprocess.run(["/usr/bin/env", "cc", "-O2", f"-I{include}", str(HERE / "at_head.c"), "-lpq", "-o", program], check=True)
    return program


def run_once(command: Command, directory: Path, *, counted: bool) -> None:
    """Run a command, and note its time and memory if it counts."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command.arguments, cwd=directory, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command.name} failed: {' '.join(command.arguments)}")
    if counted:
        command.seconds.append(seconds)
        command.peaks.append(usage.ru_maxrss / 1024)


def ratio(one: Command, *others: Command) -> str:
    """Return the median, and the range, of the ratios round by round."""
    ratios = [a / sum(b) for a, *b in zip(one.seconds, *(other.seconds for other in others), strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--revisions", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        make_project(directory, options.url, options.revisions)
        ours = Command("python -m memstack_migrate", [sys.executable, "-m", "memstack_migrate", "upgrade", "--url", options.url])
        alembic = Command("alembic upgrade head", [sys.executable, "-m", "alembic", "upgrade", "head"])
        python = Command("python -c pass", [sys.executable, "-c", "pass"])
        floor = Command("C program", [build_floor(directory), options.url])
        commands = [ours, alembic, python, floor]
        native = Path(sys.executable).parent / "memstack-migrate"
        if native.exists():
            commands.append(Command("memstack-migrate", [str(native), "upgrade", "--url", options.url]))
        for number in range(options.runs + 1):
            for command in commands:
                run_once(command, directory, counted=number > 0)
    print(f"{options.revisions} revisions, {options.runs} rounds; wall time in ms: median (min to max), peak memory in MiB")  # noqa: T201
    for command in commands:
        ms = sorted(second * 1000 for second in command.seconds)
        peak = statistics.median(command.peaks)
        print(f"  {command.name:28} {statistics.median(ms):7.1f} ({ms[0]:.1f} to {ms[-1]:.1f})  {peak:6.1f}")  # noqa: T201
    print(f"alembic / ours:                         {ratio(alembic, ours)}")  # noqa: T201
    print(f"ours / (python -c pass + C program):    {ratio(ours, python, floor)}")  # noqa: T201


if __name__ == "__main__":
    main()
