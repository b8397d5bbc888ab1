"""The doctor: looks at the set-up for known faults, and fixes what has a plan."""

from __future__ import annotations

from sessionctl.services.doctor.check import Check, CheckFault, CheckFinding
from sessionctl.services.doctor.examination import CHECKS, examine
from sessionctl.services.doctor.repair import plan_mending
from sessionctl.services.doctor.setup import Setup

__all__ = [
    "CHECKS",
    "Check",
    "CheckFault",
    "CheckFinding",
    "Setup",
    "examine",
    "plan_mending",
]
