#!/usr/bin/env python3
"""Fails on an include or an import against the picture of the layers.

The picture is cpp/CMakeLists.txt: a folder of cpp/ may include itself and what its library links, directly or through others.
Three more rules have no link line: the four folders in the middle never reach one another, each foreign library has its
folders, and the Python package imports Alembic and SQLAlchemy only where a revision is about to run.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

MIDDLE = ("config", "ddl", "pg", "revision")

# Which folders of cpp/ may include a foreign header that starts like this.
FOREIGN_HEADERS = {
    "libpq-fe.h": ("pg",),
    "libpq/": ("pg",),
    "postgres_ext.h": ("pg",),
    "Python.h": ("binding", "script"),
    "pybind11/": ("binding", "script"),
    "spdlog/": ("base",),
    "CLI/": ("cli", "program"),
}

# Targets that are not an engine_library, and their folders; the native program is a main.cc over program, one.
PROGRAMS = {"_engine": "binding"}

# Files and folders of python/memstack_migrate that are loaded only when revisions run: they may import these at the top.
HEAVY_PACKAGES = ("alembic", "sqlalchemy")
MAY_BE_HEAVY = (
    "_upstream",
    "alembic_command.py",
    "bound_statements.py",
    "connection_origins.py",
    "environment.py",
    "migration_context.py",
    "operations.py",
    "revision_runner.py",
    "driver",
    "parity",
)
# The one folder that may touch their private names.
UPSTREAM = "_upstream"

_COMMENT = re.compile(r"#.*")
_COMMAND = re.compile(r"\b(engine_library|target_link_libraries)\s*\(([^)]*)\)")
_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def read_links(cmake: str) -> dict[str, set[str]]:
    """Return which folders each folder of cpp/ links directly, from the text of cpp/CMakeLists.txt."""
    links: dict[str, set[str]] = {}
    for command, arguments in _COMMAND.findall(_COMMENT.sub("", cmake)):
        target, *words = arguments.split()
        if command == "engine_library":
            keyword = ""
            linked = links.setdefault(target, set())
            for word in words:
                if word in {"SOURCES", "LINKS", "PRIVATE"}:
                    keyword = word
                elif keyword == "LINKS":
                    linked.add(word)
        elif target in PROGRAMS:
            linked = links.setdefault(PROGRAMS[target], set())
            linked.update(word.removeprefix("memstack_") for word in words if word.startswith("memstack_"))
    return links


def close(links: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return which folders each folder reaches, directly or through others."""
    reached = {folder: set(linked) for folder, linked in links.items()}
    grown = True
    while grown:
        grown = False
        for targets in reached.values():
            more = set[str]().union(*(reached.get(target, set()) for target in targets)) - targets
            grown = grown or bool(more)
            targets.update(more)
    return reached


def check_links(reached: dict[str, set[str]]) -> list[str]:
    """Return what is wrong with the link lines themselves."""
    where = "cpp/CMakeLists.txt"
    problems = [f"{where}: {folder} reaches itself" for folder, targets in reached.items() if folder in targets]
    for folder in MIDDLE:
        sideways = sorted(reached.get(folder, set()) & set(MIDDLE) - {folder})
        problems += [f"{where}: {folder} reaches {other}: the folders in the middle never do" for other in sideways]
    return problems


def check_include(folder: str, bracket: str, header: str, reached: dict[str, set[str]]) -> str | None:
    """Return what is wrong with one #include in a file of ``folder``, or None."""
    for start, allowed in FOREIGN_HEADERS.items():
        if header.startswith(start) and folder not in allowed:
            return f"includes <{header}>, which belongs into {' and '.join(allowed)}"
    if bracket == "<":
        return None
    target, slash, _ = header.partition("/")
    if not slash:
        return f'includes "{header}": write it from cpp/, "{folder}/{header}"'
    if target not in reached:
        return f'includes "{header}", but cpp/CMakeLists.txt has no engine_library({target})'
    if target != folder and target not in reached[folder]:
        return f'includes "{header}", but {folder} does not link {target} in cpp/CMakeLists.txt'
    return None


def check_sources(root: Path, reached: dict[str, set[str]]) -> list[str]:
    """Return the includes under ``root``/cpp that go against the arrows."""
    problems = []
    for path in sorted((root / "cpp").rglob("*")):
        if path.suffix not in {".cc", ".h"}:
            continue
        folder = path.relative_to(root / "cpp").parts[0]
        if folder not in reached:
            # A folder of headers only has no library: nothing can include it yet, and its own includes are its plan.
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            include = _INCLUDE.match(line)
            problem = include and check_include(folder, include[1], include[2], reached)
            if problem:
                problems.append(f"{path.relative_to(root)}:{number}: {problem}")
    return problems


def imports_at_start(tree: ast.Module) -> list[tuple[ast.stmt, str]]:
    """Return the imports that run when the module is imported: not those in functions or under TYPE_CHECKING."""
    found: list[tuple[ast.stmt, str]] = []
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.append((node, node.module or ""))
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return found


def check_python(root: Path) -> list[str]:
    """Return the imports of python/memstack_migrate that make every start slow, or that touch private names upstream."""
    package = root / "python" / "memstack_migrate"
    problems = []
    for path in sorted(package.rglob("*.py")):
        first = path.relative_to(package).parts[0]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if first not in MAY_BE_HEAVY:
            problems += [
                f"{path.relative_to(root)}:{node.lineno}: imports {module} at the top, so that every start pays for it"
                for node, module in imports_at_start(tree)
                if module.partition(".")[0] in HEAVY_PACKAGES
            ]
        if first != UPSTREAM:
            problems += [
                f"{path.relative_to(root)}:{node.lineno}: imports a private name of {node.module}: {UPSTREAM} is the place for it"
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                and (node.module or "").partition(".")[0] in HEAVY_PACKAGES
                and any(part.startswith("_") for alias in node.names for part in f"{node.module}.{alias.name}".split("."))
            ]
    return problems


def check(root: Path) -> list[str]:
    """Return every violation under ``root``, one line each, as file:line: what."""
    reached = close(read_links((root / "cpp" / "CMakeLists.txt").read_text(encoding="utf-8")))
    return check_links(reached) + check_sources(root, reached) + check_python(root)


def main() -> int:
    """Print the violations in this repository; the exit code is 1 where there are any."""
    problems = check(Path(__file__).resolve().parent.parent)
    for problem in problems:
        print(problem)
    print(f"layers: {len(problems)} against the arrows" if problems else "layers: every include and import follows the arrows")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
