"""sessionctl completion: print the script that teaches a shell to complete."""

from __future__ import annotations

from pathlib import PurePath

from click.shell_completion import ShellComplete, get_completion_class

from sessionctl.cli.completion_scripts import BASH, FISH
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

_SHELLS = ("bash", "zsh", "fish")
_TEMPLATES = {"bash": BASH, "fish": FISH}


@click.command("completion")
@click.argument("shell", required=False, type=click.Choice(_SHELLS))
@click.pass_obj
def command(console: Console, shell: str | None) -> None:
    """Print the completion script for SHELL, by default for $SHELL.

    \b
    Examples:
      eval "$(sessionctl completion bash)"     in ~/.bashrc
      eval "$(sessionctl completion zsh)"      in ~/.zshrc
      sessionctl completion fish > ~/.config/fish/completions/sessionctl.fish
    """
    from sessionctl.cli.app import COMPLETE_VARIABLE, PROGRAM, app

    name = shell or PurePath(console.machine.environ.get("SHELL", "")).name
    kind = get_completion_class(name) if name in _SHELLS else None
    if kind is None:
        raise UsageError(
            f"completion: no script for shell {name!r}" if name else "completion: which shell?",
            hints=["choose one: sessionctl completion bash|zsh|fish"],
        )
    script = kind(app, {}, PROGRAM, COMPLETE_VARIABLE)
    if name in _TEMPLATES:
        script.source_template = _TEMPLATES[name]  # type: ignore[misc]
    # Not kind.source(): for bash that starts a bash, only to ask for its version.
    console.out(ShellComplete.source(script).strip("\n"))
