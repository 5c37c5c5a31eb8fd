"""Every private name of Alembic and SQLAlchemy that this package touches, behind functions of our own.

What they return is public objects and plain values. Whoever moves to a new Alembic or SQLAlchemy release reads this folder and
nothing else.
"""

from memstack_migrate._upstream.driver import *  # noqa: F403
from memstack_migrate._upstream.leaves import *  # noqa: F403
from memstack_migrate._upstream.run import *  # noqa: F403
from memstack_migrate._upstream.statements import *  # noqa: F403
