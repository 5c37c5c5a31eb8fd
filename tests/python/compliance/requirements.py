"""What the compliance suite may ask of us: all that it knows, except for what is listed here."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.testing import exclusions
from sqlalchemy.testing.requirements import SuiteRequirements

__all__ = ["Requirements"]

_IS_2_0 = sa.__version__.startswith("2.0")

#: Excluded everywhere: what tests of the suite ask for and PostgreSQL does not have, whichever driver speaks to it.
_NOT_IN_POSTGRESQL = {
    "dbapi_lastrowid": "cursor.lastrowid: PostgreSQL has no such thing, RETURNING gives keys",
    "denormalized_names": "names in upper case where nothing was quoted: PostgreSQL folds to lower case",
    "fetch_percent": "FETCH FIRST n PERCENT: not in PostgreSQL's grammar",
    "foreign_keys_reflect_as_index": "a foreign key makes no index",
    "materialized_views_reflect_pk": "a materialized view has no primary key",
    "nvarchar_types": "NVARCHAR and NCHAR: no such types, any text is Unicode",
    "reflect_indexes_with_ascdesc_as_expression": "a descending column is a column of its index, not an expression",
    "repeated_remote_col_foreign_keys": "FOREIGN KEY (a, b) REFERENCES r (c, c): the server refuses it",
    "timestamp_microseconds": "TIMESTAMP as a type beside DATETIME: they are one in PostgreSQL, tested as datetime_microseconds",
    "timestamp_microseconds_implicit_bound": "likewise",
    "unique_index_reflect_as_unique_constraints": "a unique index makes no constraint",
}


def _is_closed(requirement: Any) -> bool:
    """Whether the suite leaves it to each dialect to meet this."""
    skips = getattr(requirement, "skips", ())
    return any(isinstance(skip, exclusions.BooleanPredicate) and skip.value for skip in skips)


def _met(theirs: property) -> property:
    def requirement(self: SuiteRequirements) -> Any:
        asked = theirs.__get__(self)
        return exclusions.open() if _is_closed(asked) else asked

    return property(requirement)


def _not_met(reason: str) -> property:
    return property(lambda _: exclusions.skip_if(lambda: True, reason))


def _has_virtual_columns(config: Any) -> bool:
    return config.db.dialect.server_version_info >= (18,) and not _IS_2_0


class Requirements(SuiteRequirements):
    """PostgreSQL's, for all of our dialects alike."""

    @property
    def computed_columns_virtual(self) -> Any:
        return exclusions.only_if(_has_virtual_columns, "VIRTUAL: since PostgreSQL 18 and SQLAlchemy 2.1")

    @property
    def computed_columns_default_persisted(self) -> Any:
        return exclusions.skip_if(_has_virtual_columns, "STORED is the default where there is no VIRTUAL")

    @property
    def reflect_table_options(self) -> Any:
        return exclusions.skip_if(lambda: _IS_2_0, "SQLAlchemy's dialect for PostgreSQL has get_table_options() since 2.1")

    @property
    def json_deserializer_binary(self) -> Any:
        """A json_deserializer gets bytes: psycopg's dialect does that, and ours in its place."""
        return exclusions.only_if(lambda config: config.db.dialect.driver == "psycopg", "only psycopg's dialect gives bytes")

    @property
    def sane_multi_rowcount(self) -> Any:
        """In the place of asyncpg, too, where the dialect says no, as asyncpg's does: the ORM must not ask for it."""
        return exclusions.open()

    @property
    def async_dialect(self) -> Any:
        return exclusions.only_if(lambda config: config.db.dialect.is_async, "for the asynchronous dialect")

    @property
    def order_by_collation(self) -> Any:
        return exclusions.open()

    def get_order_by_collation(self, config: Any) -> str:  # noqa: ARG002  the suite's signature
        return "POSIX"

    def get_isolation_levels(self, config: Any) -> dict[str, Any]:
        return {"default": "READ COMMITTED", "supported": sorted(config.db.dialect.get_isolation_level_values(None))}


def _fill_in() -> None:
    """Hold the rest as met, so that what a new SQLAlchemy asks is tested until somebody lists it here."""
    for name, value in vars(SuiteRequirements).items():
        if name in _NOT_IN_POSTGRESQL:
            setattr(Requirements, name, _not_met(_NOT_IN_POSTGRESQL[name]))
        elif isinstance(value, property) and name not in vars(Requirements):
            setattr(Requirements, name, _met(value))


_fill_in()
