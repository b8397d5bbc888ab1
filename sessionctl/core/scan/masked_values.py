"""Masked values: what may be shown of a value, and the places that a document must hide."""

from __future__ import annotations

from sessionctl.core.keypath import escape_basic
from sessionctl.core.problem import Span
from sessionctl.core.scan.finding import without
from sessionctl.core.scan.judgement import ROOT, Judgement
from sessionctl.core.text.mask import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Value


def literal_secrets(
    value: Value,
    *,
    in_session: bool,
    path: KeyPath = ROOT,
    is_field: Callable[[KeyPath], bool] | None = None,
) -> dict[KeyPath, str]:
    """Return the scalars of ``value`` that hold a secret, with what may be shown for each.

    ``path`` is where ``value`` sits. A string with a secret in it, such as the password of
    an address, shows all but that. Fields that ``is_field`` holds for are secrets whatever
    their names.
    """
    judgement = Judgement(in_session=in_session, is_field=is_field, is_wide=True)
    found = judgement.find(value, path)
    secrets: dict[KeyPath, str] = {}
    for place, text, parts, is_whole in found:
        secrets[place] = MASK if is_whole else without(text, parts)
    return secrets


def masked(
    value: Value,
    *,
    in_session: bool,
    path: KeyPath = ROOT,
    is_field: Callable[[KeyPath], bool] | None = None,
) -> Value:
    """Return ``value`` with its secrets masked; the rest is as of ``literal_secrets``."""
    secrets = literal_secrets(value, in_session=in_session, path=path, is_field=is_field)
    return _masked(value, path, secrets) if secrets else value


def hidden_places(
    document: Document,
    *,
    in_session: bool,
    is_field: Callable[[KeyPath], bool] | None = None,
    within: Span | None = None,
) -> list[tuple[Span, str]]:
    """Return where a document holds secrets, and what to show there, in order.

    Fields that ``is_field`` holds for are secrets whatever their names; comments are looked
    through too. With those stretches replaced the text is TOML still. Of those that do not
    reach into ``within`` none is looked for.
    """
    from sessionctl.core.scan.comment_blocks import parts_across
    from sessionctl.core.scan.document_scan import comments_of, in_values, meet

    judgement = Judgement(in_session=in_session, is_field=is_field, is_wide=True)
    hidden = set()
    for finding in in_values(document, judgement, within):
        if finding.is_inside:
            hidden.add((finding.span, MASK))
        else:
            path = finding.key_path
            shown = literal_secrets(document.get(path), in_session=in_session, path=path)
            hidden.add((finding.span, f'"{escape_basic(shown.get(path, MASK))}"'))
    comments = list(comments_of(document))
    across = [Span(part.start, part.end) for part in parts_across(document.text, comments)]
    if within is not None:
        across = [place for place in across if meet(place, within)]
        comments = [one for one in comments if any(meet(one, place) for place in (within, *across))]
    for span in comments:
        for part in judgement.parts(document.text[span.start : span.end]):
            hidden.add((Span(span.start + part.start, span.start + part.end), MASK))
    for place in across:
        if not any(meet(place, other) for other, _ in hidden):
            hidden.add((place, MASK))
    return sorted(place for place in hidden if within is None or meet(place[0], within))


def _masked(value: Value, path: KeyPath, secrets: dict[KeyPath, str]) -> Value:
    if isinstance(value, dict):
        return {key: _masked(item, path / key, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, path / index, secrets) for index, item in enumerate(value)]
    return secrets.get(path, value)
