"""save in its plain form, without click: most saves find that nothing changed."""

from __future__ import annotations

from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.services.live.tmux.adapter import TmuxAdapter

_VALUED = {"--file": "file", "--tmux-socket": "socket"}


def run_plain_save(arguments: Sequence[str], console: Console) -> int | None:
    """Run ``save [NAME | --all] [--file FILE] [--tmux-socket NAME]`` and return the exit code.

    None, and nothing done, for every other command line.

    Raises:
      SessionctlError: as the command does.
    """
    given = _parsed(arguments)
    if given is None:
        return None
    from sessionctl.services.live.standing_marks import StandingMarks
    from sessionctl.services.live.tmux.adapter import TmuxAdapter

    adapter = TmuxAdapter(console.machine.environ, given["socket"], console.machine.state)
    marks = StandingMarks(console.machine.state)
    files = []
    try:
        found = adapter.capture(None if given["all"] else [given["name"] or adapter.current()])
    except SessionctlError:
        return None  # the command says what may be saved instead
    for standing in found:
        file = given["file"] or marks.file_of(standing.workspace.name)
        if not file or not marks.is_unchanged(file, standing):
            return _save(console, given, adapter)
        files.append(file)
    for file in files:
        console.note(f"{file}: nothing changed")
    return 0


def _save(console: Console, given: dict[str, str], adapter: TmuxAdapter) -> int:
    """Save what was captured, as the command does."""
    from sessionctl.cli.live.save_run import CONFLICTS, SaveOptions, save

    options = SaveOptions(
        is_all=bool(given["all"]), file=given["file"] or None, socket=given["socket"]
    )
    return CONFLICTS if save(console, given["name"] or None, options, adapter) else 0


def _parsed(arguments: Sequence[str]) -> dict[str, str] | None:
    """Return the name and the options of a plain command line; None for another one."""
    given = {"name": "", "file": "", "socket": "", "all": ""}
    words = iter(arguments[1:])
    for word in words:
        if word in _VALUED:
            given[_VALUED[word]] = next(words, "")
        elif word == "--all":
            given["all"] = word
        elif word.startswith("-") or not word or given["name"]:
            return None
        else:
            given["name"] = word
    is_plain = not (given["all"] and (given["name"] or given["file"]))
    return given if is_plain else None
