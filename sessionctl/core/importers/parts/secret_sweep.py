"""The last look at a session: secrets that only show in the whole are kept out too."""

from __future__ import annotations

from sessionctl.core.importers.imported import ImportedSession
from sessionctl.core.problem import Problem, Span
from sessionctl.core.scan.finding import without
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.text.mask import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.values import Value

_SCAN = Judgement(in_session=True)


def without_leftovers(session: ImportedSession) -> tuple[ImportedSession, list[Problem]]:
    """Return ``session`` with its secrets masked, those in comments too, and a problem each."""
    value: Value = session.value
    problems: list[Problem] = []
    for found in list(_SCAN.find(value)):
        new = MASK if found.is_whole else without(found.text, found.parts)
        value = _replaced(value, found.path, new)
        message = f"{found.parts[0].what} is in what goes here; it is kept out, as {MASK}"
        problem = Problem(found.parts[0].rule, message, Span(0, 0), found.path, "", "warning")
        problems.append(problem)
    assert isinstance(value, dict)
    comments = tuple(without_secrets(line) for line in session.comments)
    return ImportedSession(value, comments), problems


def _replaced(value: Value, path: KeyPath, new: str) -> Value:
    if not path:
        return new
    first, rest = path[0], type(path)(path[1:])
    if isinstance(value, dict):
        return {key: _replaced(v, rest, new) if key == first else v for key, v in value.items()}
    assert isinstance(value, list)
    return [_replaced(v, rest, new) if index == first else v for index, v in enumerate(value)]
