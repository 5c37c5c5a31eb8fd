"""Which operations the engine takes, which go the library's way and why, and in what order statements run."""

# ruff: noqa: ARG001, ARG002, SLF001  functions as SQLAlchemy calls them; registrations that only private names undo

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

import alembic.operations
import pytest
import sqlalchemy as sa
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations import MigrateOperation, ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.schema import CreateColumn

from ddl_oracle import Script, ScriptSink, through_alembic, through_engine
from memstack_migrate import _upstream, operations
from memstack_migrate.operations import Operations, call_site

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.compat


def _context(**options: Any) -> MigrationContext:
    return MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": io.StringIO(), **options})


def _reason(operation: MigrateOperation, context: MigrationContext | None = None) -> str | None:
    context = context or _context()
    return operations.library_reason(Operations(context, sink=ScriptSink(context, Script([]))), operation)


_RENAME = ops.RenameTableOp("t", "u")


def test_alembics_own_operations_are_native() -> None:
    assert _reason(_RENAME) is None
    assert _reason(ops.ExecuteSQLOp("SELECT 1")) is None


def test_a_subclass_of_an_operation_is_somebody_elses() -> None:
    class Rename(ops.RenameTableOp):
        pass

    assert _reason(Rename("t", "u")) == "Rename is not a directive of the engine"


@contextlib.contextmanager
def _registered_operation() -> Iterator[list[str]]:
    """An operation as a plugin registers it, after our class was made."""
    calls: list[str] = []

    @alembic.operations.Operations.register_operation("shout")
    class ShoutOp(MigrateOperation):
        def __init__(self, word: str) -> None:
            self.word = word

        @classmethod
        def shout(cls, operations: Any, word: str) -> Any:
            return operations.invoke(cls(word))

    @alembic.operations.Operations.implementation_for(ShoutOp)
    def _shout(operations: Any, operation: ShoutOp) -> str:
        operations.execute(f"SELECT '{operation.word}'")
        calls.append(operation.word)
        return operation.word.upper()

    try:
        yield calls
    finally:
        del alembic.operations.Operations.shout  # type: ignore[attr-defined]
        alembic.operations.Operations._to_impl._registry.pop((ShoutOp, "default"))


def test_a_plugins_operation_runs_with_our_operations_and_answers() -> None:
    answers: list[str] = []
    with _registered_operation() as calls:
        script = through_engine(lambda op: answers.append(op.shout("hey")))
    assert script.error is None
    assert calls == ["hey"]
    assert answers == ["HEY"]
    assert script.statements == ["SELECT 'hey'"]
    assert script.library == {"ShoutOp": "ShoutOp is not a directive of the engine"}
    assert script.native == ["execute"]


@contextlib.contextmanager
def _replaced_implementation() -> Iterator[None]:
    registry = alembic.operations.Operations._to_impl._registry
    before = registry[(ops.RenameTableOp, "default")]
    registry[(ops.RenameTableOp, "default")] = lambda operations, _operation: operations.execute("SELECT 'mine'")
    try:
        yield
    finally:
        registry[(ops.RenameTableOp, "default")] = before


def test_a_users_own_implementation_wins() -> None:
    with _replaced_implementation():
        script = through_engine(lambda op: op.rename_table("t", "u"))
    assert script.statements == ["SELECT 'mine'"]
    assert script.library["rename_table"].startswith(f"implemented by {__name__}.")


def test_a_subclass_of_the_impl_is_asked_itself() -> None:
    context = _context()

    class Impl(PostgresqlImpl):
        __dialect__ = "postgresql-of-a-test"

    context.impl.__class__ = Impl
    context.impl.__dialect__ = "postgresql"
    assert _reason(_RENAME, context) == f"the context's impl is {__name__}.{Impl.__qualname__}"


def test_a_dialect_with_its_own_compiler_or_without_a_feature_is_not_ours() -> None:
    class Compiler(pg.base.PGDDLCompiler):
        pass

    context = _context()
    context.dialect.ddl_compiler = Compiler
    assert _reason(_RENAME, context) == f"the dialect has a DDL compiler of its own: {__name__}.{Compiler.__qualname__}"
    context = _context()
    context.dialect.supports_identity_columns = False
    assert _reason(_RENAME, context) == "the dialect has no supports_identity_columns"


