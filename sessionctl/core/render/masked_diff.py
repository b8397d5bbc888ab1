"""A diff for showing: the same changes, the secrets in them masked."""

from __future__ import annotations

from sessionctl.core.diff.change import Added, CommentChanged, Diff, Modified, Removed
from sessionctl.core.frozen_class import replace
from sessionctl.core.scan.masked_values import masked
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.text.mask import MASK
from sessionctl.core.values import is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.diff.change import Change, Comment
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.values import Value

_AGE_FILE = "-----BEGIN AGE ENCRYPTED FILE-----"


class Mask:
    """What may be shown: references to secrets, but no literal secret.

    A value is a secret by its key's name, or when ``is_secret(path)`` says so.
    ``in_session`` says that the document is a session.
    """

    def __init__(
        self, *, in_session: bool = False, is_secret: Callable[[KeyPath], bool] | None = None
    ) -> None:
        self._in_session = in_session
        self._is_secret = is_secret

    def value(self, value: Value, path: KeyPath) -> Value:
        """Return what may be shown of ``value``, which sits at ``path``.

        Of age files that is a digest.
        """
        shown = masked(value, in_session=self._in_session, path=path)
        if _holds_age_file(value):
            from sessionctl.core.secrets.digest import digested

            shown = digested(shown)
        return shown if self._is_secret is None else self._hidden(shown, path)

    def comment(self, text: str) -> str:
        """Return what may be shown of a comment; it may hold statements."""
        return without_secrets(text)

    def diff(self, diff: Diff) -> Diff:
        """Return ``diff`` with what may be shown of its values and comments.

        A value that only changed in what is masked is the same before and after.
        ``before`` and ``after`` of the diff are as they were, for the places in them.
        """
        return Diff(tuple(map(self._change, diff.changes)), diff.before, diff.after)

    def _change(self, change: Change) -> Change:
        path = change.path
        match change:
            case Added():
                shown = self.value(change.after, path)
                return replace(change, after=shown, comments=self._comments(change.comments))
            case Removed():
                return replace(change, before=self.value(change.before, path))
            case Modified():
                return replace(
                    change,
                    before=self.value(change.before, path),
                    after=self.value(change.after, path),
                    comments=self._comments(change.comments),
                )
            case CommentChanged():
                before, after = self.comment(change.before), self.comment(change.after)
                return replace(change, before=before, after=after)
            case _:
                return change

    def _comments(self, comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
        return tuple(item._replace(text=self.comment(item.text)) for item in comments)

    def _hidden(self, value: Value, path: KeyPath) -> Value:
        assert self._is_secret is not None
        if is_reference(value):
            return value
        if isinstance(value, dict):
            return {key: self._hidden(item, path / key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._hidden(item, path / index) for index, item in enumerate(value)]
        return MASK if self._is_secret(path) else value


def _holds_age_file(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_age_file, value.values()))
    if isinstance(value, list):
        return any(map(_holds_age_file, value))
    return isinstance(value, str) and _AGE_FILE in value
