"""Git's merge driver, and the way to its textconv: started by git once per file.

Click is not imported here, and subprocess only when the merge by key cannot be had: a
rebase over a hundred commits starts this a hundred times.
"""

from __future__ import annotations

import gc
import os
import sys

from sessionctl.errors import DocumentError, FileError, SessionctlError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.conflict.markers import Labels
    from sessionctl.core.merge import MergeResult
    from sessionctl.core.merge.policy.policy import Policy

CLEAN = 0
CONFLICTS = 1
FAILED = 129
"""Git before 2.42 takes any code but 0 for a conflict; later ones stop at 129 and more."""

_LOCK_FILES = frozenset({"Cargo.lock", "pdm.lock", "poetry.lock", "pylock.toml", "uv.lock"})
_SHOWN_LINES = 10
_MOST_CONFLICTS = 127
"""Git merge-file's exit code is the number of conflicts, up to this."""


class _Call:
    """One call of the merge driver, as its arguments tell it."""

    __slots__ = (
        "base", "conflict_exit", "is_for_base", "label_words", "marker_size", "ours", "path",
        "theirs",
    )  # fmt: skip

    def __init__(self, arguments: Sequence[str]) -> None:
        """Read ``arguments``; raises ``UsageError`` where they are not a call."""
        self.marker_size = 7
        self.conflict_exit = CONFLICTS
        self.is_for_base = False
        self.path = ""
        files = list(arguments)
        while files and files[0].startswith("--"):
            option, _, value = files.pop(0).partition("=")
            if option == "--":
                break
            if option == "--path":
                self.path = value
            elif option == "--marker-size":
                self.marker_size = _number(option, value)
            elif option == "--conflict-exit":
                self.conflict_exit = _number(option, value)
            elif option == "--for-base":
                self.is_for_base = True
            else:
                raise _usage(f"no such option: {option}")
        if not 3 <= len(files) <= 6:
            raise _usage(f"expected BASE OURS THEIRS [S X Y], got {len(files)} arguments")
        self.base, self.ours, self.theirs = files[:3]
        # Git before 2.44 does not know %S %X %Y and hands them on as they are.
        words = [("" if word in ("%S", "%X", "%Y") else word) for word in files[3:]]
        self.label_words = (*words, "", "", "")[:3]
        self.path = self.path or self.ours


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
        from sessionctl.cli.git.textconv import textconv

        return textconv(rest)
    try:
        call = _Call(rest)
    except UsageError as error:
        _say("error", error.message, *error.hints)
        return FAILED
    return _merge_driver(call, os.environ)


def _merge_driver(call: _Call, environ: Mapping[str, str]) -> int:
    """Merge into OURS: by key; where that cannot be, by lines; never lose a side.

    With ``is_for_base`` the result is the base of another merge: a criss-cross history.
    """
    if environ.get("SESSIONCTL_MERGE") == "text" or os.path.basename(call.path) in _LOCK_FILES:  # noqa: PTH119
        return _merge_lines(call, environ)
    try:
        return _merge_by_key(call, environ)
    except DocumentError as error:
        _say("warning", f"merged as lines of text: {error.message}", *error.hints)
        return _merge_lines(call, environ)
    except SessionctlError as error:
        _say("error", f"{call.path}: merged as lines of text: {error.message}")
    except Exception as error:  # noqa: BLE001 - a crash must not pass for "ours is the result"
        reason = f"a bug of sessionctl: {type(error).__name__}"
        if environ.get("SESSIONCTL_DEBUG", "") not in ("", "0"):
            import traceback

            traceback.print_exception(error)
        _say("error", f"{call.path}: merged as lines of text, after {reason}")
    code = _merge_lines(call, environ)
    if code == CLEAN:
        from sessionctl.core.text.shellwords import path_word

        _say("hint", f"look at {call.path}, then: git add {path_word(call.path)}")
    # The lines may have merged cleanly; what made the merge by key fail is not known to
    # be harmless, so a person shall look.
    return max(code, call.conflict_exit)


def _merge_by_key(call: _Call, environ: Mapping[str, str]) -> int:
    from sessionctl.services.merging.three_way import (
        MergeOptions,
        find_syntax_errors,
        followed_lines,
        merge_texts,
        settled_lines,
    )
    from sessionctl.system.files.text import read_text, write_text

    texts = (read_text(call.base), read_text(call.ours), read_text(call.theirs))
    labels = _labels(call, environ)
    how = MergeOptions(labels, call.marker_size)
    if not call.is_for_base:
        # What is only compared with need not be valid, and no side of it is preferred.
        how = how._replace(policy=_policy(call, environ)).for_file(call.path)
    if how.for_file(call.path).is_sidecar:
        from sessionctl.cli.git.sidecar_clashes import chosen_sides

        how = how._replace(is_sidecar=True, chosen=chosen_sides(texts, call.path))
    result = merge_texts(texts, how)
    if result.conflicts:
        result = _doubted(call, texts, result)
    write_text(call.ours, result.text, expected=texts[1], is_durable=False)
    if read_text(call.ours) != result.text:
        raise FileError(f"{call.ours}: does not hold what was written")
    if result.method == "text" and not call.is_for_base:
        names = [f"{label}:{call.path}" for label in (labels.base, labels.ours, labels.theirs)]
        for problem in find_syntax_errors(texts, names):
            _say("warning", f"merged as lines of text, for it is not TOML: {problem}")
    for line in followed_lines(result, call.path):
        _say("note", line)
    _write_all(settled_lines(result, call.path), call.path, "more settled")
    if not result.conflicts:
        return CLEAN
    if not call.is_for_base:
        _tell_conflicts(call, result, labels)
        if how.policy is not None and how.policy.leaves_undated(c.path for c in result.conflicts):
            _say("hint", "git does not tell here which side is newer, so 'newest' settles nothing")
    return call.conflict_exit


