"""Checks of what killed commands left: temporary files, secrets without their session."""

from __future__ import annotations

# Plain os calls, as in what is looked for.
# ruff: noqa: PTH110, PTH118, PTH119, PTH120
import os

from sessionctl.core.filename import SESSION_SUFFIX, VAULT_FOLDER, sidecar_name
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import SessionctlError
from sessionctl.services.doctor.check import Check, CheckFault
from sessionctl.system.files.abandoned_write import find_abandoned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.doctor.setup import Setup


def temporary_files(scene: Setup) -> Iterator[CheckFault]:
    """Look for temporary files whose writer was killed."""
    for folder in _folders(scene):
        for path in find_abandoned(str(scene.place(folder))):
            shown = os.path.join(folder, os.path.basename(path))
            message = "a command that was killed left it; the file it was for is not touched"
            yield CheckFault(message, f"rm -f -- {path_word(shown)}", shown, "warning")


def begun(scene: Setup) -> Iterator[CheckFault]:
    """Look for renames and copies that were killed, and what they made."""
    from sessionctl.services.naming.naming_journal import NamingJournal, is_made

    for entry in NamingJournal(scene.machine.state).entries():
        is_left = os.path.exists(entry.old) or os.path.exists(entry.new)
        made = entry.new if os.path.lexists(entry.new) else sidecar_name(entry.new)
        is_copy = not entry.removals
        if not is_left or (is_copy and not os.path.lexists(made)):
            continue
        if is_copy and made == entry.new and not is_made(entry):
            continue  # another one is in its place
        old, new = (os.path.relpath(path, scene.git.cwd) for path in (entry.old, entry.new))
        verb = "cp" if is_copy else "rename"
        words = f"{path_word(old)} {path_word(new.removesuffix(SESSION_SUFFIX))}"
        message = f"{verb} was cut short; the same command ends it"
        shown = os.path.relpath(made, scene.git.cwd)
        yield CheckFault(message, f"sessionctl {verb} -- {words}", shown, "warning")


def _folders(scene: Setup) -> list[str]:
    """Return the directories that commands write to, as they are called from here."""
    found = [".", VAULT_FOLDER]
    try:
        files = [os.path.dirname(file.path) or "." for file in scene.files]
    except SessionctlError:  # without git those here are looked at
        files = []
    own = [one for one in (scene.machine.config, scene.machine.state) if one is not None]
    return list(dict.fromkeys([*found, *files, *own]))


CHECKS = (
    Check("temporary-files", "no killed command left a file", temporary_files),
    Check("begun", "no rename or copy was left in the middle", begun),
)
