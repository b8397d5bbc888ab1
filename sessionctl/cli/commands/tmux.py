"""sessionctl tmux: set tmux up, so that keys save, restore and open sessions."""

from __future__ import annotations

from pathlib import Path

from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode, perform
from sessionctl.cli.start.late_click import ADVISING_GROUP, click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from sessionctl.services.live.tmux_setup.setup_status import SetupStatus
    from sessionctl.services.plan.plan import Plan

    Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_NONE = "none"
_file_option = click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration file; by default your tmux.conf.",
)


def _key_options(function: Decorated) -> Decorated:
    """Add the options that say which keys are bound."""
    for action, key in (("open", "O"), ("restore", "R"), ("save", "S")):
        text = f"The key for {action}, after the prefix; 'none' for no key."
        option = click.option(
            f"--{action}-key", metavar="KEY", default=key, show_default=True, help=text
        )
        function = option(function)
    return function


@click.group("tmux", cls=ADVISING_GROUP)
def command() -> None:
    """Add keys to tmux that save, restore and open sessions.

    \b
    Examples:
      sessionctl tmux install -n               show the lines for tmux.conf
      sessionctl tmux install --restore        also restore when a server starts
      sessionctl tmux status                   keys, autosave, problems
    """


@command.command()
@_key_options
@click.option(
    "--restore", "is_restored", is_flag=True, help="Restore sessions when a server starts."
)
@_file_option
@dry_run_option
@json_option
@click.pass_obj
def install(
    console: Console,
    /,
    *,
    file: Path | None,
    is_restored: bool,
    dry_run: bool,
    as_json: bool,
    **keys: str,
) -> None:
    """Add keys to your tmux.conf, in a marked block.

    After the prefix: S saves the session, R restores the sessions that ran last time and do
    not run now, O opens a menu. With --restore, R runs once when the server starts. Programs
    of files that are not trusted are not started.

    Run it again to change the keys; without --restore, that is turned off.

    \b
    Examples:
      sessionctl tmux install --dry-run
      sessionctl tmux install --restore --save-key C-s
    """
    from sessionctl.services.live.tmux_setup.configuration import plan_install
    from sessionctl.services.live.tmux_setup.key_bindings import TmuxKeys, check_keys

    names = {name.removesuffix("_key"): "" if key == _NONE else key for name, key in keys.items()}
    chosen = TmuxKeys(**names, is_restored=is_restored)
    check_keys(chosen)
    path = _file(console, file)
    plan = plan_install(path, console.machine.restart_argv, chosen)
    _carry_out(console, plan, "install", PlanMode(dry_run, as_json))
    if plan and not (dry_run or as_json):
        from sessionctl.core.text.shellwords import path_word

        console.note(f"the keys are in {path}")
        console.hint(f"load them into a running server: tmux source-file {path_word(str(path))}")
        console.hint("save sessions automatically: sessionctl service install --tmux")


@command.command()
@_file_option
@dry_run_option
@json_option
@click.pass_obj
def uninstall(console: Console, /, *, file: Path | None, dry_run: bool, as_json: bool) -> None:
    """Remove the keys from your tmux.conf; all other lines stay as they are.

    \b
    Examples:
      sessionctl tmux uninstall --dry-run
    """
    from sessionctl.services.live.tmux_setup.configuration import plan_uninstall

    plan = plan_uninstall(_file(console, file))
    _carry_out(console, plan, "uninstall", PlanMode(dry_run, as_json))
    if plan and not (dry_run or as_json):
        console.note("a running server keeps the keys until it exits")


@command.command()
@_file_option
@socket_option
@json_option
@click.pass_obj
def status(console: Console, /, *, file: Path | None, socket: str, as_json: bool) -> int:
    """Show the keys in tmux, what saves sessions, and problems.

    Exit code: 0 the keys work; 1 they are not installed, or cannot work.

    \b
    Examples:
      sessionctl tmux status
    """
    from sessionctl.services.live.tmux_setup.setup_status import read_setup
    from sessionctl.services.watching.watcher_registry import user_registry
    from sessionctl.system.tmux.tmux_server import TmuxServer, socket_path

    environ = console.machine.environ
    found = read_setup(TmuxServer(environ, socket), _file(console, file))
    path = socket_path(environ, socket)
    running = user_registry(console.machine).running()
    savers = sorted(one.pid for one in running if path in one.roots)
    if as_json:
        _print_json(console, found, savers)
    else:
        _print_status(console, found, savers)
    return 0 if found.is_working else 1


