"""statements on the connection"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import insert

from noting import note, note_error

revision = "b001"
down_revision = None
branch_labels = None
depends_on = None

rows = sa.table("rows", sa.column("id", sa.Integer), sa.column("name", sa.Text), sa.column("n", sa.Integer))


def upgrade(colour, number):
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("what", sa.Text), sa.Column("answer", sa.Text))
    op.create_table(
        "rows", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, unique=True), sa.Column("n", sa.Integer)
    )
    note("arguments", (colour, number))
    bind = op.get_bind()
    executes(bind)
    conflicts(bind)
    many(bind)
    streams(bind)
    raw(bind)
    savepoints(bind)
    about(bind)


def executes(bind):
    note("scalar", bind.execute(sa.text("SELECT :a || ' 100% \\:x'"), {"a": "b"}).scalar())
    note("scalar()", bind.scalar(sa.select(sa.literal(3) + 4)))
    note("scalars", bind.scalars(sa.text("SELECT generate_series(1, 3)")).all())
    result = bind.execute(sa.text("INSERT INTO rows (name, n) SELECT 'r' || i, i FROM generate_series(1, 5) i"))
    note("rowcount of INSERT SELECT", result.rowcount)
    note("rowcount of UPDATE", bind.execute(rows.update().where(rows.c.n > 3).values(n=rows.c.n * 10)).rowcount)
    note("rowcount of DELETE", bind.execute(rows.delete().where(rows.c.name == "r1")).rowcount)
    note("rowcount of SELECT", bind.execute(sa.text("SELECT * FROM rows")).rowcount)
    note("rowcount of DDL", bind.execute(sa.text("CREATE TABLE t_ddl ()")).rowcount)
    bind.execute(sa.text("DROP TABLE t_ddl"))
    note("mappings", [dict(row) for row in bind.execute(sa.select(rows).order_by(rows.c.id)).mappings()])
    result = bind.execute(sa.text("SELECT id, name AS \"The Name\", n FROM rows ORDER BY id"))
    note("keys", list(result.keys()))
    note("fetchone, fetchmany, all", [tuple(result.fetchone()), list(map(tuple, result.fetchmany(2))), list(map(tuple, result.all()))])
    note("IN", bind.execute(sa.select(rows.c.n).where(rows.c.id.in_([2, 3])).order_by(rows.c.n)).scalars().all())
    note("expanding", bind.execute(sa.text("SELECT count(*) FROM rows WHERE id IN :i").bindparams(sa.bindparam("i", [1, 2], expanding=True))).scalar())
    note("returns_rows", [bind.execute(sa.text(sql)).returns_rows for sql in ("SELECT 1", "SET LOCAL work_mem = '5MB'")])
    note("exec_driver_sql", bind.exec_driver_sql("SELECT %s::int + 1, '%%'", (4,)).one())
    note("exec_driver_sql by name", bind.exec_driver_sql("SELECT %(a)s::text || '%%'", {"a": "x"}).scalar())
    note("exec_driver_sql without arguments", bind.exec_driver_sql("SELECT '%%'").scalar())
    note("exec_driver_sql with many", bind.exec_driver_sql("INSERT INTO rows (name, n) VALUES (%s, %s)", [("m1", 1), ("m2", 2)]).rowcount)
    note("RETURNING", bind.execute(rows.insert().values(name="ret", n=9).returning(rows.c.name, rows.c.n)).one())
    note("UPDATE RETURNING", bind.execute(rows.update().values(n=0).where(rows.c.name == "ret").returning(rows)).one())
    note("DELETE RETURNING", bind.execute(rows.delete().where(rows.c.name == "ret").returning(rows.c.name)).scalars().all())
    note("nothing RETURNING", bind.execute(rows.delete().where(rows.c.name == "ret").returning(rows.c.name)).all())
    note("inserted_primary_key", bind.execute(_table().insert().values(name="pk", n=1)).inserted_primary_key)
    note("lastrowid", bind.execute(_table().insert().values(name="pk2", n=1)).rowcount)
    note_error("one() of none", lambda: bind.execute(sa.text("SELECT 1 WHERE false")).one())
    note_error("unknown column", lambda: bind.execute(sa.text("SELECT nowhere FROM rows")).all())
    note_error("a missing value", lambda: bind.execute(sa.text("SELECT :a"), {}))


def _table():
    return sa.Table("rows", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text), sa.Column("n", sa.Integer))


def conflicts(bind):
    statement = insert(_table()).values(name="r2", n=77)
    note("DO NOTHING", bind.execute(statement.on_conflict_do_nothing(index_elements=["name"])).rowcount)
    note("DO NOTHING RETURNING", bind.execute(statement.on_conflict_do_nothing().returning(sa.literal_column("n"))).all())
    updating = statement.on_conflict_do_update(index_elements=["name"], set_={"n": statement.excluded.n, "name": "r2 again"})
    note("DO UPDATE", bind.execute(updating.returning(rows.c.name, rows.c.n)).all())
    many = [{"name": "c1", "n": 1}, {"name": "c2", "n": 2}, {"name": "c1", "n": 3}]
    note("DO NOTHING of many", bind.execute(insert(_table()).on_conflict_do_nothing(), many).rowcount)


def many(bind):
    table = _table()
    note("executemany", bind.execute(table.insert(), [{"name": f"e{i}", "n": i} for i in range(3)]).rowcount)
    note("executemany of text", bind.execute(sa.text("UPDATE rows SET n = n + :i WHERE name = :name"), [{"i": 5, "name": "e1"}, {"i": 6, "name": "e2"}]).rowcount)
    note("executemany of UPDATE", bind.execute(table.update().where(table.c.name == sa.bindparam("who")).values(n=sa.bindparam("to")), [{"who": "e0", "to": 40}, {"who": "no", "to": 41}]).rowcount)
    values = [{"name": f"v{i}", "n": i} for i in range(2500)]
    ids = bind.execute(table.insert().returning(table.c.id, table.c.n, sort_by_parameter_order=True), values).all()
    note("insertmanyvalues", [len(ids), [n for _, n in ids] == list(range(2500)), ids[1][0] - ids[0][0]])
    result = bind.execute(table.insert().return_defaults(sort_by_parameter_order=True), [{"name": "w1", "n": 1}, {"name": "w2", "n": 2}])
    bind.execute(table.delete().where(table.c.id > ids[2][0]))
    note("inserted_primary_key_rows", len(result.inserted_primary_key_rows))
    paged = bind.execution_options(insertmanyvalues_page_size=100)
    note("page size", len(paged.execute(table.insert().returning(table.c.id), [{"name": f"p{i}", "n": i} for i in range(250)]).all()))


def streams(bind):
    query = sa.text("SELECT generate_series(1, 2000)")
    note("stream_results", sum(bind.execute(query.execution_options(stream_results=True)).scalars()))
    result = bind.execute(query, execution_options={"yield_per": 300})
    note("yield_per", [len(part) for part in result.partitions()])
    with bind.execute(query, execution_options={"stream_results": True, "max_row_buffer": 10}) as result:
        note("some rows of a stream", [result.fetchone()[0], len(result.fetchmany(5))])
    note("after it", bind.scalar(sa.text("SELECT 1")))
    few = sa.text("SELECT id FROM rows WHERE n < 3 ORDER BY id LIMIT 3").execution_options(stream_results=True)
    for row in bind.execute(few):
        bind.execute(rows.update().where(rows.c.id == row.id).values(n=-1))
    note("updates while rows come", bind.scalar(sa.text("SELECT count(*) FROM rows WHERE n = -1")))


def raw(bind):
    cursor = bind.connection.cursor()
    cursor.execute("SELECT id, name FROM rows WHERE name = %s", ("c1",))
    note("cursor", [cursor.rowcount, cursor.description[1][0], cursor.fetchone()[1], cursor.fetchone()])
    cursor.execute("SELECT %(a)s::int", {"a": 3})
    note("cursor by name", cursor.fetchall())
    cursor.executemany("INSERT INTO rows (name, n) VALUES (%s, %s)", [("x1", 1), ("x2", 2)])
    note("executemany on it", cursor.rowcount)
    cursor.execute("CREATE TABLE made_raw (x int); INSERT INTO made_raw VALUES (1), (2)")
    cursor.execute("SELECT * FROM made_raw")
    note("iteration", sorted(x for x, in cursor))
    cursor.close()
    with bind.connection.cursor() as cursor:
        cursor.execute("DROP TABLE made_raw")
    with bind.connection.cursor("on_the_server") as cursor:
        cursor.execute("SELECT generate_series(1, 10)")
        note("a named cursor", [cursor.fetchone(), len(cursor.fetchmany(3)), len(cursor.fetchall())])
    with bind.connection.driver_connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        note("driver_connection", cursor.fetchone())
    note("dbapi_connection", bind.connection.dbapi_connection is bind.connection.driver_connection)


def savepoints(bind):
    with bind.begin_nested():
        op.execute("INSERT INTO rows (name) VALUES ('kept')")
    savepoint = bind.begin_nested()
    op.execute("INSERT INTO rows (name) VALUES ('dropped')")
    savepoint.rollback()
    note("savepoint", [savepoint.is_active, bind.in_nested_transaction(), bind.in_transaction()])
    try:
        with bind.begin_nested():
            op.execute("INSERT INTO rows (name) VALUES ('kept')")
    except sa.exc.IntegrityError as error:
        note("refused", [type(error.orig).__name__, error.orig.diag.constraint_name, error.connection_invalidated])
    with bind.begin_nested(), bind.begin_nested():
        op.create_index("ix_nested", "rows", ["n"])
    note_error("begin()", bind.begin)
    note_error("AUTOCOMMIT", lambda: bind.execution_options(isolation_level="AUTOCOMMIT"))
    note("transactions", [type(bind.get_transaction()).__name__, bind.get_nested_transaction()])
    op.execute("SAVEPOINT by_hand")
    op.execute("INSERT INTO rows (name) VALUES ('by hand')")
    op.execute("ROLLBACK TO SAVEPOINT by_hand")
    op.execute("RELEASE by_hand")
    note("names", bind.scalars(sa.text("SELECT name FROM rows WHERE name IN ('kept', 'dropped', 'by hand')")).all())


def about(bind):
    note("bind", [type(bind).__name__, bind is op.get_context().connection, bind is op.get_context().bind, bind.closed, bind.invalidated])
    note("dialect", [bind.dialect.name, bind.dialect.driver, bind.dialect.default_schema_name, bind.dialect.server_version_info > (12,)])
    note("dialect's abilities", [bind.dialect.supports_comments, bind.dialect.supports_native_enum, bind.dialect.max_identifier_length, bind.dialect.paramstyle, bind.dialect.implicit_returning if hasattr(bind.dialect, "implicit_returning") else None, bind.dialect.insert_returning, bind.dialect.supports_sane_rowcount, bind.dialect.supports_sane_multi_rowcount, bind.dialect.use_insertmanyvalues, bind.dialect.is_async, bind.dialect.supports_server_side_cursors])
    note("has_table", [bind.dialect.has_table(bind, "rows"), bind.dialect.has_table(bind, "nothing"), bind.dialect.has_sequence(bind, "rows_id_seq"), bind.dialect.has_schema(bind, "public")])
    note("isolation levels", [bind.get_isolation_level(), bind.default_isolation_level, bind.dialect.get_isolation_level_values(bind.connection.dbapi_connection) if hasattr(bind.dialect, "get_isolation_level_values") else None])
    note("engine", [type(bind.engine).__name__, bind.engine.name, bind.engine.driver, bind.engine.url.drivername, type(bind.engine.pool).__name__])
    note("info", [bind.info, bind.get_execution_options().get("isolation_level")])
    note("quoting", [bind.dialect.identifier_preparer.quote("Big name"), bind.dialect.identifier_preparer.format_table(sa.table("order", schema="My"))])
    note("compiled", [str(sa.select(rows).where(rows.c.name == "it's 5%").compile(bind, compile_kwargs={"literal_binds": True}))])


def downgrade(**arguments):
    note("down", sorted(arguments.items()))
    op.drop_table("rows")
    op.drop_table("notes")
