"""Secret problems: what a scan finds in a file, and what a session refers to in vain."""

from __future__ import annotations

from sessionctl.core.filename import STDIN_NAME
from sessionctl.core.keypath import KeyPath, render_key
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Problem, Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.finding import ADDRESS, ENTROPY, WAIVER
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.rules.key_names import name_for
from sessionctl.core.scan.rules.shapes import is_quotable
from sessionctl.core.scan.text_scan import find_in_text
from sessionctl.core.text.mask import MASK
from sessionctl.core.text.shellwords import last_words
from sessionctl.core.values import is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sessionctl.core.scan.finding import SecretFinding
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Value

DANGLING = "dangling-secret"
MASKED = "masked-text"
"""The rule of a text whose secrets were replaced by what git diff shows for them."""
# What a reader of history shows for a secret: the mask, and letters that change with it.
_LITERAL_MASK = MASK.replace("*", r"\*")
_MARK = late(rf"(?<![*\w]){_LITERAL_MASK}[0-9a-f]{{6}}(?![*\w])")


def secrets_in_document(
    document: Document, judgement: Judgement, schema: Schema | None = None
) -> list[Problem]:
    """Return a problem for each secret that ``judgement`` finds in a document.

    Items are named as ``schema`` identifies them.
    """
    found = find_secrets(document, judgement)
    return as_problems(document, found, schema, in_session=judgement.in_session)


def as_problems(
    document: Document, found: list[SecretFinding], schema: Schema | None, *, in_session: bool
) -> list[Problem]:
    """Return the findings in a document as problems of it."""
    if not found:
        return []
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.key_places import KeyPlaces

    places = KeyPlaces(document)
    schema = schema or Schema({})
    problems = []
    for finding in found:
        problem = finding.problem(_hint(finding, document.name, in_session=in_session))
        path = finding.key_path and places.shown(finding.key_path, schema.item_key)
        problems.append(problem._replace(key_path=path))
    return problems


def secrets_in_text(text: str, judgement: Judgement, *, is_toml: bool) -> list[Problem]:
    """Return a problem for each secret in a text that is not TOML; ``is_toml``: it should be."""
    if is_toml:
        from sessionctl.core.scan.broken_scan import find_in_broken

        found = find_in_broken(text, judgement)
    else:
        found = find_in_text(text, known=judgement.known)
    return [finding.problem(_hint(finding, "", in_session=False)) for finding in found]


def with_secrets(
    document: Document,
    problems: tuple[Problem, ...],
    schema: Schema | None,
    stored: StoredNames | None,
) -> tuple[Problem, ...]:
    """Return the problems of a session with its secrets that are written out, or not stored.

    Of one value "a secret" says more than "the wrong type". With ``stored``, the session
    may refer to no other secrets.
    """
    found = list(problems)
    if stored is not None:
        found += dangling(document, stored)
    if MASK in document.text:
        found += masked_marks(document.text)
    leaks = find_secrets(document, Judgement(in_session=True))
    if leaks:
        secrets = as_problems(document, leaks, schema, in_session=True)
        taken = {problem.span for problem in secrets}
        found = [*secrets, *(problem for problem in found if problem.span not in taken)]
    return tuple(sorted(found, key=lambda problem: problem.span))


def masked_marks(text: str) -> Iterator[Problem]:
    """Yield a problem for each mark in ``text`` that stands where a secret was."""
    for match in _MARK.finditer(text):
        message = "this is a mark that git diff shows for a secret, not a value"
        hint = "restore the file, and make patches with: git diff --no-textconv"
        yield Problem(MASKED, message, Span(*match.span()), hint=hint)


class StoredNames(NamedTuple):
    """The names a sidecar holds, and the advice to give for one that it does not.

    ``{name}`` in ``hint`` stands for the name.
    """

    names: Collection[str]
    hint: str


def dangling(document: Document, stored: StoredNames) -> Iterator[Problem]:
    """Yield a problem for each reference of a session to a secret that is not ``stored``."""
    for path, name in _references(document.value, KeyPath()):
        if name not in stored.names:
            yield Problem(
                DANGLING,
                f'no secret "{name if is_quotable(name) else MASK}" is stored',
                document.span(path),
                path,
                stored.hint.replace("{name}", last_words(name) if is_quotable(name) else "NAME"),
            )


def _references(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        if path and is_reference(value):
            yield path, str(value["secret"])
            return
        for key, item in value.items():
            yield from _references(item, path / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references(item, path / index)


def _hint(finding: SecretFinding, file: str, *, in_session: bool) -> str:
    if finding.rule == WAIVER:
        return "allow it with a reason: # sessionctl: allow-secret REASON"
    if finding.rule == ENTROPY:
        return "if it is not a secret, there is nothing to do"
    if finding.is_comment:
        return "remove it from the comment"
    if not in_session or not finding.key_path:
        return "remove it, and replace it where it is used, because it has been seen"
    name = name_for(finding.key_path)
    if finding.is_whole or finding.rule == ADDRESS:
        if file and file != STDIN_NAME:
            from sessionctl.core.text.shellwords import path_word

            return f"move it to the sidecar: sessionctl secret extract {path_word(file)}"
        key = render_key(str(finding.key_path[-1]))
        return f'keep only its name in the file: {key} = {{ secret = "{name}" }}'
    reference = f'env = {{ NAME = {{ secret = "{name}" }} }}'
    return f"keep only its name, {reference}, and run the program with secret exec"
