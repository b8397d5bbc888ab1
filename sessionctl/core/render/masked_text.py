"""Masked text: the text of a document for showing, with the secrets in it made unreadable."""

from __future__ import annotations

from sessionctl.core.filename import SESSION_SUFFIX, is_session_name, is_sidecar_name
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.scan.rules.key_names import is_secret_path
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.text.line_change import changed_lines
from sessionctl.core.text.lines import split_lines
from sessionctl.core.text.mask import INERT, MASK
from sessionctl.core.text.splicing import spliced
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sessionctl.core.text.line_change import LineChange

    Mark = Callable[[str], str]


def mask_secrets(
    document: Document, name: str, is_field: Callable[[KeyPath], bool] | None = None
) -> str:
    """Return the document's text with each secret replaced; the rest byte for byte.

    Fields that ``is_field`` holds for are secrets whatever their names.
    """
    hidden = hidden_places(document, in_session=is_session_name(name), is_field=is_field)
    return spliced(document.text, hidden)


def masked_lines(
    old: Document, new: Document, name: str, is_field: Callable[[KeyPath], bool] | None = None
) -> LineChange | None:
    """Return the lines that differ in two versions of a document, with the secrets masked.

    None where they differ in secrets only. No more than those lines is looked through.
    """
    lines = changed_lines(old.text, new.text)
    if lines is None:
        return None
    start = sum(map(len, split_lines(old.text)[: lines.line - 1]))
    shown: list[str] = []
    for document, part in ((old, lines.removed), (new, lines.added)):
        end = start + sum(map(len, part))
        text = _masked_stretch(document, name, Span(start, end), is_field)
        if text is None:
            return changed_lines(*(mask_secrets(one, name, is_field) for one in (old, new)))
        shown.append(text)
    found = changed_lines(*shown)
    return found and found._replace(line=lines.line - 1 + found.line)


def _masked_stretch(
    document: Document, name: str, stretch: Span, is_field: Callable[[KeyPath], bool] | None
) -> str | None:
    """Return a stretch of the text as ``mask_secrets`` shows it; None where it cuts a secret."""
    in_session = is_session_name(name)
    hidden = hidden_places(document, in_session=in_session, is_field=is_field, within=stretch)
    start, end = stretch
    if any(span.start < start or span.end > end for span, _ in hidden):
        return None
    places = [((span.start - start, span.end - start), stand_in) for span, stand_in in hidden]
    return spliced(document.text[start:end], places)


def mask_text(text: str, name: str) -> str:
    """Return ``text`` with its secrets unreadable, in comments too.

    Of a sidecar digests of its age files are left. In a text that is not TOML, as with
    conflict markers in it, all that looks like a secret is hidden.
    """
    if is_sidecar_name(name):
        from sessionctl.core.secrets.digest import show_sidecar

        return show_sidecar(text)
    try:
        document = Document.parse(text)
    except ParseError:
        from sessionctl.core.scan.redaction import redact_broken

        return redact_broken(text)
    return mask_secrets(document, name)


def mask_fragment(text: str | None, path: KeyPath, name: str) -> str | None:
    """Return a piece of a document, standing at ``path``, with its secrets masked.

    The piece may be statements, one value, or lines that are not TOML by themselves.
    """
    if text is None:
        return None
    if is_secret_path(path, in_session=is_session_name(name)):
        return MASK
    try:
        return mask_secrets(Document.parse(text), name)
    except ParseError:
        pass
    if "\n" not in text.rstrip("\n"):
        return without_secrets(text)
    lines = (mask_fragment(line, path, name) or "" for line in text.split("\n"))
    return "\n".join(lines)


def reading_text(
    text: str, name: str, mark: Mark, *, is_inert: bool, is_for_any_name: bool = False
) -> str:
    """Return ``text`` with its secrets masked, so that a change of one is a change of the mask.

    ``mark`` gives a few characters for a secret, others for another one. With ``is_inert``
    the masked lines, and those beside them, end with a character that no file has: a patch
    that was made of two such texts is refused, and where nothing can refuse it, in a new
    file, what it leaves is no TOML. Sidecars show digests of their age files. With
    ``is_for_any_name`` also what would be a secret if the file was a session is masked.
    """
    places = _places(text, name)
    if is_for_any_name and not is_sidecar_name(name) and not is_session_name(name):
        more = (
            (span, stand_in)
            for span, stand_in in _places(text, f"{name}{SESSION_SUFFIX}")
            if not any(span.start < other.end and other.start < span.end for other, _ in places)
        )
        places = sorted([*places, *more])
    if not places:
        return text
    shown = [(span, _marked(text, span, stand_in, mark)) for span, stand_in in places]
    if is_inert:
        shown += ((end, INERT) for end in _line_ends(text, [span for span, _ in places]))
    return spliced(text, sorted(shown))


def damaged_text(text: str, shown: str, mark: Mark, *, is_inert: bool) -> str:
    """Return ``shown``, which is all that may be shown of ``text``, with the mark of all of it."""
    if shown == text:
        return text
    end = f"# {MASK}{mark(text)}{INERT if is_inert else ''}\n"
    if is_inert:
        shown = shown.replace("\r\n", "\n").replace("\n", f"{INERT}\n")
    return f"{shown}{'' if shown.endswith(chr(10)) else chr(10)}{end}"


def _places(text: str, name: str) -> list[tuple[Span, str]]:
    try:
        document = Document.parse(text)
    except ParseError:
        from sessionctl.core.scan.redaction import broken_spans

        return [(Span(start, end), MASK) for start, end in broken_spans(text)]
    if is_sidecar_name(name):
        from sessionctl.core.secrets.digest import sidecar_places

        return sidecar_places(document)
    hidden = hidden_places(document, in_session=is_session_name(name))
    return sorted([*hidden, *_veiled_places(text, [span for span, _ in hidden])])


def _veiled_places(text: str, taken: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    """Yield what has the shape of a secret wherever it stands, in keys and names too."""
    from sessionctl.core.scan.veil import veiled_parts

    for part in veiled_parts(text):
        if not any(part.start < span.end and span.start < part.end for span in taken):
            yield Span(part.start, part.end), MASK


def _marked(text: str, span: Span, stand_in: str, mark: Mark) -> str:
    if MASK not in stand_in:
        return stand_in
    return stand_in.replace(MASK, MASK + mark(text[span.start : span.end]), 1)


def _line_ends(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the ends of the lines that ``spans`` touch, and of the lines beside them, each once."""
    last = -1
    for start, end in sorted(spans):
        begin = text.rfind("\n", 0, start)
        first = begin if begin > 0 else start
        for place in _next_ends(text, (first, end, text.find("\n", end) + 1)):
            if place > last:
                yield Span(place, place)
                last = place


def _next_ends(text: str, offsets: Iterable[int]) -> Iterator[int]:
    for offset in offsets:
        at = text.find("\n", offset)
        if at < 0:
            at = len(text)
        if at > 0 and text[at - 1] == "\r":
            at -= 1
        if at == 0 or text[at - 1] != "\n" or at < len(text):
            yield at
