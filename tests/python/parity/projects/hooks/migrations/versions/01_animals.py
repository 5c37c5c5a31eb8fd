"""tables with everything hooked in"""
import sqlalchemy as sa
from alembic import op

revision = "01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "animals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, unique=True),
        sa.Column("stamp", sa.Text(), index=True),
        sa.Column("size", sa.Enum("big", "50%", name="size"), nullable=True),
    )
    op.create_table("herds", sa.Column("animal_id", sa.Integer(), sa.ForeignKey("animals.id")), if_not_exists=True)
    op.add_column("animals", sa.Column("other_size", sa.Enum("big", "50%", name="size"), server_default="50%", nullable=False))
    with op.batch_alter_table("animals") as batch_op:
        batch_op.add_column(sa.Column("legs", sa.Integer(), sa.CheckConstraint("legs % 2 = 0")))
        batch_op.create_index("ix_legs", ["legs"])
        batch_op.drop_constraint("animals_pkey")
    op.execute("INSERT INTO animals (name, by_event) VALUES ('it''s 100%', 1)")


def downgrade():
    op.drop_table("herds")
    op.drop_table("animals")
    op.execute("DROP TYPE size")
