"""Secret cover: the secrets of one connection, taken out of whatever its driver or server says."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.connections.connection_adapter import Failure, PeerIdentity, ResumeReport
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.core.values import Value

_MASK = "***"
_LEAST = 4
"""A secret of fewer characters is not looked for: everything would be one."""


class SecretCover:
    """Covers secrets in texts and values; a server may well send back what it was sent."""

    __slots__ = ("_texts",)

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        # The longest first: one may be a part of another.
        forms = {form for secret in secrets for form in _forms(secret.reveal())}
        self._texts = tuple(sorted(forms, key=len, reverse=True))

    def __repr__(self) -> str:
        return f"SecretCover({len(self._texts)})"

    def text(self, text: str) -> str:
        """Return ``text`` with every secret in it masked."""
        for secret in self._texts:
            text = text.replace(secret, _MASK)
        return text

    def value(self, value: Value) -> Value:
        """Return a value with every secret in it masked."""
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def failure(self, failure: Failure) -> Failure:
        """Return a failure with no secret in its words."""
        return failure._replace(
            message=self.text(failure.message),
            hints=tuple(map(self.text, failure.hints)),
            found=self.text(failure.found),
            wanted=self.text(failure.wanted),
        )

    def peer(self, peer: PeerIdentity) -> PeerIdentity:
        """Return an identity with no secret in it."""
        return peer._replace(**{name: self.text(text) for name, text in peer._asdict().items()})

    def report(self, report: ResumeReport) -> ResumeReport:
        """Return a report with no secret in it."""
        return report._replace(
            **{name: tuple(map(self.text, items)) for name, items in report._asdict().items()}
        )


NO_COVER = SecretCover()


def _forms(data: bytes) -> set[str]:
    """Return how a server may well send ``data`` back: as it is, or as it travelled."""
    texts = {data.decode(errors=how) for how in ("surrogateescape", "replace")}
    if len(texts) > 1:  # it is not UTF-8
        texts.add(data.decode("latin-1"))
    if len(min(texts, key=len)) < _LEAST:
        return set()
    from base64 import b64encode, urlsafe_b64encode
    from urllib.parse import quote, quote_plus

    encoded = (encode(data).decode().rstrip("=") for encode in (b64encode, urlsafe_b64encode))
    return {*texts, *encoded, quote(data), quote(data, safe=""), quote_plus(data)}
