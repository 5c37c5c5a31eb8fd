"""the context

With more to say."""
import os
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import context, op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations

from noting import note, note_error

revision = "b006"
down_revision = "b005"
branch_labels = ("told",)
depends_on = None


def upgrade(colour, number=0, **rest):
    note("given", [colour, number, rest])
    of_the_run(op.get_context())
    of_the_project(op.get_context())
    by_context()
    files()
    operations()


def of_the_run(run):
    note("run", [run.as_sql, run.dialect.name, run.version_table, run.version_table_schema, run.bind is run.connection is op.get_bind()])
    note("impl", [run.impl.__dialect__, type(run.impl).__name__, run.impl.transactional_ddl, run.impl.bind is run.bind, run.impl.connection is run.bind, run.impl.as_sql])
    note("options", [run.opts["an_option"], run.opts["compare_type"], run.opts.get("nothing"), run.opts["transaction_per_migration"]])
    note("heads", [sorted(run.get_current_heads()), run.get_current_revision()])
    note("others", [run.environment_context is not None, run.output_buffer is sys.stdout, bool(run.on_version_apply_callbacks)])
    note("operations", [op.get_context() is context.get_context(), type(op.get_bind()).__name__, op.f("x_y")])


def of_the_project(run):
    note("config", [run.config is context.config, run.config.get_main_option("script_location") == str(Path(__file__).parents[1]), run.config.get_main_option("nothing", "default"), os.path.basename(run.config.config_file_name), run.config.config_ini_section, sorted(run.config.attributes)])
    note("section", [run.config.get_section_option("logger_root", "level"), sorted(run.config.get_section("logger_alembic"))])
    note("command line", [run.config.cmd_opts.cmd[0].__name__, run.config.cmd_opts.x, sorted(vars(run.config.cmd_opts))])
    script = run.script.get_revision("told")
    note("script", [script.revision, script.down_revision, script.doc, script.longdoc, sorted(script.branch_labels), script.is_head, script.module.__name__, os.path.basename(script.path)])
    note("history", [step.revision for step in run.script.walk_revisions("b001", "b004")])
    note("module of another", run.script.get_revision("b001").module.rows.name)
    note("of the directory", [run.script is context.script, run.script.get_heads(), run.script.get_base(), run.script.get_current_head(), os.path.basename(run.script.versions)])


def by_context():
    note("context", [context.is_offline_mode(), context.get_x_argument(), context.get_x_argument(as_dictionary=True), context.is_transactional_ddl(), context.requires_connection()])
    note("targets", [context.get_head_revision(), context.get_head_revisions(), context.get_revision_argument(), context.get_tag_argument()])
    note("bind", [context.get_bind() is op.get_bind(), context.get_impl() is op.get_context().impl])
    note_error("start", context.get_starting_revision_argument)
    context.execute("INSERT INTO notes (what, answer) VALUES ('context.execute', '50%')")
    context.execute(sa.text("INSERT INTO notes (what, answer) VALUES ('its text', :x)").bindparams(x="y"))
    op.get_context().execute("INSERT INTO notes (what, answer) VALUES ('of the context', 'too')")
    op.get_context().impl.execute(sa.text("INSERT INTO notes (what, answer) VALUES ('of its impl', 'too')"))
    note_error("run_async", lambda: op.run_async(lambda connection: connection))


def files():
    here = Path(__file__).parent
    op.execute((here / "rows.sql").read_text().replace(":", r"\:"))
    op.get_bind().exec_driver_sql((here / "rows.sql").read_text().replace("%", "%%"))
    note("beside alembic.ini", Path("words.txt").read_text())
    note("this file", [os.path.basename(__file__), __name__, os.path.basename(os.getcwd()), os.path.isabs(__file__)])
    note("not imported as a module", [__name__ in sys.modules, "noting" in sys.modules])


def operations():
    own = MigrationContext.configure(op.get_bind())
    note("a context of its own", [own.get_current_revision(), own.get_current_heads(), own.opts.get("an_option")])
    Operations(own).add_column("notes", sa.Column("later", sa.Integer))
    Operations(own).drop_column("notes", "later")
    metadata = sa.MetaData()
    sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("what", sa.Text), sa.Column("new", sa.Text))
    found = compare_metadata(MigrationContext.configure(op.get_bind(), opts={"include_name": lambda name, kind, _: kind != "table" or name == "notes"}), metadata)
    note("differences", [(difference[0], difference[2], difference[3].name) for difference in found])


def downgrade(**_arguments):
    pass
