"""The answer that a database is at head already: quick where env.py surely does the usual thing, and never a lie elsewhere.

The trap of the second kind of test is always the same: the version table where an ordinary env.py would look says "at head", and
the one that this env.py works on does not.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import memstack_migrate
from projects import Project, run_python
from quick_answer_cases import ELSEWHERE, OTHER_DATABASE, SAME_DATABASE, USUAL_CONFIGURE, EnvPy

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


def test_the_trap_of_these_tests_bites(at_head: Project) -> None:
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


@pytest.fixture
def trapped(at_head: Project, database: Database) -> Project:
    """A project at head by public.alembic_version, with a schema, a section and a module that its env.py may use instead."""
    database.execute("CREATE SCHEMA tenant")
    (at_head.root / "elsewhere.py").write_text(ELSEWHERE)
    at_head.ini.write_text(at_head.ini.read_text() + "\n[migrations]\nversion_table = versions\n")
    return at_head


def rows_of(database: Database, table: str) -> list[str] | None:
    schema, _, name = table.rpartition(".")
    return database.version_rows(name, schema or "public")


def test_the_template_that_the_cases_are_made_of_is_quick(trapped: Project, database: Database) -> None:
    EnvPy().write_to(trapped)
    booby_trap(trapped)
    assert_quick(trapped, "upgrade", "--url", database.url)


@pytest.mark.parametrize("name", SAME_DATABASE)
def test_another_version_table_is_not_taken_for_the_usual_one(name: str, trapped: Project, database: Database) -> None:
    if name == "SET ROLE":
        database.execute(ROLE_WITH_A_SCHEMA)
    SAME_DATABASE[name].write_to(trapped)
    report = report_of(trapped.memstack("upgrade", "--url", database.url, "--json"))
    assert report["environment_ran"] is True
    assert rows_of(database, SAME_DATABASE[name].table) == [HEAD]
    assert HEAD in trapped.memstack("status", "--url", database.url).ok().out


ROLE_WITH_A_SCHEMA = """
DO $$ BEGIN CREATE ROLE tenant_of_quick_answer; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE SCHEMA tenant_of_quick_answer AUTHORIZATION tenant_of_quick_answer;
REVOKE USAGE ON SCHEMA public FROM public
"""


@pytest.mark.parametrize("name", OTHER_DATABASE)
def test_an_env_py_that_connects_elsewhere_is_refused(
    name: str, trapped: Project, database: Database, make_database: Callable[[], Database]
) -> None:
    other = make_database()
    url = other.url_for("psycopg")
    filled = {"other": url, "other_name": other.name}
    case = OTHER_DATABASE[name]
    replace(case, engine=case.engine.replace("{other}", url)).write_to(trapped)
    (trapped.root / "elsewhere.py").write_text(f"OTHER = {url!r}\n{ELSEWHERE}")
    (trapped.root / "address.txt").write_text(url)
    in_ini = {option: value.format(**filled).replace("%", "%%") for option, value in case.options}
    trapped.set(**in_ini)
    trapped.ini.write_text(f"{trapped.ini.read_text()}sqlalchemy.url = {url.replace('%', '%%')}\n")  # of [migrations]
    env = {variable: value.format(**filled) for variable, value in case.variables}
    before = other.dump()
    for command in ("upgrade", "status"):
        outcome = trapped.memstack(command, "--url", database.url, env=env)
        outcome.failed(5, database.name, other.name, "nothing was changed")
        assert other.server.password not in outcome.out + outcome.err
    assert other.dump() == before
    trapped.memstack("upgrade", env=env).ok()
    assert other.version_rows() == [HEAD]


def test_a_variable_with_another_search_path_is_another_database(trapped: Project, database: Database) -> None:
    EnvPy(engine='connectable = create_engine(os.environ["APP_DATABASE"])').write_to(trapped)
    env = {"APP_DATABASE": database.url_for("psycopg") + "?options=-csearch_path%3Dtenant"}
    assert report_of(trapped.memstack("upgrade", "--url", database.url, "--json", env=env))["environment_ran"] is True
    assert rows_of(database, "tenant.alembic_version") == [HEAD]


def test_a_variable_with_the_same_address_vouches(trapped: Project, database: Database) -> None:
    EnvPy(engine='connectable = create_engine(os.environ["APP_DATABASE"])').write_to(trapped)
    booby_trap(trapped)
    assert_quick(trapped, "upgrade", "--url", database.url, env={"APP_DATABASE": database.url_for("psycopg")})
    trapped.memstack("upgrade", "--url", database.url).failed(12, "env.py")


def test_the_urls_own_search_path_is_followed(trapped: Project, database: Database) -> None:
    url = database.url + "?options=-csearch_path%3Dtenant"
    assert report_of(trapped.memstack("upgrade", "--url", url, "--json"))["environment_ran"] is True
    assert rows_of(database, "tenant.alembic_version") == [HEAD]
    assert_quick(trapped, "upgrade", "--url", url)


def test_an_x_argument_is_a_doubt(trapped: Project, database: Database) -> None:
    configure = (
        "context.configure(connection=connection, version_table_schema=context.get_x_argument(as_dictionary=True)['schema'])"
    )
    EnvPy(configure=configure).write_to(trapped)
    trapped.memstack("-x", "schema=tenant", "upgrade", "--url", database.url).ok()
    assert rows_of(database, "tenant.alembic_version") == [HEAD]


def test_attributes_are_a_doubt(trapped: Project, database: Database) -> None:
    trapped.set(prepend_sys_path="%(here)s")  # not ".": this process runs in another directory
    EnvPy(configure=f"config.attributes['prepare'](connection)\n{USUAL_CONFIGURE}").write_to(trapped)

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
        file.write_text(
            file.read_text()
            .replace("def upgrade():", "def upgrade(engine_name):")
            .replace("def downgrade():", "def downgrade(engine_name):")
        )
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
