"""Header reading against Python itself: what the reader says must be what the file says when it runs.

A doubt is allowed everywhere, a lie nowhere; and the spellings that Alembic's templates and people use must be read
without a doubt, or every start would import every file.
"""

# ruff: noqa: SLF001  the oracle is what is inside of Alembic
from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import alembic
import pytest
from alembic import util
from alembic.script import ScriptDirectory
from alembic.script.base import Script
from alembic.script.revision import RevisionError
from hypothesis import given, settings
from hypothesis import strategies as st
from mako.template import Template

from memstack_migrate import _engine
from memstack_migrate.errors import MigrateError

TEMPLATES = sorted(Path(alembic.__file__).parent.glob("templates/*/script.py.mako"))


class Module:
    """What exec of a source leaves behind, as Alembic looks at it."""

    def __init__(self, source: bytes) -> None:
        """Run the source; raises what it raises."""
        names: dict[str, Any] = {"__name__": "revision_file", "__doc__": None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(source, "revision_file.py", "exec"), names)  # noqa: S102
        self.__dict__.update(names)
        self.__doc__ = names["__doc__"]


def read(source: bytes) -> dict[str, Any] | None:
    """Return our header, None for a doubt or a refusal."""
    try:
        header: dict[str, Any] = _engine.read_header("1a.py", source)
    except MigrateError:
        return None
    return None if header["doubt"] else header


def assert_no_lie(source: bytes) -> bool:
    """Compare with Python where we gave an answer; return whether we did."""
    header = read(source)
    if header is None:
        return False
    try:
        module: Any = Module(source)
    except Exception:  # noqa: BLE001  Alembic refuses such a file when it is loaded, we when it is run
        return True
    try:
        script = Script(module, getattr(module, "revision", "1a"), "1a.py")
    except RevisionError:
        return True  # stands on itself, or has an id that no graph takes: not for the reader to say
    assert header["revision"] == script.revision
    assert tuple(header["down_revisions"]) == script._versioned_down_revisions
    assert tuple(header["branch_labels"]) == tuple(script._orig_branch_labels)
    assert tuple(header["depends_on"]) == util.to_tuple(script.dependencies, default=())
    assert header["long_message"] == script.longdoc
    assert header["message"] == script.doc
    return True


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("down", [None, "ae1027a6acf", ("ae1027a6acf", "b2")])
def test_what_the_templates_write_is_read_without_a_doubt(template: Path, down: Any) -> None:
    """All templates of the installed Alembic, with and without labels and dependencies."""
    source = Template(filename=str(template)).render_unicode(  # noqa: S702  no HTML
        up_revision="27c6a30d7c24",
        down_revision=down,
        branch_labels=("shop",) if down is None else None,
        depends_on=["x", "y"] if down else None,
        create_date="2026-01-01",
        comma=util.format_as_comma,
        message='it\'s a "message"',
        imports="",
        upgrades="",
        downgrades="",
        config=type("C", (), {"get_main_option": staticmethod(lambda *_: "")})(),
    )
    assert assert_no_lie(source.encode())


