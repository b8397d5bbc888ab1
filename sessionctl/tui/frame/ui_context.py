"""UI context: what the screens know of this machine and its user."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.render.drawing import Charset
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.secrets.own_seal import OwnSeal


class UiContext(NamedTuple):
    """What ``sessionctl ui`` was started with.

    ``paths`` are the files and directories to show; none are those of the user. ``live`` is the
    machine, the store and the tmux server, ``charset`` the characters that the terminal can show.
    What needs the terminal is the caller's: ``edit`` opens the editor at a line and column, and
    ``attach`` shows a tmux session until it is left; both return an exit code.
    """

    paths: tuple[str, ...]
    live: LiveContext
    charset: Charset
    edit: Callable[[str, int, int], int]
    attach: Callable[[str], int]
    own_seal: Callable[[], OwnSeal]
