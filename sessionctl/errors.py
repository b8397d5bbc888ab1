"""Every exception sessionctl raises, with the exit code it leads to.

The tree::

    SessionctlError            3   could not
    + UsageError               2   the call itself is wrong
    + DocumentError            1   the text is not what it must be
    | - ParseError             1   not TOML 1.0; carries the place
    | - UnsupportedVersionError 1  written by a newer sessionctl
    + EditError                1   the edit is not possible in this document
    | - KeyNotFoundError       1   no such key
    + FileError                3   reading or writing failed
    | - ChangedError           3   the file was changed by someone else meanwhile
    + ToolError                3   another program failed or is missing
    | - GitError               3   git said no
    + LockedError              4   a secret needs an identity
    + RefusedError             5   refused for safety
    + GuardError              70   an edit or merge of ours did not verify; nothing was written
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    class ParseProblem(Protocol):
        """What a ParseError says of its ``core.problem.Problem``; the core is above this module."""

        @property
        def rule(self) -> str:
            """A stable word: "syntax", "encoding", "limit"."""

        @property
        def message(self) -> str:
            """What is wrong."""

        @property
        def hint(self) -> str:
            """What to do about it, or nothing."""


class SessionctlError(Exception):
    """Something sessionctl could not do, said for people.

    ``message`` reads "where: what is wrong, got what", lower case, no full stop;
    each of ``hints`` is one next step.
    """

    exit_code = 3

    def __init__(self, message: str, *, hints: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hints = tuple(hints)


class UsageError(SessionctlError):
    """The call itself is wrong: an unknown option, a malformed key path."""

    exit_code = 2


class DocumentError(SessionctlError):
    """The text of a document is not what it must be."""

    exit_code = 1


class ParseError(DocumentError):
    """A text is not TOML 1.0 (or passes a limit); ``problem`` names the place.

    ``line`` and ``column`` count from 1, the column in code points. ``text`` is the text,
    from which an excerpt can be shown; "" where it is not at hand. No message holds it.
    """

    def __init__(
        self, problem: ParseProblem, *, line: int, column: int, name: str = "", text: str = ""
    ) -> None:
        where = f"{name}:{line}:{column}" if name else f"{line}:{column}"
        hints = (problem.hint,) if problem.hint else ()
        super().__init__(f"{where}: {problem.message}", hints=hints)
        self.problem = problem
        self.name = name
        self.line = line
        self.column = column
        self.text = text


class UnsupportedVersionError(DocumentError):
    """The document was written by a newer sessionctl."""


class EditError(SessionctlError):
    """The edit is not possible in this document; nothing was changed."""

    exit_code = 1


class KeyNotFoundError(EditError):
    """No value sits at the key path."""


class FileError(SessionctlError):
    """Reading or writing a file failed.

    ``missing`` is the path that was to be read and at which nothing lies, "" otherwise.
    """

    def __init__(self, message: str, *, hints: Sequence[str] = (), missing: str = "") -> None:
        super().__init__(message, hints=hints)
        self.missing = missing


class ChangedError(FileError):
    """The file was changed by someone else since it was read, and the changes conflict.

    The file has the other change; nothing of it was overwritten.
    """


class ToolError(SessionctlError):
    """Another program failed or is missing."""


class GitError(ToolError):
    """Git said no, or is missing."""


class NoRepositoryError(GitError):
    """There is no git repository where one is needed."""


class LockedError(SessionctlError):
    """A secret is needed and no identity opens it."""

    exit_code = 4


class RefusedError(SessionctlError):
    """Refused for safety: tampered, untrusted or failing an integrity check."""

    exit_code = 5


class GuardError(SessionctlError):
    """A result of ours did not verify against an independent parser.

    A bug of sessionctl; the document is left as it was.
    """

    exit_code = 70
