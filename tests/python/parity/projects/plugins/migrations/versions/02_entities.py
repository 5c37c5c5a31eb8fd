"""entities of alembic_utils"""
import sqlalchemy as sa
from alembic import op
from alembic_utils.pg_extension import PGExtension
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable, PGGrantTableChoice
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

revision = "02"
down_revision = "01"
branch_labels = None
depends_on = None

shout = PGFunction(
    schema="public",
    signature="shout(word text default '12:30 100%')",
    definition=r"""
returns text as
$$
begin -- 50% of it: a\b
  return format('%s %I %%', upper(word), 'x') || to_char(now(), 'HH24:MI')::text || E'\n: 100%';
end;
$$ language plpgsql
""",
)
louder = PGFunction(
    schema="public",
    signature="shout(word text default '12:30 100%')",
    definition="returns text language sql as $fn$ select upper(word) || '!%(x)s%%' $fn$",
)
stamp = PGFunction(
    schema="public",
    signature="stamp()",
    definition="returns trigger as $$ begin new.title := replace(new.title, '%', '::'); return new; end $$ language plpgsql",
)
titles = PGView(
    schema="public",
    signature="titles",
    definition=r"select id, title, id::text as key, '100%' as share from books where title not like '%\_x%'",
)
moods = PGMaterializedView(
    schema="public", signature="moods", definition="select mood, count(*) as n from books group by mood", with_data=True
)
stamping = PGTrigger(
    schema="public",
    signature="stamping",
    on_entity="public.books",
    definition="before insert on public.books for each row when (new.title like '50%') execute function public.stamp()",
)
policy = PGPolicy(schema="public", signature="readers", on_entity="books", definition="for select to public using (title <> '%')")
grant = PGGrantTable(
    schema="public", table="books", columns=["id", "title"], role="pg_monitor", grant=PGGrantTableChoice.SELECT
)
ENTITIES = [shout, stamp, titles, moods, stamping, policy, grant]


def extension():
    # Which one there is depends on the server.
    known = sa.text("SELECT name FROM pg_available_extensions WHERE name IN ('citext', 'vector') ORDER BY name LIMIT 1")
    return PGExtension(schema="public", signature=op.get_bind().execute(known).scalar_one())


def upgrade():
    op.create_entity(extension())
    for entity in ENTITIES:
        op.create_entity(entity)
    for entity in (shout, titles, moods, stamping):
        op.replace_entity(entity)
    op.replace_entity(louder)
    op.execute("INSERT INTO books (title) VALUES ('50%')")
    op.execute("REFRESH MATERIALIZED VIEW moods")
    assert op.get_bind().execute(sa.text("SELECT shout('a'), (SELECT max(share) FROM titles)")).one() == ("A!%(x)s%%", "100%")


def downgrade():
    op.drop_entity(grant)
    op.drop_entity(policy)
    op.drop_entity(stamp, cascade=True)
    op.drop_entity(moods)
    op.drop_entity(titles)
    op.drop_entity(louder)
    op.drop_entity(extension())
