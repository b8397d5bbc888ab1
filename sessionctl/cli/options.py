"""Options that several commands share, so that they are spelled and read alike."""

from __future__ import annotations

from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import RENAMED_OPTION, SESSION_ARGUMENT, click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Decorated = TypeVar("Decorated", bound="Callable[..., Any]")


def session_argument(**attributes: Any) -> Callable[[Decorated], Decorated]:
    """Return what adds FILE (parameter ``file``): a session, by its path or its name.

    ``attributes`` are those of ``SessionArgument`` and of click.
    """
    from sessionctl.cli.completion import complete_session_file

    attributes = {"shell_complete": complete_session_file, **attributes}
    return click.argument("file", cls=SESSION_ARGUMENT, only_sessions=True, **attributes)


def document_argument(**attributes: Any) -> Callable[[Decorated], Decorated]:
    """Return what adds FILE (parameter ``file``): any TOML file, a session also by its name."""
    from sessionctl.cli.completion import complete_toml_file

    return click.argument(
        "file", cls=SESSION_ARGUMENT, shell_complete=complete_toml_file, **attributes
    )


def paths_argument(name: str, metavar: str, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """Return what adds ``name``: any number of files, directories and names of sessions."""
    from sessionctl.cli.completion import complete_session_file

    attributes = {"shell_complete": complete_session_file, **attributes}
    return click.argument(
        name, cls=SESSION_ARGUMENT, has_default=False, nargs=-1, metavar=metavar, **attributes
    )


def json_option(function: Decorated) -> Decorated:
    """Add ``--json`` (parameter ``as_json``): the answer as one JSON object."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        callback=_answer_in_json,
        help="Print the answer as JSON.",
    )(function)


def format_option(function: Decorated) -> Decorated:
    """Add ``--format`` (parameter ``form``): how findings are printed."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "github", "sarif"]),
        default="text",
        help="Print findings as text, GitHub annotations or SARIF.",
    )(function)


def dry_run_option(function: Decorated) -> Decorated:
    """Add ``-n``/``--dry-run`` (parameter ``dry_run``): print the plan, change nothing."""
    return click.option(
        "-n", "--dry-run", is_flag=True, help="Print what would be done; change nothing."
    )(function)


def no_input_option(function: Decorated) -> Decorated:
    """Add ``--no-input`` (parameter ``no_input``): never ask."""
    return click.option("--no-input", is_flag=True, help="Never ask; fail instead.")(function)


def yes_option(function: Decorated) -> Decorated:
    """Add ``-y``/``--yes`` (parameter ``yes``): every question is answered with yes."""
    return click.option("-y", "--yes", is_flag=True, help="Answer yes to every question.")(function)


def force_option(function: Decorated) -> Decorated:
    """Add ``--force`` (parameter ``force``): write what a check refuses."""
    return click.option("--force", is_flag=True, help="Write it even if a check refuses it.")(
        function
    )


def overwrite_option(function: Decorated) -> Decorated:
    """Add ``--overwrite`` (parameter ``force``): replace a file, which is kept as ``.bak``."""
    return click.option(
        "--overwrite",
        "force",
        cls=RENAMED_OPTION,
        old=["--force"],
        is_flag=True,
        help="Replace a file that exists; keep it as .bak.",
    )(function)


def project_option(function: Decorated) -> Decorated:
    """Add ``--project`` (parameter ``is_project``): the project's settings, not the user's."""
    return click.option(
        "--project",
        "is_project",
        is_flag=True,
        help="Use the project's .sessionctl.toml, the nearest or at the top of the git work tree.",
    )(function)


def global_options() -> list[click.Option]:
    """Return the options every command has: colour and how much is printed.

    They are hidden because the help of the program lists them once.
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


def global_json_option() -> click.Option:
    """Return the ``--json`` that is written before the command."""
    return click.Option(
        ["--json"], is_flag=True, expose_value=False, hidden=True, callback=_ask_for_json
    )


def adopt(command: click.Command) -> click.Command:
    """Return ``command`` with the global options, where it has no option of that name."""
    taken = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    json_answer = global_json_option()
    if not isinstance(command, click.Group):
        json_answer.callback = _refuse_json
        json_answer.is_eager = True
    for option in [*global_options(), json_answer]:
        if taken.isdisjoint([*option.opts, *option.secondary_opts]):
            command.params.append(option)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            adopt(child)
    return command


def _ask_for_json(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value:
        ctx.ensure_object(Console).wants_json = True


def _answer_in_json(ctx: click.Context, _option: click.Parameter, value: bool) -> bool:  # noqa: FBT001
    return value or ctx.ensure_object(Console).wants_json


def _refuse_json(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if ctx.resilient_parsing or not _answer_in_json(ctx, _option, value):
        return
    from sessionctl.errors import UsageError

    name = ctx.command_path.partition(" ")[2]
    raise UsageError(f"{name}: no JSON answer", hints=[f"see '{ctx.command_path} --help'"])


def _set_color(ctx: click.Context, _option: click.Parameter, value: bool | None) -> None:  # noqa: FBT001
    if value is not None:
        ctx.ensure_object(Console).color = value


def _say_less(ctx: click.Context, _option: click.Parameter, count: int) -> None:
    ctx.ensure_object(Console).verbosity -= count


def _say_more(ctx: click.Context, _option: click.Parameter, count: int) -> None:
    ctx.ensure_object(Console).verbosity += count
