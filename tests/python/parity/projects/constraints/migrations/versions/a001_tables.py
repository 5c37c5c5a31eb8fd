"""tables with constraints of every kind

Revision ID: a001
Revises:
Create Date: 2023-05-05 08:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "a001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "countries",
        sa.Column("code", sa.String(2), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
    )
    op.create_table(
        "regions",
        sa.Column("country_code", sa.String(2), sa.ForeignKey("countries.code", onupdate="CASCADE", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), index=True),
        sa.Column("population", sa.Integer(), sa.CheckConstraint("population >= 0", name="ck_regions_population")),
        sa.PrimaryKeyConstraint("country_code", "number", name="pk_regions"),
        sa.CheckConstraint("number > 0"),
    )
    op.create_table(
        "cities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country_code", sa.String(2), nullable=False),
        sa.Column("region_number", sa.Integer(), nullable=True),
        sa.Column("twin_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(
            ["country_code", "region_number"],
            ["regions.country_code", "regions.number"],
            name="fk_cities_regions",
            ondelete="RESTRICT",
            match="FULL",
        ),
        sa.ForeignKeyConstraint(["twin_id"], ["cities.id"], deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("cities_pkey")),
        sa.UniqueConstraint("country_code", "name", name="uq_cities_name", deferrable=True, initially="IMMEDIATE"),
    )


def downgrade():
    op.drop_table("cities")
    op.drop_table("regions")
    op.drop_table("countries")
