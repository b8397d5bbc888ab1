"""get and set in their plain form, without click: scripts call them once per value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console


def run_plain(arguments: Sequence[str], console: Console) -> int | None:
    """Run ``get FILE KEY`` or ``set [-n] FILE KEY VALUE`` and return the exit code.

    None, and nothing done, for every other command line, such as one with other options.

    Raises:
      SessionctlError: as the commands do.
    """
    words, dry_run = arguments, False
    match arguments:
        case ["set", "-n" | "--dry-run", *rest]:
            words, dry_run = ["set", *rest], True
    if any(word.startswith("-") for word in words):
        return None
    from sessionctl.cli.arguments.named_file import named_file

    match words:
        case ["get", file, key]:
            from sessionctl.cli.output.edit_output import print_value

            return print_value(console, named_file(console, file), key)
        case ["set", file, key, value]:
            from sessionctl.cli.output.edit_output import carry_out
            from sessionctl.services.documents.value_access import plan_set

            change = plan_set(named_file(console, file), key, value)
            carry_out(console, "set", change, dry_run=dry_run)
            return 0
    return None
