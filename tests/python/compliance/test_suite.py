"""All tests of SQLAlchemy's dialect compliance suite; ``requirements.py`` says which of them do not apply, and why."""

from sqlalchemy.testing.suite import *  # noqa: F403
