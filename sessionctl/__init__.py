"""Keep a working session as TOML that people read, edit, commit, diff and merge.

The public names of the library. Each is imported when it is first asked for, so that
``import sessionctl`` costs next to nothing::

    from sessionctl import Document, merge

    document = Document.parse(text)
    result = merge(base, ours, theirs)

Those of ``sessionctl.sdk``, for applications that keep their state in a session, are here too.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl._version import __version__
    from sessionctl.core.conflict.conflict import Conflict, ConflictKind
    from sessionctl.core.diff.change import Diff
    from sessionctl.core.diff.comparison import diff
    from sessionctl.core.diff.patch import patch
    from sessionctl.core.keypath import ItemKey, KeyPath
    from sessionctl.core.merge import MergeResult, merge
    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.verdict import validate
    from sessionctl.core.toml.document import Document
    from sessionctl.errors import (
        ChangedError,
        DocumentError,
        EditError,
        FileError,
        GitError,
        GuardError,
        KeyNotFoundError,
        LockedError,
        NoRepositoryError,
        ParseError,
        RefusedError,
        SessionctlError,
        ToolError,
        UnsupportedVersionError,
        UsageError,
    )
    from sessionctl.sdk import (
        InstanceInfo,
        Provider,
        RecoveryOption,
        SessionInfo,
        Sessions,
        Status,
        Veto,
        Workspace,
        WorkspaceEvent,
    )

__all__ = [
    "ChangedError",
    "Conflict",
    "ConflictKind",
    "Diff",
    "Document",
    "DocumentError",
    "EditError",
    "FileError",
    "GitError",
    "GuardError",
    "InstanceInfo",
    "ItemKey",
    "KeyNotFoundError",
    "KeyPath",
    "LockedError",
    "MergeResult",
    "NoRepositoryError",
    "ParseError",
    "Policy",
    "Problem",
    "Provider",
    "RecoveryOption",
    "RefusedError",
    "SessionInfo",
    "SessionctlError",
    "Sessions",
    "Status",
    "ToolError",
    "UnsupportedVersionError",
    "UsageError",
    "Veto",
    "Workspace",
    "WorkspaceEvent",
    "__version__",
    "diff",
    "merge",
    "patch",
    "validate",
]

_HOMES = {
    "ChangedError": "errors",
    "Conflict": "core.conflict.conflict",
    "ConflictKind": "core.conflict.conflict",
    "Diff": "core.diff.change",
    "Document": "core.toml.document",
    "DocumentError": "errors",
    "EditError": "errors",
    "FileError": "errors",
    "GitError": "errors",
    "GuardError": "errors",
    "InstanceInfo": "sdk",
    "ItemKey": "core.keypath",
    "KeyNotFoundError": "errors",
    "KeyPath": "core.keypath",
    "LockedError": "errors",
    "MergeResult": "core.merge",
    "NoRepositoryError": "errors",
    "ParseError": "errors",
    "Policy": "core.merge.policy.policy",
    "Problem": "core.problem",
    "Provider": "sdk",
    "RecoveryOption": "sdk",
    "RefusedError": "errors",
    "SessionInfo": "sdk",
    "SessionctlError": "errors",
    "Sessions": "sdk",
    "Status": "sdk",
    "ToolError": "errors",
    "UnsupportedVersionError": "errors",
    "UsageError": "errors",
    "Veto": "sdk",
    "Workspace": "sdk",
    "WorkspaceEvent": "sdk",
    "__version__": "_version",
    "diff": "core.diff.comparison",
    "merge": "core.merge",
    "patch": "core.diff.patch",
    "validate": "core.schema.verdict",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
