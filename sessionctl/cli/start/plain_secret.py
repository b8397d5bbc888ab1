"""secret reveal and secret set in their plain form, without click: scripts call them often."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console

_FLAGS = {"reveal": frozenset({"--stdout", "--no-input"}), "set": frozenset({"--no-input"})}


def run_plain_secret(arguments: Sequence[str], console: Console) -> int | None:
    """Run ``secret reveal FILE NAME [--stdout]`` or ``secret set FILE NAME``.

    Both take ``--no-input``. None, and nothing done, for every other command line.

    Raises:
      SessionctlError: as the commands do.
    """
    known = _FLAGS.get(arguments[1]) if len(arguments) > 1 else None
    if known is None:
        return None
    flags: set[str] = set()
    words: list[str] = []
    for word in arguments[2:]:
        if word in known and word not in flags:
            flags.add(word)
        elif not word or word.startswith("-"):
            return None
        else:
            words.append(word)
    if len(words) != 2:
        return None
    try:
        _run(arguments[1], words, flags, console)
    except EOFError:
        from sessionctl.cli.boundary import INTERRUPTED

        return INTERRUPTED  # at a question
    return 0


def _run(command: str, words: Sequence[str], flags: set[str], console: Console) -> None:
    from sessionctl.cli.arguments.named_file import named_file
    from sessionctl.cli.secrets.value_run import reveal_value, store_value

    file = named_file(console, words[0], only_sessions=True)
    no_input = "--no-input" in flags
    if command == "reveal":
        to_stdout = "--stdout" in flags
        reveal_value(console, file, words[1], to_stdout=to_stdout, no_input=no_input)
    else:
        store_value(console, file, words[1], no_input=no_input)