def _doubted(call: _Call, texts: Sequence[str], result: MergeResult) -> MergeResult:
    """Return the result with doubts for its conflicts, or without those of its base."""
    from sessionctl.core.merge.virtual_base import PLACEHOLDER, text_for_base, without_placeholders

    if call.is_for_base:
        return result._replace(text=text_for_base(result))
    is_known = PLACEHOLDER not in texts[0] or any(PLACEHOLDER in text for text in texts[1:])
    return result if is_known else without_placeholders(result)


def _merge_lines(call: _Call, environ: Mapping[str, str]) -> int:
    """Let ``git merge-file`` merge into OURS; without it, put both sides between markers."""
    from sessionctl.system.process import run

    names = _labels(call, environ)
    labels = [word for name in names for word in ("-L", name)]
    size = f"--marker-size={call.marker_size}"
    try:
        options = ["--quiet", "--diff3", size, *labels]
        files = [call.ours, call.base, call.theirs]
        done = run(["git", "merge-file", *options, "--", *files], check=False)
        if done.returncode <= _MOST_CONFLICTS:
            return call.conflict_exit if done.returncode else CLEAN
        reason = done.stderr.decode(errors="replace").strip()
    except SessionctlError as error:
        reason = error.message
    try:
        _put_both(call, names)
    except OSError as error:
        _say("error", f"{call.path}: not merged: {reason}; {error.strerror or error}")
        return FAILED
    _say("warning", f"{call.path}: not merged, it now holds both sides whole: {reason}")
    return call.conflict_exit


def _put_both(call: _Call, labels: Labels) -> None:
    """Write the whole of both sides between markers: what neither program could merge."""
    texts = []
    for path in (call.ours, call.theirs):
        with open(path, "rb") as stream:  # noqa: PTH123
            data = stream.read()
        texts.append(data if not data or data.endswith(b"\n") else data + b"\n")

    def marker(character: str, label: str) -> bytes:
        return f"{character * call.marker_size}{label}\n".encode(errors="replace")

    parts = [marker("<", f" {labels.ours}"), texts[0], marker("=", "")]
    parts += [texts[1], marker(">", f" {labels.theirs}")]
    with open(call.ours, "wb") as target:  # noqa: PTH123
        target.write(b"".join(parts))


def _labels(call: _Call, environ: Mapping[str, str]) -> Labels:
    """Return the names of branches or commits: git's own, where it hands them on."""
    from sessionctl.core.conflict.markers import Labels
    from sessionctl.system.git.directory import find_git_dir, one_line, side_names

    base, ours, theirs = map(one_line, call.label_words)
    if ours in ("", "HEAD") or not theirs:
        git_dir = find_git_dir(".", environ)
        found = side_names(git_dir, environ) if git_dir else ("ours", "theirs")
        ours = found[0] if ours in ("", "HEAD") else ours
        theirs = theirs or found[1]
    return Labels(ours, base or "base", theirs)


def _policy(call: _Call, environ: Mapping[str, str]) -> Policy | None:
    """Return what settles conflicts; git's own -X never reaches a driver."""
    words = environ.get("SESSIONCTL_MERGE_PREFER")
    if not words:
        return None
    from sessionctl.core.merge.policy.policy import Policy

    try:
        policy = Policy.parse(words)
    except UsageError as error:
        _say("warning", f"SESSIONCTL_MERGE_PREFER is not heeded: {error.message}", *error.hints)
        return None
    if not policy.asks_for_dates:
        return policy
    from sessionctl.system.git.side_dates import dates_of_sides

    return policy._replace(dates=dates_of_sides(call.path, environ))


def _tell_conflicts(call: _Call, result: MergeResult, labels: Labels) -> None:
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.services.merging.three_way import advice, conflict_lines

    _write_all(conflict_lines(result, call.path, labels), call.path, "more conflicts")
    path = path_word(call.path)
    for line in advice(result, f"sessionctl resolve {path}", "--take"):
        _say("hint", line)
    _say("hint", f"sessionctl resolve {path}, then: git add {path}")


def _write_all(lines: Sequence[str], path: str, more: str) -> None:
    for line in lines[:_SHOWN_LINES]:
        _write(f"{line}\n")
    if len(lines) > _SHOWN_LINES:
        _write(f"{path}: and {len(lines) - _SHOWN_LINES} {more}\n")


def _number(option: str, value: str) -> int:
    if value.isascii() and value.isdigit() and 0 < int(value) <= _MOST_CONFLICTS:
        return int(value)
    raise _usage(f"{option}: expected a number from 1 to {_MOST_CONFLICTS}, got {value!r}")


def _usage(message: str) -> UsageError:
    usage = "usage: sessionctl git merge-driver --marker-size=N --path=P -- BASE OURS THEIRS"
    return UsageError(f"merge-driver: {message}", hints=[usage])


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
