"""``memstack-migrate parity``: what it finds, what it says, and that nothing is left behind."""

from __future__ import annotations

import json
import signal
import time
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Any

import pytest

from bench import EXIT_CODES
from projects import ASYNC_ENV

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from subprocess import Popen

    from databases import Database
    from projects import Outcome, Project
    from servers import Server

pytestmark = pytest.mark.slow

# Says "ours" under the engine and "theirs" under Alembic.
_WHO = 'who = "ours" if type(op.get_context()).__module__.startswith("memstack") else "theirs"\n'


@pytest.fixture
def untouched(database: Database) -> Iterator[Database]:
    """The database that env.py names: it must stay as it is, and no other may stay at all."""
    before = database.dump()
    yield database
    assert database.dump() == before
    left = database.rows("SELECT datname FROM pg_database WHERE datname LIKE 'memstack_parity%'")
    assert left == []
    assert database.rows("SELECT rolname FROM pg_roles WHERE rolname LIKE 'made_by_%'") == []


@pytest.fixture
def parity(project: Project, untouched: Database) -> Any:
    """Run the command on the project."""

    def run(*arguments: str) -> Outcome:
        return project.memstack("parity", "--url", untouched.server.url("postgres"), *arguments)

    return run


def test_no_difference(project: Project, parity: Any) -> None:
    project.chain(2)
    rows = 'op.bulk_insert(sa.table("t0001", sa.column("id", sa.Integer)), [{"id": 1}])'
    project.revision("r3", "0002", f'op.execute("CREATE ROLE made_by_r3")\n{rows}', 'op.execute("DROP ROLE made_by_r3")')
    said = parity().ok()
    assert "no difference from Alembic" in said.out
    assert "upgrade heads" in said.out
    assert "create_table" in said.out
    assert "Alembic: downgrade base" in said.err


def test_a_set_of_strings_was_inserted_in_another_order_by_each_process(
    project: Project, parity: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    orders = project.root / "orders"
    project.revision("r1", None, f'with open({str(orders)!r}, "a") as f:\n    print(hash("a string"), file=f)')
    assert parity("--quiet").ok().out == ""
    lines = orders.read_text().splitlines()
    assert len(lines) >= 6  # --sql, up and up again of both
    assert len(set(lines)) == 1


def test_a_difference_is_shown_by_object(project: Project, parity: Any) -> None:
    project.revision("r1", None, f'{_WHO}op.create_table("t", sa.Column("id", sa.Integer), sa.Column(who, sa.Text))')
    said = parity()
    assert said.code == 1
    assert "TABLE public.t, after upgrade heads" in said.out
    assert "\n  -    theirs text\n  +    ours text\n" in said.out
    assert "in the script of upgrade heads --sql" in said.out
    document = json.loads(parity("--json").out)
    assert not document["equal"]
    found = [stage for stage in document["stages"] if not stage["equal"]]
    assert [stage["command"] for stage in found] == [
        ["upgrade", "heads", "--sql"],
        ["upgrade", "heads"],
        ["downgrade", "base"],
    ] or found
    assert "    ours text" in "".join(str(line) for line in found[1]["differences"][0]["lines"])


def test_what_alembic_itself_makes_differently_each_time_does_not_count(project: Project, parity: Any) -> None:
    body = """
    import uuid
    op.create_table("t", sa.Column("id", sa.Uuid), sa.Column("at", sa.DateTime), sa.Column("n", sa.Integer))
    for n in range(3):
        op.execute(f"INSERT INTO t VALUES ('{uuid.uuid4()}', clock_timestamp(), {n})")
    op.create_index(f"ix_{uuid.uuid4().hex}", "t", ["n"])
    """
    project.revision("r1", None, body, 'op.drop_table("t")')
    said = parity().ok()
    assert "Alembic again" in said.err
    assert "no difference" in said.out


def test_what_fails_under_both_is_no_difference_and_the_rest_is_compared(project: Project, parity: Any) -> None:
    project.chain(2)
    project.revision("r3", "0002", 'op.drop_table("t0001")', 'raise NotImplementedError("no way back")')
    project.revision("r4", "r3")
    said = parity().ok()
    assert "no way back" in said.out
    assert "both fail, and leave the same" in said.out
    assert "downgrade -1" in said.out
    assert "no difference" in said.out


def test_only_one_of_them_fails(project: Project, parity: Any) -> None:
    project.revision("r1", None, f'{_WHO}\nif who == "ours":\n    raise ValueError("not for us")')
    said = parity()
    assert said.code == 1
    assert "DIFFERENT: only one fails" in said.out
    assert "memstack-migrate fails: ValueError: not for us" in said.out
    assert "r1_.py, line" in said.out


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg2cffi", "no_such_driver"])
def test_whatever_address_env_py_has_of_its_own(project: Project, untouched: Database, parity: Any, driver: str) -> None:
    project.chain(1)
    url = untouched.url_for(driver)
    env = ASYNC_ENV if driver == "asyncpg" else _SYNC_ENV
    project.env_py.write_text(f"URL = {url!r}\n{env}")
    said = parity()
    said.ok()
    assert "no difference" in said.out
    assert (f"{driver} is not installed" in said.out) == (driver in {"psycopg2cffi", "no_such_driver"})


_SYNC_ENV = """
from alembic import context
from sqlalchemy import create_engine

if context.is_offline_mode():
    context.configure(url="postgresql://", literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(URL).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""


def test_several_databases(project: Project, untouched: Database, parity: Any) -> None:
    project.chain(1)
    url = untouched.url_for("psycopg")
    other = url.rsplit("/", 1)[0] + "/another"
    project.env_py.write_text(
        f"""
from alembic import context
from sqlalchemy import create_engine

for url in ({url!r}, {other!r}):
    with create_engine(url).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""
    )
    document = json.loads(parity("--json").ok().out)
    assert document["equal"]
    assert document["native_operations"]["create_table"] == 4  # on two databases, twice


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [("creator=lambda: None", "creator="), ('connect_args={"host": "127.0.0.1"}', "'host'")],
)
def test_a_connection_that_cannot_be_sent_elsewhere_is_refused(
    project: Project, untouched: Database, parity: Any, arguments: str, phrase: str
) -> None:
    project.chain(1)
    project.env_py.write_text(
        f"""
from alembic import context
from sqlalchemy import create_engine

with create_engine({untouched.url_for("psycopg")!r}, {arguments}).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
    )
    parity().failed(EXIT_CODES["unsupported"], "cannot send env.py's connection to a scratch database", phrase)


def test_a_listener_that_leads_back_to_the_database_is_refused(project: Project, untouched: Database, parity: Any) -> None:
    project.chain(1)
    project.env_py.write_text(
        f"""
from alembic import context
from sqlalchemy import create_engine, event

engine = create_engine({untouched.url_for("psycopg")!r})


@event.listens_for(engine, "do_connect")
def lead(dialect, record, arguments, keywords):
    keywords["dbname"] = {untouched.name!r}


with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
    )
    parity().failed(EXIT_CODES["unsupported"], f"led the connection to the database {untouched.name}")


