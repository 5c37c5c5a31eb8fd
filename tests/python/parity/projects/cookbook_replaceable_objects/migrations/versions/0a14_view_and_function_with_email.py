"""view and function with email"""

import sqlalchemy as sa
from alembic import op
from shop_operations import Definition

revision = "0a14"
down_revision = "0a13"


good_customers = Definition("good_customers", "SELECT name, orders, email FROM customers WHERE orders > 0")
add_customer = Definition(
    "add_customer(new_name varchar, new_orders integer, new_email varchar)",
    "RETURNS void AS $$ BEGIN INSERT INTO customers VALUES (new_name, new_orders, new_email); END; $$ LANGUAGE plpgsql",
)


def upgrade():
    op.replace_view(good_customers, earlier="0a12.good_customers")
    op.replace_function(add_customer, earlier="0a12.add_customer")
    op.execute("SELECT add_customer('Grace', 1, 'grace@example.org')")


def downgrade():
    op.replace_view(good_customers, later="0a12.good_customers")
    op.replace_function(add_customer, later="0a12.add_customer")
