"""The calls that :mod:`test_ddl_oracle` compares: each directive with each of its arguments."""

from __future__ import annotations

from ddl_cases import alters, batches, columns, constraints, defaults, executes, indexes, invokes, tables, types
from ddl_cases.case import CONVENTION, Case

__all__ = ["CASES", "CONVENTION", "Case"]

CASES = [
    *types.CASES,
    *defaults.CASES,
    *columns.CASES,
    *tables.CASES,
    *alters.CASES,
    *constraints.CASES,
    *indexes.CASES,
    *batches.CASES,
    *executes.CASES,
    *invokes.CASES,
]
