"""views of sqlalchemy-utils, search vectors of sqlalchemy-searchable"""
import sqlalchemy as sa
import sqlalchemy_utils as su
from alembic import op
from sqlalchemy_searchable import SearchOptions, drop_trigger, sync_trigger, vectorizer
from sqlalchemy_utils.view import CreateView, DropView, RefreshMaterializedView

revision = "04"
down_revision = "03"
branch_labels = None
depends_on = None


def upgrade():
    articles = op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Unicode(255), nullable=True),
        sa.Column("mail", su.EmailType(), nullable=True),
        sa.Column("key", su.UUIDType(binary=False), nullable=True),
        sa.Column("kind", su.ChoiceType([("a", "A")]), nullable=True),
        sa.Column("data", su.JSONType(), nullable=True),
        sa.Column("parts", su.ScalarListType(), nullable=True),
        sa.Column("link", su.URLType(), nullable=True),
        sa.Column("address", su.IPAddressType(), nullable=True),
        sa.Column("search", su.TSVectorType("name", weights={"name": "A"}, regconfig="pg_catalog.simple"), nullable=True),
    )
    op.execute("INSERT INTO articles (name) VALUES ('it''s 100% sure'), ('b%%c')")
    bind = op.get_bind()
    sync_trigger(bind, "articles", "search", ["name"])
    op.add_column("articles", sa.Column("body", sa.Text(), nullable=True))
    vectorizer.clear()
    reflected = sa.Table("articles", sa.MetaData(), autoload_with=bind)

    @vectorizer(reflected.c.body)
    def body(column):
        return sa.cast(sa.func.replace(column, "%", ": "), sa.Text)

    options = SearchOptions(weights={"name": "A", "body": "B"}, regconfig="pg_catalog.simple")
    sync_trigger(bind, "articles", "search", ["name", "body"], metadata=reflected.metadata, options=options)
    vectorizer.clear()
    bind.execute(articles.insert().values(name="x%y", mail="A@B.org", data={"a": "%s"}, parts=["p", "q"]))

    views = sa.MetaData()
    su.create_view("sure", sa.select(articles.c.id, articles.c.name).where(articles.c.name.like("%100\\%%:a%")), views)
    index = sa.Index("ix_named_name", "name")
    su.create_materialized_view("named", sa.select(articles.c.id, articles.c.name).where(articles.c.name != "50%"), views, indexes=[index])
    views.create_all(bind)
    op.execute(CreateView("rest", sa.select(articles.c.id).where(articles.c.name == "%(x)s :y")))
    bind.execute(RefreshMaterializedView("named", False))


def downgrade():
    op.execute(DropView("rest"))
    op.get_bind().execute(DropView("named", materialized=True))
    op.execute(DropView("sure"))
    drop_trigger(op.get_bind(), "articles", "search")
    op.drop_table("articles")
