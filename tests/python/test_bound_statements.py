"""Values of ``op.execute(expression)`` and ``op.bulk_insert()`` go into the statement, and into nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bench import EXIT_CODES

if TYPE_CHECKING:
    from databases import Database
    from projects import Project

pytestmark = [pytest.mark.compat, pytest.mark.usefixtures("forked")]

_SECRET = "s3cr3t-v4lu3"  # noqa: S105  to look for in what is printed
_TABLE = 't = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("key", sa.Text))'


@pytest.mark.parametrize(
    "statement",
    [
        f'op.bulk_insert(t, [{{"id": 1, "key": "a"}}, {{"id": 1, "key": "{_SECRET}"}}])',
        f'op.bulk_insert(t, [{{"id": 1, "key": "a"}}, {{"id": 1, "key": "{_SECRET}"}}], multiinsert=False)',
        f'op.execute(t.insert().values([{{"id": 1, "key": "a"}}, {{"id": 1, "key": "{_SECRET}"}}]))',
        f'op.execute(sa.text("INSERT INTO nowhere VALUES (:key)").bindparams(key="{_SECRET}"))',
    ],
)
def test_no_message_repeats_a_value(project: Project, statement: str) -> None:
    project.revision("r1", None, f"{_TABLE}\n{statement}")
    refused = project.memstack("upgrade", "head").failed(EXIT_CODES["sql"], "r1_.py", "%(key")
    as_json = project.memstack("upgrade", "head", "--json").failed(EXIT_CODES["sql"])
    raised = project.memstack("--raiseerr", "upgrade", "head")
    for outcome in (refused, as_json, raised):
        said = outcome.out + outcome.err
        # The file's own line is shown in a traceback, and the server's DETAIL names the key.
        assert _SECRET not in said.replace(statement, "")


def test_a_failure_is_caught_as_under_alembic(project: Project, database: Database) -> None:
    body = f"""
    from sqlalchemy.exc import IntegrityError
    {_TABLE}
    op.bulk_insert(t, [{{"id": 1}}])
    try:
        with op.get_bind().begin_nested():
            op.bulk_insert(t, [{{"id": 2}}, {{"id": 1}}])
    except IntegrityError as error:
        assert error.orig.diag.constraint_name == "t_pkey"
        op.execute(t.insert().values(id=3, key=str(error.orig.diag.sqlstate)))
    """
    project.revision("r1", None, body)
    project.memstack("upgrade", "head").ok()
    assert database.rows("SELECT id, key FROM t ORDER BY 1") == [(1, None), (3, "23505")]


def test_what_sqlalchemy_refuses_is_refused_in_its_words(project: Project) -> None:
    for number, (statement, phrase) in enumerate(
        (
            ('op.bulk_insert(t, {"id": 1})', "List expected"),
            ("op.bulk_insert(t, [1])", "List of dictionaries expected"),
            ('op.bulk_insert(t, [{"id": 1, "key": "a"}, {"id": 2}])', "A value is required for bind parameter 'key'"),
            ('op.execute("SELECT :name")', "A value is required for bind parameter 'name'"),
            ("op.execute(t.update().values(nowhere=1))", "Unconsumed column names: nowhere"),
            ("op.execute(5)", "5"),
        )
    ):
        project.revision("r1", None, f"{_TABLE}\n{statement}")
        theirs = project.alembic("upgrade", "head")
        ours = project.memstack("upgrade", "head")
        assert theirs.code != 0, number
        assert ours.code != 0, number
        assert phrase in theirs.err
        assert phrase in ours.err


def test_a_key_that_is_no_column_is_passed_over_as_under_alembic(project: Project, database: Database) -> None:
    rows = '[{"id": 1, "nowhere": 2}, {"id": 2, "key": "not in the first row"}]'
    project.revision("r1", None, f"{_TABLE}\nop.bulk_insert(t, {rows})", 'op.drop_table("t")')
    for run in (project.alembic, project.memstack):
        run("upgrade", "head").ok()
        assert database.rows("SELECT id, key FROM t ORDER BY 1") == [(1, None), (2, None)]
        run("downgrade", "base").ok()


def test_they_are_counted_as_the_engines(project: Project) -> None:
    body = f"""
    {_TABLE}
    op.bulk_insert(t, [{{"id": 1}}, {{"id": 2}}])
    op.bulk_insert(t, [{{"id": 3}}], multiinsert=False)
    op.bulk_insert(t, [])
    op.execute(t.update().where(t.c.id.in_([1, 2])).values(key="x"))
    op.execute(sa.text("DELETE FROM t WHERE id = :id").bindparams(id=1))
    op.execute(sa.schema.CreateSchema("s"))
    op.execute("SELECT 1")
    """
    project.revision("r1", None, body)
    report = json.loads(project.memstack("upgrade", "head", "--json").ok().out)
    (run,) = report["databases"]
    assert run["native_operations"] == {"create_table": 1, "bulk_insert": 3, "execute_expression": 3, "execute": 1}
    assert run["library_operations"] == {}
