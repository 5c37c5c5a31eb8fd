"""What a case is, and the naming convention that some of them have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Call = Callable[[Any], object]
_T = TypeVar("_T")

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass
class Case:
    """One call; ``library`` names the directives in it that go Alembic's way, all others being the engine's."""

    name: str
    call: Call
    naming_convention: dict[str, str] | None = None
    library: frozenset[str] = frozenset()


def case(name: str, call: Call, convention: dict[str, str] | None = None, *library: str) -> Case:
    return Case(name, call, convention, frozenset(library))


def making(make: Callable[[], _T], use: Callable[[Any, _T], object]) -> Call:
    """A call that makes its argument anew each time: SQLAlchemy's objects remember where they were."""
    return lambda op: use(op, make())
