"""The doctor: looks at the set-up for known faults, and mends what has a plan."""

from __future__ import annotations

from sessionctl.services.doctor.check import Check, Fault, Finding
from sessionctl.services.doctor.examination import CHECKS, examine
from sessionctl.services.doctor.repair import plan_mending
from sessionctl.services.doctor.setup import Machine, Scene

__all__ = ["CHECKS", "Check", "Fault", "Finding", "Machine", "Scene", "examine", "plan_mending"]
