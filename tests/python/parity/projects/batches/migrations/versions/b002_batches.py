"""batches of everything

Revision ID: b002
Revises: b001
Create Date: 2024-07-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "b002"
down_revision = "b001"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("players", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joined", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=True))
        batch_op.add_column(sa.Column("agent_id", sa.Integer(), nullable=True))
        batch_op.alter_column("nick", existing_type=sa.VARCHAR(length=20), type_=sa.String(length=40), existing_nullable=True)
        batch_op.alter_column("shirt", new_column_name="number")
        batch_op.drop_index("ix_players_nick")
        batch_op.create_index(batch_op.f("ix_players_nick"), ["nick"], unique=True)
        batch_op.drop_constraint("fk_players_team_id_teams", type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_players_team_id_teams"), "teams", ["team_id"], ["id"], ondelete="CASCADE")
        batch_op.create_foreign_key("agent", "players", ["agent_id"], ["id"])
        batch_op.create_unique_constraint(None, ["agent_id"])
        batch_op.create_check_constraint("agent", sa.text("agent_id <> id"))

    op.create_unique_constraint("uq_players_team", "players", ["team_id", "number"])
    op.create_foreign_key(None, "teams", "players", ["id"], ["id"], use_alter=True)


def downgrade():
    op.drop_constraint("fk_teams_id_players", "teams", type_="foreignkey")
    op.drop_constraint("uq_players_team", "players")
    with op.batch_alter_table("players", recreate="never") as batch_op:
        batch_op.drop_constraint("fk_players_team_id_teams", type_="foreignkey")
        batch_op.create_foreign_key(None, "teams", ["team_id"], ["id"])
        batch_op.drop_index("ix_players_nick")
        batch_op.create_index("ix_players_nick", ["nick"])
        batch_op.alter_column("number", new_column_name="shirt")
        batch_op.alter_column("nick", type_=sa.String(length=20))
        batch_op.drop_column("agent_id")
        batch_op.drop_column("joined")
