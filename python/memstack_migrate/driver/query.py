"""Statements as people pass them: text, bytes, and the composed objects of ``psycopg.sql`` and ``psycopg2.sql``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from memstack_migrate.driver.adapt import Adapter

__all__ = ["quote_name", "text_of"]


def quote_name(name: str) -> str:
    """Write an identifier so that it means exactly ``name``."""
    return '"' + name.replace('"', '""') + '"'


def text_of(query: Any, adapter: Adapter) -> str:
    """Give the text of a statement; raises TypeError for what is none."""
    if isinstance(query, str):
        return str.__str__(query)
    if isinstance(query, (bytes, bytearray)):
        return query.decode()
    module = type(query).__module__
    if module in {"psycopg2.sql", "psycopg.sql"}:
        return _composed(query, adapter)
    msg = f"a statement must be a string, not {type(query).__name__!r}"
    raise TypeError(msg)


def _composed(part: Any, adapter: Adapter) -> str:
    # Not part.as_string(): psycopg2's asks for a connection of its own. The names are the same in both libraries.
    kind = type(part).__name__
    if kind == "Composed":
        return "".join(_composed(item, adapter) for item in part)
    if kind == "Identifier":
        names = part.strings if hasattr(part, "strings") else part._obj  # noqa: SLF001  psycopg has no accessor
        return ".".join(map(quote_name, names))
    if kind == "Literal":
        return adapter.literal(part.wrapped if hasattr(part, "wrapped") else part._obj)  # noqa: SLF001
    if kind == "SQL":
        return part.string if hasattr(part, "string") else str(part._obj)  # noqa: SLF001
    if kind == "Placeholder":
        name = part.name if hasattr(part, "name") else part._obj  # noqa: SLF001
        return f"%({name})s" if name else "%s"
    return str(part.as_string(None))
