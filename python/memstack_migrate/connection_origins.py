"""Where the connections of a run come from: made by env.py, or there before it, whose transactions are somebody else's."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakSet

from memstack_migrate import _upstream
from memstack_migrate.driver.giving_way import reason_given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from memstack_migrate.driver.redirect import Redirection

__all__ = ["ConnectionOrigins", "connection_origins"]


@dataclass(frozen=True)
class ConnectionOrigins:
    """What is known of the connections and engines that env.py has made so far."""

    redirection: Redirection
    made: WeakSet[Connection] = field(default_factory=WeakSet)

    def is_callers(self, connection: Connection) -> bool:
        """Whether the connection was there before env.py ran."""
        return connection not in self.made

    def why_not_engines(self, connection: Connection) -> str:
        """Say why a connection is another driver's."""
        if self.is_callers(connection):
            return "it was there before env.py ran"
        known = reason_given(connection.dialect) or self.redirection.reason_for(connection.engine.url)
        return known or "its engine was there before env.py ran"


@contextmanager
def connection_origins(redirection: Redirection) -> Iterator[ConnectionOrigins]:
    """Note the connections that are made within the block, in whatever thread."""
    origins = ConnectionOrigins(redirection)
    with _upstream.connections_noted(origins.made.add):
        yield origins
