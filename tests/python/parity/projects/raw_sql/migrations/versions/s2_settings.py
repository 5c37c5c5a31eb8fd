"""settings of the session, locks, grants

Revision ID: s2
Revises: s1
Create Date: 2024-08-02 00:00:00

"""
from alembic import op

revision = "s2"
down_revision = "s1"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE notes ADD CONSTRAINT notes_body CHECK (body <> '') NOT VALID")
    op.execute("ALTER TABLE notes VALIDATE CONSTRAINT notes_body")
    op.execute("GRANT SELECT ON notes TO PUBLIC")
    op.execute("CREATE MATERIALIZED VIEW sizes AS SELECT size, count(*) FROM notes GROUP BY size ORDER BY size WITH NO DATA")
    op.execute("CREATE SEQUENCE tickets START 1000")
    op.execute("SELECT nextval('tickets')")


def downgrade():
    op.execute("DROP SEQUENCE tickets")
    op.execute("DROP MATERIALIZED VIEW sizes")
    op.execute("REVOKE SELECT ON notes FROM PUBLIC")
    op.execute("ALTER TABLE notes DROP CONSTRAINT notes_body")
