"""sessionctl completion: print the script that teaches a shell to complete."""

from __future__ import annotations

from pathlib import PurePath

from click.shell_completion import ShellComplete, get_completion_class

from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

_SHELLS = ("bash", "zsh", "fish")
# click's own script (8.1) inserts words unquoted, and expands what looks like a pattern. Here
# each is quoted as the word was begun: within its quotes, or with backslashes.
_BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' response line value home
    local typed=${COMP_WORDS[COMP_CWORD]}

    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
        %(complete_var)s=bash_complete $1)

    while read -r line; do
        value=${line#*,}
        if [[ $line == dir,* ]]; then
            COMPREPLY=()
            compopt -o dirnames
        elif [[ $line == file,* ]]; then
            COMPREPLY=()
            compopt -o default
        elif [[ $line == plain,* ]]; then
            if [[ $typed == \"* ]]; then
                value=${value//\\/\\\\}
                value=${value//\"/\\\"}
                value=${value//\$/\\\$}
                value=${value//\`/\\\`}
            elif [[ $typed == \'* ]]; then
                value=${value//\'/\'\\\'\'}
            elif [[ -n $value ]]; then
                home=
                [[ $typed == '~'*/* && $value == '~'*/?* ]] && home=${value%%%%/*}/
                printf -v value '%%s%%q' "$home" "${value#"$home"}"
            fi
            COMPREPLY+=("$value")
        fi
    done <<< "$response"

    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


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
    if name == "bash":
        script.source_template = _BASH  # type: ignore[misc]
    # Not kind.source(): for bash that starts a bash, only to ask for its version.
    console.out(ShellComplete.source(script).strip("\n"))
