"""Ways in which an env.py works on something else than the usual version table of the given database.

Each is Alembic's generic template with another online function; a module ``elsewhere.py`` holds what hides from its text.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projects import Project

USUAL_ENGINE = """\
connectable = engine_from_config(
    config.get_section(config.config_ini_section, {}),
    prefix="sqlalchemy.",
    poolclass=pool.NullPool,
)"""

USUAL_CONFIGURE = "context.configure(connection=connection, target_metadata=target_metadata)"

IMPORTS = "import os\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.engine import make_url\nimport elsewhere\n"

ONLINE = """\
def run_migrations_online() -> None:
{engine}
    with {connect} as connection:
{configure}
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    {call}
"""

# What hides from a reader of env.py; the test appends OTHER, the URL of another database.
ELSEWHERE = """
import os
import pathlib

SOURCE = "context.configure(connection=connection, target_metadata=target_metadata, version_table='versions')"


def options():
    return {"version_table": "versions"}


def configure(connection):
    from alembic import context

    context.configure(connection=connection, **options())


def prepare(connection):
    connection.exec_driver_sql("SET search_path TO tenant")
    connection.commit()


def suffix():
    return "?options=-csearch_path%3Dtenant"


def from_environment():
    return os.environ["APP_DATABASE"]


def from_parts():
    head, _, _ = OTHER.rpartition("/")
    return head + "/" + os.environ["APP_DB_NAME"]


def from_file():
    return pathlib.Path(__file__).with_name("address.txt").read_text()


def section():
    return {"sqlalchemy.url": OTHER}


def engine():
    from sqlalchemy import create_engine

    return create_engine(OTHER)
"""


@dataclass(frozen=True, kw_only=True)
class EnvPy:
    """The parts of env.py's online function; what is not given is as in the generic template."""

    engine: str = USUAL_ENGINE
    connect: str = "connectable.connect()"
    configure: str = USUAL_CONFIGURE
    call: str = "run_migrations_online()"
    table: str = "tenant.alembic_version"  # the version table that it works on
    variables: tuple[tuple[str, str], ...] = ()  # of the environment; {other} and {other_name} are filled in
    options: tuple[tuple[str, str], ...] = ()  # of the ini file's section [alembic]; likewise

    def write_to(self, project: Project) -> None:
        """Put it into a project with the generic env.py."""
        before, _, _ = project.env_py.read_text().partition("def run_migrations_online")
        online = ONLINE.format(
            engine=textwrap.indent(self.engine, " " * 4),
            connect=self.connect,
            configure=textwrap.indent(self.configure, " " * 8),
            call=self.call,
        )
        imports = before.replace("from alembic import context\n", f"from alembic import context\n{IMPORTS}", 1)
        project.env_py.write_text(imports + online)


def _configured(arguments: str) -> str:
    return f"context.configure(connection=connection, target_metadata=target_metadata, {arguments})"


def _prepared(statement: str) -> str:
    return f"{statement}\nconnection.commit()\n{USUAL_CONFIGURE}"


def _listening(imported: str, decorator: str) -> str:
    return f"""\
{USUAL_ENGINE}
from sqlalchemy import {imported}

@{decorator}
def on_connect(dbapi_connection, record):
    cursor = dbapi_connection.cursor()
    cursor.execute("SET search_path TO tenant")
    cursor.close()
    dbapi_connection.commit()
"""


