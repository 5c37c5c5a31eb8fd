"""constraints added and dropped

Revision ID: a002
Revises: a001
Create Date: 2023-06-05 08:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "a002"
down_revision = "a001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("mayors", sa.Column("person", sa.Integer()), sa.Column("city_id", sa.Integer()), sa.Column("Since Year", sa.Integer()))
    op.create_primary_key("pk_mayors", "mayors", ["person"])
    op.create_foreign_key("fk_mayors_city", "mayors", "cities", ["city_id"], ["id"], ondelete="SET NULL", onupdate="NO ACTION")
    op.create_foreign_key(None, "mayors", "mayors", ["city_id"], ["person"], deferrable=True, initially="DEFERRED")
    op.create_unique_constraint("uq_mayors_city", "mayors", ["city_id"])
    op.create_unique_constraint(None, "cities", ["postcode"])
    op.create_check_constraint("ck_mayors_since", "mayors", sa.text('"Since Year" > 1800'))
    op.create_check_constraint("ck_cities_postcode", "cities", sa.column("postcode") != sa.literal("O'Neill"))
    op.drop_constraint("ck_regions_population", "regions", type_="check")
    op.drop_constraint("uq_cities_name", "cities", type_="unique")
    op.drop_constraint("regions_country_code_fkey", "regions", type_="foreignkey")
    op.create_foreign_key("regions_country_code_fkey", "regions", "countries", ["country_code"], ["code"], ondelete="CASCADE")


def downgrade():
    op.drop_constraint("regions_country_code_fkey", "regions")
    op.create_foreign_key(
        "regions_country_code_fkey", "regions", "countries", ["country_code"], ["code"], onupdate="CASCADE", ondelete="CASCADE"
    )
    op.create_unique_constraint("uq_cities_name", "cities", ["country_code", "name"], deferrable=True, initially="IMMEDIATE")
    op.create_check_constraint("ck_regions_population", "regions", "population >= 0")
    op.drop_constraint("ck_cities_postcode", "cities", type_="check")
    op.drop_constraint("cities_postcode_key", "cities", type_="unique")
    op.drop_table("mayors")
