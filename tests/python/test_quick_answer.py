"""The answer that a database is at head already: quick where env.py surely does the usual thing, and never a lie elsewhere.

The trap is the same in each test of the second kind: the version table where an ordinary env.py would look says "at head", and the
one that this env.py works on does not.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import memstack_migrate
import pytest
from projects import Project, run_python

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import Database
    from projects import Outcome

REPOSITORY = Path(__file__).parents[2]
HEAD = "0002"
AT_HEAD = (
    "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);"
    f"INSERT INTO alembic_version VALUES ('{HEAD}')"
)


@pytest.fixture
def at_head(project: Project, database: Database) -> Project:
    """A project whose revisions have all been run."""
    project.chain(2)
    database.execute(AT_HEAD)
    return project


def report_of(outcome: Outcome) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(outcome.ok().out)
    return report


def edit(project: Project, old: str, new: str) -> None:
    text = project.env_py.read_text()
    assert old in text, f"{old!r} is not in\n{text}"
    project.env_py.write_text(text.replace(old, new, 1))


# Where it is quick


def modules_of(project: Project, *arguments: str, env: dict[str, str] | None = None) -> tuple[Outcome, set[str]]:
    """Run a command and return the modules that it imported."""
    outcome = run_python("-X", "importtime", "-m", "memstack_migrate", *arguments, cwd=project.root, env=env)
    lines = [line for line in outcome.err.splitlines() if line.startswith("import time:")]
    return outcome, {line.rpartition("|")[2].strip() for line in lines}


def assert_quick(project: Project, *arguments: str, env: dict[str, str] | None = None) -> Outcome:
    outcome, modules = modules_of(project, *arguments, env=env)
    assert "memstack_migrate._engine" in modules
    heavy = {name for name in modules if name.partition(".")[0] in {"sqlalchemy", "alembic", "psycopg", "psycopg2", "asyncpg"}}
    assert not heavy, f"{sorted(heavy)[:5]}\n{outcome.out}"
    return outcome.ok()


def booby_trap(project: Project) -> None:
    """Make env.py and every revision file fail when they are executed; as text they stay what they were."""
    for file in (project.env_py, *project.versions.glob("*.py")):
        file.write_text(f"{file.read_text()}\nassert False, 'this file was executed'\n")


def test_at_head_no_package_is_imported_and_no_file_executed(at_head: Project, database: Database) -> None:
    booby_trap(at_head)
    before = database.dump()
    assert "nothing to do" in assert_quick(at_head, "upgrade", "--url", database.url).out
    assert_quick(at_head, "upgrade", "heads", env={"MEMSTACK_MIGRATE_URL": database.url})
    assert_quick(at_head, "upgrade", HEAD, "--url", database.url)
    report = report_of(assert_quick(at_head, "upgrade", "--url", database.url, "--json"))
    assert report["nothing_to_do"] is True
    assert report["environment_ran"] is False
    assert (report["databases"][0]["heads_before"], report["databases"][0]["heads_after"]) == ([HEAD], [HEAD])
    assert_quick(at_head, "status", "--url", database.url)
    assert_quick(at_head, "current", "--url", database.url)
    assert database.dump() == before


def test_the_trap_of_these_tests_bites(at_head: Project, database: Database) -> None:
    booby_trap(at_head)
    at_head.memstack("upgrade").failed(12, "this file was executed")
    _, modules = modules_of(at_head, "upgrade")
    assert {"sqlalchemy", "alembic"} <= modules


@pytest.mark.parametrize("template", ["generic", "async", "pyproject", "pyproject_async"])
def test_alembics_own_templates_are_quick(template: str, tmp_path: Path, database: Database) -> None:
    if not (Path(sys.modules["alembic"].__file__ or "").parent / "templates" / template).exists():
        pytest.skip("this Alembic has no such template")
    project = Project(tmp_path, script_folder="migrations")
    if template.startswith("pyproject"):
        (tmp_path / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "1"\n')
    run_python("-m", "alembic", "init", "--template", template, "migrations", cwd=tmp_path).ok()
    project.chain(2)
    url = ("--url", database.url_for("asyncpg" if "async" in template else "psycopg"))
    assert report_of(project.memstack("upgrade", *url, "--json"))["environment_ran"] is True
    booby_trap(project)
    assert_quick(project, "upgrade", *url)


@pytest.mark.parametrize("setting", ["ini", "toml"])
def test_a_setting_makes_it_quick(setting: str, at_head: Project, database: Database) -> None:
    if setting == "ini":
        at_head.ini.write_text(at_head.ini.read_text() + "\n[memstack_migrate]\nurl = ${APP_DATABASE}\n")
    else:
        (at_head.root / "pyproject.toml").write_text('[tool.memstack_migrate]\nurl = "${APP_DATABASE}"\n')
    booby_trap(at_head)
    assert_quick(at_head, "upgrade", env={"APP_DATABASE": database.url})


def test_this_repositorys_project_is_quick(database: Database) -> None:
    env = {"DATABASE_URL": database.url_for("asyncpg")}
    project = Project(REPOSITORY, script_folder="alembic")
    project.memstack("upgrade", "head", env=env).ok()
    assert_quick(project, "upgrade", "--url", database.url, env=env)
    assert_quick(project, "upgrade", "head", env={**env, "MEMSTACK_MIGRATE_URL": database.url})


def test_who_vouches_for_the_version_table_is_quick(at_head: Project, database: Database) -> None:
    database.execute("CREATE SCHEMA s; ALTER TABLE alembic_version SET SCHEMA s; ALTER TABLE s.alembic_version RENAME TO v")
    edit(at_head, "connection=connection,", 'connection=connection, version_table="v", version_table_schema="s",')
    section = f"\n[memstack_migrate]\nurl = {database.url}\nversion_table = v\nversion_table_schema = s\n"
    at_head.ini.write_text(at_head.ini.read_text() + section.replace("%", "%%"))
    booby_trap(at_head)
    assert_quick(at_head, "upgrade")


# What the next start is told


def test_an_unchanged_project_works_and_is_told_what_makes_it_quick(at_head: Project, database: Database) -> None:
    outcome = at_head.memstack("upgrade").ok()
    assert "nothing to do" in outcome.out
    said = outcome.out + outcome.err
    assert said.count("MEMSTACK_MIGRATE_URL") == 1
    assert "[memstack_migrate]" in said
    assert "url" in said
    silent = at_head.memstack("upgrade", "--json").ok()
    assert json.loads(silent.out)["environment_ran"] is True
    assert "MEMSTACK_MIGRATE_URL" not in silent.out
    assert "MEMSTACK_MIGRATE_URL" not in at_head.memstack("upgrade", "--quiet").ok().out
    # Whoever follows the advice is quick, and not told again.
    follows = assert_quick(at_head, "upgrade", env={"MEMSTACK_MIGRATE_URL": database.url})
    assert "note:" not in follows.out


def test_an_env_py_in_doubt_is_named_with_the_setting_that_ends_the_doubt(at_head: Project, database: Database) -> None:
    edit(at_head, "connection=connection,", 'connection=connection, version_table="alembic_version",')
    outcome = at_head.memstack("upgrade", "--url", database.url).ok()
    assert f"{at_head.env_py}:" in outcome.out
    assert "version_table" in outcome.out
    note = outcome.out[outcome.out.index("note:") :]
    assert "[memstack_migrate]" in note
    assert "at another place" not in note


# Where it would lie

CONNECT = "    with connectable.connect() as connection:\n        context.configure(\n            connection=connection, target_metadata=target_metadata\n        )\n"
USUAL_ENGINE = """    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
"""


def configured(arguments: str, before: str = "") -> tuple[str, str]:
    """A replacement in the generic env.py that gives configure() these arguments, after running `before`."""
    lines = f"        {before}\n" if before else ""
    return CONNECT, CONNECT.replace("        context.configure(", f"{lines}        context.configure(").replace(
        "target_metadata=target_metadata\n", f"target_metadata=target_metadata, {arguments}\n"
    )


ON_CONNECT = '''    from sqlalchemy import {imports}

    @{decorator}
    def on_connect(dbapi_connection, record):
        cursor = dbapi_connection.cursor()
        cursor.execute("SET search_path TO tenant")
        cursor.close()
        dbapi_connection.commit()

'''

# name -> replacement in env.py, and the version table that this env.py works on. All of them use the one database.
SAME_DATABASE: dict[str, tuple[tuple[str, str], str]] = {
    "version_table": (configured('version_table="versions"'), "versions"),
    "version_table by a constant": (configured("version_table=NAME", 'NAME = "versions"'), "versions"),
    "version_table in keywords": (configured("**OPTIONS", 'OPTIONS = {"version_table": "versions"}'), "versions"),
    "version_table in keywords, spelled in parts": (
        configured("**OPTIONS", 'OPTIONS = dict([("version_" + "table", "versions")])'),
        "versions",
    ),
    "version_table by the ini file": (configured("**config.get_section('migrations')"), "versions"),
    "version_table by a module": (configured("**settings.options()", "import settings"), "versions"),
    "version_table by partial": (
        (CONNECT, CONNECT.replace("context.configure(", "from functools import partial\n        partial(context.configure, version_table='versions')(")),
        "versions",
    ),
    "version_table by an alias of context": (
        (CONNECT, CONNECT.replace("        context.configure(", "        ctx = context\n        ctx.configure(").replace("target_metadata=target_metadata\n", "**settings.options()\n").replace("        ctx =", "        import settings\n        ctx =")),
        "versions",
    ),
    "version_table by another module's configure": (
        (CONNECT, "    import settings\n    with connectable.connect() as connection:\n        settings.configure(connection)\n"),
        "versions",
    ),
    "version_table_schema": (configured('version_table_schema="tenant"'), "tenant.alembic_version"),
    "SET search_path": (configured("", 'connection.exec_driver_sql("SET search_path TO tenant"); connection.commit()'), "tenant.alembic_version"),
    "SET search_path by another module": (
        (CONNECT, CONNECT.replace("        context.configure(", "        import settings\n        settings.prepare(connection)\n        context.configure(")),
        "tenant.alembic_version",
    ),
    "SET SCHEMA": (configured("", "from sqlalchemy import text; connection.execute(text(\"SET SCHEMA 'tenant'\")); connection.commit()"), "tenant.alembic_version"),
    "set_config": (
        configured("", "from sqlalchemy import text; connection.execute(text(\"SELECT set_config('search_path', 'tenant', false)\")); connection.commit()"),
        "tenant.alembic_version",
    ),
    "connect_args": (
        (USUAL_ENGINE, USUAL_ENGINE.replace("poolclass=", 'connect_args={"options": "-csearch_path=tenant"}, poolclass=')),
        "tenant.alembic_version",
    ),
    "connect_args in a variable": (
        (USUAL_ENGINE, "    arguments = settings.engine_arguments()\n" + USUAL_ENGINE.replace("poolclass=", "**arguments, poolclass=")),
        "tenant.alembic_version",
    ),
    "a query of the URL": (
        (USUAL_ENGINE, USUAL_ENGINE.replace("    connectable", '    from sqlalchemy.engine import make_url\n    url = make_url(config.get_main_option("sqlalchemy.url"))\n    url = url.update_query_dict({"options": "-csearch_path=tenant"})\n    connectable').replace("engine_from_config(\n        config.get_section(config.config_ini_section, {}),\n        prefix=\"sqlalchemy.\",", "create_engine(\n        url,")),
        "tenant.alembic_version",
    ),
    "a query pasted to the URL": (
        (USUAL_ENGINE, '    url = config.get_main_option("sqlalchemy.url") + settings.suffix()\n    connectable = create_engine(url)\n'),
        "tenant.alembic_version",
    ),
    "an event on the engine": (
        (CONNECT, ON_CONNECT.format(imports="event", decorator='event.listens_for(connectable, "connect")') + CONNECT),
        "tenant.alembic_version",
    ),
    "an event imported by another name": (
        (CONNECT, ON_CONNECT.format(imports="event as e", decorator='e.listens_for(connectable, "connect")') + CONNECT),
        "tenant.alembic_version",
    ),
    "SET ROLE": (configured("", 'connection.exec_driver_sql("SET ROLE tenant_of_quick_answer"); connection.commit()'), "tenant_of_quick_answer.alembic_version"),
    "schema_translate_map, where the library's own reading of it decides": (
        (CONNECT, CONNECT.replace("connectable.connect() as connection:", 'connectable.connect().execution_options(schema_translate_map={None: "tenant"}) as connection:').replace("target_metadata=target_metadata\n", 'target_metadata=target_metadata, version_table_schema="tenant"\n')),
        "tenant.alembic_version",
    ),
    "a loop over tenants": (
        (
            CONNECT,
            '    for schema in ["public", "tenant"]:\n      with connectable.connect() as connection:\n        connection.exec_driver_sql(f"SET search_path TO {schema}")\n'
            "        connection.commit()\n        context.configure(connection=connection, target_metadata=target_metadata)\n",
        ),
        "tenant.alembic_version",
    ),
    "a function called for each tenant": (
        ("else:\n    run_migrations_online()", 'else:\n    list(map(lambda schema: run_migrations_online(), ["tenant"]))'),
        "tenant.alembic_version",
    ),
    "getattr": (
        (CONNECT, CONNECT.replace("context.configure(", "getattr(context, 'config' + 'ure')(").replace("target_metadata=target_metadata\n", "**settings.options()\n")),
        "versions",
    ),
    "exec": (
        (CONNECT, CONNECT + '        exec(settings.SOURCE)\n'),
        "versions",
    ),
}

SETTINGS = '''
SOURCE = "context.configure(connection=connection, target_metadata=target_metadata, version_table='versions')"


def options():
    return {"version_table": "versions"}


def configure(connection):
    from alembic import context

    context.configure(connection=connection, **options())


def prepare(connection):
    connection.exec_driver_sql("SET search_path TO tenant")
    connection.commit()


def engine_arguments():
    return {"connect_args": {"options": "-csearch_path=tenant"}}


def suffix():
    return "?options=-csearch_path%3Dtenant"
'''


@pytest.fixture
def trapped(at_head: Project, database: Database) -> Project:
    """A project at head by public.alembic_version, with a schema and a module that its env.py may use."""
    database.execute("CREATE SCHEMA tenant")
    (at_head.root / "settings.py").write_text(SETTINGS)
    edit(at_head, "from alembic import context", "from alembic import context\nfrom sqlalchemy import create_engine\nimport settings")
    at_head.ini.write_text(at_head.ini.read_text() + "\n[migrations]\nversion_table = versions\n")
    return at_head


def rows_of(database: Database, table: str) -> list[str] | None:
    schema, _, name = table.rpartition(".")
    return database.version_rows(name, schema or "public")


@pytest.mark.parametrize("name", SAME_DATABASE)
def test_another_version_table_is_not_taken_for_the_usual_one(name: str, trapped: Project, database: Database) -> None:
    (old, new), table = SAME_DATABASE[name]
    if "ROLE" in name:
        database.execute(
            "DO $$BEGIN CREATE ROLE tenant_of_quick_answer; EXCEPTION WHEN duplicate_object THEN NULL; END$$;"
            "CREATE SCHEMA tenant_of_quick_answer AUTHORIZATION tenant_of_quick_answer; REVOKE USAGE ON SCHEMA public FROM public"
        )
    edit(trapped, old, new)
    if "a function called" in name:
        edit(trapped, *configured('version_table_schema="tenant"'))
    report = report_of(trapped.memstack("upgrade", "--url", database.url, "--json"))
    assert report["environment_ran"] is True
    assert rows_of(database, table) == [HEAD]
    again = trapped.memstack("status", "--url", database.url).ok()
    assert HEAD in again.out


# name -> replacement in env.py, environment variables and ini options; {other} is the URL of the other database, in parts, too.
OTHER_DATABASE: dict[str, tuple[tuple[str, str], dict[str, str], dict[str, str]]] = {
    "a hard-coded address": ((USUAL_ENGINE, '    connectable = create_engine("{other}")\n'), {}, {}),
    "a hard-coded address in a module": ((USUAL_ENGINE, "    connectable = create_engine(address.URL)\n"), {}, {}),
    "set_main_option with another address": (
        (USUAL_ENGINE, '    config.set_main_option("sqlalchemy.url", address.URL)\n' + USUAL_ENGINE),
        {},
        {},
    ),
    "another variable": ((USUAL_ENGINE, '    import os\n    connectable = create_engine(os.environ["APP_DATABASE"])\n'), {"APP_DATABASE": "{other}"}, {}),
    "another variable, read elsewhere": (
        (USUAL_ENGINE, "    connectable = create_engine(address.from_environment())\n"),
        {"APP_DATABASE": "{other}"},
        {},
    ),
    "an address in parts": (
        (USUAL_ENGINE, "    connectable = create_engine(address.from_parts())\n"),
        {"APP_DB_NAME": "{other_name}"},
        {},
    ),
    "a database name put into the configured address": (
        (
            USUAL_ENGINE,
            '    import os\n    from sqlalchemy.engine import make_url\n    url = make_url(config.get_main_option("sqlalchemy.url"))\n'
            '    connectable = create_engine(url.set(database=os.environ["APP_DB_NAME"]))\n',
        ),
        {"APP_DB_NAME": "{other_name}"},
        {},
    ),
    "another option of the ini file": ((USUAL_ENGINE, '    connectable = create_engine(config.get_main_option("app.database"))\n'), {}, {"app.database": "{other_ini}"}),
    "another prefix": ((USUAL_ENGINE, USUAL_ENGINE.replace('"sqlalchemy."', '"app."')), {}, {"app.url": "{other_ini}"}),
    "another section": ((USUAL_ENGINE, USUAL_ENGINE.replace("config.config_ini_section", '"migrations"')), {}, {}),
    "the section with something put over it": (
        (USUAL_ENGINE, USUAL_ENGINE.replace("config.get_section(config.config_ini_section, {}),", "{**config.get_section(config.config_ini_section, {}), **address.section()},")),
        {},
        {},
    ),
    "a keyword over the section": ((USUAL_ENGINE, USUAL_ENGINE.replace("poolclass=", "url=address.URL, poolclass=")), {}, {}),
    "a file of settings": ((USUAL_ENGINE, "    connectable = create_engine(address.from_file())\n"), {}, {}),
    "a connection made elsewhere": ((USUAL_ENGINE, "    connectable = address.engine()\n"), {}, {}),
}

ADDRESS = '''
import os
import pathlib

URL = {other!r}


def from_environment():
    return os.environ["APP_DATABASE"]


def from_parts():
    head, _, _ = URL.rpartition("/")
    return head + "/" + os.environ["APP_DB_NAME"]


def from_file():
    return pathlib.Path(__file__).with_name("address.txt").read_text()


def section():
    return {{"sqlalchemy.url": URL}}


def engine():
    from sqlalchemy import create_engine

    return create_engine(URL)
'''


@pytest.mark.parametrize("name", OTHER_DATABASE)
def test_an_env_py_that_connects_elsewhere_is_refused(
    name: str, trapped: Project, database: Database, make_database: Callable[[], Database]
) -> None:
    other = make_database()
    (old, new), variables, options = OTHER_DATABASE[name]
    url = other.url_for("psycopg")
    parts = {"other": url, "other_name": other.name, "other_ini": url.replace("%", "%%")}
    (trapped.root / "address.py").write_text(ADDRESS.format(other=url))
    (trapped.root / "address.txt").write_text(url)
    edit(trapped, "import settings", "import settings\nimport address")
    edit(trapped, old, new.replace("{other}", url))
    trapped.set(**{option: value.format(**parts) for option, value in options.items()})
    trapped.ini.write_text(trapped.ini.read_text() + "sqlalchemy.url = " + url.replace("%", "%%") + "\n")
    env = {variable: value.format(**parts) for variable, value in variables.items()}
    before = other.dump()
    for command in ("upgrade", "status"):
        outcome = trapped.memstack(command, "--url", database.url, env=env)
        outcome.failed(5, database.name, other.name, "nothing was changed")
        assert other.server.password not in outcome.out + outcome.err
    assert other.dump() == before
    trapped.memstack("upgrade", env=env).ok()
    assert other.version_rows() == [HEAD]


def test_a_variable_with_another_role_or_search_path_is_another_database(trapped: Project, database: Database) -> None:
    edit(trapped, USUAL_ENGINE, '    import os\n    connectable = create_engine(os.environ["APP_DATABASE"])\n')
    url = database.url_for("psycopg") + "?options=-csearch_path%3Dtenant"
    report = report_of(trapped.memstack("upgrade", "--url", database.url, "--json", env={"APP_DATABASE": url}))
    assert report["environment_ran"] is True
    assert rows_of(database, "tenant.alembic_version") == [HEAD]


def test_the_urls_own_search_path_is_followed(trapped: Project, database: Database) -> None:
    url = database.url + "?options=-csearch_path%3Dtenant"
    assert report_of(trapped.memstack("upgrade", "--url", url, "--json"))["environment_ran"] is True
    assert rows_of(database, "tenant.alembic_version") == [HEAD]
    assert_quick(trapped, "upgrade", "--url", url)


def test_an_x_argument_is_a_doubt(trapped: Project, database: Database) -> None:
    edit(trapped, *configured('version_table_schema=context.get_x_argument(as_dictionary=True)["schema"]'))
    trapped.memstack("-x", "schema=tenant", "upgrade", "--url", database.url).ok()
    assert rows_of(database, "tenant.alembic_version") == [HEAD]


def test_attributes_are_a_doubt(trapped: Project, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(trapped.root)
    edit(trapped, "    with connectable.connect() as connection:\n", "    with connectable.connect() as connection:\n        config.attributes['prepare'](connection)\n")

    def prepare(connection: Any) -> None:
        connection.exec_driver_sql("SET search_path TO tenant")
        connection.commit()

    report = memstack_migrate.upgrade(config=trapped.ini, url=database.url, attributes={"prepare": prepare})
    assert report.environment_ran
    assert rows_of(database, "tenant.alembic_version") == [HEAD]


def test_several_databases_are_each_brought_to_head(tmp_path: Path, make_database: Callable[[], Database]) -> None:
    databases = [make_database(), make_database()]
    run_python("-m", "alembic", "init", "--template", "multidb", "migrations", cwd=tmp_path).ok()
    project = Project(tmp_path, script_folder="migrations")
    text = project.ini.read_text()
    for number, database in enumerate(databases, 1):
        name = "" if number == 1 else "2"
        old = f"sqlalchemy.url = driver://user:pass@localhost/dbname{name}"
        assert old in text
        text = text.replace(f"{old}\n", f"sqlalchemy.url = {database.url_for('psycopg').replace('%', '%%')}\n")
    project.ini.write_text(text)
    for down_revision, revision in ((None, "0001"), ("0001", HEAD)):
        file = project.revision(revision, down_revision)
        file.write_text(file.read_text().replace("def upgrade():", "def upgrade(engine_name):").replace("def downgrade():", "def downgrade(engine_name):"))
    databases[0].execute(AT_HEAD)
    # A URL for one of two databases cannot be meant for both.
    outcome = project.memstack("upgrade", "--url", databases[0].url)
    assert outcome.code != 0, outcome.out
    assert databases[1].version_rows() is None
    report = report_of(project.memstack("upgrade", "--json"))
    assert [run["heads_after"] for run in report["databases"]] == [[HEAD], [HEAD]]
    assert [database.version_rows() for database in databases] == [[HEAD], [HEAD]]


def test_an_empty_database_is_not_at_head_of_an_empty_history(project: Project, database: Database) -> None:
    project.memstack("upgrade", "heads", "--url", database.url).ok()
    assert database.version_rows() == []


def test_a_version_table_with_fewer_heads_than_the_files(at_head: Project, database: Database) -> None:
    at_head.revision("0002b", "0001", "op.execute('CREATE TABLE b (id int)')")
    report = report_of(at_head.memstack("upgrade", "heads", "--url", database.url, "--json"))
    assert report["environment_ran"] is True
    assert database.version_rows() == [HEAD, "0002b"]


def test_a_header_that_is_not_literal_is_executed(at_head: Project, database: Database) -> None:
    file = at_head.revision("0003", HEAD, "op.execute('CREATE TABLE c (id int)')")
    text = file.read_text()
    file.write_text(text.replace("down_revision = '0002'", "down_revision = '0001'\nif True:\n    down_revision = '0002'"))
    report_of(at_head.memstack("upgrade", "heads", "--url", database.url, "--json"))
    assert database.version_rows() == ["0003"]


def test_the_api_is_quick_too(at_head: Project, database: Database) -> None:
    booby_trap(at_head)
    code = (
        "import sys, memstack_migrate\n"
        f"report = memstack_migrate.upgrade('heads', url={database.url!r})\n"
        "assert report.nothing_to_do and not report.environment_ran, report\n"
        "assert not {'sqlalchemy', 'alembic'} & set(sys.modules), 'a heavy import'\n"
    )
    run_python("-c", code, cwd=at_head.root).ok()


