"""Vault output: a change of who may read, as lines and as JSON data."""

from __future__ import annotations

import os

from sessionctl.core.filename import session_name
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.services.plan.plan import plan_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sessionctl.cli.output.console import Console
    from sessionctl.services.secrets.readers.vault_change import VaultChange
    from sessionctl.services.secrets.secret_steps import WriteSecretFile


def print_vault_change(console: Console, change: VaultChange, *, dry_run: bool) -> None:
    """Print which files were written, and what is to be done next."""
    print_writes(console, change.writes, dry_run=dry_run)
    if change.before != change.after:
        console.note(f"the vault is {change.after} now; other machines accept it once:")
        console.hint(f"sessionctl secret rekey --accept {change.after}")
    for left in change.left:
        console.warn(f"{_near(left.sidecar)}: {left.name}: unchanged: {left.why}")
    to_rotate = [moved for moved in change.moved if moved.entry.rotate]
    if to_rotate:
        console.note("known to a removed recipient, change them where they are used, too:")
    for moved in to_rotate:
        session = session_name(_near(moved.sidecar))
        words = f"{path_word(session)} {last_words(moved.entry.name)}"
        console.out(f"sessionctl secret rotate {words}")


def print_writes(console: Console, writes: Iterable[WriteSecretFile], *, dry_run: bool) -> None:
    """Print the files that were written, or would be."""
    for write in writes:
        done = f"{'made' if write.is_new else 'changed'} {write.path}"
        console.out(f"would {write.render()}" if dry_run else done)


def vault_change_data(change: VaultChange) -> dict[str, object]:
    """Return a change of the vault as plain data for JSON."""
    return {
        "vault_before": change.before or None,
        "vault_after": change.after,
        "recipients": list(change.recipients),
        "steps": plan_lines(change.plan()),
        "rotate": [
            {"sidecar": _near(moved.sidecar), "name": moved.entry.name}
            for moved in change.moved
            if moved.entry.rotate
        ],
        "left": [
            {"sidecar": _near(left.sidecar), "name": left.name, "reason": left.why}
            for left in change.left
        ],
    }


def _near(path: Path) -> str:
    return os.path.relpath(path)