@contextlib.contextmanager
def _compiled_by_us(class_: Any, dialect: str) -> Iterator[None]:
    original = class_.__dict__.get("_compiler_dispatch")

    @compiles(class_, dialect)
    def _compile(element: Any, compiler: Any, **kw: Any) -> str:
        return "mine"

    class_._original_compiler_dispatch = original
    try:
        yield
    finally:
        deregister(class_)
        del class_._original_compiler_dispatch


def test_a_compiles_function_for_a_statement_is_honoured() -> None:
    def call(op: Any) -> None:
        op.create_table("t", sa.Column("a", sa.Integer()))

    with _compiled_by_us(CreateColumn, "postgresql"):
        ours = through_engine(call)
        assert ours.statements == through_alembic(call).statements == ["CREATE TABLE t (\n    mine\n)"]
    assert ours.library["create_table"].startswith(f"@compiles function {__name__}._compiled_by_us")
    with _compiled_by_us(CreateColumn, "mysql"):
        assert through_engine(call).library == {}


def test_a_compiles_function_for_a_type_or_an_expression_is_a_leaf() -> None:
    class Point(sa.types.UserDefinedType[Any]):
        cache_ok = True

    class Now(sa.sql.expression.FunctionElement[Any]):
        inherit_cache = True

    @compiles(Point)
    def _point(type_: Point, compiler: Any, **kw: Any) -> str:
        return "POINT"

    @compiles(Now, "postgresql")
    def _now(element: Now, compiler: Any, **kw: Any) -> str:
        return "timezone('utc', now())"

    def call(op: Any) -> None:
        op.add_column("t", sa.Column("a", Point(), server_default=Now()))

    ours = through_engine(call)
    assert ours.statements == through_alembic(call).statements
    assert ours.statements == ["ALTER TABLE t ADD COLUMN a POINT DEFAULT timezone('utc', now())"]
    assert ours.native == ["add_column"]


def test_a_compiles_function_for_a_class_of_columns_is_honoured() -> None:
    class Special(sa.CheckConstraint):
        pass

    @compiles(Special)
    def _special(element: Special, compiler: Any, **kw: Any) -> str:
        return "CHECK (special)"

    def call(op: Any) -> None:
        op.create_table("t", sa.Column("a", sa.Integer()), Special("a > 1"))

    ours = through_engine(call)
    assert ours.statements == through_alembic(call).statements == ["CREATE TABLE t (\n    a INTEGER, \n    CHECK (special)\n)"]
    assert ours.library["create_table"].startswith(f"@compiles function {__name__}.")


def test_listeners_of_tables_see_what_they_would_see() -> None:
    heard: list[str] = []

    def hear(target: sa.Table, connection: Any, **kw: Any) -> None:
        heard.append(target.name)

    event.listen(sa.Table, "before_create", hear)
    try:
        script = through_engine(lambda op: op.create_table("t", sa.Column("e", sa.Enum("a", name="e"))))
    finally:
        event.remove(sa.Table, "before_create", hear)
    assert heard == ["t"]
    assert script.statements == ["CREATE TYPE e AS ENUM ('a')", "CREATE TABLE t (\n    e e\n)"]
    assert script.library == {"create_table": "a listener for before_create of the table"}


def test_listeners_for_statements_keep_seeing_them() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        assert _upstream.cursor_listeners(connection) is None
        event.listen(engine, "before_cursor_execute", lambda *_args: None)
        found = _upstream.cursor_listeners(connection)
        assert _upstream.expression_listeners(connection) is None
        event.listen(engine, "after_execute", lambda *_args: None)
        assert str(_upstream.expression_listeners(connection)).startswith("after_execute (")
    assert found == f"before_cursor_execute ({__name__}.test_listeners_for_statements_keep_seeing_them.<locals>.<lambda>)"


