"""What killed commands left is looked for without git too."""

from __future__ import annotations

import os

from sessionctl.services.doctor.check import CheckFault
from sessionctl.services.doctor.checks.cut_writes import temporary_files
from sessionctl.services.doctor.setup import Setup
from sessionctl.services.machine import Machine
from sessionctl.system.git.program import Git


def test_where_git_is_missing_the_directory_and_those_of_the_user_are_looked_at(tmp_path):
    environ = {"HOME": str(tmp_path / "home"), "PATH": str(tmp_path)}
    machine = Machine(environ)
    here = tmp_path / "it's here"
    folders = [here, here / ".sessionctl", machine.config, machine.state]
    shown = [".", ".sessionctl", machine.config, machine.state]
    for number, folder in enumerate(folders):
        os.makedirs(folder, exist_ok=True)
        left = os.path.join(folder, f".sessionctl-{number:012x}.tmp")
        with open(left, "w"):
            pass
        os.utime(left, (0, 0))
    names = [os.path.join(one, f".sessionctl-{n:012x}.tmp") for n, one in enumerate(shown)]
    message = "a command that was killed left it; the file it was for is not touched"
    assert list(temporary_files(Setup(Git(machine.environ, here), machine))) == [
        CheckFault(message, f"rm -f -- {name}", name, "warning") for name in names
    ]
