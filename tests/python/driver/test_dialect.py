"""SQLAlchemy's Core, ORM and inspector on the dialect, under the driver's name that the URL has."""

from __future__ import annotations

import asyncio
import datetime as dt
import enum
import logging
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg2.errors
import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import create_async_engine

from memstack_migrate.driver.dialect import dialect_class
from memstack_migrate.driver.redirect import redirected_engines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from databases import Database

pytestmark = pytest.mark.compat


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    with redirected_engines():
        engine = sa.create_engine(url)
    yield engine
    engine.dispose()


class Mood(enum.Enum):
    happy = 1
    sad = 2


class Base(orm.DeclarativeBase):
    pass


class Everything(Base):
    __tablename__ = "everything"
    id = orm.mapped_column(sa.Integer, primary_key=True)
    parent_id = orm.mapped_column(sa.ForeignKey("everything.id", ondelete="CASCADE"))
    name = orm.mapped_column(sa.String(50), nullable=False, unique=True, server_default="it's 100%")
    mood = orm.mapped_column(sa.Enum(Mood, name="mood"))
    moods = orm.mapped_column(pg.ARRAY(sa.Enum(Mood, name="mood")))
    data = orm.mapped_column(pg.JSONB)
    raw = orm.mapped_column(sa.LargeBinary)
    price = orm.mapped_column(sa.Numeric(10, 2))
    ratio = orm.mapped_column(sa.Float)
    at = orm.mapped_column(sa.DateTime(timezone=True))
    span = orm.mapped_column(sa.Interval)
    key = orm.mapped_column(sa.Uuid)
    tags = orm.mapped_column(pg.ARRAY(sa.Text, dimensions=2))
    period = orm.mapped_column(pg.INT4RANGE)
    flag = orm.mapped_column(sa.Boolean)
    address = orm.mapped_column(pg.INET)


VALUES: dict[str, Any] = {
    "mood": Mood.sad,
    "moods": [Mood.happy, Mood.sad],
    "data": {"a": [1, None, "ä%"]},
    "raw": b"\x00\\'",
    "price": Decimal("1.50"),
    "ratio": 0.25,
    "at": dt.datetime(2020, 1, 2, 3, tzinfo=dt.timezone.utc),
    "span": dt.timedelta(days=3, seconds=5),
    "key": uuid.UUID(int=9),
    "tags": [["a", "b%s"], ["c", None]],
    "period": pg.Range(1, 5),
    "flag": True,
}


def test_values_of_every_type_come_back_through_the_orm(engine: sa.Engine, flavor: str) -> None:
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", flavor)
    with orm.Session(engine) as session:
        Base.metadata.create_all(session.connection())
        session.add(Everything(**VALUES))
        session.flush()
        session.expire_all()
        read = session.scalars(sa.select(Everything)).one()
        assert {name: getattr(read, name) for name in VALUES} == VALUES
        assert read.name == "it's 100%"
        assert type(read.raw) is bytes


def test_create_all_inspect_and_reflect(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        Base.metadata.create_all(connection)
        inspector = sa.inspect(connection)
        assert inspector.get_table_names() == ["everything"]
        assert inspector.get_foreign_keys("everything")[0]["options"] == {"ondelete": "CASCADE"}
        assert inspector.get_unique_constraints("everything")[0]["column_names"] == ["name"]
        assert inspector.get_pk_constraint("everything")["constrained_columns"] == ["id"]
        assert [item["name"] for item in pg_enums(connection)] == ["mood"]
        table = sa.Table("everything", sa.MetaData(), autoload_with=connection)
        assert isinstance(table.c.data.type, pg.JSONB)
        assert table.c.name.server_default is not None
        sa.Enum(Mood, name="mood").create(connection, checkfirst=True)
        Base.metadata.drop_all(connection)
        assert not sa.inspect(connection).has_table("everything")


def pg_enums(connection: sa.Connection) -> list[Any]:
    return list(sa.inspect(connection).get_enums())  # type: ignore[attr-defined]


def test_inserts_of_many_rows_returning_and_upserts(engine: sa.Engine) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Text, unique=True))
    with engine.begin() as connection:
        table.create(connection)
        rows = [{"x": f"{i}%"} for i in range(2500)]
        returned = connection.execute(table.insert().returning(table.c.id, sort_by_parameter_order=True), rows).scalars().all()
        assert returned == list(range(1, 2501))
        assert connection.execute(table.insert(), [{"x": "a"}, {"x": "b"}]).rowcount in {2, -1}
        again = pg.insert(table).values(x="a").on_conflict_do_nothing()
        # psycopg's cursor has forgotten it when SQLAlchemy has closed it.
        assert connection.execute(again).rowcount == (0 if engine.dialect.driver == "psycopg2" else -1)
        assert connection.execute(table.update().where(table.c.id <= 3).values(x=table.c.x + "!")).rowcount == 3
        parameters = [{"key": 1}, {"key": 2}]
        assert connection.execute(table.delete().where(table.c.id == sa.bindparam("key")), parameters).rowcount == 2


