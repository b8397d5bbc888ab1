"""Base screen: a title, what the screen shows, a line to speak in, the keys."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.actions import parse
from textual.app import SuspendNotSupported
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Static

from sessionctl.errors import SessionctlError
from sessionctl.tui.frame.key_entry import KeyEntry
from sessionctl.tui.frame.screen_registry import SCREENS, make_screen
from sessionctl.tui.widgets.key_line import KeyLine, key_name
from sessionctl.tui.widgets.shown_text import ROLES, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.tui.frame.ui_context import UiContext

    Result = TypeVar("Result")

_SIGNS = {"error": "error: ", "warning": "warning: ", "hint": "", "good": "", "": ""}
_OF_TEXTUAL = ("app.focus_next", "app.focus_previous", "screen.copy_text")
_ALWAYS = ("show_help", "go_back")


class BaseScreen(Screen[None]):
    """A screen of ``sessionctl ui``; ``file`` is the session file it is about, "" for none."""

    DEFAULT_CSS = """
    BaseScreen { layout: vertical; }
    BaseScreen > .title-line { dock: top; height: 1; background: $primary-darken-2; color: $text;
                               padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    BaseScreen > .title-line:nocolor { text-style: bold reverse; }
    BaseScreen > .say-line { height: auto; max-height: 4; padding: 0 1; display: none; }
    BaseScreen > .say-line.is-said { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "show_help", "Help", key_display="?"),
        Binding("q,escape", "go_back", "Back", key_display="q"),
    ]
    AUTO_FOCUS = "*"
    title_words: ClassVar[str] = ""

    def __init__(self, context: UiContext, file: str = "") -> None:
        super().__init__()
        self.context = context
        self.file = file
        self.said = ""

    # -- for the screens -------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        """Give what stands between the title and the keys."""
        yield from ()

    def begin(self) -> None:
        """Read what the screen is about; called once it was painted."""

    def title_text(self) -> str:
        """Return what the title says behind the name of the screen."""
        return self.file

    def in_background(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        *,
        group: str = "read",
        on_error: Callable[[SessionctlError], None] | None = None,
    ) -> None:
        """Run ``work`` in a thread and hand what it returns to ``then`` in the application.

        An error of ours is said, or handed to ``on_error``. What comes when the screen is gone
        is dropped.
        """

        def run() -> None:
            try:
                result = work()
            except SessionctlError as error:
                self._hand_over(on_error or self.say_error, error)
            except Exception as error:  # noqa: BLE001 - its text may hold a value
                kind = SessionctlError(f"this is a bug of sessionctl: {type(error).__name__}")
                self._hand_over(on_error or self.say_error, kind)
            else:
                self._hand_over(then, result)

        self.run_worker(run, thread=True, group=group, exit_on_error=False)

    def _hand_over(self, then: Callable[[Result], None], result: Result) -> None:
        def call() -> None:
            if self.is_attached and self.app.is_running:
                then(result)

        try:
            self.app.call_from_thread(call)
        except RuntimeError:  # the application ended meanwhile
            return

    def say(self, text: str, role: str = "", hints: Sequence[str] = ()) -> None:
        """Show a line above the keys until the next one; "" takes it away."""
        self.said = text
        line = self.query_one(".say-line", Static)
        said = Text()
        if text:
            said.append(f"{_SIGNS.get(role, '')}{shown(text)}", ROLES.get(role, ""))
            for hint in hints:
                said.append(f"\nhint: {shown(hint)}", ROLES["hint"])
        line.set_class(bool(text), "is-said")
        line.update(said)

    def say_error(self, error: SessionctlError) -> None:
        """Say what could not be done, and what helps."""
        self.say(error.message, "error", error.hints)

    def open_screen(self, name: str, file: str | None = None) -> None:
        """Go to the screen ``name`` about ``file``, by default that of this screen.

        It takes the place of this one, unless this is the list of sessions.
        """
        if self.app.screen is not self:
            return
        screen = make_screen(name, self.context, self.file if file is None else file)
        if len(self.app.screen_stack) > 1:
            self.app.switch_screen(screen)
        else:
            self.app.push_screen(screen)

    def attach(self, name: str) -> None:
        """Go to the tmux session ``name``; the screens come back when it is left."""
        self._outside(lambda: self.context.attach(name))

    def edit(self, line: int = 1, column: int = 1) -> None:
        """Open the file in the user's editor; the screens come back when it is closed."""
        self._outside(lambda: self.context.edit(self.file, line, column))

    def _outside(self, work: Callable[[], int]) -> None:
        """Do what needs the whole terminal."""
        failure: BaseException | None = None
        code = 0

        # Textual takes the terminal back only after a block in which nothing was raised.
        def attempt() -> None:
            nonlocal code, failure
            try:
                code = work()
            except BaseException as error:  # noqa: BLE001 - raised again below
                failure = error

        try:
            with self.app.suspend():
                attempt()
        except SuspendNotSupported:  # without a terminal of its own nothing is in the way
            attempt()
        if isinstance(failure, SessionctlError):
            self.say_error(failure)
            return
        if failure is not None:
            raise failure
        self.say(f"it ended with exit code {code}" if code else "", "warning")
        self.app.refresh()

    # -- the frame -------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Give the frame with the body in it."""
        yield Static("", classes="title-line", markup=False)
        yield from self.compose_body()
        yield Static("", classes="say-line", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Paint first, read then."""
        self.draw_title()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.draw_keys()
        self.begin()

    def draw_title(self) -> None:
        """Write the title anew."""
        about = self.title_text()
        text = Text()
        text.append(f"sessionctl  {self.title_words}", "bold")
        text.append(f"  {shown(about)}" if about else "")
        self.query_one(".title-line", Static).update(text)

    def draw_keys(self) -> None:
        """Write the line of keys anew."""
        pairs: list[tuple[str, str]] = []
        last: list[tuple[str, str]] = []
        for entry in self.key_entries():
            if entry.is_shown:
                (last if entry.action in _ALWAYS else pairs).append((entry.key, entry.words))
        self.query_one(KeyLine).show_keys(pairs, last)

    def key_entries(self) -> list[KeyEntry]:
        """Return the keys that do something here now, each action once: back and help last.

        Those that a list or a field takes for itself while it has the keys are among them.
        """
        found: dict[str, KeyEntry] = {}
        for node in (self, self.app):
            for _, binding in node._bindings:  # the public list leaves out what a widget takes
                if binding.system or not binding.description or binding.action in _OF_TEXTUAL:
                    continue
                name, parameters = parse(binding.action)[1:]
                if binding.action in found or not node.check_action(name, parameters):
                    continue
                key = binding.key_display or key_name(binding.key)
                found[binding.action] = KeyEntry(
                    binding.action, key, binding.description, binding.tooltip, binding.show, node
                )
        entries = list(found.values())
        return sorted(entries, key=lambda one: (one.node is self.app, one.action in _ALWAYS))

    def may_quit(self) -> bool:
        """Return whether nothing is lost by leaving at once; say so where something is."""
        return True

    def action_show_help(self) -> None:
        """List the keys."""
        from sessionctl.tui.frame.help_screen import HelpScreen

        if self.app.screen is self:
            self.app.push_screen(HelpScreen(self.title_words, self.key_entries()))

    def action_go_back(self) -> None:
        """Go back to the screen before, or end."""
        if self.app.screen is not self:  # keys that come quickly: it is gone already
            return
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit(0)

    def action_open_screen(self, name: str) -> None:
        """Open another screen of the same session."""
        self.open_screen(name)


def screen_bindings(*, without: str = "") -> list[BindingType]:
    """Return a binding for each screen of a session, for screens that lead to them."""
    return [
        Binding(entry.key, f"open_screen({entry.name!r})", entry.words, tooltip=entry.help)
        for entry in SCREENS.values()
        if entry.name != without
    ]
