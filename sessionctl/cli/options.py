"""Options that several commands share, so that they are spelled and read alike."""

from __future__ import annotations

from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Decorated = TypeVar("Decorated", bound="Callable[..., Any]")


def json_option(function: Decorated) -> Decorated:
    """Add ``--json`` (parameter ``as_json``): the answer as one JSON object."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(function)


def format_option(function: Decorated) -> Decorated:
    """Add ``--format`` (parameter ``form``): how findings are printed."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "github", "sarif"]),
        default="text",
        help="The form of the findings: for people, as GitHub annotations, or SARIF.",
    )(function)


def dry_run_option(function: Decorated) -> Decorated:
    """Add ``-n``/``--dry-run`` (parameter ``dry_run``): print the plan, change nothing."""
    return click.option(
        "-n", "--dry-run", is_flag=True, help="Print what would be done; change nothing."
    )(function)


def no_input_option(function: Decorated) -> Decorated:
    """Add ``--no-input`` (parameter ``no_input``): never ask."""
    return click.option("--no-input", is_flag=True, help="Never ask; fail instead.")(function)


def project_option(function: Decorated) -> Decorated:
    """Add ``--project`` (parameter ``is_project``): the project's settings, not the user's."""
    return click.option(
        "--project",
        "is_project",
        is_flag=True,
        help="Use the project's .sessionctl.toml: the nearest one, else at the top of the "
        "git work tree.",
    )(function)


def global_options() -> list[click.Option]:
    """Return the options every command has: colour and how much is said.

    They are hidden, for the help of the program tells of them once.
    """
    return [
        click.Option(
            ["--color/--no-color"],
            default=None,
            expose_value=False,
            hidden=True,
            callback=_set_color,
        ),
        click.Option(
            ["-q", "--quiet"],
            count=True,
            expose_value=False,
            hidden=True,
            callback=_say_less,
        ),
        click.Option(
            ["-v", "--verbose"],
            count=True,
            expose_value=False,
            hidden=True,
            callback=_say_more,
        ),
    ]


def adopt(command: click.Command) -> click.Command:
    """Return ``command`` with the global options, where it has no option of that name."""
    taken = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    for option in global_options():
        if taken.isdisjoint([*option.opts, *option.secondary_opts]):
            command.params.append(option)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            adopt(child)
    return command


def _set_color(ctx: click.Context, _option: click.Parameter, value: bool | None) -> None:  # noqa: FBT001
    if value is not None:
        ctx.ensure_object(Console).color = value


def _say_less(ctx: click.Context, _option: click.Parameter, count: int) -> None:
    ctx.ensure_object(Console).verbosity -= count


def _say_more(ctx: click.Context, _option: click.Parameter, count: int) -> None:
    ctx.ensure_object(Console).verbosity += count
