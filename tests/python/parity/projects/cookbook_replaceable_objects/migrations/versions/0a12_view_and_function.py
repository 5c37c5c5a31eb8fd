"""view and function"""

import sqlalchemy as sa
from alembic import op
from shop_operations import Definition

revision = "0a12"
down_revision = "0a11"


good_customers = Definition("good_customers", "SELECT name, orders FROM customers WHERE orders > 0")
add_customer = Definition(
    "add_customer(new_name varchar, new_orders integer)",
    "RETURNS void AS $$ BEGIN INSERT INTO customers (name, orders) VALUES (new_name, new_orders); END; $$ LANGUAGE plpgsql",
)


def upgrade():
    op.create_view(good_customers)
    op.create_function(add_customer)
    op.execute("SELECT add_customer('Ada', 3)")


def downgrade():
    op.drop_view(good_customers)
    op.drop_function(add_customer)
