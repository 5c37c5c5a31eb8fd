"""Types and operations of other packages, through Alembic and through the engine: the same SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import run_python

HERE = Path(__file__).parent


@pytest.mark.compat
def test_same_sql_as_alembic() -> None:
    run_python(str(HERE / "plugin_oracle.py"), cwd=HERE).ok()