def test_the_reason_did_not_say_whose_listener_it_was() -> None:
    """Monitoring libraries listen for statements in the whole process: whoever reads the reason has to learn which."""

    def watch(**_names: Any) -> None:
        pass

    def answer(_connection: Any, _cursor: Any, sql: str, given: Any, *_rest: Any) -> tuple[str, Any]:
        return sql, given

    for function, form in ((watch, {"named": True}), (answer, {"retval": True})):
        engine = sa.create_engine("sqlite://")
        event.listen(engine, "before_cursor_execute", function, **form)
        with engine.connect() as connection:
            assert _upstream.cursor_listeners(connection) == f"before_cursor_execute ({__name__}.{function.__qualname__})"


def test_translated_schemas_are_the_librarys() -> None:
    class Connection:
        def get_execution_options(self) -> dict[str, Any]:
            return {"schema_translate_map": {None: "tenant"}}

    context = _context()
    context.connection = Connection()  # type: ignore[assignment]
    assert _reason(_RENAME, context) == "the connection has the option schema_translate_map"


def test_a_batch_keeps_the_order_of_the_engines_and_the_librarys_statements() -> None:
    def call(op: Any) -> None:
        with op.batch_alter_table("t") as batch_op:
            batch_op.drop_column("a")
            batch_op.add_column(sa.Column("b", sa.Integer(), comment=""))  # "" is the library's
            batch_op.drop_column("c")

    ours = through_engine(call)
    assert ours.statements == through_alembic(call).statements
    assert ours.native == ["drop_column", "drop_column"]
    assert list(ours.library) == ["add_column"]


def test_a_batch_that_raises_runs_nothing() -> None:
    def call(op: Any) -> None:
        with op.batch_alter_table("t") as batch_op:
            batch_op.drop_column("a")
            raise RuntimeError("no")

    script = through_engine(call)
    assert script.error == "RuntimeError: no"
    assert script.statements == []


def test_statements_arrive_under_the_name_of_their_directive() -> None:
    names: list[str] = []

    class Sink(ScriptSink):
        def execute(self, op_name: str, statements: list[str], *, shown: str | None = None) -> None:
            names.append(op_name)

    context = _context()
    op = Operations(context, sink=Sink(context, Script([])))
    op.create_table("t", sa.Column("a", sa.Integer(), index=True))
    with op.batch_alter_table("t") as batch_op:
        batch_op.create_unique_constraint("uq", ["a"])
    op.execute("SELECT 1")
    assert names == ["create_table", "create_table", "create_unique_constraint", "execute"]


_REVISION = """
def upgrade(op):
    op.drop_table('t')
    with op.batch_alter_table('u') as batch_op:
        batch_op.drop_column('c')
        batch_op.drop_column('d')
    op.execute('SELECT 1')
"""

# As any sink of the package: its own frames are no place in a user's files.
_SINK = """
class Sink:
    doubles_percents = False
    def __init__(self, places):
        self.places = places
    def execute(self, op_name, statements, shown=None):
        self.places.append(call_site())
    def count(self, op_name, native, reason):
        pass
"""


def test_call_site_is_the_users_own_line_inside_batches_too() -> None:
    sink: dict[str, Any] = {"__name__": "memstack_migrate.sink_of_a_test", "call_site": call_site}
    exec(_SINK, sink)  # noqa: S102
    revision: dict[str, Any] = {"__name__": "a_py"}
    exec(compile(_REVISION, "versions/a.py", "exec"), revision)  # noqa: S102
    places: list[tuple[str, int]] = []
    revision["upgrade"](Operations(_context(), sink=sink["Sink"](places)))
    assert places == [("versions/a.py", line) for line in (3, 5, 6, 7)]


def test_autoincrement_is_warned_about_as_in_alembic() -> None:
    def call(op: Any) -> None:
        op.alter_column("t", "c", nullable=True, autoincrement=True)

    with pytest.warns(UserWarning, match="only make sense for MySQL") as ours:
        assert through_engine(call).native == ["alter_column"]
    with pytest.warns(UserWarning, match="only make sense for MySQL") as theirs:
        through_alembic(call)
    assert len(ours) == len(theirs) == 1
