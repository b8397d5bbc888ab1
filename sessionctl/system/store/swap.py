"""Swap: put a new file in the place of another, and keep what it displaced.

Looking first and replacing then leaves a moment in which an edit of someone else is lost
without trace. An exchange has no such moment: what stood there has a name afterwards.
"""

from __future__ import annotations

# pathlib costs more start-up than a single edit may spend: plain os calls here.
# ruff: noqa: PTH105, PTH123
import errno
import os
import sys

from sessionctl.core.memory import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # macOS, sys/stdio.h
_LINUX = "renameat2"  # glibc 2.28, musl 1.2.5
_MACOS = "renamex_np"  # macOS 10.12
_UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})


def swap(new: str, target: str, spare: str) -> str:
    """Put the file ``new`` at ``target``; return where the displaced file is then.

    Both are in one directory, and ``spare`` is a free name there. The displaced file is at
    ``new`` where the system can exchange two files at one stroke (Linux, macOS); else at
    ``spare``, and an edit that comes in the few microseconds between its linking and the
    replacing is lost.

    Raises:
      FileNotFoundError: nothing is at ``target`` any more.
      OSError: the system said no; ``target`` is as it was.
    """
    if exchange(new, target):
        return new
    try:
        os.link(target, spare)
    except FileNotFoundError:
        raise
    except OSError:
        _copy(target, spare)  # a file system without hard links
    os.replace(new, target)
    return spare


def exchange(one: str, other: str) -> bool:
    """Exchange two files at one stroke; return whether this system and file system can.

    Raises:
      OSError: it can, and said no.
    """
    code = _exchange(os.fsencode(one), os.fsencode(other))
    if code == 0:
        return True
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), one, None, other)


def _exchange(one: bytes, other: bytes) -> int:
    """Call the system's exchange; return its errno, 0 for done."""
    if sys.platform not in ("linux", "darwin"):
        return errno.ENOSYS
    if sys.platform == "linux":
        code = _call(_LINUX, _AT_FDCWD, one, _AT_FDCWD, other, _RENAME_EXCHANGE)
    else:  # pragma: no cover - cannot be run on Linux
        code = _call(_MACOS, one, other, _RENAME_SWAP)
    return code


def _call(name: str, *arguments: int | bytes) -> int:
    """Call a function of the system's library; return its errno, 0 for done."""
    import _ctypes

    function = _function(name)
    if function is None:
        return errno.ENOSYS
    return _ctypes.get_errno() if function(*arguments) else 0


@remembered()
def _function(name: str) -> Callable[..., int] | None:
    """Return a function of the system's library, None where that has none of the name."""
    # What ctypes is made of: to load all of that takes 2 ms.
    import _ctypes

    class Number(_ctypes._SimpleCData):  # type: ignore[type-arg]
        _type_ = "i"

    class Function(_ctypes.CFuncPtr):
        _flags_ = _ctypes.FUNCFLAG_CDECL | _ctypes.FUNCFLAG_USE_ERRNO
        _restype_ = Number

    own: Any = None  # the libraries of this process
    try:
        return Function(_ctypes.dlsym(_ctypes.dlopen(own, 0), name))
    except OSError:
        return None


def _copy(source: str, target: str) -> None:
    before = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with open(os.open(target, flags, 0o600), "wb") as stream:
            while data := os.read(before, 1 << 16):
                stream.write(data)
    finally:
        os.close(before)
