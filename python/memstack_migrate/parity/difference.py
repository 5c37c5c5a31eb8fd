"""Where two dumps, or two scripts, differ: by object, so that a person sees what it is about."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

__all__ = ["Difference", "compare_dumps", "compare_scripts", "statements"]

_HEADER = re.compile(r"^-- (?:Data for )?Name: (?P<name>.*); Type: (?P<type>.*?); Schema: (?P<schema>.*?);")
_BEFORE_ALL = "settings of the session"


@dataclass(frozen=True)
class Difference:
    """One object, or one revision of a script, that is not the same in both."""

    where: str  #: "TABLE public.users"
    lines: list[str]  #: of a unified diff: "-" is Alembic's, "+" is ours


def compare_dumps(theirs: list[str], ours: list[str], again: list[str] | None = None) -> list[Difference]:
    """Compare two dumps object by object; what Alembic itself makes differently in a second run (``again``) does not count."""
    return _compare(_objects(theirs), _objects(ours), _objects(again) if again is not None else None)


def compare_scripts(theirs: str, ours: str, again: str | None = None) -> list[Difference]:
    """Compare two scripts revision by revision; blanks, comments, and the order within a revision, are set aside."""
    return _compare(_revisions(theirs), _revisions(ours), _revisions(again) if again is not None else None)


def statements(script: str) -> list[str]:
    """Cut a script where Alembic ends each statement; without comments, blanks made one."""
    cut = (re.sub(r"^--.*$", "", text, flags=re.MULTILINE) for text in re.split(r";[ \t]*\n", script))
    return [words for text in cut if (words := " ".join(text.split()).removesuffix(";"))]


def _objects(dump: list[str]) -> dict[str, list[str]]:
    """Group the lines of a dump by what they are about; the order of the objects means nothing."""
    objects: dict[str, list[str]] = {_BEFORE_ALL: []}
    where = _BEFORE_ALL
    for line in dump:
        if (header := _HEADER.match(line)) is not None:
            schema = "" if header["schema"] == "-" else f"{header['schema']}."
            where = f"{header['type']} {schema}{header['name']}"
            objects.setdefault(where, [])
        elif line and line != "--" and not line.startswith("SET default_"):  # pg_dump's own, as the next object needs it
            objects[where].append(line)
    return objects


def _revisions(script: str) -> dict[str, list[str]]:
    """Group the statements of a script by revision, sorted: some come out of a Python set in Alembic."""
    revisions: dict[str, list[str]] = {}
    for part in script.split("-- Running "):
        title, _, rest = part.partition("\n")
        is_step = title.startswith(("upgrade ", "downgrade ", "stamp_revision "))
        revisions.setdefault(title if is_step else "the beginning", []).extend(sorted(statements(rest if is_step else part)))
    return revisions


def _compare(theirs: dict[str, list[str]], ours: dict[str, list[str]], again: dict[str, list[str]] | None) -> list[Difference]:
    found: list[Difference] = []
    random_names = set() if again is None else set(theirs) - set(again)
    unmatched = [where for where in ours if where not in theirs]
    # An object whose name is random stands for one with another random name.
    excused = set(unmatched[: len(random_names)]) | random_names
    for where in sorted({*theirs, *ours} - excused):
        mine, other = ours.get(where, []), theirs.get(where, [])
        stable = None if again is None else _stable(other, again.get(where, []))
        if mine != other and not _agree_where_stable(other, mine, stable):
            found.append(Difference(where, _unified(other, mine)))
    return found


def _stable(one: list[str], other: list[str]) -> list[bool] | None:
    if len(one) != len(other):
        return None
    return [left == right for left, right in zip(one, other, strict=True)]


def _agree_where_stable(theirs: list[str], ours: list[str], stable: list[bool] | None) -> bool:
    if stable is None or len(theirs) != len(ours):
        return False
    return all(left == right for left, right, counts in zip(theirs, ours, stable, strict=True) if counts)


def _unified(theirs: list[str], ours: list[str]) -> list[str]:
    return [line for line in difflib.unified_diff(theirs, ours, lineterm="", n=1) if not line.startswith(("---", "+++"))]
