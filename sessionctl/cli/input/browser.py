"""Browser: a page that the user looks at, opened in the program they have for pages."""

from __future__ import annotations

import os
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine

_OPENERS = ("xdg-open", "open", "wslview")


def open_page(machine: Machine, path: str) -> None:
    """Open the file ``path`` in ``$BROWSER``, or the browser of the desktop.

    Raises:
      ToolError: there is none, or it failed.
    """
    from sessionctl.errors import ToolError
    from sessionctl.system.process import run_interactive

    browser = machine.environ.get("BROWSER", "").partition(os.pathsep)[0]
    known = browser or next((one for one in _OPENERS if machine.find(one)), "")
    if not known:
        raise ToolError(
            f"{path}: no browser to open it in",
            hints=["name one in $BROWSER, or write the page: --format html -o FILE"],
        )
    from sessionctl.cli.input.editor import shell_argv

    code = run_interactive(shell_argv(known, path), machine.environ)
    if code:
        raise ToolError(
            f"{path}: {known} failed with exit code {code}",
            hints=["name another browser in $BROWSER, or open the page yourself"],
        )


def page_file(machine: Machine, name: str, text: str) -> str:
    """Write the page ``name`` where only the user reads it; return its path.

    Raises:
      ToolError: there is no directory for it.
    """
    from sessionctl.errors import ToolError
    from sessionctl.system.files.private_directories import make_private, write_private_bytes

    if machine.cache is None:
        raise ToolError(
            "no directory for the page: HOME is not set",
            hints=["write it to a file: --format html -o FILE"],
        )
    make_private(machine.cache)
    path = os.path.join(machine.cache, name)  # noqa: PTH118
    with suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108
    write_private_bytes(path, text.encode())
    return path
