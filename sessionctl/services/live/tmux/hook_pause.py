"""Hook pause: the hooks of the user's configuration, quiet while a session is made.

A hook that splits each new window, or arranges panes after each split, is for what a person
does; what is restored has all of it already.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sessionctl.core.workspace.workspace import OptionValue
    from sessionctl.system.tmux.tmux_server import TmuxAnswer, TmuxServer

_HOOK_STARTS = ("after-", "alert-", "client-", "command-", "session-")
_WINDOW_HOOKS = frozenset({
    "pane-died", "pane-exited", "pane-focus-in", "pane-focus-out", "pane-mode-changed",
    "pane-set-clipboard", "pane-title-changed", "window-layout-changed", "window-linked",
    "window-pane-changed", "window-renamed", "window-resized", "window-unlinked",
})  # fmt: skip
_NOT_HOOKS = frozenset({"command-alias", "session-status-current", "session-status-other"})


def is_hook(name: str) -> bool:
    """Return whether an option is a hook; that may have the index of an item."""
    base = name.partition("[")[0]
    return base in _WINDOW_HOOKS or (base.startswith(_HOOK_STARTS) and base not in _NOT_HOOKS)


def without_hooks(options: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """Return ``options`` without the hooks among them, which come when all is made."""
    return {name: value for name, value in options.items() if not is_hook(name)}


def only_hooks(options: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """Return the hooks among ``options``."""
    return {name: value for name, value in options.items() if is_hook(name)}


class HookPause:
    """The hooks that are set for all sessions; empty ones of its own hide them from one."""

    def __init__(self) -> None:
        """Know of none; ``ask`` finds them."""
        self._of_session: tuple[str, ...] = ()
        self._of_windows: tuple[str, ...] = ()

    def ask(self, server: TmuxServer, session: str) -> None:
        """Find the hooks that would act in the session with this id."""
        asked = [("show-hooks", "-g"), ("show-hooks", "-gw"), ("show-hooks", "-t", f"{session}:")]
        all_sessions, all_windows, own = map(_names, server.run(asked))
        self._of_session = tuple(sorted(all_sessions - own))
        self._of_windows = tuple(sorted(all_windows))

    @property
    def is_needed(self) -> bool:
        """Whether there are any."""
        return bool(self._of_session or self._of_windows)

    def in_session(self, session: str) -> Iterator[tuple[str, ...]]:
        """Yield the commands that keep them quiet in a session."""
        for name in self._of_session:
            yield ("set-option", "-t", f"{session}:", name, "")

    def in_window(self, target: str) -> Iterator[tuple[str, ...]]:
        """Yield the commands that keep them quiet in a window.

        What happens to a window is reported to hooks after a whole batch, so these may stand
        anywhere in it.
        """
        for name in self._of_windows:
            yield ("set-option", "-w", "-t", target, name, "")

    def ending(self, session: str, windows: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield the commands after which they act again."""
        for name in self._of_session:
            yield ("set-option", "-u", "-t", f"{session}:", name)
        for window in windows:
            for name in self._of_windows:
                yield ("set-option", "-w", "-u", "-t", window, name)


def _names(answer: TmuxAnswer) -> set[str]:
    """Return the hooks that are set; tmux prints the others too, without a value."""
    lines: Sequence[str] = answer.text.split("\n")
    return {line.partition(" ")[0].partition("[")[0] for line in lines if " " in line}