def test_forms_that_server_side_binding_breaks(engine: sa.Engine, flavor: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (i int, d timestamptz)")
        connection.execute(sa.text("COMMENT ON TABLE t IS :text"), {"text": "it's"})
        connection.execute(sa.text("SET LOCAL statement_timeout = :limit"), {"limit": "5s"})
        connection.execute(sa.text("ALTER TABLE t ALTER i SET DEFAULT :value"), {"value": 5})
        connection.execute(sa.text("INSERT INTO t (i) VALUES (1); INSERT INTO t (i) VALUES (2)"))
        assert connection.execute(sa.text("SELECT now() - interval :span < now()"), {"span": "1 day"}).scalar() is True
        assert connection.execute(sa.text("SELECT json_build_object('a', :value)"), {"value": "x"}).scalar() is not None
        expanding = sa.text("SELECT count(*) FROM t WHERE i IN :ids").bindparams(sa.bindparam("ids", expanding=True))
        assert connection.execute(expanding, {"ids": [1, 2, 3]}).scalar() == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM t WHERE i IN %s", ((1, 2),)).scalar() == 2
        assert connection.exec_driver_sql("SELECT %(a)s", {"a": flavor}).scalar() == flavor
        assert connection.execute(sa.text(r"SELECT 'a%' || '\:x' || :y"), {"y": "%"}).scalar() == "a%:x%"


def test_isolation_levels_and_autocommit(engine: sa.Engine, database: Database) -> None:
    with engine.connect() as connection:
        assert connection.get_isolation_level() == "READ COMMITTED"
        assert not connection.in_transaction()
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        assert connection.execute(sa.text("SHOW transaction_isolation")).scalar() == "serializable"
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("CREATE TABLE t (i int)"))
        connection.execute(sa.text("CREATE INDEX CONCURRENTLY i ON t (i)"))
        assert database.has_table("t")
        connection.rollback()
    with engine.connect() as connection:
        assert connection.get_isolation_level() == "READ COMMITTED", "given back to the pool as it was"
        read_only = connection.execution_options(postgresql_readonly=True, postgresql_deferrable=True)
        with pytest.raises(sa.exc.InternalError):
            read_only.execute(sa.text("CREATE TABLE u (i int)"))
    assert database.has_table("t")


def test_transactions_savepoints_and_the_errors_in_them(engine: sa.Engine, database: Database, flavor: str) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE t (i int PRIMARY KEY)"))
        connection.commit()
        connection.execute(sa.text("INSERT INTO t VALUES (1)"))
        with pytest.raises(sa.exc.IntegrityError) as raised, connection.begin_nested():
            connection.execute(sa.text("INSERT INTO t VALUES (1)"))
        assert raised.value.orig is not None
        assert raised.value.orig.pgcode == "23505"  # type: ignore[attr-defined]
        if flavor == "psycopg2":
            assert isinstance(raised.value.orig, psycopg2.errors.UniqueViolation)
        with connection.begin_nested():
            connection.execute(sa.text("INSERT INTO t VALUES (2)"))
        connection.commit()
        connection.execute(sa.text("INSERT INTO t VALUES (3)"))
        connection.rollback()
    assert database.rows("SELECT i FROM t ORDER BY i") == [(1,), (2,)]


def test_streaming_gives_all_rows(engine: sa.Engine) -> None:
    statement = sa.text("SELECT i FROM generate_series(1, 1000) AS i")
    with engine.connect() as connection:
        streamed = connection.execution_options(stream_results=True).execute(statement)
        assert sum(1 for _ in streamed) == 1000
        chunks = connection.execute(statement).yield_per(300).partitions()
        assert [len(chunk) for chunk in chunks] == [300, 300, 300, 100]


