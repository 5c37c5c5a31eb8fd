"""Revisions that nobody thought of: whole histories, drawn at random, through Alembic and through ours.

Compared are the dumps after the upgrade, after the downgrade to base and after another upgrade, what is left where a revision
fails, and the scripts of ``--sql``. MEMSTACK_RANDOM_REVISIONS says how many revisions, MEMSTACK_RANDOM_SEED where they begin;
a history is a seed, and the seed is in the test's name.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from parity.both_ways import BothWays, Side
from parity.histories.history import make_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from servers import Server

_LENGTH = 25
_FIRST = int(os.environ.get("MEMSTACK_RANDOM_SEED", "0"))
_HISTORIES = -(-int(os.environ.get("MEMSTACK_RANDOM_REVISIONS", "200")) // _LENGTH)


@pytest.fixture(scope="module")
def both_ways(server: Server, request: pytest.FixtureRequest) -> Iterator[BothWays]:
    """The two sides; at the end what they have done is shown, and few revisions may have been invalid."""
    both = BothWays(server, Side("alembic"), Side("memstack"))
    yield both
    both.theirs.close()
    both.ours.close()
    capture: Any = request.config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\nseeds from {_FIRST}: {both.account}")  # noqa: T201  the figures of a big run
    assert len(both.account.invalid) <= 0.03 * both.account.revisions


@pytest.mark.parametrize("seed", range(_FIRST, _FIRST + _HISTORIES))
def test_same_as_alembic(both_ways: BothWays, seed: int, tmp_path: Path) -> None:
    both_ways.compare(make_history(seed, _LENGTH, both_ways.server.major), tmp_path / "project")
