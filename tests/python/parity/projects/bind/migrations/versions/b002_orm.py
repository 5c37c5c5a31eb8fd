"""the ORM on the connection"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm
from sqlalchemy.ext.automap import automap_base

from noting import note

revision = "b002"
down_revision = "b001"
branch_labels = None
depends_on = None


class Base(orm.DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id = orm.mapped_column(sa.Integer, primary_key=True)
    name = orm.mapped_column(sa.String(50), nullable=False)
    kind = orm.mapped_column(sa.Enum("human", "machine", name="author_kind"), server_default="human")
    version = orm.mapped_column(sa.Integer, nullable=False)
    books = orm.relationship("Book", back_populates="author", cascade="all, delete-orphan", order_by="Book.title")
    __mapper_args__ = {"version_id_col": version}


tags = sa.Table(
    "book_tags", Base.metadata, sa.Column("book_id", sa.ForeignKey("books.id")), sa.Column("tag_id", sa.ForeignKey("tags.id"))
)


class Book(Base):
    __tablename__ = "books"
    id = orm.mapped_column(sa.Integer, sa.Identity(), primary_key=True)
    title = orm.mapped_column(sa.Text, unique=True)
    upper = orm.mapped_column(sa.Text, sa.Computed("upper(title)", persisted=True))
    pages = orm.mapped_column(sa.Integer, default=lambda: 100)
    at = orm.mapped_column(sa.DateTime, server_default=sa.text("'2020-01-01'"), onupdate=sa.text("'2021-01-01'::timestamp"))
    author_id = orm.mapped_column(sa.ForeignKey("authors.id"))
    author = orm.relationship(Author, back_populates="books")
    tags = orm.relationship("Tag", secondary=tags, order_by="Tag.name")


class Tag(Base):
    __tablename__ = "tags"
    id = orm.mapped_column(sa.Integer, primary_key=True)
    name = orm.mapped_column(sa.Text)


def upgrade(**_arguments):
    Base.metadata.create_all(op.get_bind())
    units_of_work()
    questions()
    bulk()
    nested()
    rolled_back()
    mapped_automatically()


def units_of_work():
    session = orm.Session(bind=op.get_bind())
    ada = Author(name="Ada", books=[Book(title="Notes", tags=[Tag(name="t1"), Tag(name="t2")]), Book(title="More")])
    session.add_all([ada, Author(name="ENIAC", kind="machine")])
    session.flush()
    note("flushed", [op.get_bind().scalar(sa.text("SELECT count(*) FROM books")), ada.id, ada.books[0].at, ada.books[0].upper])
    # Operations see what is flushed, and the session what operations do.
    op.add_column("authors", sa.Column("email", sa.Text, server_default="nobody"))
    op.execute("UPDATE books SET pages = 7 WHERE title = 'More'")
    session.expire_all()
    note("expired", [[book.title, book.pages, [tag.name for tag in book.tags]] for book in ada.books])
    ada.books[0].title = "Notes on the engine"
    ada.books.pop()
    session.commit()
    note("committed", [ada.version, [book.upper for book in ada.books], op.get_bind().in_transaction()])
    session.delete(session.scalars(sa.select(Author).filter_by(name="ENIAC")).one())
    session.commit()
    session.close()


def questions():
    with orm.Session(op.get_bind()) as session:
        note("loads", [len(author.books) for author in session.scalars(sa.select(Author).options(orm.selectinload(Author.books)))])
        note("joined", [author.name for author in session.scalars(sa.select(Author).options(orm.joinedload(Author.books))).unique()])
        note("query", session.query(Author.name, sa.func.count(Book.id)).join(Book).group_by(Author.name).all())
        note("get", [session.get(Tag, 1).name, session.get(Tag, 99)])
        note("first", session.query(Author).filter(Author.kind == "human").order_by(Author.id).first().name)
        note("exists", session.query(session.query(Book).filter(Book.pages > 1).exists()).scalar())
        note("yield_per", [tag.name for tag in session.query(Tag).order_by(Tag.id).yield_per(1)])
        note("stream", [tag.name for tag in session.scalars(sa.select(Tag).order_by(Tag.id), execution_options={"yield_per": 1})])
        note("binds", [session.get_bind() is op.get_bind(), session.connection() is op.get_bind(), session.in_transaction()])


def bulk():
    with orm.sessionmaker(bind=op.get_bind())() as session:
        session.bulk_save_objects([Tag(name=f"bulk{i}") for i in range(3)], return_defaults=True)
        session.bulk_insert_mappings(Tag, [{"name": f"mapping{i}"} for i in range(3)])
        session.bulk_update_mappings(Tag, [{"id": 1, "name": "changed"}])
        ids = session.scalars(sa.insert(Tag).returning(Tag.id), [{"name": f"returned{i}"} for i in range(3)]).all()
        note("ids", len(set(ids)))
        note("update", session.execute(sa.update(Tag).where(Tag.name.like("bulk%")).values(name=Tag.name + "!")).rowcount)
        session.execute(sa.update(Tag), [{"id": 2, "name": "by key"}])
        note("delete", session.query(Tag).filter(Tag.name == "mapping1").delete(synchronize_session=False))
        note("merge", session.merge(Tag(id=3, name="merged")).name)
        session.commit()


def nested():
    session = orm.Session(bind=op.get_bind(), join_transaction_mode="create_savepoint")
    session.add(Tag(name="in a savepoint"))
    session.commit()
    session.add(Tag(name="undone"))
    session.flush()
    session.rollback()
    with session.begin_nested():
        session.add(Tag(name="nested"))
    try:
        with session.begin_nested():
            session.add(Book(title="Notes on the engine"))
    except sa.exc.IntegrityError as error:
        note("integrity", type(error.orig).__name__)
    note("tags", session.scalars(sa.select(Tag.name).where(Tag.name.in_(["in a savepoint", "undone", "nested"])).order_by("name")).all())
    session.commit()
    session.close()


def rolled_back():
    """A session that did not begin the transaction ends nothing when it is closed."""
    session = orm.Session(bind=op.get_bind())
    session.add(Tag(name="never flushed"))
    session.close()
    note("closed", [op.get_bind().in_transaction(), op.get_bind().scalar(sa.select(sa.func.count()).select_from(Tag))])


def mapped_automatically():
    automap = automap_base()
    automap.prepare(autoload_with=op.get_bind())
    note("automap", sorted(automap.classes.keys()))
    with orm.Session(op.get_bind()) as session:
        note("its rows", [author.email for author in session.query(automap.classes.authors)])


def downgrade(**_arguments):
    Base.metadata.drop_all(bind=op.get_bind())
    note("types", sa.inspect(op.get_bind()).get_enums())
