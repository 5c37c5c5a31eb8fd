"""Alembic projects on PostgreSQL through a C++ engine."""