SPELLINGS = [
    b"revision = 'a'\ndown_revision = None\ndef upgrade():\n    op.f(f\"\"\"({', '.join(f':n_{i}' for i in n)}) {r'{}'}\"\"\")\n",
    b"revision = 'a'\ndown_revision = 'b'\ndepends_on = ['c']\ndepends_on = None\nrevision = 'd'\n",
    b'revision = \'a\'\ndown_revision = None\ndef upgrade():\n    op.f(f"""IN ({",".join(ids)}){"" if x else "y"}""")\n',
    b'revision = "a"\ndown_revision = None\n',
    b"revision='a';down_revision='b'\n",
    b'"""Doc.\n\nMore."""\nrevision: str = "a"\ndown_revision: Union[str, None] = None\n'.replace(b"Union[str, None]", b"'U'"),
    b"revision = (\n  'a'  # why\n)\ndown_revision = ('b',)\n",
    b"revision = 'a' \\\n  'b'\ndown_revision = ['b', 'c']\nbranch_labels = ('x')\ndepends_on = ()\n",
    b"revision = 'a' + 'b'\ndown_revision = r'\\d', u'e'\n",
    b"\xef\xbb\xbfrevision = 'a'\r\ndown_revision = None\r\n",
    b"# -*- coding: utf-8 -*-\nrevision = '\\x61\\141\\u0061\\q'\ndown_revision = None\n",
    b"# vim: set fileencoding=latin-1 :\nrevision = 'a'\ndown_revision = None\n",
    b"if True:\n    x = 1\nrevision = 'a'\ndown_revision = None\ndef upgrade():\n    revision = 5\n    print(revision)\n",
    b"revision = 'a'\ndown_revision = None\nclass R:\n    revision = 'other'\n    def m(self):\n        self.revision = 1\n",
    b"revision = 'a'\ndown_revision = None\ndef upgrade():\n    op.f(f'{revision} {{x}} {down_revision!r:>{10}}')\n",
    b"def upgrade():\n    pass\nrevision = 'a'\ndown_revision = None",
    b"'''doc\\\n on one line\n\n\tindented\n'''\nrevision = 'a'\ndown_revision = None\n",
    b"('doc' ' in' \" parts\")\nrevision = 'a'\ndown_revision = {'b'}\n",
    b"down_revision = None\n",
    b"revision = 'a'\ndown_revision = None\ndef upgrade(name):\n    globals()['upgrade_' + name]()\n",
    b"t = sa.table('x', revision=1) if False else 2\nrevision = 'a'\ndown_revision = None\n",
]
TRICKS = [
    b"revision = 'a'\nrevision = 'b'\ndown_revision = None\n",
    b"revision = down_revision = 'a'\n",
    b"revision = 'a'\ndown_revision = None\nif True:\n    revision = 'b'\n",
    b"revision = 'a'\ndown_revision = None\nfor revision in ['b']: pass\n",
    b"revision = 'a'\ndown_revision = None\ntry:\n    import nothing_at_all\nexcept ImportError as revision: pass\n",
    b"revision = 'a'\ndown_revision = None\ndef f():\n    global revision\n    revision = 'b'\nf()\n",
    b"revision = 'a'\ndown_revision = None\nglobals()['revision'] = 'b'\n",
    b"revision = 'a'\ndown_revision = None\nexec('revision = 1')\n",
    b"revision = 'a'\ndown_revision = None\nlocals().update(revision='b')\n",
    b"revision = 'a'\ndown_revision = None\nvars()['revision'] = 'b'\n",
    b"revision = 'a'\ndown_revision = None\nrevision += 'b'\n",
    b"revision = 'a'\ndown_revision = ['b']\ndown_revision.append('c')\n",
    b"revision = 'a'\ndown_revision = ['b']\ndef f(): down_revision.append('c')\nf()\n",
    b"revision = 'a'\ndown_revision = ['b']\nx = f'{down_revision.append(1)}'\n",
    b"revision = 'a'\ndown_revision = None\nx = f\"{(revision := 'b')}\"\n",
    b"revision = 'a'\ndown_revision = None\nprint((revision := 'b'))\n",
    b"revision = 'a'\ndown_revision = None\nimport os as revision\n",
    b"revision = 'a'\ndown_revision = None\nfrom os.path import *\n",
    b"revision = 'a'\ndown_revision = None\n(revision) = 'b'\n",
    b"revision = 'a'\ndown_revision = None\n[revision, x] = 'bc'\n",
    b"revision = 'a'\ndown_revision = None\ndel revision\n",
    "revision = 'a'\ndown_revision = None\nre\uff56ision = 'b'\n".encode(),
    b"revision = 'a' if False else 'b'\ndown_revision = None\n",
    b"revision = 'a'.upper()\ndown_revision = None\n",
    b"revision = f'a'\ndown_revision = None\n",
    b"revision = b'a'\ndown_revision = None\n",
    b"revision = 'a',\ndown_revision = None\n",
    b"revision = '\\N{DIGIT ONE}'\ndown_revision = None\n",
    b"x = '''\nrevision = 'a'\ndown_revision = None\n'''\n",
    b"class revision: pass\ndown_revision = None\n",
    b"class C:\n    global revision\n    revision = 'b'\nrevision = 'a'\ndown_revision = None\n",
    b"revision: str\ndown_revision = None\n",
    b"__doc__ = 'x'\nrevision = 'a'\ndown_revision = None\n",
    b"revision = 'a'\ndown_revision = None\n@print\ndef f():\n    globals()['revision'] = 'b'\n",
    b"revision = 'a'\ndown_revision = None\ndef f():\n    exec('global revision; revision = 1')\nx = [f]\n",
    (
        b"revision = 'a'\ndown_revision = None\nclass C:\n"
        b"    def __init_subclass__(cls):\n        globals()['revision'] = 'b'\nclass D(C): pass\n"
    ),
    b"revision = 'a'\ndown_revision = None\ndef f():\n    globals()['revision'] = 'b'\nx = f\"{f()}\"\n",
    b"def __getattr__(name): return 'x'\ndown_revision = None\n",
    b"revision = 'a'\ndown_revision = None\nwith open('/dev/null') as revision: pass\n",
    b"revision = 'a'\ndown_revision = None\nlambda: 0; revision = 'b'\n",
    b"if 0: pass; revision = 'x'\nrevision = 'a'\ndown_revision = None\n",
]


