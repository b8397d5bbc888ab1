"""sessionctl service: let the watcher run in the background."""

from __future__ import annotations

import os

from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode, perform
from sessionctl.cli.start.late_click import ADVISING_GROUP, SESSION_ARGUMENT, click
from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.errors import FileError, ToolError, UsageError
from sessionctl.system.os_errors import listing_hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.render.service_unit import Service
    from sessionctl.services.machine import Machine
    from sessionctl.services.plan.plan import Plan
    from sessionctl.services.watching.background_service import ServiceState

_NO = 1
_PASSED_ON = (
    "XDG_CONFIG_HOME", "XDG_STATE_HOME", "GIT_CONFIG_GLOBAL", "SSH_AUTH_SOCK", "TMUX_TMPDIR",
)  # fmt: skip


@click.group("service", cls=ADVISING_GROUP)
def command() -> None:
    """Run 'sessionctl watch' in the background, from each login on.

    It is a user service of systemd, or a launchd agent on macOS; no administrator rights are
    needed. It never asks.

    \b
    Examples:
      sessionctl service install --dry-run
      sessionctl service install --commit ~/dotfiles
      sessionctl service status
    """


@command.command("install")
@click.argument(
    "paths",
    cls=SESSION_ARGUMENT,
    has_default=False,
    nargs=-1,
    metavar="[PATH]...",
    type=click.Path(),
)
@click.option(
    "--commit", "commits", is_flag=True, help="Commit changes after a pause without changes."
)
@click.option("--extract", "extracts", is_flag=True, help="Move plain-text secrets to the sidecar.")
@click.option("--tmux", "saves", is_flag=True, help="Save tmux sessions soon after each change.")
@socket_option
@dry_run_option
@json_option
@click.pass_obj
def install(
    console: Console,
    /,
    *,
    paths: tuple[str, ...],
    socket: str,
    dry_run: bool,
    as_json: bool,
    **flags: bool,
) -> int:
    """Install and start the service; run it again to change its options.

    It watches what 'sessionctl watch' with the same PATHs does: without PATH, the mirrors in
    your settings. With --tmux it also saves the tmux sessions of every server that starts.

    Without systemd or launchd, nothing is written.

    Exit code: 0 it runs, or --dry-run; 3 it could not be started.

    \b
    Examples:
      sessionctl service install --dry-run
      sessionctl service install ~/dotfiles
      sessionctl service install --tmux        tmux sessions, and your mirrors
    """
    from sessionctl.services.watching.background_service import (
        check_manager,
        find_home,
        plan_install,
    )

    machine = console.machine
    options = [f"--{name}" for name in ("commit", "extract") if flags[f"{name}s"]]
    if socket and not flags["saves"]:
        raise UsageError("service install: --tmux-socket is for --tmux")
    if flags["saves"]:
        options += ["--tmux", "--stay", *([f"--tmux-socket={socket}"] if socket else [])]
    home = find_home(machine)
    by_hand = " ".join(["sessionctl watch", *map(quoted, options), *map(path_word, paths)])
    try:
        check_manager(home, machine.environ, by_hand, only_look=dry_run)
    except ToolError as error:
        if not dry_run:
            raise
        console.warn(error.message, hints=error.hints)
    plan = plan_install(home, _service(machine, paths, options))
    failures = _carry_out(console, "service install", plan, PlanMode(dry_run, as_json))
    if not (failures or dry_run or as_json):
        console.note("the watcher runs in the background")
        console.hint("check it: sessionctl service status")
    for failure in failures:
        console.error(failure)
    if failures:
        console.hint(f"the file is written; run it manually: {by_hand}")
    return FileError.exit_code if failures else 0


@command.command("uninstall")
@dry_run_option
@json_option
@click.pass_obj
def uninstall(console: Console, *, dry_run: bool, as_json: bool) -> int:
    """Stop and remove the service; session files and backups stay.

    \b
    Examples:
      sessionctl service uninstall --dry-run
      sessionctl service uninstall
    """
    from sessionctl.services.watching.background_service import find_home, plan_uninstall

    plan = plan_uninstall(find_home(console.machine))
    failures = _carry_out(console, "service uninstall", plan, PlanMode(dry_run, as_json))
    if not plan and not as_json:
        console.note("there is no service to remove")
    elif not (dry_run or as_json):
        console.note("the service is removed")
    for failure in failures:
        console.warn(failure, hints=["if it still runs, it stops when you log out"])
    return 0


@command.command("status")
@json_option
@click.pass_obj
def status(console: Console, *, as_json: bool) -> int:
    """Show whether the service is installed and runs, and the state of its files.

    Exit code: 0 a watcher runs, 1 no watcher runs.

    \b
    Examples:
      sessionctl service status
      sessionctl service status --json
    """
    from sessionctl.cli.output.watch_log import print_status
    from sessionctl.services.watching.background_service import find_home, read_state
    from sessionctl.services.watching.watcher_registry import user_registry

    state = read_state(find_home(console.machine), console.machine.environ)
    watchers = user_registry(console.machine).statuses()
    if as_json:
        console.print_json("service status", **state._asdict(), watchers=watchers)
    else:
        _print_state(console, state)
        print_status(console, watchers)
    return 0 if watchers else _NO


def _print_state(console: Console, state: ServiceState) -> None:
    if not state.is_installed:
        console.out(f"not installed: {state.file} is not there")
        return
    words = {True: "runs", False: "does not run", None: f"{state.manager} cannot be asked"}
    console.out(f"installed: {state.file}")
    console.out(f"{state.manager}: {words[state.is_active]}")
    if state.is_active is None:
        console.hint("run it manually: sessionctl watch")
    if state.is_active is False:
        console.hint("see why: journalctl --user -u sessionctl-watch")


def _carry_out(
    console: Console, name: str, plan: Plan[Mapping[str, str]], mode: PlanMode
) -> list[str]:
    """Carry out ``plan``; return why commands of the manager failed, the files being done.

    Raises:
      FileError: a file cannot be written or removed.
    """
    from sessionctl.services.plan.plan import plan_data

    report = perform(console, plan, console.machine.environ, mode)
    for error in report.failures:
        if isinstance(error, FileError):
            raise error
    failures = list(dict.fromkeys(error.message for error in report.failures))
    if mode.as_json:
        steps = plan_data(plan)
        console.print_json(name, steps=steps, dry_run=mode.dry_run, failures=failures)
    return failures


def _service(machine: Machine, paths: tuple[str, ...], options: list[str]) -> Service:
    """Return what is to run: this program, on the real PATHs, in this environment."""
    from sessionctl.core.render.service_unit import Service

    argv = [*machine.restart_argv, "watch", *options]
    words = [os.path.abspath(path) for path in paths]  # noqa: PTH100 - symlinks stay
    missing = next((word for word in words if not os.path.lexists(word)), None)
    if missing is not None:
        raise FileError(f"{missing}: no such file or directory", hints=[listing_hint(missing)])
    environ = machine.environ
    passed = tuple((name, environ[name]) for name in _PASSED_ON if environ.get(name))
    path = ("PATH", environ.get("PATH", os.defpath))
    return Service((*argv, *(["--", *words] if words else [])), (path, *passed))
