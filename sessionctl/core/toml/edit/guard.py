"""The guard: nothing leaves an edit that was not checked against what it must be."""

from __future__ import annotations

from sessionctl.core.toml.edit.node_statements import extents
from sessionctl.core.values import same_value
from sessionctl.errors import GuardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText


def keeps_lines(document: DocumentText, touched: list[int], text: str) -> bool:
    """Tell whether ``text`` still has every line outside the touched statements, in order.

    A statement's comments count as the statement; blank lines may go.
    """
    after = iter(text.removeprefix("\ufeff").split("\n"))
    position = 1 if document.text.startswith("\ufeff") else 0
    for start, end, _ in [*extents(document, touched), (len(document.text),) * 3]:
        for line in document.text[position:start].split("\n"):
            # The last line of a CRLF text has no line end, and gets one when a line follows it.
            wanted = line.rstrip("\r")
            if wanted.strip(" \t") and not any(have.rstrip("\r") == wanted for have in after):
                return False
        position = end
    return True


def verify(before: DocumentText, after: DocumentText) -> None:
    """Read the text of ``after`` with ``tomllib`` and compare it with its value.

    Raises:
      GuardError: it is something else; a bug of ours, nothing was changed.
    """
    import tomllib

    text = after.text
    # tomllib refuses a byte order mark, though a file may start with one.
    if before.text.startswith("\ufeff"):
        if not text.startswith("\ufeff"):
            raise failed(before, "the byte order mark would be lost")
        text = text[1:]
    try:
        value = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise failed(before, f"the result is not TOML: {error}") from error
    if same_value(value, after.value):
        return
    from sessionctl.core.toml.parse.fine_moment import without_digits

    if not same_value(value, without_digits(after.value)):
        raise failed(before, "the result has another value than the one asked for")


def failed(document: DocumentText, reason: str) -> GuardError:
    """Return the error for an edit of ``document`` that did not verify."""
    return GuardError(
        f"{document.name or 'document'}: the edit did not verify, {reason}",
        hints=["nothing was changed; please report this with the file and the command"],
    )