@pytest.mark.parametrize("source", SPELLINGS)
def test_ordinary_spellings_are_read(source: bytes) -> None:
    """Every form of literal and what stands round it in real files."""
    assert assert_no_lie(source)


@pytest.mark.parametrize("source", TRICKS)
def test_tricks_are_doubted_or_read_right(source: bytes) -> None:
    """Ways to give a module's name another value."""
    assert_no_lie(source)


quotes: st.SearchStrategy[str] = st.sampled_from(["'", '"', "'''", '"""'])
bodies = st.lists(
    st.sampled_from(
        ["a", "b1", " ", "\\n", "\\\\", "\\x41", "\\101", "\\u00e9", "é", "\\q", "{", "}", "#", "\\\n", "'", '"', "\n"]
    ),
    max_size=5,
).map("".join)
prefixes = st.sampled_from(["", "", "", "r", "u", "R", "b", "f", "rb"])
strings = st.builds(lambda prefix, quote, body: f"{prefix}{quote}{body}{quote}", prefixes, quotes, bodies)
spaces = st.sampled_from(["", " ", "  ", "\t"])
values = st.recursive(
    strings | st.sampled_from(["None", "'a'", '"b"', "x", "1", "()", "[]"]),
    lambda inner: st.one_of(
        inner.map(lambda value: f"({value})"),
        st.builds("{} {}".format, inner, inner),
        st.builds("{} + {}".format, inner, inner),
        st.builds("({}, {})".format, inner, inner),
        st.builds("[{},\n # note\n {}]".format, inner, inner),
        st.builds("{}, {}".format, inner, inner),
        inner.map(lambda value: f"({value},)"),
        inner.map(lambda value: f"{{{value}}}"),
        inner.map(lambda value: f"\\\n {value}"),
    ),
    max_leaves=4,
)
names = st.sampled_from(["revision", "revision", "down_revision", "down_revision", "branch_labels", "depends_on", "x"])
type_hints = st.sampled_from(["", "", ": str", ": 'Union[str, None]'", ":str", ": dict[str, int]"])
assignments = st.builds("{}{}{}={}{}".format, names, type_hints, spaces, spaces, values)
lines = st.one_of(
    assignments,
    assignments,
    strings,
    st.builds("{}; {}".format, assignments, assignments),
    assignments.map(lambda line: f"if True:\n    {line}"),
    assignments.map(lambda line: f"if True: {line}"),
    assignments.map(lambda line: f"def f():\n\t{line}\n\n  # end"),
    assignments.map(lambda line: f"class C:\n    {line}"),
    st.builds("{} = {}".format, names, assignments),
    st.sampled_from(
        ["# comment", "", "import os", "x = [\n1,\n2]", "def g(): pass", "   # indented", "pass; pass", "x = f'{1:#x}'"]
    ),
)
sources = st.builds(
    lambda head, body, end, newline: (head + end.join(body) + end).replace("\n", newline),
    st.sampled_from(["", "", '"""doc\n\nmore"""\n', "# coding: utf-8\n", "\ufeff"]),
    st.lists(lines, min_size=1, max_size=6),
    st.just("\n"),
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)
ordinary = "revision = 'r'\ndown_revision = None\n"


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(["", ordinary]), sources)
def test_no_source_makes_the_reader_lie(start: str, source: str) -> None:
    """Sources put together from pieces that mislead."""
    assert_no_lie((start + source).encode())


