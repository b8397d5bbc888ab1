"""Envelope: what is encrypted for one secret - its value, and what it is bound to.

The plaintext of an entry is canonical JSON (UTF-8, sorted keys, no spaces): readable with
any tool once it is decrypted, and the same bytes for the same content. ``tag`` is an
HMAC-SHA-256 under a key derived from the vault key, over all but ``tag`` and ``pad``;
``pad`` fills up to a multiple of 512 bytes, which hides the length of the value.
"""

from __future__ import annotations

import binascii
from _json import encode_basestring, make_encoder, make_scanner

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.secrets.secret import Secret
from sessionctl.core.sha256 import hmac_sha256, is_same_digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TypeAlias

    Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

VERSION = 1
STEP_BYTES = 512

_PURPOSE = b"sessionctl/seal/v1"
_FIELDS = {"v", "session", "name", "gen", "bind", "origin", "tag", "pad"}


class _Numbers:
    """How the scanner of json makes values, and that constants are not for it."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name: str) -> NoReturn:
        raise ValueError(name)


def _not_json(value: object) -> NoReturn:
    raise TypeError(f"{type(value).__name__} is not JSON")


# What is compiled of json: to load the rest, with its expressions, takes as long as to decrypt.
_encoder = make_encoder(None, _not_json, encode_basestring, None, ":", ",", True, False, False)  # noqa: FBT003
_scanner = make_scanner(_Numbers)  # type: ignore[arg-type]


class EnvelopeError(ValueError):
    """Decrypted bytes are no envelope of ours; the message never quotes them."""


class Envelope(NamedTuple):
    """A secret with its session, its name, and where it may be sent.

    ``generation`` counts the changes of value and destination, ``origin`` is the vault
    recipient at the time the value was set. ``tag`` is empty in an entry that was
    written without a key; ``version`` is for what a newer sessionctl wrote.
    """

    session: str
    name: str
    generation: int
    bind: Json
    origin: str
    value: Secret
    tag: str = ""

    def sealed(self, key: Secret) -> Envelope:
        """Return the envelope with its tag under the seal key ``key``."""
        return self._replace(tag=_tag(self, key))

    def is_sealed_by(self, key: Secret) -> bool:
        """Return whether the tag is that of ``key`` over just this content."""
        return is_same_digest(self.tag.encode(), _tag(self, key).encode())


def seal_key(vault_secret: Secret) -> Secret:
    """Return the key of tags that belongs to a vault key (its text form)."""
    return Secret(hmac_sha256(vault_secret.reveal(), _PURPOSE))


def canonical(value: Json) -> bytes:
    """Return ``value`` as JSON that is the same for the same content."""
    return "".join(_encoder(value, 0)).encode()


def ascii_text(value: Json) -> str:
    """Return ``value`` as JSON in which letters that only look like others are escaped."""
    import json

    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _parsed(text: str) -> Json:
    """Return the value in ``text``; what is no value alone is for ``json.loads`` to judge.

    Raises:
      ValueError, RecursionError: as that does; the error holds the text.
    """
    try:
        value, end = _scanner(text, 0)
    except (StopIteration, ValueError, RecursionError):
        value, end = None, -1  # the error is left here, since it may hold the text
    if end != len(text):
        import json

        value = json.loads(text)
    found: Json = value
    return found


def write_envelope(envelope: Envelope) -> Secret:
    """Return the plaintext of an entry, padded to a multiple of 512 bytes."""
    fields = _signed(envelope) | {"tag": envelope.tag, "pad": ""}
    missing = -len(canonical(fields)) % STEP_BYTES
    return Secret(canonical(fields | {"pad": " " * missing}))


def read_envelope(plaintext: Secret) -> Envelope:
    """Return the envelope in ``plaintext``.

    Raises:
      EnvelopeError: it is none, or not in canonical form, or of a newer version.
    """
    data = plaintext.reveal()
    try:
        fields = _parsed(data.decode())
    except (ValueError, RecursionError):
        # Not "from error": json's errors hold the whole text.
        fields = None
    if not isinstance(fields, dict):
        raise EnvelopeError("it has no envelope")
    version = fields.get("v")
    if type(version) is int and version > VERSION:
        raise EnvelopeError("a newer sessionctl wrote it")
    if version != VERSION or type(version) is not int:
        raise EnvelopeError("it has no envelope")
    envelope = _read_fields(fields)
    if not _is_canonical(fields, data):
        raise EnvelopeError("its envelope is not in canonical form")
    return envelope


def _is_canonical(fields: dict[str, Json], data: bytes) -> bool:
    try:
        return canonical(fields) == data
    except ValueError:  # NaN, half a surrogate pair: errors that hold the text
        return False


def _read_fields(fields: dict[str, Json]) -> Envelope:
    if fields.keys() - {"value", "b64"} != _FIELDS or ("value" in fields) is ("b64" in fields):
        _not_ours()
    session, name, origin, tag = (fields[key] for key in ("session", "name", "origin", "tag"))
    generation, pad = fields["gen"], fields["pad"]
    texts = (session, name, origin, tag, pad)
    if not all(isinstance(text, str) for text in texts) or str(pad).strip(" "):
        _not_ours()
    if type(generation) is not int or generation < 1:
        _not_ours()
    return Envelope(
        session=str(session),
        name=str(name),
        generation=generation,
        bind=fields["bind"],
        origin=str(origin),
        value=_read_value(fields),
        tag=str(tag),
    )


def _read_value(fields: dict[str, Json]) -> Secret:
    text = fields.get("value", fields.get("b64"))
    if not isinstance(text, str):
        _not_ours()
    try:
        return Secret(text if "value" in fields else binascii.a2b_base64(text, strict_mode=True))
    except (binascii.Error, ValueError):
        pass  # left here, so that no error with the value in it is chained
    _not_ours()


def _not_ours() -> NoReturn:
    raise EnvelopeError("its envelope has fields that do not belong")


def _signed(envelope: Envelope) -> dict[str, Json]:
    """Return the fields that the tag covers."""
    fields: dict[str, Json] = {
        "v": VERSION,
        "session": envelope.session,
        "name": envelope.name,
        "gen": envelope.generation,
        "bind": envelope.bind,
        "origin": envelope.origin,
    }
    text = envelope.value.text
    if text is not None:
        return fields | {"value": text}
    return fields | {"b64": binascii.b2a_base64(envelope.value.reveal(), newline=False).decode()}


def _tag(envelope: Envelope, key: Secret) -> str:
    return hmac_sha256(key.reveal(), canonical(_signed(envelope))).hex()
