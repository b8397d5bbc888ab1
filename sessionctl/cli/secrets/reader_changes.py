"""Readers: how changes of who may read are asked for and told."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sessionctl.core.filename import session_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from sessionctl.cli.output.console import Console
    from sessionctl.services.secrets.readers.rewrap import RewrapPlan

    Decorated = TypeVar("Decorated", bound="Callable[..., Any]")


def directory_option(function: Decorated) -> Decorated:
    """Add ``--dir DIR``: whose secrets are meant."""
    return click.option(
        "--dir",
        "directory",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        default=".",
        metavar="DIR",
        help="A directory in the repository; by default this one.",
    )(function)


def tell_rewrap(console: Console, plan: RewrapPlan, *, dry_run: bool) -> None:
    """Tell which files were written, and what is to be done next."""
    for write in plan.writes:
        console.out(f"would {write}" if dry_run else write.done)
    if plan.before != plan.after:
        console.note(f"the vault is {plan.after} now; other machines accept it once:")
        console.hint(f"sessionctl secret rekey --accept {plan.after}")
    for left in plan.left:
        console.warn(f"{_near(left.sidecar)}: {left.name}: left as it is: {left.why}")
    to_rotate = [moved for moved in plan.moved if moved.entry.rotate]
    if to_rotate:
        console.note("known to a removed recipient, to be set anew where they are used too:")
    for moved in to_rotate:
        session = session_name(_near(moved.sidecar))
        console.out(f"sessionctl secret rotate {session} {moved.entry.name}")


def rewrap_data(plan: RewrapPlan) -> dict[str, object]:
    """Return a change of the vault as plain data for JSON."""
    return {
        "vault_before": plan.before or None,
        "vault_after": plan.after,
        "recipients": list(plan.recipients),
        "steps": list(map(str, plan.writes)),
        "rotate": [
            {"sidecar": _near(moved.sidecar), "name": moved.entry.name}
            for moved in plan.moved
            if moved.entry.rotate
        ],
        "left": [
            {"sidecar": _near(left.sidecar), "name": left.name, "reason": left.why}
            for left in plan.left
        ],
    }


def _near(path: Path) -> str:
    return os.path.relpath(path)