@settings(max_examples=400, deadline=None)
@given(st.permutations(["revision", "down_revision", "branch_labels", "depends_on"]), st.data())
def test_most_literal_headers_are_read(names: list[str], data: st.DataObject) -> None:
    """Four assignments of plain literals are never a doubt, however they are quoted."""
    plain = st.builds(lambda quote, body: f"{quote}{body}{quote}", quotes, st.text("abc019_", min_size=1))
    several = st.one_of(
        st.just("None"),
        plain,
        st.lists(plain, min_size=1).map(lambda items: f"({', '.join(items)},)"),
        st.lists(plain).map(lambda items: f"[{', '.join(items)}]"),
    )
    text = "".join(f"{name}{data.draw(type_hints)} = {data.draw(plain if name == 'revision' else several)}\n" for name in names)
    assert assert_no_lie(text.encode())


def test_the_files_of_a_directory_are_those_of_alembic(tmp_path: Path) -> None:
    """Names that Alembic passes over, symbolic links, sub-directories, two locations that overlap."""
    versions = tmp_path / "versions"
    (versions / "sub" / "deep").mkdir(parents=True)
    (versions / "__pycache__").mkdir()
    other = tmp_path / "other"
    other.mkdir()
    header = "revision = {!r}\ndown_revision = None\n"
    for position, name in enumerate(
        [
            "b.py",
            "a.py",
            "__init__.py",
            "__init__x.py",
            ".#a.py",
            ".hidden.py",
            "c.txt",
            "d.py~",
            "sub/e.py",
            "sub/deep/f.py",
            "sub/a2.py",
        ]
    ):
        (versions / name).write_text(header.format(f"r{position}"))
    (other / "z.py").write_text(header.format("z"))
    (other / "link.py").symlink_to(versions / "b.py")
    (versions / "linked_dir").symlink_to(other)
    for recursive in (False, True):
        script = ScriptDirectory(
            str(tmp_path),
            version_locations=[str(versions), str(other), str(tmp_path / "gone"), str(versions / "sub")],
            recursive_version_locations=recursive,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = [found.path for found in script._load_revisions()]
        files, _ = _engine.read_directories(
            [str(versions), str(other), str(tmp_path / "gone"), str(versions / "sub")], recursive=recursive
        )
        assert [file["file"] for file in files] == theirs


def test_a_file_without_an_id_is_named_after_its_file_or_refused() -> None:
    """The rule of Alembic 0.1: a name of hexadecimal digits."""
    assert _engine.read_header("/x/1a2b.py", b"down_revision = None\n")["revision"] == "1a2b"
    with pytest.raises(MigrateError) as refused:
        _engine.read_header("/x/first.py", b"down_revision = None\n")
    assert refused.value.code == "revision_file"
    with pytest.raises(MigrateError, match="no down_revision"):
        _engine.read_header("/x/first.py", b"revision = 'a'\n")
