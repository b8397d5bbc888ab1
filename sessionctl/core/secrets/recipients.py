"""Recipients: the text of ``.age-recipients``, exactly a file for ``age -R``, with labels.

A comment directly above a key is its label. Edits leave all other lines as they are.
"""

from __future__ import annotations

import binascii

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import IGNORECASE, late
from sessionctl.core.sha256 import sha256
from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import DocumentError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BECH32 = "[02-9ac-hj-np-z]"
_X25519 = late(rf"age1{_BECH32}{{58}}")
_PLUGIN = late(rf"age1([a-z0-9+._-]+)1({_BECH32}{{6,}})")
_SSH = late(r"(ssh-ed25519|ssh-rsa)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?")
_SHOWN = 20
_PRIVATE = late(r"AGE-(?:SECRET-KEY|PLUGIN)-|-----BEGIN .*PRIVATE", IGNORECASE)
_SSH_KIND = late(r"(ecdsa-sha2-[a-z0-9-]+|sk-[a-z0-9-]+@openssh\.com|ssh-[a-z0-9-]+)\b")
_OPTIONS = late(r"\S.*\s(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-\S+)\s+[A-Za-z0-9+/]{20}")


class Recipient(NamedTuple):
    """One who may read: a public key, and what people call it.

    ``key`` is the canonical form, without the comment of an ssh key; ``kind`` is
    "X25519", "ssh-ed25519", "ssh-rsa", or the name of an age plug-in.
    """

    key: str
    kind: str
    label: str = ""

    @property
    def key_word(self) -> str:
        """The key as a word for a shell."""
        return quoted(self.key)

    @property
    def shown_label(self) -> str:
        """The label with letters escaped that could be taken for others: anybody may write it."""
        from sessionctl.core.text.lookalike import unmistakable

        return unmistakable(self.label)

    @property
    def shown(self) -> str:
        """The label and the key, cut to what tells it from others."""
        words = self.key.split(" ")
        tail = words[-1] if len(words) > 1 else ""
        short = f"{words[0]} ...{tail[-_SHOWN:]}" if tail else self.key
        return f"{self.shown_label} ({short})" if self.label else short


class _RecipientLine(NamedTuple):
    """A recipient and the lines it takes, its label with it; ``end`` is exclusive."""

    recipient: Recipient
    start: int
    end: int


class DamagedLine(NamedTuple):
    """A line that is no recipient; ``what`` says what it looks like, never what it holds."""

    line: int
    what: str


