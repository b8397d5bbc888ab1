"""A sidecar for reading: each age file as a digest of itself, everything else as it is."""

from __future__ import annotations

import re

from sessionctl.core.scan.shown import hidden_places
from sessionctl.core.schema.secrets import redact
from sessionctl.core.sealed.agefile import BEGIN, END
from sessionctl.core.sealed.sidecar import digest_of
from sessionctl.core.secretnames import MASK
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.problem import Span
    from sessionctl.core.values import Value

_DIGITS = 12
_ARMOR = re.compile(rf'(?:"""|\'\'\')?\r?\n?{BEGIN}[^-]*{END}\r?\n?(?:"""|\'\'\')?')

# What stands where an age file belongs, in a text that is not TOML.
_PLAIN = re.compile(
    r"""((?<![\w-])(?:age|value|b64)["']?[ \t]*+=[ \t]*+)(?!"sealed\ )
    (?: \"{3}[\s\S]*?(?:\"{3}|\Z) | '{3}[\s\S]*?(?:'{3}|\Z) | [^\r\n]+ )""",
    re.VERBOSE,
)


def show_sidecar(text: str) -> str:
    """Return the text of a sidecar with ``"sealed sha256:..."`` for each age file.

    The digest is that of the ciphertext, so it tells that a value was set anew, and
    nothing of the value. What should be encrypted and is not is masked. A text that is
    not TOML, as with conflict markers in it, is shown in the same way.
    """
    try:
        document = Document.parse(text)
    except ParseError:
        text = _ARMOR.sub(lambda match: _sealed(match[0].strip("\"'\r\n")), text)
        return redact(_PLAIN.sub(rf'\1"{MASK}"', text))
    hidden = dict(hidden_places(document, in_session=False))
    hidden |= dict(_age_values(document))
    for span in sorted(hidden, reverse=True):
        text = f"{text[: span.start]}{hidden[span]}{text[span.end :]}"
    return text


def digested(value: Value) -> Value:
    """Return ``value`` with a digest in the place of each age file in it."""
    if isinstance(value, dict):
        return {key: digested(item) for key, item in value.items()}
    if isinstance(value, list):
        return [digested(item) for item in value]
    if isinstance(value, str) and value.strip().startswith(BEGIN):
        return _sealed(value).strip('"')
    return value


def _age_values(document: Document) -> list[tuple[Span, str]]:
    secrets = document.value.get("secret")
    if not isinstance(secrets, dict):
        return []
    found = []
    for name, entry in secrets.items():
        path = ("secret", name)
        if not isinstance(entry, dict):
            found.append((document.span(path), f'"{MASK}"'))
            continue
        keys = entry.keys() & {"age", "value", "b64", "plain", "plaintext"}
        found += [(document.span((*path, key)), _shown(entry[key])) for key in keys]
    return found


def _shown(value: Value) -> str:
    if isinstance(value, str) and value.strip().startswith(BEGIN):
        return _sealed(value)
    return f'"{MASK}"'


def _sealed(armor: str) -> str:
    algorithm, _, digits = digest_of(armor).partition(":")
    return f'"sealed {algorithm}:{digits[:_DIGITS]}"'
