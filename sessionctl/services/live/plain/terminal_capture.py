"""Terminal capture: the shell of a terminal, its directory, variables and jobs."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.services.live.tmux.pane_program import (
    find_job,
    is_interactive_shell,
    kept_variables,
    variables_of_list,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sessionctl.system.process_table import ProcessTable

_MOST_ANCESTORS = 64


class TerminalJob(NamedTuple):
    """A program of a terminal's shell: stopped, or in the background.

    ``run`` is its argv, or a shell line for a pipe; ``env`` what it was given beside the
    shell's variables.
    """

    run: tuple[str, ...] | str
    cwd: str
    env: Mapping[str, str]
    process: int


class TerminalState(NamedTuple):
    """A terminal as it stands.

    ``shell`` is the process of its shell, 0 where there is none around this process; ``env``
    are the variables of the list that it exports.
    """

    shell: int
    shell_argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str]
    jobs: tuple[TerminalJob, ...]


def read_terminal(
    table: ProcessTable, process: int, environ: Mapping[str, str], cwd: str
) -> TerminalState:
    """Return the terminal that ``process`` runs in.

    Args:
      table: the processes.
      process: this process; neither it nor what it was started through counts as a job.
      environ: the variables of this process, which are those that its shell exports now.
      cwd: its directory.
    """
    own = list(_ancestors(table, process))
    name = environ.get("SHELL", "")
    shell = next((pid for pid in own[1:] if _is_shell(table, pid, name)), 0)
    if not shell:
        return TerminalState(0, (), cwd, variables_of_list(environ, {}), ())
    # All of the list: what the terminal began with is not there in another one.
    env = variables_of_list(environ, {})
    directory = table.cwd(shell) or cwd
    jobs = tuple(_jobs(table, shell, set(own), environ))
    return TerminalState(shell, table.argv(shell), directory, env, jobs)


def _is_shell(table: ProcessTable, pid: int, default_shell: str) -> bool:
    argv = table.argv(pid)
    return bool(argv) and is_interactive_shell(argv, default_shell)


def _ancestors(table: ProcessTable, process: int) -> Iterator[int]:
    for _ in range(_MOST_ANCESTORS):
        row = table.row(process)
        if row is None or process <= 1:
            return
        yield process
        process = row.parent


def _jobs(
    table: ProcessTable, shell: int, own: set[int], environ: Mapping[str, str]
) -> Iterator[TerminalJob]:
    groups: dict[int, None] = {}
    mine: set[int] = set()
    for pid in table.children(shell):
        row = table.row(pid)
        if row is None or row.state == "Z":
            continue
        groups[row.group] = None
        if pid in own:
            mine.add(row.group)
    for group in groups:
        if group in mine:
            continue
        found = find_job(table, shell, group)
        if found.run is None:
            continue
        env = kept_variables(table, found.process, environ)
        cwd = table.cwd(found.process) or table.cwd(shell)
        yield TerminalJob(found.run, cwd, env, found.process)
