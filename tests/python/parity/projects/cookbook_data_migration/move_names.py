"""Moves the data between the two revisions: a script of its own, with a model of the tables as they are in between."""

import os

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    given_name: Mapped["str | None"]
    family_name: Mapped["str | None"]


with Session(create_engine(os.environ["DATABASE_URL"])) as session:
    for person in session.scalars(select(Person).order_by(Person.id)):
        person.given_name, _, person.family_name = person.name.partition(" ")
    session.commit()
