"""What git starts once per file, merge driver and textconv: arguments in, exit codes out.

Click is not imported here: a rebase over a hundred commits starts this a hundred times.
"""

from __future__ import annotations

import gc
import os
import sys

from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.merge import MergeResult
    from sessionctl.services.git.cache.text_cache import TextCache
    from sessionctl.services.git.merge_driver import DriverCall, DriverReport
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

CLEAN = 0
CONFLICTS = 1
FAILED = 129
"""Git before 2.42 takes any code but 0 for a conflict; later ones stop at 129 and more."""

_KEPT = "--kept="
_MOST = 127
_MARKER_SIZE = 7
_SHOWN_DIGITS = 12
_SHOWN_LINES = 10


def main(arguments: list[str]) -> int:
    """Run ``merge-driver ...`` or ``textconv FILE`` and return the exit code."""
    # One file and the process ends: collecting garbage meanwhile is a twentieth of the time.
    gc.disable()
    try:
        return _run(arguments)
    finally:
        gc.enable()


def _run(arguments: list[str]) -> int:
    name, *rest = arguments
    if name == "textconv":
        return _textconv(rest)
    try:
        call, conflict_exit = _read_call(rest, os.environ)
    except UsageError as error:
        _say("error", error.message, *error.hints)
        return FAILED
    from sessionctl.services.git.merge_driver import DriverState, merge_files

    report = merge_files(call)
    _print_report(call, report)
    match report.state:
        case DriverState.MERGED:
            return CLEAN
        case DriverState.UNCHANGED:
            return FAILED
        case DriverState.CONFLICTS | DriverState.UNSURE | DriverState.KEPT:
            return conflict_exit


def _textconv(arguments: list[str]) -> int:
    """Print a file for reading: as it is, but with secrets masked.

    Raises:
      UsageError: not one file is named.
    """
    content = masked_file(arguments)
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    return 0


def masked_file(arguments: list[str], caches: dict[str, TextCache | None] | None = None) -> bytes:
    """Return the content of the file that is named, for reading: its secrets are masked.

    ``--kept=NAME`` says that git keeps it in the cache of that name. ``caches`` are those that
    are known already, by git directory.

    Raises:
      UsageError: not one file is named.
      GitError: git must not keep it.
    """
    from sessionctl.services.git.cache.text_cache import TextCache
    from sessionctl.services.git.textconv import SecretMarker, masked_content, read_file
    from sessionctl.services.machine import Machine

    options = [word for word in arguments[:1] if word.startswith(_KEPT)]
    files = [word for word in arguments[len(options) :] if word != "--"]
    if len(files) != 1:
        raise UsageError(f"textconv: expected FILE, got {len(files)} arguments")
    caches = {} if caches is None else caches
    place = os.environ.get("GIT_DIR", "")
    if place not in caches:
        caches[place] = TextCache.here(os.environ)
    cache = caches[place]
    data = read_file(files[0])
    state = cache.read() if cache is not None and options else None
    mark = SecretMarker(Machine(os.environ).state, state.key if state else b"")
    # What goes to a pager is read by a person. Anything else may be a patch to apply, and what
    # git keeps may go anywhere.
    is_paged = os.environ.get("GIT_PAGER_IN_USE") == "true" and not options
    content = masked_content(
        data, files[0], mark, is_inert=not is_paged, is_for_any_name=bool(options)
    )
    if cache is not None and options:
        cache.check(options[-1].removeprefix(_KEPT), files[0], data)
    elif cache is not None:
        cache.refresh()
    return content


# -- arguments ---------------------------------------------------------------------------


