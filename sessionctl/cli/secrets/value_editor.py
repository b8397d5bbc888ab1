"""Value editor: a secret is written in an editor that keeps no copy of it."""

from __future__ import annotations

import shlex
from pathlib import Path

from sessionctl.cli.input.editor import user_editor
from sessionctl.errors import ToolError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.machine import Machine

_VIM = (
    *("-n", "-i", "NONE", "--cmd", "set nobackup nowritebackup noundofile"),
    # Once more behind the user's own settings.
    *("-c", "set nobackup nowritebackup noundofile noswapfile"),
)
_EMACS = ("--eval", "(setq make-backup-files nil auto-save-default nil create-lockfiles nil)")
_FLAGS = {
    "vim": _VIM,
    "nvim": _VIM,
    "emacs": _EMACS,
    "nano": ("--ignorercfiles",),
    "ed": (),
}


def edit_value(console: Console, name: str, *, force: bool = False) -> Secret:
    """Return what is written in the user's editor, on a file in memory, as it is.

    Raises:
      UsageError: the editor is not known to keep no copy, and ``force`` is not given.
      ToolError: it is missing, or failed.
      FileError: no directory lies in memory.
    """
    from sessionctl.cli.input.hangup import hangups_interrupt
    from sessionctl.system.files.memory_folder import memory_folder
    from sessionctl.system.files.private_files import read_private
    from sessionctl.system.process import run_interactive

    argv = editor_command(console.machine, force=force)
    console.detail(f"{name}: in {argv[0]}, on a file in memory")
    console.rest()
    with hangups_interrupt(), memory_folder(_memory_places(console.machine)) as folder:
        path = folder / "value"
        path.touch(mode=0o600)
        code = run_interactive(
            [*argv, str(path)], {**console.machine.environ, "TMPDIR": str(folder)}
        )
        if code != 0:
            raise ToolError(f"{argv[0]}: exit code {code}; nothing was stored")
        return read_private(path)


def editor_command(machine: Machine, *, force: bool) -> list[str]:
    """Return the editor with the options that make it keep no copy.

    Raises:
      UsageError: it is not known, and ``force`` is not given.
    """
    argv = shlex.split(user_editor(machine)) or ["vi"]
    kind = _kind(argv[0], machine.find(argv[0]))
    if kind in _FLAGS:
        return [*argv, *_FLAGS[kind]]
    if force:
        return argv
    raise UsageError(
        f"{argv[0]}: may keep copies of what is edited",
        hints=["set EDITOR to vim, nvim, emacs, nano or ed, or pass the value on stdin"],
    )


def _kind(word: str, program: str | None) -> str:
    """Return which editor it is: by its name, or by that of what a link leads to."""
    names = [Path(word).name]
    if program is not None:
        names.append(Path(program).resolve().name)
    for name in names:
        stem = name.partition(".")[0]  # vim.tiny, emacs.gtk
        stem = stem.partition("-")[0] if stem.startswith("emacs-") else stem
        if stem in _FLAGS:
            return stem
    return ""


def _memory_places(machine: Machine) -> list[Path]:
    runtime = machine.environ.get("XDG_RUNTIME_DIR")
    return [*([Path(runtime)] if runtime else []), Path("/dev/shm")]  # noqa: S108
