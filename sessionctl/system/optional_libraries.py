"""Optional libraries: the command that adds them to this very installation of sessionctl."""

from __future__ import annotations

import sys
from pathlib import PurePath

from sessionctl.core.text.shellwords import quoted

_PACKAGE = "sessionctl"


def install_command(extra: str) -> str:
    """Return the command that installs the libraries of ``extra``.

    They are named, not this package: it may come from a directory or a repository. An environment
    that pipx or uv made is changed by that program.
    """
    words = " ".join(map(quoted, _libraries(extra) or [f"{_PACKAGE}[{extra}]"]))
    parts = PurePath(sys.prefix).parts
    python = quoted(sys.executable or "python3")
    command = f"{python} -m pip install"
    if "pipx" in parts:
        command = f"pipx inject {quoted(parts[-1])}"
    elif parts[-3:-1] == ("uv", "tools"):
        command = f"uv pip install --python {python}"
    return f"{command} {words}"


def _libraries(extra: str) -> list[str]:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        lines = requires(_PACKAGE) or []
    except PackageNotFoundError:  # run from its source
        return []
    found = (line.partition(";") for line in lines)
    wanted = ["extra", "==", f'"{extra}"']
    return [name.strip() for name, _, mark in found if mark.replace("'", '"').split() == wanted]
