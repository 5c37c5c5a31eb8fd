"""What ``connection.info`` answers under both psycopg drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memstack_migrate import _engine

__all__ = ["ConnectionInfo"]


class ConnectionInfo:
    """The session as it was when it was asked for; never the password."""

    def __init__(self, engine_connection: _engine.Connection) -> None:
        self.status = 0 if engine_connection.is_open else 1  # libpq's CONNECTION_OK and CONNECTION_BAD
        self.transaction_status = engine_connection.transaction_status
        self.server_version = engine_connection.server_version
        self.backend_pid = engine_connection.backend_pid
        self.host = engine_connection.host
        self.port = int(engine_connection.port or 0)
        self.dbname = engine_connection.database
        self.user = engine_connection.user
        self.encoding = "utf-8"
        self.parameter_status = engine_connection.server_parameter
