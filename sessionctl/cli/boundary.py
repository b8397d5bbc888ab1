"""The one error boundary: whatever goes wrong, a plain message and an honest exit code."""

from __future__ import annotations

import errno
import os

from sessionctl.errors import FileError, ParseError, SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from sessionctl.cli.output.console import Console

COULD_NOT = 3
BUG = 70
_LOOP = "Symlink loop from "
INTERRUPTED = 130
_STDOUT = "stdout"
_OF_OUTPUT = (errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC)
_OUTPUT_HINTS = {
    errno.EBADF: ["it is closed: send the output to a file, or to a program"],
    errno.ENOSPC: ["make room where the output goes, and run the command again"],
}
READER_GONE = 141
"""What a shell reports of a program that SIGPIPE ended."""


def guarded(work: Callable[[], int], console: Console) -> int:
    """Return the exit code of ``work``, or that of its error, which is reported on stderr.

    Never raises and never shows a traceback, save with ``SESSIONCTL_DEBUG=1``.
    """
    try:
        code = _code_of(work, console)
        try:
            console.flush()
        except OSError as error:
            _silence(console.stdout)
            # With another code than these, the failure has been told already.
            if code in (0, 1):
                error.filename = _STDOUT
                code = _tell(error, console)
    except OSError:
        # Stderr is gone too; the exit code is all that can still be said.
        _silence(console.stdout)
        _silence(console.stderr)
        return COULD_NOT
    return code


def _code_of(work: Callable[[], int], console: Console) -> int:
    try:
        return work()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - this is the place where all errors end
        return _tell(error, console)


def _excerpt(error: SessionctlError, console: Console) -> Iterator[str]:
    """Yield the lines that show where a text is not TOML."""
    if not isinstance(error, ParseError):
        return
    from sessionctl.cli.output.problem_output import error_excerpt

    try:
        yield from error_excerpt(console, error)
    except KeyboardInterrupt:
        return  # to look for secrets in a large file takes seconds; the rest is said at once


def _tell(error: Exception, console: Console) -> int:
    """Say ``error`` on stderr and return its exit code."""
    if isinstance(error, BrokenPipeError):
        return READER_GONE
    if console.debug:
        import traceback

        traceback.print_exception(error, file=console.stderr)
    if isinstance(error, FileNotFoundError) and error.filename is None:
        from sessionctl.cli.start.gone_directory import gone_directory, is_gone

        error = gone_directory(os.environ) if is_gone() else error
    if isinstance(error, SessionctlError):
        hints = list(error.hints)
        if isinstance(error, FileError | ParseError):
            from sessionctl.cli.output.problem_output import error_hints

            hints = error_hints(console, error)
        console.error(error.message, excerpt=_excerpt(error, console), hints=hints)
        return error.exit_code
    if isinstance(error, OSError):
        if _is_of_stdout(error, console):
            error.filename = _STDOUT
        hints = _OUTPUT_HINTS.get(error.errno or 0, []) if error.filename == _STDOUT else []
        console.error(_os_message(error), hints=hints)
        return COULD_NOT
    if isinstance(error, RuntimeError) and str(error).startswith(_LOOP):
        # Path.resolve() of Python before 3.13; its text is the path.
        from sessionctl.core.text.shellwords import path_word

        name = str(error).removeprefix(_LOOP).strip("'\"")
        console.error(
            f"{name}: a symlink that leads back to itself",
            hints=[f"see where it leads: ls -ld {path_word(name)}"],
        )
        return COULD_NOT
    # Not the error's own text: it may quote a value, and values may be secret.
    console.error(
        f"this is a bug of sessionctl: {type(error).__name__}{_origin(error)}",
        hints=["run it again with SESSIONCTL_DEBUG=1 and report what it prints"],
    )
    return BUG


def _is_of_stdout(error: OSError, console: Console) -> bool:
    """Return whether it was the answer that could not be written.

    Such an error names no file; what failed had stdout, or the console, at hand.
    """
    step = error.__traceback__
    if error.filename is not None or error.errno not in _OF_OUTPUT or step is None:
        return False
    while step.tb_next is not None:
        step = step.tb_next
    return any(one is console or one is console.stdout for one in step.tb_frame.f_locals.values())


def _os_message(error: OSError) -> str:
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if _is_name(name)]
    return f"{' -> '.join(names)}: {reason}" if names else f"the system said: {reason}"


def _is_name(name: object) -> bool:
    return isinstance(name, (str, bytes))


def _origin(error: Exception) -> str:
    """Return the last place within sessionctl that the error came through."""
    place = ""
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.startswith("sessionctl.") and module != __name__:
            place = f" in {module}, line {step.tb_lineno} ({code.co_name})"
        step = step.tb_next
    return place


def _silence(stream: TextIO) -> None:
    """Drop what ``stream`` still holds, so that the interpreter's last flush cannot fail."""
    try:
        target = stream.fileno()
    except (OSError, ValueError):
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, target)
    os.close(sink)
