"""The commands as functions: what they return, what they raise, and what they leave of the process."""

from __future__ import annotations

import dataclasses
import logging
import logging.config
import sys
from typing import TYPE_CHECKING

import pytest

import memstack_migrate
from memstack_migrate import MigrateError, RunReport, errors

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database
    from projects import Project


def states(report: RunReport) -> list[tuple[str, str]]:
    (run,) = report.databases
    return [(step.revision, step.state) for step in run.steps]


def test_upgrade_and_downgrade_tell_what_they_did(project: Project, database: Database) -> None:
    first, second, third = project.chain(3)
    report = memstack_migrate.upgrade(second, config=project.ini)
    assert (report.command, report.target, report.nothing_to_do, report.environment_ran) == ("upgrade", second, False, True)
    assert report.revisions == (first, second)
    (run,) = report.databases
    assert (run.version_table, run.heads_before, run.heads_after) == ("alembic_version", (), (second,))
    assert database.name in run.database
    assert (sum(run.native_operations.values()), run.library_operations) == (2, {})
    step = run.steps[1]
    assert (step.down_revisions, step.direction, step.message) == ((first,), "upgrade", "revision 0002")
    assert step.file.endswith("0002_.py")
    assert 0 < step.duration < report.duration

    assert states(memstack_migrate.upgrade(config=project.ini)) == [(third, "committed")]
    assert memstack_migrate.upgrade(config=project.ini).nothing_to_do
    report = memstack_migrate.downgrade("base", config=project.ini)
    assert [step.direction for step in report.databases[0].steps] == ["downgrade"] * 3
    assert states(report) == [(revision, "committed") for revision in (third, second, first)]
    assert database.version_rows() == []


def test_reports_are_frozen(project: Project) -> None:
    project.chain(1)
    report = memstack_migrate.upgrade(config=project.ini)
    for value in (report, report.databases[0], report.databases[0].steps[0], memstack_migrate.status(config=project.ini)):
        name = dataclasses.fields(value)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, "x")


def test_stamp_runs_nothing(project: Project, database: Database) -> None:
    ids = project.chain(3)
    report = memstack_migrate.stamp(ids[1], config=project.ini)
    assert report.command == "stamp"
    assert report.databases[0].heads_after == (ids[1],)
    assert not database.has_table("t0001")
    database.execute("UPDATE alembic_version SET version_num = 'gone'")
    memstack_migrate.stamp("head", purge=True, config=project.ini)
    assert database.version_rows() == [ids[2]]


def test_status_says_what_is_to_run(project: Project, database: Database) -> None:
    ids = project.chain(3)
    before = memstack_migrate.status(config=project.ini)
    assert (before.current_revisions, before.head_revisions) == ((), (ids[2],))
    assert [step.revision for step in before.pending] == ids
    assert (before.total_revisions, before.needs_upgrade) == (3, True)
    assert database.version_rows() is None
    memstack_migrate.upgrade(config=project.ini)
    # The same, whether env.py is asked for the database or the URL says where it is.
    for url in (None, database.url):
        after = memstack_migrate.status(config=project.ini, url=url)
        assert (after.current_revisions, after.pending, after.needs_upgrade) == ((ids[2],), (), False)
    database.execute("UPDATE alembic_version SET version_num = 'ffff'")
    assert memstack_migrate.status(config=project.ini).unknown_revisions == ("ffff",)


def test_on_plan_hears_once_what_will_run(project: Project, database: Database) -> None:
    ids = project.chain(2)
    heard: list[tuple[tuple[str, ...], int]] = []

    def on_plan(current: tuple[str, ...], steps: int) -> None:
        heard.append((current, steps))

    memstack_migrate.upgrade(ids[0], config=project.ini, on_plan=on_plan)
    memstack_migrate.upgrade(config=project.ini, on_plan=on_plan)
    memstack_migrate.upgrade(config=project.ini, on_plan=on_plan)
    memstack_migrate.upgrade(config=project.ini, on_plan=on_plan, url=database.url)
    assert heard == [((), 1), ((ids[0],), 1), ((ids[1],), 0), ((ids[1],), 0)]


def test_what_on_plan_raises_ends_the_run_before_it_began(project: Project, database: Database) -> None:
    project.chain(1)

    def refuse(_current: tuple[str, ...], _steps: int) -> None:
        raise PermissionError("not during office hours")

    with pytest.raises((PermissionError, MigrateError), match="not during office hours"):
        memstack_migrate.upgrade(config=project.ini, on_plan=refuse)
    assert not database.has_table("t0001")


