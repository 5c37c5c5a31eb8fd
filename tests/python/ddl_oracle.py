"""One call of ``op.*`` through Alembic and through the engine, both writing a script: the two must be equal.

Alembic is the real one, in offline mode. The texts are compared as they are, blanks included; what is set aside is the order of
statements that Alembic takes from a Python set (the constraints and indexes of one directive).
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import alembic.operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from memstack_migrate.operations import Operations

if TYPE_CHECKING:
    from ddl_cases.case import Call


@dataclass
class Script:
    """What one way of running a call wrote, or raised."""

    statements: list[str]
    error: str | None = None
    native: list[str] = field(default_factory=list)
    library: dict[str, str] = field(default_factory=dict)


class ScriptSink:
    """Writes the engine's statements where Alembic's own go, as they would reach the server."""

    doubles_percents = False

    def __init__(self, context: MigrationContext, script: Script) -> None:
        self.context = context
        self.script = script

    def execute(self, op_name: str, statements: list[str], *, shown: str | None = None) -> None:  # noqa: ARG002  the Protocol's
        for statement in statements:
            self.context.impl.static_output(statement.replace("\t", "    ").strip() + ";")

    def count(self, op_name: str, native: bool, reason: str) -> None:  # noqa: FBT001  the Protocol's
        if native:
            self.script.native.append(op_name)
        else:
            self.script.library[op_name] = reason


def _context(statements: list[str], naming_convention: dict[str, str] | None, paramstyle: str) -> MigrationContext:
    options: dict[str, Any] = {"as_sql": True, "output_buffer": io.StringIO()}
    if naming_convention is not None:
        options["target_metadata"] = MetaData(naming_convention=naming_convention)
    context = MigrationContext.configure(dialect_name="postgresql", dialect_opts={"paramstyle": paramstyle}, opts=options)
    context.impl.static_output = statements.append  # type: ignore[assignment,method-assign]
    return context


def _normal(statement: str) -> str:
    # SQLAlchemy 2.0 has blanks inside the parentheses of INHERITS.
    return re.sub(r"INHERITS \( (.*) \)", r"INHERITS (\1)", statement.strip().removesuffix(";"))


def _run(call: Call, op: Any, script: Script) -> Script:
    try:
        call(op)
    except Exception as error:  # noqa: BLE001  the oracle's errors are compared, too
        script.error = re.sub(r"0x[0-9a-f]+", "0x...", f"{type(error).__name__}: {error}")
    script.statements = [_normal(statement) for statement in script.statements]
    return script


def through_alembic(call: Call, naming_convention: dict[str, str] | None = None, paramstyle: str = "named") -> Script:
    script = Script([])
    context = _context(script.statements, naming_convention, paramstyle)
    script = _run(call, alembic.operations.Operations(context), script)
    if paramstyle == "pyformat":
        # The driver halves what was doubled for it; the engine's connection needs no such thing.
        script.statements = [statement.replace("%%", "%") for statement in script.statements]
    return script


def through_engine(call: Call, naming_convention: dict[str, str] | None = None, paramstyle: str = "named") -> Script:
    script = Script([])
    context = _context(script.statements, naming_convention, paramstyle)
    return _run(call, Operations(context, sink=ScriptSink(context, script)), script)


def assert_same(ours: Script, theirs: Script) -> None:
    """Fail unless both wrote the same statements, or raised the same error."""
    assert ours.error == theirs.error
    assert ours.statements[:1] == theirs.statements[:1]
    # The first statement is the directive itself; those behind it may come from a set, of which an error leaves any part.
    if theirs.error is None and ours.statements != theirs.statements:
        assert sorted(ours.statements) == sorted(theirs.statements)
