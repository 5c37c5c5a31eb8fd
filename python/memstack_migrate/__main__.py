"""The command line: ``python -m memstack_migrate``."""

import sys

from memstack_migrate._engine import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
