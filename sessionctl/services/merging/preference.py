"""Preference: the policy that the settings have for the merges of a file."""

from __future__ import annotations

# pathlib costs start-up, and every conflict of a rebase comes here: plain os calls.
# ruff: noqa: PTH100, PTH120
import os
from typing import NamedTuple

from sessionctl.core.merge.policy.policy import Policy
from sessionctl.core.settings import Origin
from sessionctl.errors import SessionctlError
from sessionctl.services.settings.settings_files import find_project_file, user_file
from sessionctl.system.files.text import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine

KEY = "merge.prefer"
VARIABLE = "SESSIONCTL_MERGE_PREFER"


class Preference(NamedTuple):
    """A policy of the settings, where it stands, and what is wrong with the settings.

    With ``is_of_project`` it came with the repository, and the user has said nothing.
    """

    policy: Policy | None = None
    place: str = ""
    messages: tuple[str, ...] = ()
    is_of_project: bool = False


def preference_for(machine: Machine, path: str) -> Preference:
    """Return what ``merge.prefer`` says for the file at ``path``; no policy where it is not set."""
    directory = os.path.dirname(os.path.abspath(path))
    if not machine.environ.get(VARIABLE) and not _is_mentioned(machine, directory):
        return Preference()
    from sessionctl.services.settings.settings_files import load_settings

    loaded = load_settings(machine, directory)
    messages = tuple(text for text in loaded.messages if KEY in text)
    setting = loaded.settings[KEY]
    assert isinstance(setting.value, list)
    if not setting.value:
        return Preference(messages=messages)
    policy = Policy.parse(map(str, setting.value))
    return Preference(policy, setting.place, messages, setting.origin is Origin.PROJECT)


def _is_mentioned(machine: Machine, directory: str) -> bool:
    """Return whether a file of settings has the word at all: reading them in full takes longer."""
    for file in (find_project_file(directory), user_file(machine)):
        try:
            if file is not None and b"prefer" in read_bytes(file):
                return True
        except (OSError, SessionctlError):
            continue
    return False
