"""Directories, written as a person would: ``~``, relative, without what says nothing."""

from __future__ import annotations

import re

from sessionctl.core.importers.parts.ledger import DOUBT
from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import SourceScalar
    from sessionctl.core.importers.parts.ledger import Ledger

_HOME = re.compile(r"\$HOME(?![A-Za-z0-9_])|\$\{HOME\}")
_VARIABLE = re.compile(r"\$\{?[A-Za-z_][A-Za-z0-9_]*\}?")
CWD = KeyPath(["cwd"])


def directory(ledger: Ledger, scalar: SourceScalar | None) -> str:
    """Return a directory of the file as a session has it; "" without one."""
    if scalar is None:
        return ""
    path = with_home(_HOME.sub("~", ledger.text(scalar, CWD), count=1), ledger.home)
    variable = _VARIABLE.search(path)
    if variable is not None:
        message = f"{ledger.tool} puts the value of {variable[0]} here; it stays"
        ledger.report(DOUBT, scalar, message)
    return normal(path)


def with_home(path: str, home: str) -> str:
    """Return ``path`` with the home directory as ``~``."""
    if home and (path == home or path.startswith(f"{home}/")):
        return "~" + path[len(home) :]
    return path


def normal(path: str) -> str:
    """Return ``path`` without ``.``, doubled slashes and ``..`` behind a name; "" stays."""
    if not path:
        return ""
    lead = "/" if path.startswith("/") else ""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] not in ("..", "~"):
            parts.pop()
        elif part not in ("", ".") and not (lead and part == ".." and not parts):
            parts.append(part)
    return lead + "/".join(parts) or "."


def is_rooted(path: str) -> bool:
    """Tell whether ``path`` starts at the top or at a home directory or variable."""
    return path.startswith(("/", "~", "$"))


def joined(base: str, path: str) -> str:
    """Return ``path`` as seen from where ``base`` is seen from."""
    if not base or is_rooted(path):
        return normal(path)
    return normal(f"{base}/{path}") if path else normal(base)
