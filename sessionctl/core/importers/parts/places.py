"""Directories, written as a person would: ``~``, relative, without what says nothing."""

from __future__ import annotations

import re

from sessionctl.core.importers.parts.ledger import DOUBT
from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.directories import normal, with_home

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
