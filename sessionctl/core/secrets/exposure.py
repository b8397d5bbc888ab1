"""Exposure: what must not stand in a sidecar, values that are not encrypted above all."""

from __future__ import annotations

from sessionctl.core.filename import session_name
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.finding import UNENCRYPTED
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.rules.key_names import is_secret_key
from sessionctl.core.secrets.agefile import BEGIN, NotAgeError, read_age_file
from sessionctl.core.secrets.sidecar import FORMAT, NAME, undo_hint
from sessionctl.core.text.shellwords import last_words, path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table, Value

SIDECAR = "sidecar"
UNROTATED = "unrotated-secret"
UNSEALED = "unsealed-secret"

_PLAIN_KEYS = ("b64", "clear", "plain", "plaintext", "text", "value")


def sidecar_problems(document: Document) -> tuple[Problem, ...]:
    """Return everything that is wrong with a sidecar, in order; no problem names a value.

    Every value must be an age file in armor; what else looks like a secret in it, in
    comments too, is reported as in any file.
    """
    found = list(_of_head(document))
    secrets = document.value.get("secret", {})
    if isinstance(secrets, dict):
        for name, entry in secrets.items():
            found += _of_entry(document, name, entry)
    else:
        found.append(_problem(document, ("secret",), 'expected tables [secret."NAME"]'))
    places = {problem.span for problem in found}
    # The age files themselves look as random as they are.
    for finding in find_secrets(document, Judgement(in_session=False)):
        if finding.span not in places and not _is_armor(document, finding.span):
            found.append(finding.problem("remove it; store it with: sessionctl secret set"))
    return tuple(sorted(found, key=lambda problem: problem.span))


def _of_head(document: Document) -> Iterator[Problem]:
    value = document.value
    version = value.get("format")
    if type(version) is not int or version != FORMAT:
        if type(version) is int and version > FORMAT:
            what = f"written in format {version}, the newest known one is {FORMAT}"
            yield Problem("version", what, document.span("format"), KeyPath(["format"]))
        else:
            yield _problem(document, ("format",), f"expected the format, {FORMAT}")
    for key in ("session", "vault"):
        if not isinstance(value.get(key), str):
            yield _problem(document, (key,), "expected a string")


def _of_entry(document: Document, name: str, entry: Value) -> Iterator[Problem]:
    path = ("secret", name)
    if NAME.fullmatch(name) is None:
        yield _problem(document, path, "expected a name such as prod.password", at_key=True)
    if not isinstance(entry, dict):
        yield _plain(document, path)
        return
    armor = entry.get("age")
    if "age" not in entry:
        yield _problem(document, path, "expected the key age: an age file in armor")
    elif not isinstance(armor, str):
        yield _plain(document, (*path, "age"))
    else:
        try:
            is_encrypted = armor.lstrip().startswith(BEGIN)
            read_age_file(armor.encode())
        except (NotAgeError, UnicodeEncodeError):
            is_encrypted = False
        if not is_encrypted:
            yield _plain(document, (*path, "age"))
    for key, value in entry.items():
        # Keys that are not known stay: a later version may have put them there.
        if isinstance(value, str) and (key in _PLAIN_KEYS or is_secret_key(key)):
            yield _plain(document, (*path, key))
    if not isinstance(entry.get("rotate", ""), str):
        yield _problem(document, (*path, "rotate"), "expected a date in quotes")
    else:
        yield from _to_do(document, name, entry)


def _to_do(document: Document, name: str, entry: Table) -> Iterator[Problem]:
    """Yield what is to be done about an entry that is as it should be."""
    path = KeyPath(("secret", name))
    session = session_name(document.name) or "FILE"
    words = f"{path_word(session)} {last_words(name)}"
    since = entry.get("rotate", "")
    if since:
        yield Problem(
            UNROTATED,
            f"a recipient who was removed knows this value, since {since}",
            document.span(path / "rotate"),
            path,
            f"set a new one: sessionctl secret rotate {words}",
            severity="warning",
        )
    if entry.get("unsealed") is True:
        yield Problem(
            UNSEALED,
            "stored without a key: unconfirmed, so it is not used",
            document.span(path / "unsealed"),
            path,
            f"someone with a key accepts it: sessionctl secret accept {words}",
            severity="warning",
        )


def _plain(document: Document, path: tuple[str, ...]) -> Problem:
    return Problem(
        UNENCRYPTED,
        "not encrypted: expected an age file in armor",
        document.span(path),
        KeyPath(path),
        "remove it, and store the value with: sessionctl secret set",
    )


def _problem(
    document: Document, path: tuple[str, ...], what: str, *, at_key: bool = False
) -> Problem:
    span = Span(0, 0)
    if path in document:
        span = document.key_span(path) if at_key else document.span(path)
    return Problem(SIDECAR, what, span, KeyPath(path), undo_hint(document.name))


def _is_armor(document: Document, span: Span) -> bool:
    return document.text[span.start : span.end].strip("\"'").lstrip().startswith(BEGIN)
