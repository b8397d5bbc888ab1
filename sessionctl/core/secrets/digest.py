"""Digests: a sidecar for reading, each age file as a digest of itself, everything else as it is."""

from __future__ import annotations

import re

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.scan.redaction import redact_broken
from sessionctl.core.secrets.agefile import BEGIN, END
from sessionctl.core.secrets.sidecar import digest_of
from sessionctl.core.text.mask import MASK, SEALED
from sessionctl.core.text.splicing import spliced
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.keypath import Part
    from sessionctl.core.values import Value

_DIGITS = 12
_ARMOR = re.compile(rf'(?:"""|\'\'\')?\r?\n?{BEGIN}[^-]*{END}\r?\n?(?:"""|\'\'\')?')
# Lines of a text that is not TOML which surely hold no value.
_SAFE_LINE = re.compile(
    r"""\s* (?: \#.* | <{7,}.* | \|{7,}.* | ={7,}.* | >{7,}.*
      | \[ \s* secret \s* \. \s* ["']? [A-Za-z0-9_.-]+ ["']? \s* \]
      | format \s* = \s* [0-9]+ | unsealed \s* = \s* (?:true|false)
      | (?:session|vault|rotate) \s* = \s* "[A-Za-z0-9-]*"
      | (?:age|value|b64) \s* = \s* "(?:sealed\ sha256:[0-9a-f]+|\*{3})"
      | (?:age \s* = \s*)? (?:\"{3}|'{3})
    )? \s*""",
    re.VERBOSE,
)
_KNOWN_KEY = re.compile(
    r"\s*(?:age|b64|format|plain|plaintext|rotate|session|unsealed|value|vault)\s*=\s*"
)

# What stands where an age file belongs, in a text that is not TOML.
_PLAIN = re.compile(
    r"""((?<![\w-])(?:age|value|b64)["']?[ \t]*+=[ \t]*+)(?!"sealed\ )
    (?: \"{3}[\s\S]*?(?:\"{3}|\Z) | '{3}[\s\S]*?(?:'{3}|\Z) | [^\r\n]+ )""",
    re.VERBOSE,
)


def show_sidecar(text: str) -> str:
    """Return the text of a sidecar with ``"sealed sha256:..."`` for each age file.

    The digest is that of the ciphertext, so it tells that a value was set anew, and
    nothing of the value. Every other text in it is masked, for it should be encrypted and
    is not; so it is in one that is not TOML, as with conflict markers in it.
    """
    try:
        document = Document.parse(text)
    except ParseError:
        return show_damaged(text)
    return spliced(text, sidecar_places(document))


def sidecar_places(document: Document) -> list[tuple[Span, str]]:
    """Return where a sidecar holds age files and secrets, with what to show there, in order."""
    hidden = dict(hidden_places(document, in_session=False))
    places = KeyPlaces(document)
    for path, value in _texts(document.value, ()):
        hidden[places.value(KeyPath(path))] = _shown(path, value)
    return sorted(hidden.items())


def digested(value: Value) -> Value:
    """Return ``value`` with a digest in the place of each age file in it."""
    if isinstance(value, dict):
        return {key: digested(item) for key, item in value.items()}
    if isinstance(value, list):
        return [digested(item) for item in value]
    if isinstance(value, str) and value.strip().startswith(BEGIN):
        return _sealed(value).strip('"')
    return value


def show_damaged(text: str) -> str:
    """Return the text of a sidecar that cannot be read, with all masked that may be a value."""
    text = _ARMOR.sub(lambda match: _sealed(match[0].strip("\"'\r\n")), text)
    text = redact_broken(_PLAIN.sub(rf'\1"{MASK}"', text))
    return spliced(text, ((span, MASK) for span in doubtful_lines(text)))


def doubtful_lines(text: str) -> list[Span]:
    """Return the lines of a sidecar that is not TOML which may hold a value, in order.

    The key of a line stays outside of the stretch, where it is one that is known.
    """
    found = []
    position = 0
    for line in text.splitlines(keepends=True):
        end = position + len(line.rstrip("\r\n"))
        if _SAFE_LINE.fullmatch(text, position, end) is None:
            key = _KNOWN_KEY.match(text, position, end)
            found.append(Span(key.end() if key else position, end))
        position += len(line)
    return found


def _texts(value: Value, path: tuple[Part, ...]) -> Iterator[tuple[tuple[Part, ...], Value]]:
    """Yield what may be a value that somebody typed: not the head, dates and marks."""
    if isinstance(value, dict | list):
        for part, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(item, (*path, part))
        return
    is_head = len(path) == 1 and path[0] in ("session", "vault", "format")
    is_date = len(path) == 3 and path[0] == "secret" and path[2] == "rotate"
    is_text = isinstance(value, str) or path[0] == "secret"
    if is_text and not (is_head or is_date or isinstance(value, bool)):
        yield path, value


def _shown(path: tuple[Part, ...], value: Value) -> str:
    if path[-1] == "age" and isinstance(value, str) and value.strip().startswith(BEGIN):
        return _sealed(value)
    return f'"{MASK}"'


def _sealed(armor: str) -> str:
    algorithm, _, digits = digest_of(armor).partition(":")
    return f'{SEALED}{algorithm}:{digits[:_DIGITS]}"'
