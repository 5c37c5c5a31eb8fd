"""Operations of the project's own, as Alembic's cookbook has them."""
from alembic.operations import BatchOperations, MigrateOperation, Operations


@Operations.register_operation("create_sequence")
@BatchOperations.register_operation("create_sequence", "batch_create_sequence")
class CreateSequenceOp(MigrateOperation):
    def __init__(self, name, start=1):
        self.name = name
        self.start = start

    @classmethod
    def create_sequence(cls, operations, name, *, start=1):
        return operations.invoke(cls(name, start))

    @classmethod
    def batch_create_sequence(cls, operations, name):
        return operations.invoke(cls(f"{operations.impl.table_name}_{name}"))

    def reverse(self):
        return DropSequenceOp(self.name)


@Operations.register_operation("drop_sequence")
class DropSequenceOp(MigrateOperation):
    def __init__(self, name):
        self.name = name

    @classmethod
    def drop_sequence(cls, operations, name):
        return operations.invoke(cls(name))

    def reverse(self):
        return CreateSequenceOp(self.name)


@Operations.implementation_for(CreateSequenceOp)
def create_sequence(operations, operation):
    operations.execute("CREATE SEQUENCE %s START %d" % (operation.name, operation.start))
    operations.execute(f"COMMENT ON SEQUENCE {operation.name} IS '100% ours: since 12:30'")
    return operation.name


@Operations.implementation_for(DropSequenceOp)
def drop_sequence(operations, operation):
    operations.execute("DROP SEQUENCE %s" % operation.name)
