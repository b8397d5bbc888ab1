"""Quote hint: the advice to quote a value, or not to, in a file and on a command line."""

from __future__ import annotations

from sessionctl.core.text.shellwords import path_word, typed_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.problem import Problem

QUOTE = "put it in quotes"
UNQUOTE = "write it without quotes"


def hint_to_type(problem: Problem, file: str, typed: Mapping[KeyPath, str]) -> str:
    """Return the hint of ``problem``, where the values of ``typed`` were typed in a shell.

    A shell takes quotes away: about those of a typed value the hint is a line to type.
    """
    text = typed.get(problem.key_path)
    words = f"{path_word(file)} {typed_word(str(problem.key_path))}"
    if text is not None and problem.hint.startswith(f"{QUOTE}: "):
        return f"as a string: sessionctl set --string -- {words} {typed_word(text)}"
    if text is not None and problem.hint.startswith(f"{UNQUOTE}: "):
        bare = problem.hint.removeprefix(f"{UNQUOTE}: ")
        return f"without quotes: sessionctl set -- {words} {typed_word(bare)}"
    return problem.hint
