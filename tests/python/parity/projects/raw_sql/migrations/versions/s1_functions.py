"""functions, triggers and views in SQL

Revision ID: s1
Revises:
Create Date: 2024-08-01 00:00:00

"""
from alembic import op
from sqlalchemy import text

revision = "s1"
down_revision = None
branch_labels = None
depends_on = None

FUNCTION = """
CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $body$
BEGIN
    -- a comment; with a semicolon, 100% of it's text, and \\:colons
    NEW.changed_at := now();
    RETURN NEW;
END;
$body$ LANGUAGE plpgsql;
"""


def upgrade():
    op.execute("CREATE TABLE notes (id serial PRIMARY KEY, body text, size int, changed_at timestamptz); CREATE INDEX ON notes (size)")
    op.execute(FUNCTION)
    op.execute("CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch()")
    op.execute(text("CREATE VIEW short_notes AS SELECT id, body FROM notes WHERE body LIKE '%a%' AND size\\:\\:text <> '1'"))
    op.execute("INSERT INTO notes (body, size) VALUES ('100%', '5'::int), (E'it\\'s', 7), ('a\\:b', 1)")
    op.execute(
        """
        DO $$
        DECLARE
            row record;
        BEGIN
            FOR row IN SELECT id FROM notes WHERE size > 2 LOOP
                UPDATE notes SET size = size * 10, changed_at = NULL WHERE id = row.id;
            END LOOP;
            UPDATE notes SET size = size;
        END $$
        """
    )
    op.execute("ALTER TABLE notes DISABLE TRIGGER notes_touch")
    op.execute("UPDATE notes SET changed_at = '2024-01-01 00:00:00+00'")
    op.execute("ALTER TABLE notes ENABLE TRIGGER notes_touch")
    op.execute("COMMENT ON TABLE notes IS 'it''s; a \"table\"'")


def downgrade():
    op.execute("DROP VIEW short_notes; DROP TABLE notes")
    op.execute("DROP FUNCTION touch()")
