"""UI context: what the screens know of this machine and its user."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.render.drawing import Charset
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.secrets.access.secret_context import SecretContext
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.services.secrets.own_seal import OwnSeal


class UiContext(NamedTuple):
    """What ``sessionctl ui`` was started with.

    ``paths`` are the files and directories to show; none are those of the user. ``live`` is the
    machine, the store and the tmux server, ``charset`` the characters that the terminal can show.
    What needs the terminal is the caller's: ``edit`` opens the editor at a line and column, and
    ``attach`` shows a tmux session until it is left; both return an exit code. ``secrets`` is what
    keys there are; nothing here asks for a passphrase.
    """

    paths: tuple[str, ...]
    live: LiveContext
    charset: Charset
    edit: Callable[[str, int, int], int]
    attach: Callable[[str], int]
    secrets: Callable[[], SecretContext]

    def own_seal(self) -> OwnSeal:
        """Return what opens the text of panes that was kept."""
        from sessionctl.services.secrets.own_seal import OwnSeal

        return OwnSeal(self.secrets())

    def vault_keeper(self) -> VaultKeeper:
        """Return what opens secrets, as far as that needs no passphrase."""
        from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
        from sessionctl.system.files.private_files import protect_process
        from sessionctl.system.prompt import SilentPrompt

        protect_process()
        return VaultKeeper(self.secrets()._replace(is_quiet=True, prompt=SilentPrompt()))
