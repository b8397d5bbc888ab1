"""Rotation: a new value in the place of one, given or made at random."""

from __future__ import annotations

import secrets as random

from sessionctl.core.secrets.random_value import generate
from sessionctl.errors import UsageError
from sessionctl.services.secrets.entries.storage import check_name, find_target, plan_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.random_value import RandomRules
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.storage import SecretChange, SecretTarget


def random_value(rules: RandomRules) -> Secret:
    """Return a new value from the system's source of randomness.

    Raises:
      UsageError: the rules ask for one that is too short or too long.
    """
    return generate(rules, random.choice)


def find_rotation_target(secrets: SessionSecrets, name: str) -> SecretTarget:
    """Return where the new value of ``name`` will be stored.

    Raises:
      UsageError: the name is not valid.
      KeyNotFoundError, RefusedError: there is no such secret.
      LockedError: no identity opens the vault.
    """
    check_name(name)
    secrets.entry(name)
    return find_target(secrets, name, must_seal=True)


def plan_rotate(target: SecretTarget, value: Secret) -> SecretChange:
    """Return what putting ``value`` in the place of the old one changes.

    Raises:
      UsageError: the value is the same as before, or as ``plan_set`` says.
    """
    change = plan_set(target, value)
    if change.state == "unchanged":
        raise UsageError(
            f"{target.name}: the value is the same as before",
            hints=["change it where it is used first, then give the new one"],
        )
    return change
