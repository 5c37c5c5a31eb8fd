"""The list of clang-tidy's checks is read as it is meant: a typing error in it would silently switch checks off."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.loading import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEFECTS = """
#include <string>
#include <utility>
struct Base { virtual ~Base() = default; virtual void Run(); };
struct Derived : Base { Derived(int value); virtual void Run(); };
std::string::size_type Moved(std::string text) {
  std::string other = std::move(text);
  return text.size() + other.size();
}
int Sum(const std::string text) { return static_cast<int>(text.size()); }
"""


@pytest.mark.skipif(shutil.which("clang-tidy") is None, reason="clang-tidy is not installed")
def test_each_family_of_checks_bites(tmp_path: Path) -> None:
    source = tmp_path / "cpp" / "sql" / "defects.cc"
    source.parent.mkdir(parents=True)
    source.write_text(DEFECTS)
    command = ["clang-tidy", "--quiet", f"--config-file={ROOT / '.clang-tidy'}", str(source), "--", "-std=c++20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    for check in (
        "bugprone-use-after-move",
        "performance-unnecessary-value-param",
        "google-explicit-constructor",
        "modernize-use-override",
    ):
        assert check in done.stdout, done.stdout
