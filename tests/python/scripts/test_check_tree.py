"""The check of the tree bites on each thing that must not be in the repository."""

from __future__ import annotations

import pytest

from scripts.loading import load_script

check_tree = load_script("check_tree")

# Put together here, so that this file itself passes the check.
HOME = "/" + "home/someone/src"
KEY = "-----BEGIN " + "RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("cpp/sql/string_utils.h", "x\n", "cpp/sql/string_utils.h: a drawer"),
        ("python/helpers.py", "x\n", "python/helpers.py: a drawer"),
        ("cpp/common/error.h", "x\n", "cpp/common/error.h: a drawer"),
        ("python/memstack_migrate/api.py.orig", "x\n", "python/memstack_migrate/api.py.orig: left behind"),
        ("left.db", "", "left.db: empty"),
        ("cpp/sql/lexer.cc", "x\n" * 501, "cpp/sql/lexer.cc: 501 lines"),
        ("README.md", f"first\nsee {HOME}\n", "README.md:2: a path of one machine"),
        ("key.txt", KEY, "key.txt:1: a private key"),
        ("a.py", "x = 1\n" + "<" * 7 + " main\n", "a.py:2: a conflict mark"),
        ("a.py", "x = 1 \n", "a.py:1: white space"),
    ],
)
def test_what_must_not_be_there_is_found(name: str, text: str, problem: str) -> None:
    found = check_tree.check_file(name, text)
    assert len(found) == 1, found
    assert found[0].startswith(problem)


@pytest.mark.parametrize("name", ["cpp/sql/quote.cc", "python/memstack_migrate/commonly.py", "tests/cpp/pg/utility_test.cc"])
def test_ordinary_files_pass(name: str) -> None:
    assert check_tree.check_file(name, "int main() {}\n// https://host/work/in/progress\n") == []
