"""sessionctl git hook: what git's hooks start."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
import os

from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import ADVISING_GROUP, click
from sessionctl.core.text.plural import counted_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.services.documents.checked_file import CheckedFile

_PROBLEMS = 1


@click.group("hook", cls=ADVISING_GROUP)
def command() -> None:
    """Check what is about to be committed; git starts it after 'git install --hook'.

    \b
    Examples:
      sessionctl git hook pre-commit
    """


@command.command("pre-commit")
@click.option(
    "--problems-exit",
    default=_PROBLEMS,
    metavar="CODE",
    help="Exit code for 'there are problems', to distinguish it from others.",
)
@json_option
@click.pass_obj
def pre_commit(console: Console, *, problems_exit: int, as_json: bool) -> int:
    """Check staged session files: syntax, format, conflict markers, secrets.

    It checks the content in git's index, which is what a commit contains, not the files. Other
    TOML from 'git install --pattern' is checked too, except for secrets. Nothing is changed.

    Exit code: 0 no problems, 1 problems, 3 the check failed.

    \b
    Examples:
      sessionctl git hook pre-commit
      sessionctl git hook pre-commit --problems-exit 9
    """
    from sessionctl.services.git.staged_files import check_staged
    from sessionctl.services.verdicts.user_verdicts import user_verdicts
    from sessionctl.system.git.program import Git

    verdicts = user_verdicts(console.machine)
    try:
        here = os.getcwd()  # noqa: PTH109
        found = check_staged(Git(console.machine.environ, here, in_hook=True), verdicts)
    finally:
        verdicts.keep()
    stopping = [checked for checked in found if not checked.is_valid]
    if as_json:
        from sessionctl.cli.output.problem_output import file_data

        files = [file_data(checked) for checked in found]
        console.print_json("git hook pre-commit", valid=not stopping, files=files)
    else:
        _tell(console, found, stopping)
    return problems_exit if stopping else 0


def _tell(console: Console, found: list[CheckedFile], stopping: list[CheckedFile]) -> None:
    from sessionctl.cli.output.problem_output import print_text

    environ = console.machine.environ
    for checked in found:
        print_text(console, _with_typed_hints(checked, environ))
    if not stopping:
        return
    from sessionctl.system.git.typed_git import typed_path

    names = " ".join(typed_path(checked.name, environ) for checked in stopping)
    console.error(
        f"{counted_subject(len(stopping), 'staged file')} not ready to commit",
        hints=[
            f"fix it, stage it again, and commit: git add -- {names}",
            "to commit anyway: git commit --no-verify",
        ],
    )


def _with_typed_hints(checked: CheckedFile, environ: Mapping[str, str]) -> CheckedFile:
    """Return the file with commands to type where git was called, which may be below the top."""
    if not (checked.problems and environ.get("GIT_PREFIX")):
        return checked
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.system.git.typed_git import typed_path

    name, word = path_word(checked.name), typed_path(checked.name, environ)
    return checked.with_problems(
        problem._replace(hint=problem.hint.replace(f" {name}", f" {word}"))
        for problem in checked.problems
    )
