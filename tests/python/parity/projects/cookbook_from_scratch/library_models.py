"""What create_all() makes at once, and the revisions step by step."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

metadata = MetaData()
authors = Table("authors", metadata, Column("id", Integer, primary_key=True), Column("name", String(80), nullable=False))
books = Table(
    "books",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False, index=True),
    Column("author_id", Integer, ForeignKey("authors.id", name="fk_books_author")),
)
