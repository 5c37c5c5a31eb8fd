"""The command line: ``python -m memstack_migrate``."""

import os
import sys

from memstack_migrate._engine import main


def start_embedded_server() -> int:
    """Give every variable of the environment that holds an embedded URL the address of its server; returns an exit code.

    Before anything reads them, as an unchanged env.py takes its address from a variable that only it knows.
    """
    # Not by the module's own test: importing it costs each start more than it takes to find no such URL.
    if not any(value.startswith("embedded:") for value in os.environ.values()):
        return 0
    from memstack_migrate import embedded, errors

    try:
        embedded.resolve_environment(os.environ)
    except errors.MigrateError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    # As the shell gave them: what is no text in UTF-8 (a file's name) reaches the engine as it is.
    arguments = [argument.encode("utf-8", "surrogateescape") for argument in sys.argv[1:]]
    code = start_embedded_server() or main(arguments)
    if not {"sqlalchemy", "memstack_migrate.embedded"} & set(sys.modules):
        # Nothing but the engine ran, and it has written all that it had to: taking the interpreter down costs a tenth.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
