"""sessionctl git: let git diff and merge TOML through sessionctl."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sessionctl.cli.git import hook_runner
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode, perform, print_briefly
from sessionctl.cli.start.late_click import ADVISING_GROUP, click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from sessionctl.services.git.driver_status import GitStatus
    from sessionctl.services.git.installation import InstallTarget
    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.git.program import Git

    Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)
_AS_THEY_ARE = {"ignore_unknown_options": True, "allow_interspersed_args": False}


def place_options(function: Decorated) -> Decorated:
    """Add the options that say which repository is meant."""
    for option in (
        click.option("--work-tree", type=_PATH, metavar="DIR", help="Its work tree, if separate."),
        click.option(
            "--git-dir", type=_PATH, metavar="DIR", help="The git directory: ~/.dotfiles."
        ),
    ):
        function = option(function)
    return function


def _scope_options(function: Decorated) -> Decorated:
    """Add the options that say whose configuration is meant."""
    for scope, meaning in (
        ("worktree", "Only this work tree (git worktree)."),
        ("global", "All your repositories."),
        ("local", "This repository (default)."),
    ):
        option = click.option(f"--{scope}", "scope", flag_value=scope, default=None, help=meaning)
        function = option(function)
    return function


@click.group("git", cls=ADVISING_GROUP)
def command() -> None:
    """Set up git to diff and merge TOML with sessionctl.

    \b
    Examples:
      sessionctl git install                         this repository
      sessionctl git install --global                all your repositories
      sessionctl git install --pattern Cargo.toml    other TOML files, too
      sessionctl git install --hook                  check files before commits
      sessionctl git install --git-dir ~/.dotfiles --work-tree ~
      sessionctl git status                          does it work here?
    """


@command.command()
@_scope_options
@place_options
@click.option("--hook", is_flag=True, help="The pre-commit hook; alone if no scope is given.")
@click.option(
    "--cache", "is_cached", is_flag=True, help="Let git keep masked texts: quick git log -p, blame."
)
@click.option("--pattern", "patterns", multiple=True, help="Also these files: '*.toml'.")
@dry_run_option
@json_option
@click.pass_obj
def install(
    console: Console,
    /,
    *,
    scope: str | None,
    hook: bool,
    is_cached: bool,
    patterns: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    **place: Path | None,
) -> None:
    """Set git up to diff and merge session files with sessionctl.

    Writes git's configuration and a block in .gitattributes; in a repository with a separate
    git directory (bare, yadm), in its info/attributes. Without sessionctl on PATH, git falls
    back to its own merge and diff. Running it again changes nothing.

    --hook checks staged files before each commit: syntax, format, conflict markers, secrets. It
    is installed where core.hooksPath says; an existing hook is kept and runs first. Without
    sessionctl on PATH it lets commits pass, with a warning.

    --cache makes 'git log -p' and 'git blame' of long histories quick from the second time on:
    git keeps the masked texts in refs/notes/textconv/sessionctl, until 'git uninstall'.
    'git log --all' shows that reference, and 'git push --mirror' sends it.

    \b
    Examples:
      sessionctl git install
      sessionctl git install --global --dry-run
      sessionctl git install --pattern 'Cargo.toml' --hook
      sessionctl git install --cache
    """
    from sessionctl.services.git.hook import plan_hook
    from sessionctl.services.git.installation import plan_install

    target = _target(console, scope or "local", **place)
    plan: Plan[Git] = ()
    if not hook or scope is not None or patterns or is_cached:
        plan = plan_install(target, patterns, is_cached=is_cached)
    if hook:
        plan += plan_hook(target.git, for_all=scope == "global")
    _carry_out(console, plan, target, "install", PlanMode(dry_run, as_json))
    if not dry_run and not as_json:
        _tell_next_step(console, plan, target)


@command.command()
@_scope_options
@place_options
@click.option("--hook", is_flag=True, help="The pre-commit hook; alone if no scope is given.")
@dry_run_option
@json_option
@click.pass_obj
def uninstall(
    console: Console,
    /,
    *,
    scope: str | None,
    hook: bool,
    dry_run: bool,
    as_json: bool,
    **place: Path | None,
) -> None:
    """Remove what 'git install' added; the files are as they were before.

    \b
    Examples:
      sessionctl git uninstall --dry-run
      sessionctl git uninstall --hook
    """
    from sessionctl.services.git.hook import plan_unhook
    from sessionctl.services.git.installation import plan_uninstall

    target = _target(console, scope or "local", **place)
    plan: Plan[Git] = ()
    if not hook or scope is not None:
        plan = plan_uninstall(target)
    if hook or scope in (None, "local"):
        plan += plan_unhook(target.git, for_all=scope == "global", own_only=not hook)
    _carry_out(console, plan, target, "uninstall", PlanMode(dry_run, as_json))
    if plan and not dry_run and not as_json:
        where = "here" if target.scope != "global" else "in all repositories of this user"
        console.note(f"git diffs and merges session files line by line again {where}")


@command.command()
@place_options
@json_option
@click.pass_obj
def status(console: Console, /, *, as_json: bool, **place: Path | None) -> int:
    """Show whether git merges session files with sessionctl here, and what prevents it.

    Exit code: 0 it does, 1 it does not.

    \b
    Examples:
      sessionctl git status
      sessionctl git status --git-dir ~/.dotfiles --work-tree ~
    """
    from sessionctl.services.git.driver_status import read_status

    found = read_status(git_at(console, **place))
    if as_json:
        _print_status(console, found)
    else:
        _tell_status(console, found)
    return 0 if found.is_working else 1


@command.command("merge-driver", context_settings=_AS_THEY_ARE)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def merge_driver(arguments: tuple[str, ...]) -> int:
    """Merge into OURS; git starts this after 'git install'.

    SESSIONCTL_MERGE=text merges line by line. SESSIONCTL_MERGE_PREFER resolves conflicts, with
    the values of 'sessionctl merge --prefer' (git's -X does not reach a driver).

    Exit code: 0 merged, 1 conflicts between markers in OURS, 129 and more: failed, OURS is
    unchanged.

    \b
    Examples:
      sessionctl git merge-driver --marker-size=7 --path=api.session.toml \\
        -- BASE OURS THEIRS
    """
    from sessionctl.cli.git.drivers import main

    return main(["merge-driver", *arguments])


@command.command(context_settings=_AS_THEY_ARE)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="FILE")
def textconv(arguments: tuple[str, ...]) -> int:
    """Print FILE for git diff and git log, with secrets masked.

    \b
    Examples:
      sessionctl git textconv api.session.toml
    """
    from sessionctl.cli.git.drivers import main

    return main(["textconv", *arguments])


command.add_command(hook_runner.command)


def git_at(console: Console, *, git_dir: Path | None, work_tree: Path | None) -> Git:
    """Return git for the repository that the place options name, or that of this directory."""
    from sessionctl.system.git.program import Git

    here = Path.cwd()
    return Git(
        console.machine.environ,
        here,
        None if git_dir is None else here / git_dir.expanduser(),
        None if work_tree is None else here / work_tree.expanduser(),
    )


def _target(console: Console, scope: str, **place: Path | None) -> InstallTarget:
    from sessionctl.services.git.installation import InstallTarget

    return InstallTarget(git_at(console, **place), scope)


def _carry_out(
    console: Console, plan: Plan[Git], target: InstallTarget, verb: str, mode: PlanMode
) -> None:
    from sessionctl.services.plan.plan import plan_data

    perform(console, plan, target.git, mode, show=partial(print_briefly, console)).check()
    if mode.as_json:
        console.print_json(f"git {verb}", done=not mode.dry_run, steps=plan_data(plan))
    elif not plan:
        is_there = ": everything is in place" if verb == "install" else ""
        console.note(f"nothing to {verb}{is_there}")


def _tell_next_step(console: Console, plan: Plan[Git], target: InstallTarget) -> None:
    from sessionctl.services.git.cache.cache_plan import INCLUDE, KeepTexts
    from sessionctl.services.git.config_steps import SetConfig
    from sessionctl.services.plan.file_steps import MakeExecutable, MoveFile, WriteFile

    if console.machine.find("sessionctl") is None:
        console.warn(
            "sessionctl is not on PATH",
            hints=["put the directory of sessionctl on PATH; until then git merges line by line"],
        )
    where = "here" if target.scope != "global" else "in all repositories of this user"
    is_set = any(isinstance(step, SetConfig) and step.key != INCLUDE for step in plan)
    if is_set:
        console.note(f"git now diffs and merges session files with sessionctl {where}")
    for step in plan:
        match step:
            case WriteFile(path) if path.name == ".gitattributes":
                console.hint(f"commit {path.name}; other clones run: sessionctl git install")
            case KeepTexts():
                console.note("git now stores the masked texts that it shows here")
            case MoveFile(path, to):
                console.note(f"the existing hook is kept and runs first: {to}")
            case MakeExecutable(path):
                console.note(f"git now checks staged session files before each commit: {path}")
    if is_set:
        console.hint("check it: sessionctl git status")
        _propose_preference(console, target)


def _propose_preference(console: Console, target: InstallTarget) -> None:
    """Say how conflicts that people mostly decide alike can be decided from now on."""
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.services.merging.preference import preference_for
    from sessionctl.services.settings.settings_files import user_file

    own = user_file(console.machine)
    command = "sessionctl config set merge.prefer usual"
    file = own
    if target.scope != "global":
        tree = target.git.repository().work_tree
        if tree is None:
            return
        file = str(tree / ".sessionctl.toml")
        command = "sessionctl config set --project merge.prefer usual"
        if tree.resolve() != Path.cwd().resolve():
            command = f"cd {path_word(str(tree))} && {command}"
    if file is None:
        return
    preference = preference_for(console.machine, file)
    if preference.is_of_project and own is not None:
        console.note(
            "this repository resolves some conflicts automatically: merge.prefer, "
            f"{preference.place}"
        )
        console.hint("to decide yourself: sessionctl config set merge.prefer '[]'")
    if preference.policy is None:
        console.hint(f"to resolve conflicts as most people do: {command}")


def _print_status(console: Console, found: GitStatus) -> None:
    console.print_json(
        "git status",
        working=found.is_working,
        git_version=".".join(map(str, found.git_version)),
        program=found.program,
        installed=found.scopes,
        operation=found.operation,
        files=[{"path": f.path, "merge": f.merge, "diff": f.diff} for f in found.files],
        problems=[
            {"severity": o.severity, "message": o.message, "hint": o.hint} for o in found.obstacles
        ],
    )


def _tell_status(console: Console, found: GitStatus) -> None:
    console.out(f"git         {'.'.join(map(str, found.git_version))}")
    console.out(f"sessionctl  {found.program or 'not on PATH'}")
    console.out(f"installed   {', '.join(found.scopes) or 'no'}")
    ours = sum(file.is_ours for file in found.files)
    console.out(f"files       {ours} of {len(found.files)} session files are merged by key")
    if found.operation:
        console.out(f"under way   a {found.operation}")
    for obstacle in found.obstacles:
        tell = console.error if obstacle.severity == "error" else console.warn
        tell(obstacle.message, hints=[obstacle.hint])
