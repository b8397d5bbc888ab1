"""Option defaults: what tmux's global options are before anybody sets them.

A private server without a configuration tells it, once for each version of tmux; the answer is
kept. So what was set can be told from what was not, which tmux itself does not say.
"""

from __future__ import annotations

# Every save reads this: plain os calls here.
# ruff: noqa: PTH118, PTH120, PTH123
import os
from typing import NamedTuple

from sessionctl.errors import SessionctlError
from sessionctl.system.tmux.option_text import read_options
from sessionctl.system.tmux.tmux_server import TmuxServer, socket_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.system.tmux.option_text import OptionValue

FOLDER = "tmux"
ASKED = (("show-options", "-s"), ("show-options", "-g"), ("show-options", "-gw"))
_PARTED = "\x1e"
_VERSION = ("display-message", "-p", "#{version}")
_NO_CONFIGURATION = "/dev/null"


class OptionTexts(NamedTuple):
    """The options of a server, global ones of sessions and of windows, as tmux prints them."""

    server: str
    session: str
    window: str

    def value(self, name: str) -> OptionValue | None:
        """Return one of the options, None where there is none of that name."""
        for text in self:
            found = read_options("\n".join(_lines_of(text, {name}))).get(name)
            if found is not None:
                return found
        return None


def changed(text: str, default: str) -> dict[str, OptionValue]:
    """Return the options in ``text`` that are not as in ``default``."""
    now, before = set(text.split("\n")), set(default.split("\n"))
    names = {_name(line) for line in now ^ before if line}
    return read_options("\n".join(_lines_of(text, names))) if names else {}


def is_default(name: str, text: str, default: str) -> bool:
    """Return whether an option has in ``text`` the value it has in ``default``."""
    return _lines_of(text, {name}) == _lines_of(default, {name})


def read_defaults(server: TmuxServer, version: str, state: str | None) -> OptionTexts | None:
    """Return the defaults of tmux ``version``; None where they cannot be had.

    Args:
      server: any server; its environment is used, and it is not asked.
      version: the version of the server whose options are compared.
      state: the state directory, where they are kept.
    """
    if state is None:
        return None
    path = os.path.join(state, FOLDER, f"options-{version.replace('/', '_')}")
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            parts = stream.read().split(_PARTED)
        return OptionTexts(*parts) if len(parts) == len(ASKED) else None
    except OSError:
        return _ask(server, version, path)


def _ask(server: TmuxServer, version: str, path: str) -> OptionTexts | None:
    from sessionctl.system.files.temporary import remove_quietly

    name = f"sessionctl-{os.getpid()}-{os.urandom(4).hex()}"
    private = TmuxServer(server.environ, name)
    try:
        answers = private.start([_VERSION, *ASKED], [_NO_CONFIGURATION])
    except SessionctlError:
        return None
    finally:
        # A server that ends without a session leaves its socket behind.
        remove_quietly(os.path.join(socket_directory(server.environ), name))
    # After an upgrade the server that runs is older than the program.
    if not all(answer.is_done for answer in answers) or answers[0].text.strip() != version:
        return None
    found = OptionTexts(*(answer.text for answer in answers[1:]))
    _keep(path, _PARTED.join(found))
    return found


def _keep(path: str, text: str) -> None:
    from sessionctl.system.files.private_directories import make_private, write_private_bytes
    from sessionctl.system.files.temporary import remove_quietly

    temporary = f"{path}.{os.getpid()}"
    try:
        make_private(os.path.dirname(path))
        write_private_bytes(temporary, text.encode(errors="surrogateescape"))
        os.replace(temporary, path)  # noqa: PTH105
    except OSError:
        remove_quietly(temporary)


def _lines_of(text: str, names: Iterable[str]) -> list[str]:
    return [line for line in text.split("\n") if line and _name(line) in names]


def _name(line: str) -> str:
    """Return the name of the option in a line, that of an array without its index."""
    return line.partition(" ")[0].partition("[")[0]
