"""a second session beside the one that migrates"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from noting import note

revision = "b005"
down_revision = "b004"
branch_labels = None
depends_on = None


def pid(connection):
    return connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()


def upgrade(**_arguments):
    bind = op.get_bind()
    op.create_table("of_this_session", sa.Column("x", sa.Integer))
    with bind.engine.connect() as second:
        note("another session", [pid(second) != pid(bind), second.in_transaction(), type(second.connection.dbapi_connection) is type(bind.connection.dbapi_connection)])
        note("sees what is committed", second.scalar(sa.text("SELECT to_regclass('of_this_session')")))
        second.execute(sa.text("CREATE TABLE dropped_by_close (x int)"))
    with bind.engine.begin() as second:
        second.execute(sa.text("CREATE TABLE of_the_second (x int)"))
        second.execute(sa.text("INSERT INTO of_the_second VALUES (1)"))
    note("this one sees what it committed", bind.scalar(sa.text("SELECT count(*) FROM of_the_second")))
    with bind.engine.connect() as second:
        second.execute(sa.text("SET lock_timeout = '150ms'"))
        op.execute("ALTER TABLE of_the_second ADD y int")
        for statement in ("SELECT * FROM of_the_second", "SELECT pg_advisory_xact_lock(1)", "SELECT 1"):
            try:
                second.execute(sa.text(statement))
                note(statement, "runs")
                second.commit()
            except sa.exc.OperationalError as error:
                note(statement, [type(error.orig).__name__, error.orig.diag.message_primary])
                second.rollback()
    with bind.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as second:
        second.execute(sa.text("VACUUM pg_catalog.pg_am"))
    with bind.engine.connect() as first, bind.engine.connect() as second:
        note("sessions", len({pid(bind), pid(first), pid(second)}))
    raw = bind.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("SELECT 1")
    note("raw_connection()", [cursor.fetchone(), raw.dbapi_connection is not bind.connection.dbapi_connection])
    raw.close()
    with sa.create_engine(bind.engine.url, isolation_level="REPEATABLE READ").begin() as second:
        note("an engine of its own", second.get_isolation_level())
        second.execute(sa.text("CREATE TABLE of_another_engine ()"))
    with Session(bind.engine) as session:
        session.execute(sa.text("CREATE TABLE of_a_session ()"))
        session.commit()
    bind.engine.dispose()
    note("after dispose()", bind.scalar(sa.text("SELECT 1")))


def downgrade(**_arguments):
    for name in ("of_this_session", "of_the_second", "of_another_engine", "of_a_session"):
        op.drop_table(name)
