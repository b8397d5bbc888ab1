"""Secret output: plans of secrets are carried out, and what is said of them and beside them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.cli.plan_flow import PlanMode
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.plan.runner import PlanReport
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
    from sessionctl.services.secrets.entries.storage import SecretChange

_STATES = {"created": "stored", "changed": "changed", "unchanged": "unchanged"}


def carry_out(
    console: Console, plan: Plan[VaultKeeper], keeper: VaultKeeper, mode: PlanMode
) -> PlanReport:
    """Carry out ``plan``, which the command shows in its own way, and print its notes.

    Raises:
      SessionctlError: a step failed; those before it were done.
    """
    from sessionctl.cli.plan_flow import perform, shown_already

    report = perform(console, plan, keeper, mode, show=shown_already)
    for text, hint in report.notes:
        console.note(text)
        if hint:
            console.hint(hint)
    return report.check()


def print_notes(console: Console, keeper: VaultKeeper) -> None:
    """Print what the user should know beside the answer."""
    for note in keeper.notes:
        console.note(note)
    keeper.notes.clear()
    failure = keeper.trust_file.failure
    if failure is not None:
        console.warn(
            f"the last seen state could not be saved: {failure.message}", hints=failure.hints
        )


def print_change(console: Console, change: SecretChange, verb: str, mode: PlanMode) -> None:
    """Print what was stored by ``verb`` ("set", "rotate"), and what is to be done next."""
    name, secrets, dry_run = change.entry.name, change.secrets, mode.dry_run
    if mode.as_json:
        from sessionctl.services.plan.plan import plan_lines

        console.print_json(
            f"secret {verb}",
            file=secrets.file,
            sidecar=str(secrets.place.sidecar),
            name=name,
            state=change.state,
            sealed=change.is_sealed,
            generation=change.generation,
            digest=change.entry.digest,
            steps=plan_lines(change.plan()),
            dry_run=dry_run,
        )
        return
    for line in change.notes:
        console.note(f"would have {line}" if dry_run else line)
    lead = "would be " if dry_run and change.state != "unchanged" else ""
    console.out(f"{secrets.place.sidecar}: {name}: {lead}{_STATES[change.state]}")
    if not change.is_sealed:
        unsealed = "without a key that opens the vault it is stored unsealed, and not used yet"
        console.warn(f"{name}: {unsealed}")
    for hint in change.hints():
        console.hint(hint)
