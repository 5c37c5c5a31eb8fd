"""What a revision saw, kept as rows: the dumps of two databases then tell whether it was the same."""

import sqlalchemy as sa
from alembic import op

notes = sa.table("notes", sa.column("what", sa.Text), sa.column("answer", sa.Text))


def note(what, answer):
    op.execute(notes.insert().values(what=what, answer=str(answer)))


def note_error(what, attempt):
    """Note how an attempt fails; what it did is undone."""
    try:
        with op.get_bind().begin_nested():
            note(what, f"no error: {attempt()!r}")
    except Exception as error:
        note(what, f"{type(error).__name__}: {error}".partition("(Background on this error")[0])
