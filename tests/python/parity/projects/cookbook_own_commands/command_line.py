"""A command line with a command of its own, ``deploy``, for Alembic or for memstack_migrate: the first argument says which."""

import sys

from alembic import command
from alembic.config import CommandLine, Config


def deploy(config: Config, revision: str) -> None:
    """Migrate to a revision.

    :param config: the configuration
    :param revision: where to
    """
    if by == "alembic":
        command.upgrade(config, revision)
    else:
        import memstack_migrate

        memstack_migrate.upgrade(revision, config=config.config_file_name, x_arguments=config.cmd_opts.x or ())
    config.print_stdout("deployed %s", revision)


if __name__ == "__main__":
    by = sys.argv.pop(1)
    line = CommandLine(prog="deployer")
    line.register_command(deploy)
    line.main(sys.argv[1:])
