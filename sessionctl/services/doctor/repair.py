"""Mending: the plan that takes away what was found, as far as sessionctl has one."""

from __future__ import annotations

from sessionctl.services.doctor.check import HOOK, INSTALL
from sessionctl.services.git.hook import plan_hook
from sessionctl.services.git.installation import plan_install

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.services.doctor.check import CheckFinding
    from sessionctl.services.doctor.setup import Setup
    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.git.program import Git


def plan_mending(scene: Setup, findings: Iterable[CheckFinding]) -> Plan[Git]:
    """Return the steps that fix what has a remedy; none when nothing has.

    An installation is repaired in the scopes it is in. The hook is not installed where it
    was not before.

    Raises:
      SessionctlError: a plan cannot be made; nothing is changed.
    """
    remedies = {fault.remedy for finding in findings for fault in finding.faults}
    plan: Plan[Git] = ()
    if INSTALL in remedies:
        for target in scene.targets:
            plan += plan_install(target)
    if HOOK in remedies:
        plan += plan_hook(scene.git)
    return plan
