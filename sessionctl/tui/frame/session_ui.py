"""Session UI: the application that ``sessionctl ui`` runs."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App
from textual.binding import Binding

from sessionctl.tui.frame.base_screen import BaseScreen
from sessionctl.tui.sessions.sessions_screen import SessionsScreen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType
    from textual.command import Provider
    from textual.screen import Screen

    from sessionctl.tui.frame.ui_context import UiContext


def _actions() -> type[Provider]:
    from sessionctl.tui.frame.action_palette import ActionProvider

    return ActionProvider


class SessionUi(App[int]):
    """The screens of ``sessionctl ui``; the list of sessions is the first."""

    CSS = """
    Screen { background: $background; }
    OptionList { border: none; padding: 0 0; background: $background; }
    OptionList:focus { border: none; }
    CommandList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    SearchIcon { display: none; }
    CommandInput:nocolor { border: ascii $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Palette", key_display="^P", show=True,
                tooltip="Find an action by its words"),
        Binding("ctrl+c,ctrl+q", "quit", "Quit", key_display="^C", show=False, priority=True,
                tooltip="Leave at once"),
    ]  # fmt: skip
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_actions}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = True
    TITLE = "sessionctl"

    def __init__(self, context: UiContext, *, has_color: bool = True) -> None:
        # Without colour the terminal's own two are left as they are; see ":nocolor" in the styles.
        super().__init__(ansi_color=None if has_color else True)
        self.context = context

    def get_default_screen(self) -> Screen[None]:
        """Return the list of sessions."""
        return SessionsScreen(self.context)

    async def action_quit(self) -> None:
        """Leave, unless a screen has something to lose that nobody was warned of."""
        screens = [screen for screen in self.screen_stack if isinstance(screen, BaseScreen)]
        if all(screen.may_quit() for screen in screens):
            self.exit(0)

    @property
    def failure(self) -> Exception | None:
        """What ended the screens that should not have; None where they were left."""
        return self._exception

    def _fatal_error(self) -> None:
        # Textual would print the values of all variables, and one may be a secret; who runs the
        # screens reports the failure.
        self._close_messages_no_wait()
