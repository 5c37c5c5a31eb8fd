"""The check of the layers bites on each kind of violation, and passes on this repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.loading import ROOT, load_script

if TYPE_CHECKING:
    from pathlib import Path

CMAKE = """
# A comment with engine_library(pg LINKS ddl) in it counts for nothing.
engine_library(base SOURCES error.cc PRIVATE spdlog::spdlog)
engine_library(sql SOURCES quote.cc LINKS base)
engine_library(ddl SOURCES compile.cc LINKS sql)
engine_library(pg
  SOURCES connection.cc
  LINKS sql
  PRIVATE PostgreSQL::PostgreSQL)
engine_library(migrate SOURCES executor.cc LINKS ddl pg)
target_link_libraries(_engine PRIVATE memstack_migrate)
"""


check_layers = load_script("check_layers")


def make_tree(root: Path, files: dict[str, str], cmake: str = CMAKE) -> Path:
    for name, text in {"cpp/CMakeLists.txt": cmake, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_this_repository_follows_its_arrows() -> None:
    assert check_layers.check(ROOT) == []


def test_links_are_read_from_cmake_and_reach_through() -> None:
    reached = check_layers.close(check_layers.read_links(CMAKE))
    assert reached["base"] == set()
    assert reached["migrate"] == {"base", "sql", "ddl", "pg"}
    assert reached["binding"] == {"base", "sql", "ddl", "pg", "migrate"}


def test_includes_along_the_arrows_pass(tmp_path: Path) -> None:
    files = {
        "cpp/base/log.cc": "#include <spdlog/logger.h>\n",
        "cpp/pg/connection.h": '#include <libpq-fe.h>\n#include "base/error.h"\n#include "pg/result.h"\n',
        "cpp/migrate/executor.cc": '#include <vector>\n\n#include "ddl/ops.h"\n#include "pg/connection.h"\n',
        "cpp/binding/module.cc": '#include <pybind11/pybind11.h>\n#include "migrate/run.h"\n',
    }
    assert check_layers.check(make_tree(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("name", "line", "phrase"),
    [
        ("cpp/sql/quote.cc", '#include "migrate/executor.h"', "sql does not link migrate"),
        ("cpp/ddl/compile.cc", '#include "pg/connection.h"', "ddl does not link pg"),
        ("cpp/pg/connection.cc", '#  include "nothing/at_all.h"', "has no engine_library(nothing)"),
        ("cpp/pg/connection.cc", '#include "result.h"', '"pg/result.h"'),
        ("cpp/migrate/executor.cc", "#include <libpq-fe.h>", "belongs into pg"),
        ("cpp/migrate/executor.h", "#include <pybind11/pybind11.h>", "belongs into binding and script"),
        ("cpp/pg/connection.cc", "#include <Python.h>", "belongs into binding and script"),
        ("cpp/migrate/executor.cc", "#include <spdlog/spdlog.h>", "belongs into base"),
    ],
)
def test_an_include_against_the_arrows_is_found_with_its_line(tmp_path: Path, name: str, line: str, phrase: str) -> None:
    problems = check_layers.check(make_tree(tmp_path, {name: f"// first line\n{line}\n"}))
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"{name}:2: ")
    assert phrase in problems[0]


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("engine_library(ddl SOURCES compile.cc LINKS sql pg)", "ddl reaches pg: the folders in the middle never do"),
        ("engine_library(sql SOURCES quote.cc LINKS base migrate)", "sql reaches itself"),
    ],
)
def test_a_link_line_that_breaks_the_picture_is_found(tmp_path: Path, line: str, phrase: str) -> None:
    assert any(phrase in problem for problem in check_layers.check(make_tree(tmp_path, {}, CMAKE + line)))


@pytest.mark.parametrize(
    ("name", "text", "phrase"),
    [
        ("__main__.py", "import sqlalchemy as sa\n", "imports sqlalchemy at the top"),
        ("report.py", "try:\n    from alembic import op\nexcept ImportError:\n    pass\n", "imports alembic at the top"),
        ("operations.py", "from alembic.util import _not_none\n", "private name of alembic.util"),
        ("driver/dialect.py", "from sqlalchemy.dialects.postgresql._psycopg_common import X\n", "private name of sqlalchemy"),
    ],
)
def test_a_python_import_in_the_wrong_place_is_found(tmp_path: Path, name: str, text: str, phrase: str) -> None:
    problems = check_layers.check(make_tree(tmp_path, {f"python/memstack_migrate/{name}": text}))
    assert len(problems) == 1, problems
    assert phrase in problems[0]


def test_python_imports_that_cost_no_start_pass(tmp_path: Path) -> None:
    files = {
        "python/memstack_migrate/__init__.py": (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sqlalchemy\n\ndef run():\n    import alembic\n"
        ),
        "python/memstack_migrate/operations.py": "from alembic.operations import Operations\n",
        "python/memstack_migrate/_upstream/run.py": "from alembic.util import _not_none\n",
    }
    assert check_layers.check(make_tree(tmp_path, files)) == []