class Recipients:
    """The recipients of a file; a value: edits return a new one.

    ``damaged`` are the lines that are none; whoever they stand for is missing among the
    recipients, so nothing is to be encrypted to these alone.
    """

    __slots__ = ("_lines", "_places", "damaged", "name", "recipients", "text")

    def __init__(self, text: str, name: str = "") -> None:
        """Read ``text``, whatever its lines are."""
        self.text = text
        self.name = name
        self._lines = text.splitlines(keepends=True)
        damaged: list[DamagedLine] = []
        self._places = list(_places(self._lines, damaged))
        self.damaged = tuple(damaged)
        self.recipients = tuple(place.recipient for place in self._places)

    @classmethod
    def parse(cls, text: str, name: str = "") -> Recipients:
        """Return the recipients in ``text``; ``name`` stands in messages.

        Raises:
          DocumentError: lines are no recipients that are known; the message names each.
        """
        read = cls(text, name)
        if read.damaged:
            raise _unknown(name, read.damaged)
        return read

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, each once, in the order of the file."""
        return tuple(dict.fromkeys(recipient.key for recipient in self.recipients))

    @property
    def fingerprint(self) -> str:
        """A digest of who may read, whatever the order and the labels."""
        return fingerprint(self.keys)

    def add(self, recipient: Recipient) -> Recipients:
        """Return the recipients with one more, at the end."""
        text = self.text
        newline = "\r\n" if "\r\n" in text else "\n"
        if text and not text.endswith("\n"):
            text += newline
        label = f"# {recipient.label}{newline}" if recipient.label else ""
        return Recipients(f"{text}{label}{recipient.key}{newline}", self.name)

    def remove(self, key: str) -> Recipients:
        """Return the recipients without ``key`` and its label."""
        gone = {
            index
            for place in self._places
            if place.recipient.key == key
            for index in range(place.start, place.end)
        }
        kept = (line for index, line in enumerate(self._lines) if index not in gone)
        return Recipients("".join(kept), self.name)

    def find(self, wanted: str) -> Recipient:
        """Return the recipient that ``wanted`` names: its key, or its label.

        Raises:
          UsageError: there is none, or two have the label.
        """
        found = parse_recipient(wanted)
        key = found.key if found is not None else None
        matches = {
            recipient.key: recipient
            for recipient in self.recipients
            if recipient.key == key or recipient.label == wanted
        }
        if len(matches) == 1:
            return next(iter(matches.values()))
        name = self.name or "recipients"
        if matches:
            raise UsageError(
                f"{name}: {len(matches)} recipients have this label: {wanted}",
                hints=["give the key of one; they are listed by: sessionctl recipients list"],
            )
        raise UsageError(
            f"{name}: no such recipient: {wanted}", hints=["list them: sessionctl recipients list"]
        )


def parse_recipient(text: str, label: str = "") -> Recipient | None:
    """Return the recipient that ``text`` is, or None when it has no form that is known.

    The comment of an ssh key is its label when there is no other.
    """
    text = text.strip()
    ssh = _SSH.fullmatch(text) if text.startswith("ssh-") else None
    if ssh is not None:
        key = f"{ssh[1]} {_canonical_base64(ssh[2])}"
        return Recipient(key, ssh[1], label or (ssh[3] or "").strip())
    if _X25519.fullmatch(text) is not None:
        return Recipient(text, "X25519", label)
    plugin = _PLUGIN.fullmatch(text)
    return Recipient(text, plugin[1], label) if plugin is not None else None


def _canonical_base64(text: str) -> str:
    """Return the one spelling of a key: bits that do not count could tell two of one apart."""
    try:
        return binascii.b2a_base64(binascii.a2b_base64(text), newline=False).decode()
    except (binascii.Error, ValueError):
        return text


def fingerprint(keys: Iterable[str]) -> str:
    """Return a digest of a set of recipients, whatever their order."""
    joined = "\n".join(sorted(set(keys)))
    return f"sha256:{sha256(joined.encode()).hexdigest()}"


def _places(lines: list[str], damaged: list[DamagedLine]) -> Iterable[_RecipientLine]:
    label, start = "", None
    for index, line in enumerate(lines):
        stripped = line.strip()
        if stripped.startswith("#"):
            label, start = stripped.lstrip("#").strip(), index
        elif not stripped:
            label, start = "", None
        else:
            recipient = parse_recipient(stripped, label)
            if recipient is None:
                damaged.append(DamagedLine(index + 1, _describe(stripped)))
                label, start = "", None
                continue
            yield _RecipientLine(recipient, index if start is None else start, index + 1)
            label, start = "", None


def _unknown(name: str, damaged: Sequence[DamagedLine]) -> DocumentError:
    first, *others = damaged
    more = "".join(f"; line {one.line}: {one.what}" for one in others)
    return DocumentError(
        f"{name or 'recipients'}:{first.line}:1: not a recipient that is known: {first.what}{more}",
        hints=["a recipient begins with age1, ssh-ed25519 or ssh-rsa, and is public"],
    )


def _describe(line: str) -> str:
    """Return what a line is that is no recipient; never what it holds, an identity perhaps."""
    line = line.strip()
    if _PRIVATE.match(line):
        return "a private key, which must not be here"
    if line.startswith(("<<<<<<<", "|||||||", "=======", ">>>>>>>")):
        return "a marker of a conflict"
    if line.lower().startswith("age1"):
        return "an age key that is damaged: it was cut or mistyped"
    ssh = _SSH_KIND.match(line)
    if ssh is not None and ssh[1] in ("ssh-ed25519", "ssh-rsa"):
        return f"an {ssh[1]} key that is damaged"
    if ssh is not None:
        return f"an ssh key of the type {ssh[1]}, which age cannot use"
    if _OPTIONS.match(line):
        return "an ssh key with options before it"
    if line.startswith(("-----BEGIN PGP", "0x")):
        return "a key of PGP, which age cannot use"
    if line.startswith(("github:", "gitlab:", "http://", "https://")):
        return "the place of keys, and no key"
    return "it starts with no known word"
