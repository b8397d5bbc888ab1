"""Value run: what ``secret reveal`` and ``secret set`` do, however their words were read."""

from __future__ import annotations

from sessionctl.cli.secrets.secret_output import print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.services.secrets.access.session_secrets import SessionSecrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.cli.output.console import Console


def reveal_value(
    console: Console,
    file: str,
    name: str,
    *,
    to_stdout: bool = False,
    identity: Path | None = None,
    no_input: bool = False,
) -> None:
    """Print the value of the secret ``name`` of ``file``.

    Raises:
      UsageError: stdout is no terminal, and ``to_stdout`` is not given.
      SessionctlError: as ``SessionSecrets.value`` does.
    """
    is_terminal = console.stdout.isatty()
    if not to_stdout and not is_terminal:
        from sessionctl.cli.input.typed_line import typed_again
        from sessionctl.errors import UsageError

        raise UsageError(
            "reveal: stdout is not a terminal",
            hints=[f"print it anyway: {typed_again(console, '--stdout')}"],
        )
    keeper = make_keeper(console, identity, no_input=no_input)
    try:
        value = SessionSecrets(keeper, file).value(name)
    finally:
        print_notes(console, keeper)
    if is_terminal:
        console.reveal(value.text if value.text is not None else repr(value.reveal()))
        return
    console.flush()
    console.stdout.buffer.write(value.reveal())


def store_value(
    console: Console, file: str, name: str, identity: Path | None = None, **flags: bool
) -> None:
    """Store what is typed, or stands on stdin, as the secret ``name`` of ``file``.

    ``flags`` are those of the command; one that is missing was not given.

    Raises:
      SessionctlError: the value cannot be read, or cannot be stored.
    """
    from sessionctl.cli.plan_flow import PlanMode
    from sessionctl.cli.secrets.secret_output import carry_out, print_change
    from sessionctl.cli.secrets.value_input import read_value
    from sessionctl.services.secrets.entries.storage import find_target, plan_set

    no_input, dry_run = flags.get("no_input", False), flags.get("dry_run", False)
    keeper = make_keeper(console, identity, no_input=no_input, dry_run=dry_run)
    must_seal = flags.get("require_seal", False)
    target = find_target(SessionSecrets(keeper, file), name, must_seal=must_seal)
    value = read_value(
        console,
        name,
        lambda: _typed(file, name),
        use_editor=flags.get("use_editor", False),
        force=flags.get("force", False),
        no_input=no_input,
    )
    change = plan_set(target, value)
    mode = PlanMode(dry_run, flags.get("as_json", False))
    carry_out(console, change.plan(), keeper, mode)
    print_notes(console, keeper)
    print_change(console, change, "set", mode)


def _typed(file: str, name: str) -> str:
    """Return the command that stores a value, as it is typed."""
    from sessionctl.core.text.shellwords import last_words, path_word

    return f"sessionctl secret set {path_word(file)} {last_words(name)}"
