"""Alembic projects made for a test, and both programs run on them: Alembic itself, which is the oracle, and ours."""

from __future__ import annotations

import inspect
import os
import re
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import alembic
from alembic.runtime.migration import MigrationContext
from mako.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forking import ForkServer

TEMPLATES = Path(alembic.__file__).parent / "templates"

# What a developer's shell may hold and a test must not see.
_FOREIGN_VARIABLES = ("PG", "MEMSTACK_", "DATABASE_URL", "ALEMBIC_")

# Older Alembic drops the version table in a script that ends at base, which it called a mistake later (its #1822).
_DROPS_VERSION_TABLE = "_version.drop(" in inspect.getsource(MigrationContext.run_migrations)
_VERSION_TABLE_DROP = re.compile(r"^DROP TABLE \S*versions?\S*;\n\n", re.MULTILINE | re.IGNORECASE)

#: An env.py over an asynchronous engine; whoever writes it puts ``URL = ...`` in front.
ASYNC_ENV = """
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine


def do_run(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def run():
    engine = create_async_engine(URL)
    async with engine.connect() as connection:
        await connection.run_sync(do_run)
    await engine.dispose()


if context.is_offline_mode():
    context.configure(url="postgresql://", literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(run())
"""

REVISION = '''\
"""{message}"""

{imports}
from alembic import op
import sqlalchemy as sa

revision = {revision!r}
down_revision = {down_revision!r}
branch_labels = {branch_labels!r}
depends_on = {depends_on!r}


def upgrade():
{upgrade}


def downgrade():
{downgrade}
'''


#: Where the children come from that run both programs, if a test does not mind (the fixture ``forked``).
forks: ForkServer | None = None


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    def ok(self) -> Outcome:
        """Return itself where the command succeeded; else fail with all that it said."""
        assert self.code == 0, f"exit code {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"
        return self

    def failed(self, code: int, *phrases: str) -> Outcome:
        """Return itself where the command failed with this exit code, these phrases, and no traceback."""
        said = f"exit code {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"
        assert self.code == code, said
        for phrase in phrases:
            assert phrase in self.err, f"{phrase!r} is missing\n{said}"
        assert "Traceback" not in self.err, said
        return self


@dataclass(frozen=True)
class Project:
    """A directory with alembic.ini, env.py and revision files."""

    root: Path
    script_folder: str = "migrations"

    @property
    def ini(self) -> Path:
        """The configuration file."""
        return self.root / "alembic.ini"

    @property
    def env_py(self) -> Path:
        """The environment file."""
        return self.root / self.script_folder / "env.py"

    @property
    def versions(self) -> Path:
        """The folder with the revision files."""
        return self.root / self.script_folder / "versions"

    def create(self, url: str, template: str = "generic") -> Project:
        """Write the files that ``alembic init --template`` writes, with this database's URL; returns itself."""
        self.versions.mkdir(parents=True)
        for name in ("env.py", "script.py.mako"):
            (self.env_py.parent / name).write_text((TEMPLATES / template / name).read_text())
        ini = Template(filename=str(TEMPLATES / template / "alembic.ini.mako"))  # noqa: S702  Alembic's own template, not HTML
        self.ini.write_text(ini.render(script_location=f"%(here)s/{self.script_folder}"))
        return self.set(**{"sqlalchemy.url": url.replace("%", "%%")})

    def set(self, **options: str) -> Project:
        """Set options of the section [alembic]; returns itself."""
        text = self.ini.read_text()
        for name, value in options.items():
            line = f"{name} = {value}\n"
            text, known = re.subn(rf"^{re.escape(name)} *=.*\n", line.replace("\\", r"\\"), text, count=1, flags=re.MULTILINE)
            text = text if known else text.replace("[alembic]\n", f"[alembic]\n{line}", 1)
        self.ini.write_text(text)
        return self

    def revision(  # noqa: PLR0913  a revision file has that many parts
        self,
        revision: str,
        down_revision: str | tuple[str, ...] | None = None,
        upgrade: str = "pass",
        downgrade: str = "pass",
        *,
        message: str = "",
        imports: str = "",
        branch_labels: str | tuple[str, ...] | None = None,
        depends_on: str | tuple[str, ...] | None = None,
    ) -> Path:
        """Write a revision file; the bodies are Python source, indented as you like. Returns its path."""
        path = self.versions / f"{revision}_.py"
        text = REVISION.format(
            revision=revision,
            down_revision=down_revision,
            branch_labels=branch_labels,
            depends_on=depends_on,
            message=message or f"revision {revision}",
            imports=textwrap.dedent(imports).strip(),
            upgrade=_body(upgrade),
            downgrade=_body(downgrade),
        )
        path.write_text(text)
        return path

    def chain(self, count: int) -> list[str]:
        """Write ``count`` revisions after one another, each of which makes a table; returns their ids, oldest first."""
        ids = [f"{number:04d}" for number in range(1, count + 1)]
        for down_revision, revision in zip([None, *ids], ids, strict=False):
            self.revision(
                revision,
                down_revision,
                f'op.create_table("t{revision}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))',
                f'op.drop_table("t{revision}")',
            )
        return ids

    def alembic(self, *arguments: str, env: Mapping[str, str] | None = None) -> Outcome:
        """Run Alembic's own command line in the project's directory."""
        return _run_module("alembic", *arguments, cwd=self.root, env=env)

    def memstack(self, *arguments: str, env: Mapping[str, str] | None = None) -> Outcome:
        """Run ours in the project's directory."""
        return _run_module("memstack_migrate", *arguments, cwd=self.root, env=env)

    def alembic_script(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run Alembic with ``--sql`` and return the script, as the newest Alembic and SQLAlchemy write it."""
        script = self.alembic(*arguments, "--sql", env=env).ok().out
        # SQLAlchemy 2.0 has blanks inside the parentheses of INHERITS.
        script = re.sub(r"INHERITS \( (.*) \)", r"INHERITS (\1)", script)
        return _VERSION_TABLE_DROP.sub("", script) if _DROPS_VERSION_TABLE else script

    def start_memstack(
        self, *arguments: str, env: Mapping[str, str] | None = None, through: Sequence[str] = ()
    ) -> subprocess.Popen[str]:
        """Start ours and return the process with pipes, for tests of several at once; the caller waits for it.

        ``through`` is a program that starts it, such as nohup.
        """
        command = [*through, sys.executable, "-m", "memstack_migrate", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=clean_environment(env),
            stdout=pipe,
            stderr=pipe,
            text=True,
            preexec_fn=heed_interrupts,  # noqa: PLW1509  the tests' threads hold no lock that it could need
        )


def _body(source: str) -> str:
    return textwrap.indent(textwrap.dedent(source).strip("\n") or "pass", "    ")


def heed_interrupts() -> None:
    """Undo what a shell does to its background jobs and nohup to its command: both pass on that a signal is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def clean_environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the tests' environment without what would lead a program elsewhere, and with ``env``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN_VARIABLES)}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})}


def _run_module(module: str, *arguments: str, cwd: Path, env: Mapping[str, str] | None) -> Outcome:
    """Run ``python -m``, or what is the same in a child of :data:`forks`."""
    given = clean_environment(env)
    if forks is not None and "PYTHONPATH" not in given:
        return Outcome(*forks.run(module, arguments, cwd=cwd, env=given))
    return run_python("-m", module, *arguments, cwd=cwd, env=env)


def run_python(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run this Python with arguments and wait for it; a test's own time limit is the limit."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=clean_environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
