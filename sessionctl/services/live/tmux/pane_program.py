"""What runs in a pane, and how it was started: typed into a shell, or as the pane's process."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from sessionctl.core.text.shellwords import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.system.process_table import ProcessTable

SHELLS = frozenset({
    "ash", "bash", "csh", "dash", "elvish", "fish", "ksh", "ksh93", "mksh", "nu", "oksh", "pwsh",
    "rbash", "sh", "tcsh", "xonsh", "yash", "zsh",
})  # fmt: skip
_WITH_VALUE = frozenset({"--rcfile", "--init-file", "-o", "-O", "+O", "+o", "--init-command", "-C"})
_KEPT = frozenset({
    "AWS_PROFILE", "AWS_REGION", "CONDA_DEFAULT_ENV", "CONDA_PREFIX", "DJANGO_SETTINGS_MODULE",
    "DOCKER_CONTEXT", "FLASK_APP", "IN_NIX_SHELL", "JAVA_HOME", "KUBECONFIG", "NODE_ENV",
    "NVM_BIN", "PGDATABASE", "PGHOST", "PGPORT", "PGSERVICE", "PGUSER", "PYENV_VERSION",
    "PYTHONPATH", "RBENV_VERSION", "RUST_LOG", "RUSTUP_TOOLCHAIN", "VIRTUAL_ENV",
})  # fmt: skip
_KEPT_STARTS = ("ASDF_", "MISE_", "NIX_", "GIT_AUTHOR_", "GIT_COMMITTER_")
_KEPT_ENDS = ("_ENV", "_PROFILE")
# Ours that end once they are done; what watches or shows goes on, and is a program like others.
_ENDING = frozenset({"save", "restore", "open", "close", "tmux"})
_NEVER = ("DIRENV_", "BASH_ENV")


class PaneProgram(NamedTuple):
    """What runs in a pane; ``run`` and ``shell`` as in a session file.

    ``process`` is the process it was read from, 0 for none.
    """

    run: tuple[str, ...] | str | None
    shell: bool | tuple[str, ...]
    process: int = 0


def find_program(
    table: ProcessTable, pid: int, start_words: Sequence[str], default_shell: str
) -> PaneProgram:
    """Return what runs in the pane whose own process is ``pid``.

    Args:
      table: the processes.
      pid: the pane's own process.
      start_words: the command the pane was made with, () for the default shell.
      default_shell: the path of tmux's default shell.
    """
    own = table.argv(pid)
    row = table.row(pid)
    if row is None or not own or _is_still_the_server(table, row.parent, own):
        return PaneProgram(tuple(start_words) or None, not start_words)
    if not is_interactive_shell(own, default_shell):
        return PaneProgram(own, shell=False, process=pid)
    shell: bool | tuple[str, ...] = True
    if start_words and not _is_default(own, default_shell):
        shell = own
    if row.foreground in (row.group, 0, -1):
        return PaneProgram(None, shell)
    return find_job(table, pid, row.foreground, shell)


def find_job(
    table: ProcessTable,
    shell: int,
    group: int,
    around: bool | tuple[str, ...] = True,  # noqa: FBT001, FBT002
) -> PaneProgram:
    """Return the job of the process ``shell`` that is the process group ``group``."""
    jobs = [pid for pid in table.children(shell) if _is_in(table, pid, group)]
    # Whoever types "save" into a pane does not want it to be saved, and started at the restore.
    if any(is_own_command(table.argv(pid)) for pid in jobs):
        return PaneProgram(None, around)
    if len(jobs) > 1:
        line = _pipeline(table, jobs)
        if line:
            return PaneProgram(line, around, jobs[0])
    for pid in (group, *jobs):
        argv = table.argv(pid)
        if argv:
            return PaneProgram(argv, around, pid)
    for pid in table.group(group):
        argv = table.argv(pid)
        if argv:
            return PaneProgram(argv, around, pid)
    return PaneProgram(None, around)


def is_interactive_shell(argv: Sequence[str], default_shell: str = "") -> bool:
    """Return whether ``argv`` starts a shell that reads commands from its terminal."""
    name = base_name(argv[0])
    if name not in SHELLS and name != base_name(default_shell):
        return False
    position = 1
    while position < len(argv):
        word = argv[position]
        if word in _WITH_VALUE:
            position += 2
            continue
        is_command = word[:1] == "-" and word[:2] != "--" and "c" in word
        if not word.startswith(("-", "+")) or is_command:
            return False
        position += 1
    return True


def is_own_command(argv: Sequence[str]) -> bool:
    """Return whether ``argv`` is a command of sessionctl that saves or brings back, and ends."""
    words = list(argv)
    if words and base_name(words[0]).startswith("python"):
        # python -m sessionctl save, or the script that pip installed
        rest = [word for word in words[1:] if not word.startswith("-")]
        words = rest[1:] if words[1:2] == ["-X"] else rest
    if not words or base_name(words[0]) != "sessionctl":
        return False
    commands = [word for word in words[1:] if not word.startswith("-")]
    return commands[:1] != [] and commands[0] in _ENDING


def base_name(program: str) -> str:
    """Return the name of a program: without its directory, and the dash of a login shell."""
    return program.rpartition("/")[2].lstrip("-")


def kept_variables(table: ProcessTable, process: int, around: Mapping[str, str]) -> dict[str, str]:
    """Return what a program was given in its environment that ``around`` does not have.

    Only variables of a list, which choose a project's tools and no more.
    """
    return variables_of_list(table.environment(process), around)


def variables_of_list(environ: Mapping[str, str], around: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the list that ``around`` does not have with this value."""
    found = {}
    for name, value in environ.items():
        is_kept = name in _KEPT or name.startswith(_KEPT_STARTS) or name.endswith(_KEPT_ENDS)
        if is_kept and not name.startswith(_NEVER) and around.get(name) != value:
            found[name] = value
    return found


def _is_default(argv: Sequence[str], default_shell: str) -> bool:
    is_plain = all(word in ("-l", "-i", "--login") for word in argv[1:])
    return is_plain and base_name(argv[0]) == base_name(default_shell)


def _is_still_the_server(table: ProcessTable, parent: int, own: Sequence[str]) -> bool:
    """Return whether a pane's process is a copy of the tmux server, just before its program."""
    return base_name(own[0]).startswith("tmux") and tuple(own) == tuple(table.argv(parent))


def _is_in(table: ProcessTable, pid: int, group: int) -> bool:
    row = table.row(pid)
    return row is not None and row.group == group and row.state != "Z"


def _pipeline(table: ProcessTable, jobs: Sequence[int]) -> str:
    """Return the shell line of processes that a pipe joins one to the next, "" for others."""
    for one, following in pairwise(jobs):
        pipe = table.output_of(one, 1)
        if not pipe.startswith("pipe:") or pipe != table.output_of(following, 0):
            return ""
    line = " | ".join(" ".join(map(quoted, table.argv(pid))) for pid in jobs)
    # Several lines would be several commands, and what is not UTF-8 cannot be typed.
    is_typable = line.isprintable()
    return line if is_typable else ""
