"""The engine's dialects under names of their own, as SQLAlchemy's registry wants them."""

from __future__ import annotations

from memstack_migrate.driver.dialect import AsyncEngineDialect, dialect_class

__all__ = ["asyncpg", "psycopg", "psycopg2", "psycopg_async"]

psycopg2 = dialect_class("psycopg2")
psycopg = dialect_class("psycopg")
psycopg_async = dialect_class("psycopg_async", AsyncEngineDialect)
asyncpg = dialect_class("asyncpg", AsyncEngineDialect)
