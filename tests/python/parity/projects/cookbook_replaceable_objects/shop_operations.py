"""Operations on objects that are replaced as a whole: views and functions."""

from collections import namedtuple

from alembic.operations import MigrateOperation, Operations

Definition = namedtuple("Definition", "signature body")


class Replaceable(MigrateOperation):
    def __init__(self, definition):
        self.definition = definition

    @classmethod
    def run(cls, operations, definition):
        return operations.invoke(cls(definition))

    @classmethod
    def replace(cls, operations, definition, earlier=None, later=None):
        revision, name = (earlier or later).split(".")
        other = getattr(operations.get_context().script.get_revision(revision).module, name)
        dropped, made = (other, definition) if earlier else (definition, other)
        operations.invoke(cls(dropped).reverse())
        operations.invoke(cls(made))


@Operations.register_operation("create_view", "run")
@Operations.register_operation("replace_view", "replace")
class CreateView(Replaceable):
    def reverse(self):
        return DropView(self.definition)


@Operations.register_operation("drop_view", "run")
class DropView(Replaceable):
    def reverse(self):
        return CreateView(self.definition)


@Operations.register_operation("create_function", "run")
@Operations.register_operation("replace_function", "replace")
class CreateFunction(Replaceable):
    def reverse(self):
        return DropFunction(self.definition)


@Operations.register_operation("drop_function", "run")
class DropFunction(Replaceable):
    def reverse(self):
        return CreateFunction(self.definition)


@Operations.implementation_for(CreateView)
def create_view(operations, operation):
    operations.execute(f"CREATE VIEW {operation.definition.signature} AS {operation.definition.body}")


@Operations.implementation_for(DropView)
def drop_view(operations, operation):
    operations.execute(f"DROP VIEW {operation.definition.signature}")


@Operations.implementation_for(CreateFunction)
def create_function(operations, operation):
    operations.execute(f"CREATE FUNCTION {operation.definition.signature} {operation.definition.body}")


@Operations.implementation_for(DropFunction)
def drop_function(operations, operation):
    operations.execute(f"DROP FUNCTION {operation.definition.signature}")
