"""Every directive and keyword, through Alembic and through the engine: the same SQL, and the engine's own."""

from __future__ import annotations

from collections import Counter
from typing import Any

import alembic
import pytest
import sqlalchemy as sa

from ddl_cases import CASES, Case
from ddl_oracle import assert_same, through_alembic, through_engine

pytestmark = pytest.mark.compat

#: What releases before 1.20 did wrong, some of them: the newest one is the oracle.
_MENDED = {"alter_column, server_default FetchedValue", "alter_column, add identity, existing false"}
_IS_OLD = tuple(int(part) for part in alembic.__version__.split(".")[:2]) < (1, 20)
_CASES = [case for case in CASES if not (_IS_OLD and case.name in _MENDED)]


@pytest.mark.parametrize("case", _CASES, ids=[case.name for case in _CASES])
def test_same_sql_as_alembic(case: Case) -> None:
    theirs = through_alembic(case.call, case.naming_convention)
    ours = through_engine(case.call, case.naming_convention)
    assert_same(ours, theirs)
    if theirs.error is None:
        assert theirs.statements
        assert set(ours.library) == case.library, ours.library


@pytest.mark.parametrize("case", _CASES, ids=[case.name for case in _CASES])
def test_same_sql_where_the_driver_halves_percent_signs(case: Case) -> None:
    theirs = through_alembic(case.call, case.naming_convention, "pyformat")
    ours = through_engine(case.call, case.naming_convention, "pyformat")
    # What goes the library's way keeps its doubled signs for the driver.
    ours.statements = [s.replace("%%", "%") if ours.library else s for s in ours.statements]
    assert_same(ours, theirs)


#: The directives that have to be the engine's own.
_NATIVE = (
    "execute",
    "create_table",
    "drop_table",
    "add_column",
    "drop_column",
    "alter_column",
    "create_index",
    "drop_index",
    "create_foreign_key",
    "create_unique_constraint",
    "drop_constraint",
    "create_check_constraint",
    "create_primary_key",
    "rename_table",
    "create_exclude_constraint",
    "create_table_comment",
    "drop_table_comment",
)


def test_every_directive_is_native_in_nearly_all_cases() -> None:
    native: Counter[str] = Counter()
    library: Counter[str] = Counter()
    for case in _CASES:
        script = through_engine(case.call, case.naming_convention)
        if script.error is None:
            native.update(script.native)
            library.update(list(script.library))
    print({name: (native[name], library[name]) for name in sorted(native | library)})  # noqa: T201  shown by -rP
    assert set(_NATIVE) <= set(native)
    assert all(native[name] > 10 * library[name] for name in ("create_table", "add_column", "alter_column"))


def test_create_table_answers_the_table() -> None:
    made: list[Any] = []
    through_engine(lambda op: made.append(op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))))
    assert isinstance(made[0], sa.Table)
    assert made[0].c.id.primary_key
