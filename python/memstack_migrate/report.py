"""What a run did, as frozen dataclasses. Times are in milliseconds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

__all__ = ["DatabaseRun", "DatabaseStatus", "RunReport", "StatusReport", "StepReport", "run_report", "status_report"]


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """One revision of a run; `state` is pending, applied, committed, rolled_back, in_doubt or failed.

    ``has_kept_part``: it failed after it had committed some of its work (``autocommit_block()``).
    """

    revision: str
    down_revisions: tuple[str, ...]
    direction: str
    message: str
    file: str
    state: str
    has_kept_part: bool
    duration: float


@dataclass(frozen=True, kw_only=True)
class DatabaseRun:
    """One version table that a run worked on; env.py may work on several.

    ``driver`` is "" where the connection was the engine's own, else the driver that made it, and ``driver_reason`` says why.
    The operations are counted by name (``"create_table"``), ``library_reasons`` by name and why the alembic package ran them.
    ``heads_after`` is what is committed; it means nothing unless ``heads_known``, and is not certain if ``is_in_doubt``: the
    connection was lost during COMMIT. With ``is_callers_transaction`` the run was part of a transaction that its caller had open:
    steps that are "applied", and ``heads_after``, are kept when the caller commits.
    """

    database: str
    version_table: str
    driver: str
    driver_reason: str
    heads_before: tuple[str, ...]
    heads_after: tuple[str, ...]
    heads_known: bool
    is_in_doubt: bool
    is_callers_transaction: bool
    steps: tuple[StepReport, ...]
    native_operations: dict[str, int]
    library_operations: dict[str, int]
    library_reasons: dict[str, int]
    lock_wait: float
    lock_holder: str

    @property
    def kept_states(self) -> frozenset[str]:
        """The states of the steps that count as done."""
        return frozenset({"committed", "applied"} if self.is_callers_transaction else {"committed"})


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What upgrade(), downgrade() or stamp() did."""

    command: str
    target: str
    nothing_to_do: bool
    databases: tuple[DatabaseRun, ...]
    environment_ran: bool
    environment_time: float
    duration: float

    @property
    def revisions(self) -> tuple[str, ...]:
        """The revisions that were run and kept, in order; those in a transaction of the caller's, too."""
        return tuple(s.revision for run in self.databases for s in run.steps if s.state in run.kept_states)


@dataclass(frozen=True, kw_only=True)
class DatabaseStatus:
    """Where one version table stands."""

    database: str
    version_table: str
    current_revisions: tuple[str, ...]
    pending: tuple[StepReport, ...]
    unknown_revisions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StatusReport:
    """Where the database is (or the databases, where env.py works on several), where the files are, and what is to run."""

    databases: tuple[DatabaseStatus, ...]
    current_revisions: tuple[str, ...]
    head_revisions: tuple[str, ...]
    total_revisions: int
    needs_upgrade: bool
    pending: tuple[StepReport, ...]
    unknown_revisions: tuple[str, ...]


def _step(fields: dict[str, Any]) -> StepReport:
    return StepReport(**{**fields, "down_revisions": tuple(fields["down_revisions"])})


def _database(fields: dict[str, Any]) -> DatabaseRun:
    return DatabaseRun(
        **{
            **fields,
            "heads_before": tuple(fields["heads_before"]),
            "heads_after": tuple(fields["heads_after"]),
            "steps": tuple(_step(step) for step in fields["steps"]),
        }
    )


def run_report(text: str) -> RunReport:
    """Make the report from the engine's JSON."""
    fields = json.loads(text)
    return RunReport(**{**fields, "databases": tuple(_database(run) for run in fields["databases"])})


def _database_status(fields: dict[str, Any]) -> DatabaseStatus:
    return DatabaseStatus(
        **{
            **fields,
            "current_revisions": tuple(fields["current_revisions"]),
            "pending": tuple(_step(step) for step in fields["pending"]),
            "unknown_revisions": tuple(fields["unknown_revisions"]),
        }
    )


def status_report(text: str) -> StatusReport:
    """Make the report from the engine's JSON."""
    fields = json.loads(text)
    return StatusReport(
        **{
            **fields,
            "databases": tuple(_database_status(status) for status in fields["databases"]),
            "current_revisions": tuple(fields["current_revisions"]),
            "head_revisions": tuple(fields["head_revisions"]),
            "unknown_revisions": tuple(fields["unknown_revisions"]),
            "pending": tuple(_step(step) for step in fields["pending"]),
        }
    )