SAME_DATABASE = {
    "version_table": EnvPy(configure=_configured('version_table="versions"'), table="versions"),
    "version_table by a constant": EnvPy(
        configure='NAME = "versions"\n' + _configured("version_table=NAME"),
        table="versions",
    ),
    "version_table in keywords": EnvPy(
        configure='OPTIONS = {"version_table": "versions"}\n' + _configured("**OPTIONS"),
        table="versions",
    ),
    "version_table in keywords, spelled in parts": EnvPy(
        configure='OPTIONS = dict([("version_" + "table", "versions")])\n' + _configured("**OPTIONS"),
        table="versions",
    ),
    "version_table by the ini file": EnvPy(configure=_configured("**config.get_section('migrations')"), table="versions"),
    "version_table by a module": EnvPy(configure=_configured("**elsewhere.options()"), table="versions"),
    "version_table by partial": EnvPy(
        configure="from functools import partial\n"
        "partial(context.configure, version_table='versions')(connection=connection, target_metadata=target_metadata)",
        table="versions",
    ),
    "version_table by an alias of context": EnvPy(
        configure="ctx = context\nctx.configure(connection=connection, **elsewhere.options())",
        table="versions",
    ),
    "version_table by another module's configure()": EnvPy(configure="elsewhere.configure(connection)", table="versions"),
    "version_table by getattr": EnvPy(
        configure="getattr(context, 'config' + 'ure')(connection=connection, **elsewhere.options())",
        table="versions",
    ),
    "version_table by exec": EnvPy(configure=f"{USUAL_CONFIGURE}\nexec(elsewhere.SOURCE)", table="versions"),
    "version_table_schema": EnvPy(configure=_configured('version_table_schema="tenant"')),
    "SET search_path": EnvPy(configure=_prepared('connection.exec_driver_sql("SET search_path TO tenant")')),
    "SET search_path by another module": EnvPy(configure=f"elsewhere.prepare(connection)\n{USUAL_CONFIGURE}"),
    "SET SCHEMA": EnvPy(configure=_prepared("from sqlalchemy import text\nconnection.execute(text(\"SET SCHEMA 'tenant'\"))")),
    "set_config()": EnvPy(
        configure=_prepared(
            "from sqlalchemy import text\nconnection.execute(text(\"SELECT set_config('search_path', 'tenant', false)\"))"
        ),
    ),
    "SET ROLE": EnvPy(
        configure=_prepared('connection.exec_driver_sql("SET ROLE tenant_of_quick_answer")'),
        table="tenant_of_quick_answer.alembic_version",
    ),
    "connect_args": EnvPy(
        engine=USUAL_ENGINE.replace("poolclass=", 'connect_args={"options": "-csearch_path=tenant"},\n    poolclass='),
    ),
    "connect_args in keywords": EnvPy(
        engine='keywords = {"connect_args": {"options": "-csearch_path=tenant"}}\n'
        + USUAL_ENGINE.replace("poolclass=", "**keywords,\n    poolclass="),
    ),
    "a query of the URL": EnvPy(
        engine='url = make_url(config.get_main_option("sqlalchemy.url"))\n'
        'connectable = create_engine(url.update_query_dict({"options": "-csearch_path=tenant"}))',
    ),
    "a query pasted to the URL": EnvPy(
        engine='connectable = create_engine(config.get_main_option("sqlalchemy.url") + elsewhere.suffix())',
    ),
    "an event on the engine": EnvPy(engine=_listening("event", 'event.listens_for(connectable, "connect")')),
    "an event by another name": EnvPy(engine=_listening("event as e", 'e.listens_for(connectable, "connect")')),
    "schema_translate_map": EnvPy(
        connect='connectable.connect().execution_options(schema_translate_map={None: "tenant"})',
        configure=_configured('version_table_schema="tenant"'),
    ),
    "a loop over tenants": EnvPy(
        connect="connectable.connect()",
        configure="""\
for schema in ["public", "tenant"]:
    connection.exec_driver_sql(f"SET search_path TO {schema}")
    connection.commit()
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
""",
    ),
    "a function called for each tenant": EnvPy(
        configure=_configured('version_table_schema="tenant"'),
        call='list(map(lambda schema: run_migrations_online(), ["tenant"]))',
    ),
}

OTHER_DATABASE = {
    "a hard-coded address": EnvPy(engine='connectable = create_engine("{other}")'),
    "a hard-coded address in a module": EnvPy(engine="connectable = create_engine(elsewhere.OTHER)"),
    "set_main_option() with another address": EnvPy(
        engine=f'config.set_main_option("sqlalchemy.url", elsewhere.OTHER.replace("%", "%%"))\n{USUAL_ENGINE}',
    ),
    "another variable": EnvPy(
        engine='connectable = create_engine(os.environ["APP_DATABASE"])',
        variables=(("APP_DATABASE", "{other}"),),
    ),
    "another variable, read elsewhere": EnvPy(
        engine="connectable = create_engine(elsewhere.from_environment())",
        variables=(("APP_DATABASE", "{other}"),),
    ),
    "an address in parts": EnvPy(
        engine="connectable = create_engine(elsewhere.from_parts())",
        variables=(("APP_DB_NAME", "{other_name}"),),
    ),
    "a database name put into the configured address": EnvPy(
        engine='url = make_url(config.get_main_option("sqlalchemy.url"))\n'
        'connectable = create_engine(url.set(database=os.environ["APP_DB_NAME"]))',
        variables=(("APP_DB_NAME", "{other_name}"),),
    ),
    "another option of the ini file": EnvPy(
        engine='connectable = create_engine(config.get_main_option("app.database"))',
        options=(("app.database", "{other}"),),
    ),
    "another prefix": EnvPy(
        engine=USUAL_ENGINE.replace('"sqlalchemy."', '"app."'),
        options=(("app.url", "{other}"),),
    ),
    "another section": EnvPy(engine=USUAL_ENGINE.replace("config.config_ini_section", '"migrations"')),
    "the section with something put over it": EnvPy(
        engine=USUAL_ENGINE.replace(
            "config.get_section(config.config_ini_section, {})",
            "{**config.get_section(config.config_ini_section, {}), **elsewhere.section()}",
        ),
    ),
    "a keyword over the section": EnvPy(engine=USUAL_ENGINE.replace("poolclass=", "url=elsewhere.OTHER,\n    poolclass=")),
    "a file of settings": EnvPy(engine="connectable = create_engine(elsewhere.from_file())"),
    "an engine made elsewhere": EnvPy(engine="connectable = elsewhere.engine()"),
}
