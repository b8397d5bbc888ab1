"""The verdicts that are remembered for a user, where the settings do not say otherwise."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH113
import os

from sessionctl.services.verdicts.verdict_cache import VerdictCache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.machine import Machine

_SETTING = "validate.cache"
_VARIABLE = "SESSIONCTL_VALIDATE_CACHE"


def user_verdicts(machine: Machine) -> VerdictCache:
    """Return the verdicts of the user of ``machine``; who adds to them keeps them at the end."""
    return VerdictCache(machine, lambda: _is_wanted(machine))


def _is_wanted(machine: Machine) -> bool:
    if not machine.environ.get(_VARIABLE) and not os.path.isfile(f"{machine.config}/config.toml"):
        return True  # the settings take longer to read than some files to check
    from sessionctl.services.settings.settings_files import load_settings

    return load_settings(machine).settings.boolean(_SETTING)
