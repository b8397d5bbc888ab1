"""Configuration: the block of sessionctl in the user's tmux.conf, put in and taken out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.text.managed_block import find_block, put_block, take_block
from sessionctl.errors import FileError
from sessionctl.services.live.tmux_setup.key_bindings import STARTED_OPTION, TmuxKeys, block_lines
from sessionctl.services.plan.file_steps import WriteFile
from sessionctl.system.files.text import read_text
from sessionctl.system.tmux.command_text import split_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.machine import Machine
    from sessionctl.services.plan.plan import Plan

_ACTION = re.compile(r" tmux key (save|restore|open) ")


class InstalledBlock(NamedTuple):
    """What the block in a configuration file says; ``program`` is the file it starts."""

    file: Path
    keys: TmuxKeys
    program: str


def configuration_file(machine: Machine) -> Path:
    """Return the tmux.conf of the user: the one with our block, else the one that is there.

    Raises:
      FileError: there is no home directory.
    """
    if machine.home is None or machine.config_home is None:
        raise FileError("tmux: there is no home directory", hints=["set HOME, or use --file"])
    usual = Path(machine.home, ".tmux.conf")
    # tmux reads the last one too where XDG_CONFIG_HOME is another directory.
    folders = (machine.config_home, f"{machine.home}/.config")
    files = (usual, *(Path(folder, "tmux", "tmux.conf") for folder in folders))
    there = [file for file in files if file.is_file()]
    ours = [file for file in there if find_block(read_text(file), str(file)) is not None]
    return (ours or there or [usual])[0]


def plan_install(file: Path, program: Sequence[str], keys: TmuxKeys) -> Plan[object]:
    """Return the steps that put the block into ``file``; none where it is there as it should be.

    Raises:
      FileError: it cannot be read.
      DocumentError: the block in it is broken.
    """
    before = _read(file)
    after = put_block(before, block_lines(program, keys), str(file))
    return () if before == after else (WriteFile(_target(file), before, after),)


def plan_uninstall(file: Path) -> Plan[object]:
    """Return the steps that leave ``file`` as it was before; none where there is no block.

    Raises as ``plan_install`` does.
    """
    before = _read(file)
    if before is None:
        return ()
    after = take_block(before, str(file))
    return () if before == after else (WriteFile(_target(file), before, after),)


def read_block(file: Path) -> InstalledBlock | None:
    """Return what the block in ``file`` says, None where there is none.

    Raises as ``plan_install`` does.
    """
    text = _read(file)
    block = None if text is None else find_block(text, str(file))
    if block is None:
        return None
    found, program = {"save": "", "restore": "", "open": ""}, ""
    for line in block.lines:
        words = split_words(line)
        action = _ACTION.search(words[-1]) if words[:1] == ["bind-key"] else None
        if action is not None:
            found[action[1]] = words[-4]
            program = _first_word(words[-1])
        elif words[:1] == ["run-shell"]:
            program = _first_word(words[-1])
    is_restored = any(STARTED_OPTION in line for line in block.lines)
    return InstalledBlock(file, TmuxKeys(**found, is_restored=is_restored), program)


def _first_word(line: str) -> str:
    import shlex

    return shlex.split(line)[0].replace("##", "#")


def _target(file: Path) -> Path:
    """Return the file to write: a symlink, such as into a dotfiles repository, stays one."""
    return file.resolve() if file.is_symlink() else file


def _read(file: Path) -> str | None:
    return read_text(file) if file.exists() else None
