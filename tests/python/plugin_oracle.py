"""Compares the cases of ``ddl_cases/plugins.py``, in a process of its own: GeoAlchemy2 listens to every table of its process."""

from __future__ import annotations

import sys

from ddl_cases.plugins import PLUGIN_CASES
from ddl_oracle import assert_same, through_alembic, through_engine


def main() -> None:
    differing = []
    for case in PLUGIN_CASES:
        for paramstyle in ("named", "pyformat"):
            theirs = through_alembic(case.call, paramstyle=paramstyle)
            ours = through_engine(case.call, paramstyle=paramstyle)
            if paramstyle == "pyformat":
                # What goes the library's way keeps its doubled signs for the driver.
                ours.statements = [s.replace("%%", "%") if ours.library else s for s in ours.statements]
            try:
                assert_same(ours, theirs)
            except AssertionError:
                differing.append(f"{case.name} ({paramstyle}):\n  ours {ours}\n  theirs {theirs}")
    if differing:
        sys.exit("\n".join(differing))


if __name__ == "__main__":
    main()
