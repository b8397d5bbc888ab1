"""Early end: whether an editor ended while its window is still open, and how it is made to wait."""

from __future__ import annotations

import os
import re
import shlex
import time

# Editors with a window of their own that go on by themselves, and what makes them wait.
_WAITING = {
    "atom": "--wait", "code": "--wait", "code-insiders": "--wait", "codium": "--wait",
    "cursor": "--wait", "gnome-text-editor": "--standalone", "gvim": "-f", "gedit": "--standalone",
    "kate": "--block", "lapce": "--wait", "mate": "-w", "mvim": "-f", "nova": "--wait",
    "open": "-W -n", "pulsar": "--wait", "subl": "--wait", "sublime_text": "--wait",
    "vscodium": "--wait", "windsurf": "--wait", "xed": "--wait", "zed": "--wait",
    "zeditor": "--wait",
}  # fmt: skip
_NEVER_WAITING = frozenset({"emacsclient", "gio", "kde-open", "kde-open5", "xdg-open"})
_SANDBOXES = frozenset({"flatpak", "snap", "flatpak-spawn"})
_LOOKS = 20
_BETWEEN_LOOKS_S = 0.002
_MAKE_WAIT = re.compile(r"-[a-zA-Z]*[wWf][a-zA-Z]*|--wait|--block|--standalone|--nofork|-n")


def waiting_editor(editor: str) -> str | None:
    """Return ``editor`` as it waits until the file is closed, None where it waits already.

    An editor of a terminal, and one that is not known, waits; "" stands for one that cannot
    be made to wait.
    """
    try:
        words = shlex.split(editor)
    except ValueError:
        return None
    name = os.path.basename(words[0]) if words else ""  # noqa: PTH119
    options = [word for word in words[1:] if word.startswith("-")]
    if name in _SANDBOXES:
        known = next((one for one in _WAITING if _is_named(words, one)), "")
        if not known or any(map(_MAKE_WAIT.fullmatch, options)):
            return None
        return f"{editor} {_WAITING[known]}"
    if name == "emacsclient":
        no_wait = [word for word in options if word in ("-n", "--no-wait")]
        kept = (word for word in words if word not in no_wait)
        return shlex.join(kept) if no_wait else None
    if name in _NEVER_WAITING:
        return ""
    if name not in _WAITING or any(map(_MAKE_WAIT.fullmatch, options)):
        return None
    return f"{editor} {_WAITING[name]}"


def is_open_elsewhere(path: str) -> bool:
    """Return whether a program that still runs was started with ``path``, as an editor may be.

    A program that is just being started has no arguments for a moment: it is looked at again.
    """
    try:
        processes = [name for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    except OSError:
        return False
    wanted = os.fsencode(path)
    others = [name for name in processes if int(name) != os.getpid()]
    for _ in range(_LOOKS):
        arguments = {name: _arguments(name) for name in others}
        if any(wanted in words for words in arguments.values()):
            return True
        others = [name for name, words in arguments.items() if words == [b""] and _runs(name)]
        if not others:
            return False
        time.sleep(_BETWEEN_LOOKS_S)
    return False


def _arguments(process: str) -> list[bytes]:
    try:
        with open(f"/proc/{process}/cmdline", "rb") as stream:  # noqa: PTH123
            return stream.read().split(b"\0")
    except OSError:
        return []


def _runs(process: str) -> bool:
    """Return whether it runs a program of this user; zombies and kernel threads do not."""
    try:
        return bool(os.readlink(f"/proc/{process}/exe"))  # noqa: PTH115
    except OSError:
        return False


def _is_named(words: list[str], editor: str) -> bool:
    """Return whether a sandbox starts ``editor``: ``flatpak run com.visualstudio.code``."""
    names = [part.lower() for word in words[1:] for part in re.split(r"[.=/]", word)]
    return editor in names