def test_env_py_sees_attributes_main_options_and_x_arguments(project: Project) -> None:
    text = project.env_py.read_text()
    project.env_py.write_text(
        text.replace(
            "config = context.config\n",
            "config = context.config\n"
            'config.attributes["seen"] += [config.get_main_option("colour"), context.get_x_argument(as_dictionary=True)]\n',
            1,
        )
    )
    seen: list[object] = []
    memstack_migrate.status(
        config=project.ini, attributes={"seen": seen}, main_options={"colour": "50%% grey"}, x_arguments=["tenant=a"]
    )
    assert seen == ["50% grey", {"tenant": "a"}]


def test_the_section_is_chosen(project: Project, database: Database) -> None:
    ids = project.chain(1)
    project.ini.write_text(project.ini.read_text().replace("[alembic]\n", "[other]\n", 1))
    assert memstack_migrate.upgrade(config=project.ini, section="other").revisions == tuple(ids)
    assert database.version_rows() == ids


def test_a_wrong_keyword_is_named(project: Project) -> None:
    with pytest.raises(TypeError, match=r"unknown keyword 'revison'; known are: attributes, config"):
        memstack_migrate.upgrade(config=project.ini, revison="1")  # type: ignore[call-arg]


def test_an_error_carries_its_fields_and_what_was_behind_it(project: Project, database: Database) -> None:
    project.chain(1)
    path = project.revision("0002", "0001", 'op.execute("SELECT 1")\nop.execute("SELEC 2")')
    with pytest.raises(errors.SqlError) as caught:
        memstack_migrate.upgrade(config=project.ini)
    error = caught.value
    assert isinstance(error, MigrateError)
    assert (error.code, error.exit_code, error.revision, error.operation) == ("sql", 11, "0002", "op.execute")
    assert (error.file, error.line) == (str(path), path.read_text().splitlines().index('    op.execute("SELEC 2")') + 1)
    assert error.sql == "SELEC 2"
    assert error.diagnostics is not None
    assert (error.diagnostics["sqlstate"], error.diagnostics["position"]) == ("42601", 1)
    assert "this run changed nothing" in error.state
    assert type(error.__cause__).__name__ == "ProgrammingError"
    assert database.version_rows() is None


@pytest.mark.parametrize(("target", "kind", "code"), [("nowhere", errors.TargetError, 7), ("heads+1", errors.TargetError, 7)])
def test_a_target_that_is_not_there(project: Project, target: str, kind: type[MigrateError], code: int) -> None:
    project.chain(1)
    with pytest.raises(kind) as caught:
        memstack_migrate.upgrade(target, config=project.ini)
    assert caught.value.exit_code == code


def test_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"nowhere\.ini"):
        memstack_migrate.upgrade(config=tmp_path / "nowhere.ini")


def test_a_revision_that_raises_is_the_cause(project: Project) -> None:
    project.revision("0001", None, 'raise LookupError("no such tenant")')
    with pytest.raises(errors.RevisionError, match="LookupError: no such tenant") as caught:
        memstack_migrate.upgrade(config=project.ini)
    assert isinstance(caught.value.__cause__, LookupError)


def test_the_process_is_left_as_it_was(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.chain(1)
    project.set(prepend_sys_path="%(here)s/lib")
    # The template's env.py calls fileConfig() on the ini file, which disables every logger that is there.
    assert "fileConfig(config.config_file_name)" in project.env_py.read_text()
    logger = logging.getLogger("an.application")
    logger.setLevel(logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    logger.addHandler(handler)
    before = (list(sys.path), logging.root.level, list(logging.root.handlers), logging.config.fileConfig)
    try:
        memstack_migrate.upgrade(config=project.ini)
        logger.info("still heard")
    finally:
        logger.removeHandler(handler)
    assert (list(sys.path), logging.root.level, list(logging.root.handlers), logging.config.fileConfig) == before
    assert not logger.disabled
    assert "still heard" in capsys.readouterr().err


def test_a_failed_run_leaves_the_process_as_it_was(project: Project) -> None:
    project.set(prepend_sys_path="%(here)s/lib")
    project.env_py.write_text('import sys\nsys.path.append("/left/behind")\nraise RuntimeError("on purpose")\n')
    before = list(sys.path)
    with pytest.raises(errors.EnvironmentError, match="on purpose"):
        memstack_migrate.status(config=project.ini)
    assert sys.path == before


def test_a_percent_sign_in_the_url_reaches_env_py_as_it_is(project: Project, database: Database) -> None:
    ids = project.chain(1)
    project.set(**{"sqlalchemy.url": "postgresql://elsewhere/"})
    url = f"{database.url}?application_name=100%25"
    assert memstack_migrate.upgrade(config=project.ini, url=url).revisions == tuple(ids)
