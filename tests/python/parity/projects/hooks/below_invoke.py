"""What a project can hook in below op.*: an impl, @compiles, events, implementations of operations."""
import sqlalchemy as sa
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations import Operations, ops
from sqlalchemy import event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn, CreateIndex, DropConstraint

metadata = sa.MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s"})


class AuditedImpl(PostgresqlImpl):
    __dialect__ = "postgresql"

    def version_table_impl(self, *, version_table, version_table_schema, version_table_pk, **kw):
        """Alembic 1.14 and later."""
        table = sa.Table(
            version_table,
            sa.MetaData(),
            sa.Column("version_num", sa.Text, nullable=False),
            sa.Column("written_by", sa.Text, server_default=sa.text("'100%'")),
            schema=version_table_schema,
        )
        if version_table_pk:
            table.append_constraint(sa.PrimaryKeyConstraint("version_num", name="versions_key"))
        return table

    def add_column(self, table_name, column, **kw):
        super().add_column(table_name, column, **kw)
        self._exec(sa.text(f"COMMENT ON COLUMN {table_name}.{column.name} IS 'added: 100%'".replace(":", "\\:")))


event.listen(sa.Table, "after_create", sa.DDL("COMMENT ON TABLE %(fullname)s IS 'made: %(table)s 100%%'"))
event.listen(sa.Table, "after_create", sa.DDL("no such statement").execute_if(dialect="mysql"))
event.listen(
    sa.Table,
    "after_create",
    sa.DDL("ALTER TABLE %(fullname)s ADD COLUMN by_event integer").execute_if(
        dialect="postgresql", callable_=lambda ddl, target, bind, **kw: target.name == "animals"
    ),
)


@event.listens_for(sa.Column, "after_parent_attach")
def stamped(column, table):
    if column.name == "stamp":
        column.server_default = sa.DefaultClause(sa.text("'5%'"))


@compiles(CreateColumn, "postgresql")
def create_column(element, compiler, **kw):
    text = compiler.visit_create_column(element, **kw)
    # Not the version table's, which has a length before Alembic 1.14.
    return text if "VARCHAR(" in text else text.replace("VARCHAR", "VARCHAR(11)")


@compiles(CreateIndex, "postgresql")
def create_index(element, compiler, **kw):
    return compiler.visit_create_index(element, **kw) + " WITH (fillfactor = 70)"


@compiles(DropConstraint)
def drop_constraint(element, compiler, **kw):
    return compiler.visit_drop_constraint(element, **kw) + " CASCADE"


def rename_table(operations, operation):
    operations.execute(f"ALTER TABLE {operation.table_name} RENAME TO {operation.new_table_name}")
    operations.execute(f"COMMENT ON TABLE {operation.new_table_name} IS 'was {operation.table_name}'")


try:
    Operations.implementation_for(ops.RenameTableOp, replace=True)(rename_table)
except TypeError:  # Alembic before 1.16 has no `replace`
    Operations._to_impl._registry[(ops.RenameTableOp, "default")] = rename_table
