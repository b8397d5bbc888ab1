"""Rotating: a new value in the place of one, given or made at random."""

from __future__ import annotations

import secrets as random

from sessionctl.core.secrets.random_value import generate
from sessionctl.errors import UsageError
from sessionctl.services.secrets.entries.storage import check_name, plan_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.secrets.random_value import RandomRules
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.services.secrets.access.session_secrets import SessionSecrets
    from sessionctl.services.secrets.entries.storage import SetPlan


def random_value(rules: RandomRules) -> Secret:
    """Return a new value from the system's source of randomness.

    Raises:
      UsageError: the rules ask for one that is too short or too long.
    """
    return generate(rules, random.choice)


def plan_rotate(secrets: SessionSecrets, name: str, read_value: Callable[[], Secret]) -> SetPlan:
    """Return what putting the value that ``read_value`` gives in the place of the old changes.

    Raises:
      KeyNotFoundError, RefusedError: there is no such secret.
      LockedError: no identity opens the vault.
      UsageError: the value is the same as before.
    """
    check_name(name)
    secrets.entry(name)
    plan = plan_set(secrets, name, read_value, must_seal=True)
    if plan.state == "unchanged":
        raise UsageError(
            f"{name}: the value is the same as before",
            hints=["change it where it is used first, then give the new one"],
        )
    return plan
