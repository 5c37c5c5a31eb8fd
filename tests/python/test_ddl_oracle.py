"""Every directive and keyword, through Alembic and through the engine: the same SQL, and the engine's own."""

from __future__ import annotations

from typing import Any

import pytest
from ddl_cases import CASES, Case
from ddl_oracle import assert_same, through_alembic, through_engine


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_same_sql_as_alembic(case: Case) -> None:
    theirs = through_alembic(case.call, case.naming_convention)
    ours = through_engine(case.call, case.naming_convention)
    assert_same(ours, theirs)
    if theirs.error is None:
        assert theirs.statements
        assert set(ours.library) == case.library, ours.library


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_same_sql_where_the_driver_halves_percent_signs(case: Case) -> None:
    theirs = through_alembic(case.call, case.naming_convention, "pyformat")
    ours = through_engine(case.call, case.naming_convention, "pyformat")
    # What goes the library's way keeps its doubled signs for the driver.
    ours.statements = [s.replace("%%", "%") if ours.library else s for s in ours.statements]
    assert_same(ours, theirs)


def test_create_table_answers_the_table() -> None:
    import sqlalchemy as sa

    made: list[Any] = []
    through_engine(lambda op: made.append(op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))))
    assert isinstance(made[0], sa.Table)
    assert made[0].c.id.primary_key
