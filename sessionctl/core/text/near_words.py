"""Near words: what a word that names nothing was probably meant to be."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_COMPARED = 300
_LONGEST = 60
_LISTED = 8
_CUTOFF = 0.6


def nearest(word: str, words: Iterable[object], *, count: int = 1) -> list[str]:
    """Return up to ``count`` of ``words`` that ``word`` was probably meant to be, best first.

    One that differs in upper and lower case alone comes first; what is no text is left out.
    Of many words only those that begin alike are compared, so that a hostile file costs little.
    """
    texts = [text for text in words if isinstance(text, str) and text != word]
    folded = word.casefold()
    same = [text for text in texts if text.casefold() == folded]
    if same:
        return same[:count]
    from difflib import get_close_matches

    if len(texts) > _COMPARED:
        texts = [text for text in texts if text[:1] == word[:1]][:_COMPARED]
    return get_close_matches(word[:_LONGEST], list(dict.fromkeys(texts)), n=count, cutoff=_CUTOFF)


def near_hints(
    word: str, words: Iterable[str], *, count: int = 1, listed: str = "there are"
) -> list[str]:
    """Return the hint "did you mean ...?", else one that lists what there is; none of nothing.

    With ``listed`` empty nothing is listed.
    """
    known = list(dict.fromkeys(words))
    near = nearest(word, known, count=count)
    if near:
        return [f"did you mean {' or '.join(near)}?"]
    if not known or not listed:
        return []
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return [f"{listed}: {', '.join(known[:_LISTED])}{more}"]
