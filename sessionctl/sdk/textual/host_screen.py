"""Host screen: the frame of the screens that a host application pushes."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Static

from sessionctl.errors import SessionctlError
from sessionctl.sdk.textual.status_bar import charset_here
from sessionctl.sdk.textual.widget_state import LEFT_OUT
from sessionctl.tui.widgets.key_line import KeyLine, key_name
from sessionctl.tui.widgets.shown_text import ROLES, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.sdk.host_workspace import HostWorkspace

    Result = TypeVar("Result")


class HostScreen(ModalScreen[None]):
    """A screen about the workspace of the host: a title, a body, a line to speak in, the keys."""

    DEFAULT_CSS = """
    HostScreen { layout: vertical; background: $background; }
    HostScreen > .title-line { dock: top; height: 1; background: $primary-darken-2; color: $text;
                               padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    HostScreen > .title-line:nocolor { text-style: bold reverse; }
    HostScreen > .say-line { height: auto; max-height: 4; padding: 0 1; display: none; }
    HostScreen > .say-line.is-said { display: block; }
    HostScreen .part-title { height: 1; padding: 0 1; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "go_back", "Back", key_display="q"),
    ]
    title_words: ClassVar[str] = ""

    def __init__(self, workspace: HostWorkspace) -> None:
        super().__init__(classes=LEFT_OUT)
        self.workspace = workspace
        self.charset = charset_here()

    def compose_body(self) -> ComposeResult:
        """Give what stands between the title and the keys."""
        yield from ()

    def begin(self) -> None:
        """Read what the screen is about; called once it was painted."""

    def compose(self) -> ComposeResult:
        """Give the frame with the body in it."""
        yield Static("", classes="title-line", markup=False)
        yield from self.compose_body()
        yield Static("", classes="say-line", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Paint first, read then."""
        title = Text()
        title.append(self.title_words, "bold")
        title.append(f"  {shown(self.workspace.file)}")
        self.query_one(".title-line", Static).update(title)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        pairs: list[tuple[str, str]] = []
        last: list[tuple[str, str]] = []
        for active in self.active_bindings.values():
            binding = active.binding
            if active.node is self and binding.description and binding.show:
                pair = (binding.key_display or key_name(binding.key), binding.description)
                target = last if binding.action == "go_back" else pairs
                if pair not in target:
                    target.append(pair)
        self.query_one(KeyLine).show_keys(pairs, last)
        self.begin()

    def say(self, text: str, role: str = "", hints: Sequence[str] = ()) -> None:
        """Show a line above the keys until the next one; "" takes it away."""
        line = self.query_one(".say-line", Static)
        said = Text()
        said.append(shown(text), ROLES.get(role, ""))
        for hint in hints if text else ():
            said.append(f"\nhint: {shown(hint)}", ROLES["hint"])
        line.set_class(bool(text), "is-said")
        line.update(said)

    def in_background(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Run ``work`` in a thread and hand what it returns to ``then``; an error is said."""

        def run() -> None:
            try:
                result = work()
            except SessionctlError as error:
                self._hand_over(partial(self.say, error.message, "error", error.hints))
            except Exception as error:  # noqa: BLE001 - its text may hold a value
                words = f"it could not be read: {type(error).__name__}"
                self._hand_over(partial(self.say, words, "error"))
            else:
                self._hand_over(partial(then, result))

        self.run_worker(run, thread=True, group="read", exit_on_error=False)

    def _hand_over(self, then: Callable[[], None]) -> None:
        def call() -> None:
            if self.is_attached and self.app.is_running:
                then()

        try:
            self.app.call_from_thread(call)
        except RuntimeError:  # the application ended meanwhile
            return

    def action_go_back(self) -> None:
        """Go back to the application."""
        self.dismiss()
