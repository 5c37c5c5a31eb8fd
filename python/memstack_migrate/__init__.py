"""Runs existing Alembic projects on PostgreSQL through a C++ engine.

``upgrade()``, ``downgrade()``, ``stamp()`` and ``status()`` do what the commands of the same name do and return what happened.
``await run_alembic_migrations()`` is the one call of a web application's start-up.

Importing this package is cheap: SQLAlchemy and Alembic are imported only when a revision has to run.
"""

# A start with nothing to do imports nothing else: `typing` and `__future__` would be a tenth of its time. A type checker takes
# any name TYPE_CHECKING for typing's.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from memstack_migrate.api import downgrade, stamp, status, upgrade
    from memstack_migrate.errors import MigrateError
    from memstack_migrate.report import DatabaseRun, RunReport, StatusReport, StepReport
    from memstack_migrate.startup import get_migration_status, run_alembic_migrations

__all__ = [
    "DatabaseRun",
    "MigrateError",
    "RunReport",
    "StatusReport",
    "StepReport",
    "downgrade",
    "get_migration_status",
    "run_alembic_migrations",
    "stamp",
    "status",
    "upgrade",
]

_HOMES = {
    "DatabaseRun": "report",
    "MigrateError": "errors",
    "RunReport": "report",
    "StatusReport": "report",
    "StepReport": "report",
    "downgrade": "api",
    "get_migration_status": "startup",
    "run_alembic_migrations": "startup",
    "stamp": "api",
    "status": "api",
    "upgrade": "api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
