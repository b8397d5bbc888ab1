"""The guard: nothing leaves an edit that was not checked against what it must be."""

from __future__ import annotations

from sessionctl.core.toml.edit.node_statements import extents
from sessionctl.core.toml.edit.second_reader import second_reader
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.write.splice import CannotPlaceError
from sessionctl.core.values import same_value
from sessionctl.errors import GuardError, ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.core.values import Table

    # The statements that may change, and the text after the change.
    Attempt = tuple[list[int], Callable[[], str]]

_LARGE = 2_048
"""Length of a text, in characters, from which an edit reads only what it changed."""


def first_that_verifies(
    document: DocumentText, intended: Table, attempts: Iterator[Attempt]
) -> DocumentText:
    """Return the document of the first attempt with the value intended and all other lines.

    Raises:
      GuardError: there is none; a bug of ours.
    """
    for touched, attempt in attempts:
        result = verified(document, intended, touched, attempt)
        if result is not None:
            return result
    raise failed(document, "no layout gives the value asked for")


def verified(
    document: DocumentText, intended: Table, touched: list[int], attempt: Callable[[], str]
) -> DocumentText | None:
    """Return the document an attempt makes, None when it is not what was intended."""
    try:
        text = attempt()
        result = reread(document, text)
    # Not TOML is an answer too: a header [a] below a.b = 1, say, defines a twice. The next layout
    # may do.
    except (CannotPlaceError, ParseError):
        return None
    if not same_value(result.value, intended):
        return None
    return result if keeps_lines(document, touched, text) else None


def reread(document: DocumentText, text: str) -> DocumentText:
    """Return the document of ``text``, an edited text of ``document``.

    Raises:
      ParseError: it is not TOML 1.0.
    """
    if len(text) >= _LARGE:
        from sessionctl.core.toml.parse.partial_reading import read_changed

        result = read_changed(document, text)
        if result is not None:
            return result
    return DocumentText.parse(text, document.name)


def keeps_lines(document: DocumentText, touched: list[int], text: str) -> bool:
    """Return whether ``text`` still has every line outside the touched statements, in order.

    A statement's comments count as the statement; blank lines may go.
    """
    old = document.text
    if len(text) >= _LARGE:
        from sessionctl.core.toml.parse.partial_reading import changed_region

        region = changed_region(document, text)
        # What is around it is the same, byte for byte.
        if region is not None and _keeps_between(
            document, touched, (region.start, region.end), text[region.start : region.new_end]
        ):
            return True
    start = 1 if old.startswith("\ufeff") else 0
    return _keeps_between(document, touched, (start, len(old)), text.removeprefix("\ufeff"))


def _keeps_between(
    document: DocumentText, touched: list[int], place: tuple[int, int], text: str
) -> bool:
    """Return whether ``text`` has the untouched lines of the document between two line starts."""
    after = iter(text.split("\n"))
    position, limit = place
    for start, end, _ in [*extents(document, touched), (limit,) * 3]:
        for line in document.text[position : min(start, limit)].split("\n"):
            # The last line of a CRLF text has no line end, and gets one when a line follows it.
            wanted = line.rstrip("\r")
            if wanted.strip(" \t") and not any(have.rstrip("\r") == wanted for have in after):
                return False
        position = max(position, end)
    return True


def verify(before: DocumentText, after: DocumentText) -> None:
    """Have ``tomllib`` read what changed from ``before`` to ``after``, and compare the values.

    Of a small text it reads all, and of a large one when the change is more than the values
    and keys of some tables.

    Raises:
      GuardError: it is something else; a bug of ours, nothing was changed.
    """
    if len(after.text) >= _LARGE:
        from sessionctl.core.toml.parse.partial_reading import is_read_as

        if is_read_as(before, after, second_reader().loads):
            after.is_verified = False
            return
    verify_whole(before, after)


def verify_for_file(before: DocumentText | None, after: DocumentText) -> None:
    """Have ``tomllib`` read of ``after`` what an edit could get wrong in a file with ``before``.

    That is what differs, and each statement above it that another reader could end elsewhere;
    all of the text where that does not show that it is right.

    Raises:
      GuardError: it is something else; a bug of ours, nothing was changed.
    """
    if before is not None and len(after.text) >= _LARGE:
        from sessionctl.core.toml.parse.partial_reading import begins_alike, is_read_as

        load = second_reader().loads
        if is_read_as(before, after, load) and begins_alike(before, after.text, load):
            return
    verify_whole(after, after)


def verify_whole(before: DocumentText, after: DocumentText) -> None:
    """Read the text of ``after`` with ``tomllib`` and compare it with its value.

    Raises:
      GuardError: it is something else; a bug of ours, nothing was changed.
    """
    tomllib = second_reader()
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
    after.is_verified = True
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