def _read_call(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[DriverCall, int]:
    """Return the call that ``arguments`` are, and the exit code for conflicts.

    Raises:
      UsageError: they are no call.
    """
    from sessionctl.services.git.merge_driver import DriverCall

    size, conflict_exit, is_for_base, path = "", CONFLICTS, False, ""
    files = list(arguments)
    while files and files[0].startswith("--"):
        option, _, value = files.pop(0).partition("=")
        if option == "--":
            break
        if option == "--path":
            path = value
        elif option == "--marker-size":
            size = value
        elif option == "--conflict-exit":
            conflict_exit = _number(option, value)
        elif option == "--for-base":
            is_for_base = True
        else:
            raise _usage(f"no such option: {option}")
    if not 3 <= len(files) <= 6:
        raise _usage(f"expected BASE OURS THEIRS [S X Y], got {len(files)} arguments")
    base, ours, theirs = files[:3]
    # Git before 2.44 does not know %S %X %Y and hands them on as they are.
    words = [("" if word in ("%S", "%X", "%Y") else word) for word in (*files[3:], "", "", "")]
    call = DriverCall(
        base,
        ours,
        theirs,
        path or ours,
        environ,
        _keeper,
        (words[0], words[1], words[2]),
        _marker_size(size),
        is_for_base,
        environ.get("SESSIONCTL_MERGE") == "text",
        environ.get("SESSIONCTL_MERGE_PREFER", ""),
    )
    return call, conflict_exit


def _keeper() -> VaultKeeper:
    from sessionctl.cli.output.console import Console
    from sessionctl.cli.secrets.user_keeper import make_keeper

    return make_keeper(Console(), None, no_input=True)


def _marker_size(value: str) -> int:
    """Return the size that git asks for with %L; the usual one, with a note, for an odd one.

    A refusal would not do: git, left without an answer, keeps ours alone.
    """
    if _is_number(value):
        return int(value)
    if value not in ("", "%L"):
        shown = value if len(value) <= _SHOWN_DIGITS else f"{value[:_SHOWN_DIGITS]}..."
        _say(
            "note",
            f"markers of size {_MARKER_SIZE} are written, expected a size from 1 to {_MOST}, "
            f"got {shown}",
            "change conflict-marker-size in .gitattributes",
        )
    return _MARKER_SIZE


def _is_number(value: str) -> bool:
    is_short = value.isascii() and value.isdigit() and len(value) <= _SHOWN_DIGITS
    return is_short and 0 < int(value) <= _MOST


def _number(option: str, value: str) -> int:
    if _is_number(value):
        return int(value)
    raise _usage(f"{option}: expected a number from 1 to {_MOST}, got {value!r}")


def _usage(message: str) -> UsageError:
    usage = "usage: sessionctl git merge-driver --marker-size=N --path=P -- BASE OURS THEIRS"
    return UsageError(f"merge-driver: {message}", hints=[usage])


# -- words -------------------------------------------------------------------------------


def _print_report(call: DriverCall, report: DriverReport) -> None:
    """Say on stderr what a person should know of a merge; of a clean one that is nothing."""
    if report.policy_error is not None:
        error = report.policy_error
        _say("warning", f"ignoring SESSIONCTL_MERGE_PREFER: {error.message}", *error.hints)
    if report.preference is not None:
        for message in report.preference.messages:
            _say("warning", f"ignoring merge.prefer: {message}")
    if report.filter_name:
        _print_filtered(call, report)
        return
    if report.failure is not None:
        _print_failure(call, report.failure)
    _print_line_failure(call, report)
    _print_result(call, report)


def _print_filtered(call: DriverCall, report: DriverReport) -> None:
    """Say that a filter of git keeps the texts from being merged, and how to go on."""
    from sessionctl.services.git.filter_advice import filter_step
    from sessionctl.system.git.typed_git import typed_path

    reason = f": {report.failure}" if report.failure is not None else ""
    name, path = report.filter_name, typed_path(call.path, call.environ)
    _say(
        "error",
        f"{call.path}: not merged, it holds ours: the filter {name!r} of git does not give"
        f" its content here{reason}",
        *filter_step(name),
        f"then merge it again: git checkout --merge -- {path}",
    )


def _print_failure(call: DriverCall, error: Exception) -> None:
    """Say why lines of text were merged."""
    from sessionctl.errors import DocumentError, SessionctlError

    if isinstance(error, DocumentError):
        _say("warning", f"merged line by line: {error.message}", *error.hints)
        return
    if isinstance(error, SessionctlError):
        _say("error", f"{call.path}: merged line by line: {error.message}")
        return
    if call.environ.get("SESSIONCTL_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)
    reason = f"a bug of sessionctl: {type(error).__name__}"
    _say("error", f"{call.path}: merged line by line after {reason}")


def _print_line_failure(call: DriverCall, report: DriverReport) -> None:
    """Say what became of lines that git could not merge, or that merged after a failure."""
    from sessionctl.services.git.merge_driver import DriverState

    if report.write_failure:
        failure = f"{report.line_failure}; {report.write_failure}"
        _say("error", f"{call.path}: not merged: {failure}")
    elif report.line_failure:
        failure = report.line_failure
        _say("warning", f"{call.path}: not merged, it now holds both sides whole: {failure}")
    elif report.state is DriverState.UNSURE:
        from sessionctl.system.git.typed_git import typed_path

        _say("hint", f"look at {call.path}, then: git add {typed_path(call.path, call.environ)}")


def _print_result(call: DriverCall, report: DriverReport) -> None:
    """Say what the merge by key followed, settled and left."""
    result = report.result
    if result is None:
        return
    for error in report.syntax_errors:
        _say("warning", f"not TOML, merged line by line: {error.message}")
    if result.followed or result.decisions:
        from sessionctl.core.render.merge_text import decision_lines, followed_lines

        for line in followed_lines(result, call.path):
            _say("note", line)
        _write_all(decision_lines(result, call.path), call.path, "more resolved")
        if result.decisions and report.preference is not None and report.preference.place:
            _say("note", f"resolved by merge.prefer, {report.preference.place}")
    if result.conflicts and not call.is_for_base:
        _print_conflicts(call, report, result)


def _print_conflicts(call: DriverCall, report: DriverReport, result: MergeResult) -> None:
    from sessionctl.cli.output.conflict_advice import merge_advice
    from sessionctl.core.render.merge_text import conflict_lines
    from sessionctl.system.git.typed_git import typed_path

    _write_all(conflict_lines(result, call.path, report.labels), call.path, "more conflicts")
    path = typed_path(call.path, call.environ)
    for line in merge_advice(result, f"sessionctl resolve {path}"):
        _say("hint", line)
    _say("hint", f"sessionctl resolve {path}, then: git add {path}")
    if report.is_undated:
        _say("hint", "git does not show here which side is newer, so 'newest' resolves nothing")


def _write_all(lines: Sequence[str], path: str, more: str) -> None:
    for line in lines[:_SHOWN_LINES]:
        _write(f"{line}\n")
    if len(lines) > _SHOWN_LINES:
        _write(f"{path}: and {len(lines) - _SHOWN_LINES} {more}\n")


def _say(kind: str, message: str, *hints: str) -> None:
    from sessionctl.core.text.source import visible

    _write(f"sessionctl: {kind}: {visible(message)}\n")
    for hint in hints:
        _write(f"sessionctl: hint: {visible(hint)}\n")


def _write(text: str) -> None:
    """Write to stderr; a name that it cannot show is escaped, a closed one is no reason."""
    try:
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode())
    except (OSError, UnicodeEncodeError):
        return