def test_yield_per_fetched_every_row_at_once(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE made")
        statement = sa.text("SELECT nextval('made') FROM generate_series(1, 5000)").execution_options(yield_per=10)
        with connection.execute(statement) as streamed:
            assert streamed.fetchmany(10) == [(i,) for i in range(1, 11)]
            # The server makes rows as they are fetched.
            assert connection.exec_driver_sql("SELECT last_value FROM made").scalar_one() < 100
            assert connection.exec_driver_sql("SELECT count(*) FROM pg_cursors").scalar_one() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_cursors").scalar_one() == 0


def test_a_streamed_result_ends_with_its_transaction(engine: sa.Engine) -> None:
    statement = sa.text("SELECT i FROM generate_series(1, 100) AS i").execution_options(yield_per=10)
    with engine.connect() as connection:
        streamed = connection.execute(statement)
        assert streamed.fetchone() == (1,)
        connection.commit()
        with pytest.raises(sa.exc.DBAPIError, match="does not exist"):
            streamed.fetchall()
        connection.rollback()
        # Its end was the cursor's: closing it must not break the transaction that is open by then.
        streamed = connection.execute(statement)
        connection.commit()
        connection.exec_driver_sql("SELECT 1")
        streamed.close()
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_postgresql_deferrable_raised_not_implemented(engine: sa.Engine) -> None:
    options = {"isolation_level": "SERIALIZABLE", "postgresql_readonly": True, "postgresql_deferrable": True}
    with engine.connect().execution_options(**options) as connection:
        shown = [connection.exec_driver_sql(f"SHOW transaction_{name}").scalar_one() for name in ("read_only", "deferrable")]
    assert shown == ["on", "on"]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW transaction_deferrable").scalar_one() == "off"


def test_two_phase(engine: sa.Engine, database: Database) -> None:
    if database.rows("SHOW max_prepared_transactions") == [("0",)]:
        pytest.skip("the server has max_prepared_transactions = 0")
    with engine.connect() as connection:
        transaction = connection.begin_twophase()
        connection.execute(sa.text("CREATE TABLE t (i int)"))
        transaction.prepare()
        assert connection.recover_twophase() == [transaction.xid]
        transaction.commit()
    assert database.has_table("t")


def test_the_raw_connection_is_the_same_session(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE t (i int)"))
        cursor = connection.connection.cursor()
        cursor.execute("INSERT INTO t VALUES (%s)", (5,))
        assert connection.execute(sa.text("SELECT i FROM t")).scalar() == 5
        connection.rollback()
        assert not sa.inspect(connection).has_table("t")


def test_notices_go_where_the_named_drivers_dialect_logs_them(engine: sa.Engine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sqlalchemy.dialects.postgresql"), engine.connect() as connection:
        connection.execute(sa.text("DO $$ BEGIN RAISE NOTICE 'heard'; END $$"))
    assert "NOTICE: heard" in caplog.text


def test_a_lost_connection_is_replaced(engine: sa.Engine, database: Database) -> None:
    with engine.connect() as connection:
        pid = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar()
        database.rows("SELECT pg_terminate_backend(%s)", pid)
        with pytest.raises(sa.exc.OperationalError) as raised:
            connection.execute(sa.text("SELECT 1"))
        assert raised.value.connection_invalidated
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT pg_backend_pid()")).scalar() != pid


def test_custom_json_functions_are_used(url: str) -> None:
    with redirected_engines():
        engine = sa.create_engine(url, json_deserializer=lambda _: "read", json_serializer=lambda _: '"written"')
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.literal({}, pg.JSONB))).scalar() == "read"
        assert connection.execute(sa.select(sa.cast(sa.literal({}, pg.JSONB), sa.Text))).scalar() == '"written"'
    engine.dispose()


@pytest.mark.parametrize("json", ["""'{"a": [1, null]}'::json""", "'[1.5]'::jsonb", "ARRAY['{}'::jsonb]"])
def test_json_of_a_statement_without_types_is_read_under_asyncpg_too(json: str, database: Database) -> None:
    async def read() -> Any:
        engine = create_async_engine(database.url_for("asyncpg"))
        async with engine.connect() as connection:
            answer = (await connection.execute(sa.text(f"SELECT {json}".replace("::", r"\:\:")))).scalar()
        await engine.dispose()
        return answer

    theirs = asyncio.run(read())
    with redirected_engines():
        ours = asyncio.run(read())
    assert (type(ours), ours) == (type(theirs), theirs)


def test_do_connect_listeners_see_and_change_the_drivers_own_arguments(url: str, database: Database) -> None:
    with redirected_engines():
        engine = sa.create_engine(url)
    seen: dict[str, Any] = {}

    @sa.event.listens_for(engine, "do_connect")
    def give_token(dialect: Any, record: Any, arguments: Any, keywords: dict[str, Any]) -> None:
        seen.update(keywords)
        keywords["application_name"] = "from the listener"

    with engine.connect() as connection:
        assert connection.execute(sa.text("SHOW application_name")).scalar() == "from the listener"
    assert seen["dbname"] == database.name
    engine.dispose()


def _asked_for() -> Iterator[Any]:
    """What a TypeDecorator may ask its dialect for, in load_dialect_impl()."""
    yield from (
        sa.Text(),
        sa.TEXT(),
        sa.CHAR(36),
        sa.String(5),
        sa.Unicode(),
        pg.CITEXT(),
        sa.LargeBinary(),
        sa.BLOB(),
        sa.NCHAR(2),
    )
    yield from (
        sa.DateTime(timezone=True),
        pg.TIMESTAMP(timezone=True, precision=3),
        pg.TIME(precision=2),
        pg.INTERVAL(fields="DAY"),
    )
    yield from (
        sa.Integer(),
        sa.SmallInteger(),
        sa.DECIMAL(5, 2),
        sa.REAL(),
        sa.Double(),
        sa.JSON(),
        pg.JSONB(),
        pg.UUID(),
        pg.BIT(3),
    )
    yield from (sa.Enum("a", name="e"), pg.ENUM("a", name="e"), sa.Enum("a", name="e", native_enum=False), pg.ARRAY(sa.Text()))


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "asyncpg"])
def test_a_type_decorator_that_asked_for_text_got_text_where_the_drivers_dialect_gives_varchar(driver: str) -> None:
    url = sa.make_url(f"postgresql+{driver}://")
    theirs = url.get_dialect()()
    ours = dialect_class(driver)()
    for type_ in _asked_for():
        spelled = [dialect.type_compiler_instance.process(dialect.type_descriptor(type_)) for dialect in (ours, theirs)]
        assert spelled[0] == spelled[1], type_
