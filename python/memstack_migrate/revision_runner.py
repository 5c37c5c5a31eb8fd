"""Loads revision files and calls their upgrade() and downgrade()."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from alembic.util import coerce_resource_to_filename, load_python_file

from memstack_migrate import _upstream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from alembic.script import ScriptDirectory

    from memstack_migrate.migration_context import MigrationContext

__all__ = ["RevisionRunner", "import_header", "locate_scripts"]


def _load(file: str) -> ModuleType:
    path = Path(file)
    return load_python_file(path.parent, path.name)


class RevisionRunner:
    """The revisions of one call of ``context.run_migrations()``; files are loaded once, as Alembic loads them."""

    def __init__(self, context: MigrationContext, arguments: dict[str, Any]) -> None:
        self._context = context
        self._arguments = arguments
        self._modules: dict[str, ModuleType] = {}
        # env.py may have asked the ScriptDirectory something: then every file has been executed, and twice would be wrong.
        self._loaded = _upstream.loaded_revisions(context.script)

    def load(self, file: str, function: str) -> bool:
        """Execute the file as a module, at most once; return whether it has `function`. What the file raises comes out."""
        if file not in self._modules:
            self._modules[file] = self._loaded.get(Path(file).resolve()) or _load(file)
        return hasattr(self._modules[file], function)

    def run(self, file: str, function: str) -> None:
        """Call upgrade() or downgrade() of a loaded file."""
        getattr(self._modules[file], function)(**self._arguments)

    @property
    def has_version_callbacks(self) -> bool:
        """Whether env.py gave ``on_version_apply`` callbacks."""
        return bool(self._context.on_version_apply_callbacks)

    def version_applied(self, step: dict[str, Any], heads: list[str]) -> None:
        """Call the ``on_version_apply`` callbacks as Alembic does after each step."""
        from alembic.runtime.migration import MigrationInfo

        info = MigrationInfo(
            revision_map=cast("ScriptDirectory", self._context.script).revision_map,
            is_upgrade=step["is_upgrade"],
            is_stamp=step["is_stamp"],
            up_revisions=tuple(step["up_revisions"]),
            down_revisions=tuple(step["down_revisions"]),
        )
        for callback in self._context.on_version_apply_callbacks:
            callback(ctx=self._context, step=info, heads=set(heads), run_args=self._arguments)


@contextmanager
def _importable_from(paths: list[str]) -> Iterator[None]:
    """Have the configured ``prepend_sys_path`` in front of sys.path, as Alembic has when it loads revision files."""
    before = list(sys.path)
    sys.path[:0] = paths
    try:
        yield
    finally:
        sys.path[:] = before


def import_header(file: str, prepend_sys_path: list[str]) -> dict[str, Any]:
    """Execute a revision file whose header is not literal and return what Alembic would read from it."""
    with _importable_from(prepend_sys_path):
        module = _load(file)

    def names(value: Any) -> list[str]:
        if value is None:
            return []
        return [value] if isinstance(value, str) else [str(item) for item in value]

    doc = (module.__doc__ or "").strip()
    return {
        "revision": getattr(module, "revision", None),
        "down_revisions": names(getattr(module, "down_revision", None)),
        "branch_labels": names(getattr(module, "branch_labels", None)),
        "depends_on": names(getattr(module, "depends_on", None)),
        "message": doc.split("\n\n")[0],
        "long_message": doc,
    }


def locate_scripts(text: str, prepend_sys_path: list[str]) -> str:
    """Return the directory of a script location ``package:directory``."""
    with _importable_from(prepend_sys_path):
        return os.fspath(coerce_resource_to_filename(text))
