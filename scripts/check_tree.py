#!/usr/bin/env python3
"""Fails on files and text that must not be in the repository: drawers, giants, one machine's paths, keys, conflict marks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# Names that say nothing about what is inside.
DRAWERS = re.compile(r"(^|[/_])(utils?|helpers?|common|misc)(/|\.|_)")

# What a merge or an editor leaves behind.
LEFT_BEHIND = re.compile(r"(\.orig|\.rej|\.bak|~)$")

# The only names that say something without a text.
EMPTY = re.compile(r"(^|/)(__init__\.py|py\.typed)$")

# A file as long as this has more than one noun in it.
MOST_LINES = 500
COUNTED = (".cc", ".h", ".py")

# What to look for in the text, and why it must not be there. The classes of one character keep this file from matching itself.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(hom[e]|roo[t]|User[s]|wor[k])/\w"),
    "a private key": re.compile(r"-----BEGI[N] [A-Z ]*PRIVATE KEY"),
    "a conflict mark": re.compile(r"^(<<<<<<[<]|>>>>>>[>]) ", re.MULTILINE),
    "white space at the end of a line": re.compile(r"[ \t]+$", re.MULTILINE),
}


def check_file(name: str, text: str) -> list[str]:
    """Return what is wrong with one file of the repository."""
    problems = []
    if DRAWERS.search(name):
        problems.append(f"{name}: a drawer; name the file after the thing inside")
    if LEFT_BEHIND.search(name):
        problems.append(f"{name}: left behind by a merge or an editor")
    if not text and not EMPTY.search(name):
        problems.append(f"{name}: empty; did a test leave it?")
    lines = text.count("\n")
    if name.endswith(COUNTED) and lines > MOST_LINES:
        problems.append(f"{name}: {lines} lines; split it by concern")
    for what, pattern in FORBIDDEN.items():
        found = pattern.search(text)
        if found:
            problems.append(f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {what}")
    return problems


def main() -> int:
    """Print what is wrong with the files that git knows or would add; the exit code is 1 where there are any."""
    root = Path(__file__).resolve().parent.parent
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  the git of the developer
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    names = sorted(name for name in listing.stdout.split("\0") if (root / name).is_file())
    problems = [line for name in names for line in check_file(name, (root / name).read_text(encoding="utf-8", errors="replace"))]
    for problem in problems:
        print(problem)
    print(f"tree: {len(problems)} things that must not be there" if problems else f"tree: {len(names)} files, nothing amiss")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
