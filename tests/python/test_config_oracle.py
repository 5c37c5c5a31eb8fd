"""What config/ reads, held against the originals: configparser, Alembic's Config and SQLAlchemy's make_url.

Where ours is stricter on purpose, the generators do not go there and a test of the C++ suite does.
"""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import alembic
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import ArgumentError

from memstack_migrate import _engine
from memstack_migrate.errors import ConfigurationError, DatabaseUrlError

INI_PIECES = [
    "[alembic]",
    "[ other ] trailing",
    "[DEFAULT]",
    "[a]]",
    "key = value",
    "Key: other",
    "key2=%(key)s",
    "key3 = %(KEY2)s and %%",
    "here = elsewhere",
    "here2 = %(here)s/x",
    "loop = %(loop)s",
    "bad = 100%",
    "bad2 = %(nothing)s",
    "bad3 = %(open",
    "novalue =",
    "= noname",
    "no delimiter",
    "  continued",
    "\tdeeper = continued",
    "    # indented comment",
    "; comment",
    "# comment",
    "inline = a ; b # c",
    "two = = : x",
    "unicode\u00a0 =\u2003wide\u3000",
    "",
    "   ",
    "\u3000",
    "a\x1fb = c",
]


def _read_both(text: str) -> tuple[Any, configparser.ConfigParser | None]:
    """Ours and configparser's reading of the same text; None where one refuses it."""
    theirs: configparser.ConfigParser | None = configparser.ConfigParser({"here": "/some/where"})
    try:
        assert theirs is not None
        # A text file would translate these.
        theirs.read_string(text.replace("\r\n", "\n").replace("\r", "\n"))
    except configparser.Error:
        theirs = None
    try:
        ours = _engine.IniFile.parse(text, "alembic.ini", "/some/where")
    except ConfigurationError:
        ours = None
    return ours, theirs


