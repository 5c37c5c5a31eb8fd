"""String and bytea literals."""

from __future__ import annotations

from typing import Any

from memstack_migrate.driver.errors import DataError

__all__ = ["quote", "quote_bytes"]


def quote(text: str) -> str:
    r"""Write a string literal that means the same whatever standard_conforming_strings says: ``E'..'`` for a backslash."""
    if "\0" in text:
        msg = "a string with a NUL character cannot be stored: PostgreSQL text cannot hold it"
        raise DataError(msg)
    doubled = text.replace("'", "''")
    return " E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in doubled else f"'{doubled}'"


def quote_bytes(value: Any) -> str:
    """Write a bytea literal, of anything that has bytes."""
    return f" E'\\\\x{bytes(value).hex()}'::bytea"