@command.command()
@_key_options
@click.option("--restore", "is_restored", is_flag=True, help="Restore sessions, once.")
@socket_option
@click.pass_obj
def load(console: Console, /, *, is_restored: bool, socket: str, **keys: str) -> None:
    """Bind the keys in the running server, as plug-in managers do.

    The defaults come from tmux options: @sessionctl-save-key, @sessionctl-restore-key,
    @sessionctl-open-key, and @sessionctl-restore on.

    \b
    Examples:
      sessionctl tmux load
    """
    from sessionctl.services.live.tmux_setup.live_bindings import load_bindings
    from sessionctl.system.tmux.tmux_server import TmuxServer

    context = click.get_current_context()
    given = {
        name.removesuffix("_key"): "" if key == _NONE else key
        for name, key in keys.items()
        if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT
    }
    server = TmuxServer(console.machine.environ, socket)
    load_bindings(server, console.machine.restart_argv, given, is_restored=is_restored)


@command.command("key", hidden=True)
@click.argument("action", type=click.Choice(["save", "restore", "open"]))
@click.option("--pane", default="")
@click.option("--client", default="")
@click.option("--session-hex", default="")
@click.option("--at-start", is_flag=True)
@click.pass_obj
def key(
    console: Console, /, *, action: str, pane: str, client: str, session_hex: str, at_start: bool
) -> int:
    """Run the action of a key; tmux starts this."""
    from sessionctl.cli.live.tmux_key import KeyPress, TmuxKeyRun

    if not console.machine.environ.get("TMUX"):
        raise UsageError("tmux key: tmux starts this", hints=["see 'sessionctl tmux --help'"])
    session = bytes.fromhex(session_hex).decode(errors="surrogateescape")
    run = TmuxKeyRun(console, KeyPress(pane, client, session, at_start))
    actions = {"save": run.save, "restore": run.restore, "open": run.open}
    return actions[action]()


def _file(console: Console, file: Path | None) -> Path:
    from sessionctl.services.live.tmux_setup.configuration import configuration_file

    return configuration_file(console.machine) if file is None else file.absolute()


def _carry_out(console: Console, plan: Plan[object], verb: str, mode: PlanMode) -> None:
    from sessionctl.services.plan.plan import plan_data

    perform(console, plan, None, mode).check()
    if mode.as_json:
        console.print_json(f"tmux {verb}", done=not mode.dry_run, steps=plan_data(plan))
    elif not plan:
        is_there = ": everything is in place" if verb == "install" else ""
        console.note(f"nothing to {verb}{is_there}")


def _print_json(console: Console, found: SetupStatus, savers: list[int]) -> None:
    block = found.block
    keys = None if block is None else block.keys
    console.print_json(
        "tmux status",
        working=found.is_working,
        file=found.file,
        installed=block is not None,
        keys=None
        if keys is None
        else {"save": keys.save, "restore": keys.restore, "open": keys.open},
        restores=keys is not None and keys.is_restored,
        server_version=found.version or None,
        loaded=found.is_loaded,
        autosave=savers,
        problems=[problem._asdict() for problem in found.problems],
    )


def _print_status(console: Console, found: SetupStatus, savers: list[int]) -> None:
    block = found.block
    console.out(f"installed  {f'in {found.file}' if block is not None else 'no'}")
    if block is not None:
        keys = block.keys
        shown = [f"{word} {key}" for word, key in keys._asdict().items() if word in _WORDS and key]
        console.out(f"keys       prefix {', '.join(shown) or 'none'}")
        console.out(f"at start   {'sessions are restored' if keys.is_restored else 'nothing'}")
    server = f"tmux {found.version}" if found.version else "does not run"
    loaded = ", with the keys" if found.is_loaded else ""
    console.out(f"server     {server}{loaded}")
    savers_text = ", ".join(f"process {pid}" for pid in savers)
    console.out(f"autosave   {savers_text or 'no'}")
    if not savers:
        console.hint("save automatically: sessionctl service install --tmux")
    for problem in found.problems:
        say = console.error if problem.severity == "error" else console.warn
        say(problem.message, hints=[problem.hint])


_WORDS = ("save", "restore", "open")