@settings(max_examples=1500)
@given(
    st.lists(st.one_of(st.sampled_from(INI_PIECES), st.text(alphabet="ab=:#;[]%()s \t", max_size=12)), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(["[a]", "x = 1", "", "  2", "", "# c", "  3", ""], "\n")
@example(["[a]", "x =", "  first"], "\n")
@example(["[a]", *[f"v{i} = %(v{i + 1})s" for i in range(10)], "v10 = end"], "\n")
@example(["[a]", *[f"v{i} = %(v{i + 1})s" for i in range(12)], "v12 = %%"], "\n")
def test_ini_files_read_as_configparser_reads_them(lines: list[str], newline: str) -> None:
    ours, theirs = _read_both(newline.join(lines))
    assert (ours is None) == (theirs is None)
    if theirs is None:
        return
    assert ours.sections() == sorted(theirs.sections())
    for section in theirs.sections():
        for option in theirs.options(section):
            assert ours.has_option(section, option)
            try:
                expected = theirs.get(section, option)
            except configparser.InterpolationError:
                with pytest.raises(ConfigurationError):
                    ours.get(section, option)
            else:
                assert ours.get(section, option) == expected


@given(st.text(alphabet="%()sab\n", max_size=10))
def test_set_accepts_what_configparser_accepts(value: str) -> None:
    theirs = configparser.ConfigParser()
    theirs.add_section("alembic")
    ours = _engine.IniFile.parse("[alembic]", "alembic.ini", "/here")
    try:
        theirs.set("alembic", "x", value)
    except ValueError:
        with pytest.raises(ConfigurationError):
            ours.set("alembic", "x", value)
    else:
        ours.set("alembic", "x", value)


def _project(root: Path) -> Path:
    (root / "scripts" / "versions").mkdir(parents=True, exist_ok=True)
    (root / "scripts" / "env.py").touch()
    return root


def _script(root: Path) -> tuple[Config, ScriptDirectory]:
    config = Config(str(root / "alembic.ini"), toml_file=str(root / "pyproject.toml"))
    return config, ScriptDirectory.from_config(config)


def _load(root: Path, **kwargs: Any) -> Any:
    return _engine.load_settings(str(root), environment={}, **kwargs)


INI_SEPARATORS = [
    "",
    "path_separator = os",
    "path_separator = space",
    "path_separator = newline",
    "path_separator = ;",
    "path_separator = :",
    "version_path_separator = space",
    "version_path_separator = os\npath_separator = ;",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.text(alphabet="ab ,:;\n", max_size=10).map(lambda text: "%(here)s/scripts/versions" + text.replace("\n", "\n  ")),
    st.sampled_from(INI_SEPARATORS),
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_path_lists_split_as_alembic_splits_them(tmp_path: Path, value: str, separator: str) -> None:
    root = _project(tmp_path)
    (root / "alembic.ini").write_text(
        f"[alembic]\nscript_location = %(here)s/scripts\nversion_locations = {value}\nprepend_sys_path = {value}\n{separator}\n"
    )
    config = Config(str(root / "alembic.ini"))
    expected = config.get_version_locations_list()
    for location in expected or ():
        (root / location).mkdir(parents=True, exist_ok=True)
    ours = _load(root)
    assert [location.text for location in ours.version_locations] == expected
    assert ours.prepend_sys_path == config.get_prepend_sys_paths_list()


@pytest.mark.parametrize(
    ("ini", "toml"),
    [
        ("[alembic]\nscript_location = %(here)s/scripts\nfile_template = %%(rev)s\nsourceless = true\n", None),
        (None, '[tool.alembic]\nscript_location = "%(here)s/scripts"\nversion_locations = ["%(here)s/scripts/versions"]\n'),
        (
            None,
            """\
[tool.alembic]
script_location = "%(here)s/scripts"
truncate_slug_length = 7
sourceless = true
file_template = "%%(rev)s"
prepend_sys_path = ["."]
timezone = "UTC"
recursive_version_locations = true
""",
        ),
        (
            "[alembic]\nfile_template = x\nsourceless = yes\n",
            '[tool.alembic]\nscript_location = "%(here)s/scripts"\nfile_template = "y"\nsourceless = true\n',
        ),
        (
            "[DEFAULT]\ntruncate_slug_length = 12\n[alembic]\nscript_location = %(here)s/scripts\n",
            "[tool.alembic]\ntruncate_slug_length = 13\n",
        ),
    ],
)
def test_options_come_from_the_file_that_alembic_takes_them_from(tmp_path: Path, ini: str | None, toml: str | None) -> None:
    root = _project(tmp_path)
    if ini is not None:
        (root / "alembic.ini").write_text(ini)
    if toml is not None:
        (root / "pyproject.toml").write_text(toml)
    config, script = _script(root)
    ours = _load(root)
    assert ours.script_location.path == str(script.dir)
    assert [location.path for location in ours.version_locations] == [
        str(path)
        for path in script._version_locations  # noqa: SLF001  what it reads from, resolved
    ]
    assert ours.file_template == script.file_template
    assert ours.truncate_slug_length == script.truncate_slug_length
    assert ours.sourceless == script.sourceless
    assert ours.timezone == script.timezone
    assert ours.output_encoding == script.output_encoding
    assert ours.recursive_version_locations == script.recursive_version_locations
    assert ours.prepend_sys_path == (config.get_prepend_sys_paths_list() or [])


WORDS = st.text(alphabet="abz09_.-", min_size=1, max_size=6)
SECRETS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
QUERY_KEYS = st.sampled_from(["sslmode", "application_name", "options", "connect_timeout", "user", "dbname", "service"])
HOSTS = st.one_of(st.just(""), WORDS, st.just("[::1]"), st.just("a,b"), st.sampled_from(["%", "h%41"]))


@st.composite
def _urls(draw: st.DrawFn) -> str:
    url = "postgresql" + draw(st.sampled_from(["", "+psycopg2", "+asyncpg", "+psycopg_async"])) + "://"
    if draw(st.booleans()):
        url += quote(draw(SECRETS), safe="")
        if draw(st.booleans()):
            # Left as it is but for what the grammar cannot hold: make_url allows a password much unescaped.
            url += ":" + re.sub(r"[@%\x00-\x1f\x7f]", lambda match: quote(match.group()), draw(SECRETS))
        url += "@"
    url += draw(HOSTS)
    if draw(st.booleans()):
        url += f":{draw(st.integers(1, 65535))}"
    if draw(st.booleans()):
        url += "/" + quote(draw(st.one_of(st.just(""), SECRETS)), safe="")
    pairs = draw(st.dictionaries(QUERY_KEYS, SECRETS, max_size=3))
    pieces = [f"{key}={quote_plus(value)}" for key, value in pairs.items()]
    pieces += draw(
        st.sampled_from(
            [
                [],
                ["host=/tmp"],
                ["host=a:1&host=b:2"],
                ["host=a,b&port=1,2"],
                ["host=c:5"],
                ["host=a&host=b"],
                ["host=a,b"],
                ["port=7"],
                ["host=::1"],
                ["host=a:"],
                ["host=a,b&port=1"],
                ["host=a:1,b:2"],
                ["port=1,2"],
            ]
        )
    )
    return url + ("?" + "&".join(pieces) if pieces else "")


@settings(max_examples=2000)
@given(_urls())
@example("postgresql://a@b:5432/db")
@example("postgresql://user@x@host/db")
@example("postgresql://localhost:5432/db?application_name=me@x")
@example("postgresql://u:p/w:d?x@h")
@example("postgresql://h?sslmode=&application_name=x&y")
@example("postgresql:///?service=app")
@example("postgresql://u:%zz%2@h/d%")
def test_urls_connect_where_sqlalchemy_connects(text: str) -> None:
    try:
        url = make_url(text)
        dialect: Any = PGDialect_psycopg
        _, expected = dialect().create_connect_args(url)
    except ArgumentError:
        with pytest.raises(DatabaseUrlError):
            _engine.DatabaseUrl.parse(text)
        return
    except ValueError:  # make_url's int() of a port
        with pytest.raises(DatabaseUrlError):
            _engine.DatabaseUrl.parse(text)
        return
    try:
        ours = _engine.DatabaseUrl.parse(text)
    except DatabaseUrlError as error:
        # Only where a password may have been cut at an '@'.
        if "second '@'" not in str(error):
            raise
        return
    expected.pop("context", None)
    assert dict(ours.parameters) == {key: str(value) for key, value in expected.items()}
    assert ours.driver == (url.drivername.partition("+")[2])


@settings(max_examples=500)
@given(
    st.text(alphabet="QZXJ", min_size=6, max_size=12),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="QZXJ"), max_size=20),
    st.sampled_from(
        [
            "postgresql://u:{secret}@h/db{rest}",
            "postgresql://u:{secret}@h:{rest}/db",
            "postgresql://u:{secret}@h/db?{rest}",
            "postgresql://h/db?sslpassword={secret}&{rest}",
            "postgresql://u:{secret}{rest}@h/db",
            "host=h password={secret} {rest}",
            "mysql://u:{secret}@h/{rest}",
            "u:{secret}@h/{rest}",
            "postgresql://u:{secret}@h/db?options=-c{secret}&{rest}",
        ]
    ),
)
def test_no_message_and_no_redacted_url_shows_the_password(secret: str, rest: str, shape: str) -> None:
    try:
        shown = _engine.DatabaseUrl.parse(shape.format(secret=secret, rest=rest)).redacted()
    except DatabaseUrlError as error:
        shown = f"{error} {error.message} {error.hint}"
    assert secret not in shown


TEMPLATES = Path(alembic.__file__).parent / "templates"


@pytest.mark.parametrize("name", ["generic", "async", "pyproject", "pyproject_async"])
def test_env_py_of_alembics_templates_is_safe(name: str) -> None:
    path = TEMPLATES / name / "env.py"
    if not path.exists():
        pytest.skip("this Alembic has no such template")
    result = _engine.scan_environment(path.read_text())
    assert (result.safe, result.reason) == (True, "")
    assert result.takes_address_from_config


def test_env_py_of_the_multidb_template_is_not_safe() -> None:
    assert not _engine.scan_environment((TEMPLATES / "multidb" / "env.py").read_text()).safe
