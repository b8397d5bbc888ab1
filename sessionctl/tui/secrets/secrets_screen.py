"""Secrets screen: the secrets of a session by name, and who may read them; never a value."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.errors import SessionctlError
from sessionctl.services.secrets.access.secret_place import find_place
from sessionctl.services.secrets.entries.listing import list_secrets
from sessionctl.services.secrets.readers.reader_list import list_readers
from sessionctl.tui.frame.base_screen import BaseScreen, screen_bindings
from sessionctl.tui.widgets.row_table import RowTable, TableColumn, TableRow
from sessionctl.tui.widgets.shown_text import text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.core.render.drawing import Charset, Line
    from sessionctl.services.secrets.entries.listing import SecretListing, SecretSummary
    from sessionctl.services.secrets.readers.reader_list import Readers

_COLUMNS = (TableColumn("secret"), TableColumn("state"), TableColumn("used by", 60))
_STATES = {
    "sealed": ("\u25cf", "*", "good"),
    "unsealed": ("!", "!", "warning"),
    "rotate": ("!", "!", "warning"),
    "missing": ("\u2717", "x", "error"),
}


class _SecretsFound(NamedTuple):
    """What was found without a key; ``why`` is why the readers are not known."""

    listing: SecretListing
    readers: Readers | None
    why: str


class SecretsScreen(BaseScreen):
    """Names, what is to be done about each, what uses them; below, who may read."""

    DEFAULT_CSS = """
    SecretsScreen > RowTable { height: 3fr; }
    SecretsScreen > VerticalScroll { height: 2fr; border-top: solid $primary-darken-2;
                                     padding: 0 1; }
    """
    title_words = "Secrets"
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings(without="secrets")]

    def compose_body(self) -> ComposeResult:
        """Give the names and the readers."""
        yield RowTable(_COLUMNS, self.context.charset)
        with VerticalScroll():
            yield Static("", classes="readers", markup=False)

    def begin(self) -> None:
        """Read the names; no key is needed."""
        self._listing: SecretListing | None = None
        self.in_background(self._find, self._show)

    def _find(self) -> _SecretsFound:
        listing = list_secrets(self.file)
        try:
            readers = list_readers(self.context.vault_keeper(), find_place(self.file))
        except SessionctlError as error:
            return _SecretsFound(listing, None, error.message)
        return _SecretsFound(listing, readers, "")

    def _show(self, found: _SecretsFound) -> None:
        self._listing = found.listing
        charset = self.context.charset
        self.query_one(RowTable).show_rows([_row(one, charset) for one in found.listing.secrets])
        lines = _reader_lines(found)
        if not found.listing.secrets:
            word = path_word(self.file)
            lines = [
                [("the session has no secrets, and refers to none", "")],
                [(f"store one: sessionctl secret set {word} NAME", "hint")],
                [],
                *lines,
            ]
        text = text_of_lines(lines)
        text.no_wrap = False
        self.query_one(".readers", Static).update(text)

    def on_row_table_row_change(self, event: RowTable.RowChange) -> None:
        """Say what to type about the secret that is chosen."""
        secrets = () if self._listing is None else self._listing.secrets
        chosen = next((one for one in secrets if one.name == event.key), None)
        if chosen is not None:
            state = _state(chosen)
            self.say(
                f"{chosen.name}: {_what(chosen)}", _STATES[state][2], _hints(chosen, self.file)
            )


def _state(secret: SecretSummary) -> str:
    if secret.entry is None:
        return "missing"
    if secret.entry.is_unsealed:
        return "unsealed"
    return "rotate" if secret.entry.rotate else "sealed"


def _row(secret: SecretSummary, charset: Charset) -> TableRow:
    state = _state(secret)
    sign, plain, role = _STATES[state]
    shown = f"{plain if charset.is_ascii else sign} {state}"
    users = (", ".join(secret.used_by) or "not used", "" if secret.used_by else "dim")
    return TableRow(secret.name, ((secret.name, "key"), (shown, role), users))


def _what(secret: SecretSummary) -> str:
    match _state(secret):
        case "missing":
            return "the session refers to it, and it is not stored"
        case "unsealed":
            return "stored without a key, so it is unconfirmed"
        case "rotate":
            assert secret.entry is not None
            return f"known to a removed recipient since {secret.entry.rotate}"
        case _:
            return "sealed"


def _hints(secret: SecretSummary, file: str) -> list[str]:
    words = f"{path_word(file)} {last_words(secret.name)}"
    match _state(secret):
        case "missing":
            return [f"store it: sessionctl secret set {words}"]
        case "unsealed":
            return [f"confirm it: sessionctl secret accept {words}"]
        case "rotate":
            return [f"change it: sessionctl secret rotate {words}"]
        case _:
            return []


def _reader_lines(found: _SecretsFound) -> list[Line]:
    if found.readers is None:
        return [[(f"the recipients are not known: {found.why}", "warning")]]
    readers = found.readers
    if not readers.recipients:
        return [[("no recipients here", "dim")]]
    lines: list[Line] = [[("Who may read them", "heading")]]
    for one in readers.recipients:
        line: Line = [(one.recipient.shown, "")]
        if one.recipient in readers.strangers:
            line.append(("  ! not accepted on this machine", "warning"))
        lines.append(line)
    if readers.is_pending:
        lines.append([("! the list was changed, but the vault was not", "warning")])
        lines.append([("someone who can read the secrets runs: sessionctl secret rekey", "hint")])
    return lines
