"""What a comparison found, for a person and for a machine."""

from __future__ import annotations

import importlib.metadata
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memstack_migrate.errors import MigrateError
    from memstack_migrate.parity.comparison import Outcome, Stage

__all__ = ["error_json", "is_proof", "to_json", "to_text"]

_MOST_LINES = 40  # of one difference; the rest is counted


def to_text(stages: list[Stage], missing_driver: str) -> str:
    """Return a table of the stages, every difference, and the verdict."""
    return "\n".join([*_table(stages), "", *_differences(stages), *_operations(stages), _verdict(stages, missing_driver), ""])


def is_proof(stages: list[Stage]) -> bool:
    """Whether both did the same and Alembic could do what was asked for; that it cannot downgrade is no matter."""
    return all(stage.is_equal for stage in stages) and not _failed_upgrades(stages)


def _failed_upgrades(stages: list[Stage]) -> list[str]:
    return [
        " ".join(stage.command)
        for stage in stages
        if stage.command[0] == "upgrade" and "--sql" not in stage.command and stage.theirs.code
    ]


def to_json(stages: list[Stage], missing_driver: str) -> str:
    """Return one JSON object: ``equal``, ``complete`` (Alembic could upgrade), ``stages``, and how the operations went."""
    counted = _count(stages)
    document = {
        "equal": all(stage.is_equal for stage in stages),
        "complete": not _failed_upgrades(stages),
        "alembic": importlib.metadata.version("alembic"),
        "missing_driver": missing_driver,
        "stages": [_stage_json(stage) for stage in stages],
        "native_operations": dict(counted.native),
        "library_operations": dict(counted.library),
        "library_reasons": dict(counted.reasons),
    }
    return json.dumps(document, indent=2) + "\n"


def error_json(error: MigrateError) -> str:
    """Return an error that kept the comparison from being made, as the other commands print theirs."""
    return json.dumps({"error": {"code": error.code, "message": error.message, "hint": error.hint}}) + "\n"


def _stage_json(stage: Stage) -> dict[str, Any]:
    def outcome(one: Outcome) -> dict[str, Any]:
        return {"exit_code": one.code, "duration": round(one.seconds * 1000, 1), "error": one.reason}

    differences = [
        {"database": database, "where": difference.where, "lines": difference.lines}
        for database, found in stage.differences.items()
        for difference in found
    ]
    return {
        "command": list(stage.command),
        "equal": stage.is_equal,
        "alembic": outcome(stage.theirs),
        "memstack": outcome(stage.ours),
        "differences": differences,
    }


def _table(stages: list[Stage]) -> Iterator[str]:
    width = max(len(" ".join(stage.command)) for stage in stages)
    yield f"{'':{width}}  {'Alembic':>10}  {'ours':>10}"
    for stage in stages:
        times = "  ".join(f"{_time(one):>10}" for one in (stage.theirs, stage.ours))
        yield f"{' '.join(stage.command):{width}}  {times}  {_judgement(stage)}"


def _time(outcome: Outcome) -> str:
    return f"{outcome.seconds:.2f} s" if outcome.code == 0 else "failed"


def _judgement(stage: Stage) -> str:
    if (stage.theirs.code == 0) != (stage.ours.code == 0):
        return "DIFFERENT: only one fails"
    if stage.differences:
        return f"DIFFERENT: {sum(map(len, stage.differences.values()))} objects"
    both = "both fail, and leave the same" if stage.theirs.code else "equal"
    if stage.theirs.dumps:
        tables = sum(line.startswith("CREATE TABLE ") for dump in stage.theirs.dumps.values() for line in dump)
        lines = sum(map(len, stage.theirs.dumps.values()))
        return f"{both}: {tables} {'table' if tables == 1 else 'tables'}, {lines} lines of dump"
    return both


def _differences(stages: list[Stage]) -> Iterator[str]:
    told = set()
    for stage in stages:
        command = " ".join(stage.command)
        for program, outcome in (("Alembic", stage.theirs), ("memstack-migrate", stage.ours)):
            if outcome.reason and (program, outcome.reason) not in told:
                told.add((program, outcome.reason))
                yield f"{command}: {program} fails: {outcome.reason}"
        for database, found in stage.differences.items():
            for difference in found:
                place = f"after {command}, in {database}" if database else f"in the script of {command}"
                yield f"{difference.where}, {place} (-: Alembic, +: memstack-migrate)"
                yield from (f"  {line}" for line in difference.lines[:_MOST_LINES])
                if len(difference.lines) > _MOST_LINES:
                    yield f"  ... and {len(difference.lines) - _MOST_LINES} lines more (--json has them all)"
                yield ""


@dataclass(frozen=True)
class _Operations:
    """What ours ran in all stages, by name; ``reasons`` are the library's."""

    native: Counter[str]
    library: Counter[str]
    reasons: Counter[str]

    @property
    def native_share(self) -> float:
        """The share of native operations in percent, without ``op.execute()`` of plain SQL, which needs no compiling."""
        native = self.native.total() - self.native["execute"]
        every = native + self.library.total()
        return 100 * native / every if every else 100


def _count(stages: list[Stage]) -> _Operations:
    counted = _Operations(Counter(), Counter(), Counter())
    for stage in stages:
        for run in stage.ours.report.get("databases", []):
            counted.native.update(run["native_operations"])
            counted.library.update(run["library_operations"])
            counted.reasons.update(run["library_reasons"])
    return counted


def _operations(stages: list[Stage]) -> Iterator[str]:
    counted = _count(stages)
    names = sorted({*counted.native, *counted.library})
    if not names:
        return
    width = max(map(len, [*names, "operations"]))
    yield f"{'operations':{width}}  {'by the engine':>14}  {'by Alembic':>10}"
    for name in names:
        plain = "  (plain SQL)" if name == "execute" and counted.native[name] else ""
        yield f"{name:{width}}  {counted.native[name]:14}  {counted.library[name]:10}{plain}"
    yield f"{counted.native_share:.1f} % by the engine, plain SQL not counted"
    for reason, count in counted.reasons.most_common():
        yield f"  {count} x {reason}"
    yield ""


def _verdict(stages: list[Stage], missing_driver: str) -> str:
    against = f"Alembic {importlib.metadata.version('alembic')}"
    if missing_driver:
        against += f" (on the driver of memstack-migrate: {missing_driver} is not installed)"
    different = sum(not stage.is_equal for stage in stages)
    if different:
        return f"{different} of {len(stages)} commands differ from {against}"
    if _failed_upgrades(stages):
        return f"no difference from {against}, but it fails to upgrade: only what comes before that was compared"
    return f"no difference from {against}"