def test_a_template_has_what_revisions_expect(project: Project, server: Server, parity: Any) -> None:
    template = server.create_database()
    try:
        server.connect(template).execute("CREATE TABLE given (id int)").connection.close()
        project.revision("r1", None, 'op.add_column("given", sa.Column("name", sa.Text))', 'op.drop_column("given", "name")')
        assert "both fail" in parity().failed(1).out
        assert "no difference" in parity("--template", template).ok().out
        parity("--template", "nowhere").failed(EXIT_CODES["configuration"], "no scratch database can be made", "nowhere")
    finally:
        server.drop_database(template)


def test_without_a_server_it_says_what_it_needs(project: Project) -> None:
    project.chain(1)
    project.memstack("parity").failed(EXIT_CODES["configuration"], "needs a server", "--url postgresql://")
    nobody = project.memstack("parity", "--url", "postgresql://u:s3cret@127.0.0.1:1/x").failed(EXIT_CODES["connection"])
    assert "s3cret" not in nobody.err


def sleeping_parity(project: Project, untouched: Database, through: Sequence[str] = ()) -> Popen[str]:
    project.revision("r1", None, 'op.execute("SELECT pg_sleep(60)")')
    process = project.start_memstack("parity", "--url", untouched.server.url("postgres"), through=through)
    deadline = time.monotonic() + 60
    while untouched.rows(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
    ) == [(0,)]:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_nothing(project: Project, untouched: Database, sent: signal.Signals) -> None:
    process = sleeping_parity(project, untouched)
    process.send_signal(sent)
    _, err = process.communicate(timeout=30)
    assert process.returncode == EXIT_CODES["interrupted"], err
    assert "interrupted" in err


def test_under_nohup_a_closed_terminal_interrupts_nothing(project: Project, untouched: Database) -> None:
    process = sleeping_parity(project, untouched, through=["nohup"])
    process.send_signal(signal.SIGHUP)
    with pytest.raises(TimeoutExpired):
        process.communicate(timeout=1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == EXIT_CODES["interrupted"], err


def test_no_reason_shows_a_password(project: Project, untouched: Database, parity: Any) -> None:
    del untouched
    project.revision("r1")
    addresses = "postgresql://bob:s3/cret@db.example/prod, nor to host=db.example password=s3/cret"
    project.env_py.write_text(f"raise RuntimeError('no way to {addresses}')")
    for said in (parity(), parity("--json")):
        assert said.code == 1
        assert "no way to" in said.out
        assert "password=***" in said.out
        assert "s3/cret" not in said.out + said.err


def test_alembics_own_refusal_is_its_reason(project: Project, parity: Any) -> None:
    project.revision("r1")
    project.env_py.write_text(project.env_py.read_text().replace("fileConfig(config.config_file_name)", "pass"))
    said = parity("nowhere").failed(1)
    assert "Alembic fails: Can't locate revision identified by 'nowhere'" in said.out
    assert "no difference" in said.out


def test_a_role_that_no_file_names_is_told(project: Project, database: Database, parity: Any) -> None:
    name = f"computed_{database.name}"
    project.revision(
        "r1",
        None,
        f"""
    op.execute("DROP ROLE IF EXISTS computed_" + {database.name!r})
    op.execute("CREATE ROLE computed_" + {database.name!r})
    """,
    )
    try:
        assert f"the role {name} is new on the server and stays there" in parity().err
    finally:
        database.execute(f"DROP ROLE IF EXISTS {name}")
