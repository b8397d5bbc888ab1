"""The entry point: the quickest way to each answer, inside the one error boundary."""

from __future__ import annotations

# The module ``signal`` would cost as much as all else here.
import _signal  # type: ignore[import-not-found]
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessionctl.cli.output.console import Console

_DRIVERS = ("merge-driver", "textconv")
_INTERRUPTED = 130


def _end_silently(*_: object) -> None:
    os._exit(_INTERRUPTED)


def _on_interrupt(handler: Callable[..., object], *, instead_of: Callable[..., object]) -> None:
    """Set what Ctrl-C does; one that is ignored, as below nohup, stays so."""
    if _signal.getsignal(_signal.SIGINT) is instead_of:
        _signal.signal(_signal.SIGINT, handler)


_IS_PROGRAM = __name__ == "__main__" or os.path.basename(sys.argv[0]).startswith("sessionctl")  # noqa: PTH119
if _IS_PROGRAM:
    # Until the error boundary stands: while modules load, Python would show a traceback.
    _on_interrupt(_end_silently, instead_of=_signal.default_int_handler)


_OBJECTS = 100_000
_AT_THREADS_END = frozenset({"concurrent.futures.thread", "multiprocessing"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (the process's own by default); return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if argv is None:  # few commands make garbage worth a search, which takes up to a fifth of them
        gc.set_threshold(_OBJECTS)
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        from sessionctl.cli.closed_streams import fill_closed_streams

        fill_closed_streams()
    if arguments in (["--version"], ["-V"]) and _print_version():
        if argv is None:
            _end_at_once(0)
        return 0
    if _IS_PROGRAM:
        from sessionctl.cli.start.compiled_modules import use_compiled_modules

        use_compiled_modules()
    from sessionctl.cli.boundary import guarded
    from sessionctl.cli.output.console import Console

    console = Console()
    try:
        _on_interrupt(_signal.default_int_handler, instead_of=_end_silently)
        code = guarded(lambda: _dispatch(arguments, console), console)
        if _IS_PROGRAM:
            _on_interrupt(_end_silently, instead_of=_signal.default_int_handler)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    finally:
        if console.progress is not None:
            console.progress.end()
    if argv is None:  # the process ends: to search what it leaves takes as long as half its start
        gc.freeze()
        _end_at_once(code)
    return code


def _end_at_once(code: int) -> None:
    """End the process where nothing waits for its end: to take apart what it loaded takes long.

    Whoever measures it, inspects it, or has something left to do is not passed over.
    """
    atexit, threads = sys.modules.get("atexit"), sys.modules.get("threading")
    if (
        not _IS_PROGRAM
        or (atexit is not None and atexit._ncallbacks())
        or (threads is not None and threads.active_count() > 1)
        or not _AT_THREADS_END.isdisjoint(sys.modules)
        or sys.gettrace() is not None
        or sys.getprofile() is not None
        or sys.flags.inspect
        or sys.flags.dev_mode
    ):
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # Python reports it
    os._exit(code)


def _print_version() -> bool:
    """Print the version; return whether that went well: the long way reports what did not."""
    from sessionctl._version import __version__

    try:
        sys.stdout.write(f"sessionctl {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True


def _dispatch(arguments: list[str], console: Console) -> int:
    console.begin(arguments)
    _check_directory(arguments)
    if arguments[:1] == ["git"] and _names_driver(arguments[1:]):
        # Git starts these once per file: they must not pay for click.
        from sessionctl.cli.git.drivers import main as run_driver

        driver_code = run_driver(arguments[1:])
        if os.environ.get("SESSIONCTL_WARM"):
            from sessionctl.cli.git.warm_process import stay

            sys.stdout.flush()
            stay(dict(os.environ))
        return driver_code
    if arguments in (["--help"], ["-h"], ["help"]):
        from sessionctl.cli.command_table import help_text

        console.stdout.write(help_text())
        return 0
    code = _plain_code(arguments, console)
    if code is not None:
        return code
    from sessionctl.cli.start.light_start import run_light

    code = run_light(arguments, console)
    if code is not None:
        return code
    from sessionctl.cli.app import run

    return run(arguments, console)


def _plain_code(arguments: list[str], console: Console) -> int | None:
    """Run the plain form of a command that scripts call in loops; None for all others."""
    run: Callable[[Sequence[str], Console], int | None]
    match arguments[:1]:
        case ["get" | "set"]:
            from sessionctl.cli.start.plain_edit import run_plain as run
        case ["validate"]:
            from sessionctl.cli.start.plain_validate import run_plain_validate as run
        case ["save"]:
            from sessionctl.cli.start.plain_save import run_plain_save as run
        case ["secret"] if not os.environ.get("_SESSIONCTL_COMPLETE"):
            from sessionctl.cli.start.plain_secret import run_plain_secret as run
        case _:
            return None
    return run(arguments, console)


def _check_directory(arguments: list[str]) -> None:
    """Raise the error that the current directory is gone, where the command needs one."""
    try:
        os.getcwd()  # noqa: PTH109
    except FileNotFoundError as error:
        from sessionctl.cli.start.gone_directory import gone_directory, needs_directory

        if needs_directory(arguments):
            raise gone_directory(os.environ) from error


def _names_driver(arguments: list[str]) -> bool:
    asks_help = arguments[1:2] in (["-h"], ["--help"])
    return bool(arguments) and arguments[0] in _DRIVERS and not asks_help


if __name__ == "__main__":
    sys.exit(main())
