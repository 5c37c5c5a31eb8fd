"""tables"""

import sqlalchemy as sa
from alembic import op

revision = "9c01"
down_revision = None


def upgrade():
    op.execute(
        """CREATE TABLE users (id uuid PRIMARY KEY, name varchar(40) DEFAULT 'nobody' NOT NULL, tags text[], since timestamptz DEFAULT now());
        CREATE INDEX ix_users_name ON users (name) WHERE name <> 'nobody';
        CREATE TABLE properties (users_id uuid REFERENCES users ON DELETE CASCADE, name varchar(255), value jsonb, UNIQUE (name, users_id));
        COMMENT ON TABLE properties IS 'what is known'"""
    )


def downgrade():
    op.drop_table("properties")
    op.drop_table("users")
