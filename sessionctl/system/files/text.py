"""Files: read whole texts within limits, write them atomically, refuse what would hang."""

from __future__ import annotations

# pathlib costs more start-up than git's merge driver may spend: plain os calls here.
# ruff: noqa: PTH105, PTH108, PTH113, PTH114, PTH116
import errno
import os
import stat
import sys

from sessionctl.core.filename import STDIN_NAME
from sessionctl.core.problem import Problem, Span
from sessionctl.errors import DocumentError, FileError, ParseError
from sessionctl.system.os_errors import cannot, unwritable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    PathText = str | os.PathLike[str]

LIMIT_BYTES = 64 * 1024 * 1024
"""The largest file that is read; a document's own limit is as high."""

_NAMED_BYTES = 4
_OPEN_PIPES = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
_CHUNK = 1 << 16


def read_text(path: PathText, *, limit_bytes: int = LIMIT_BYTES) -> str:
    """Return the text of a file exactly as it is: line ends and a byte order mark kept.

    Raises:
      FileError: there is no such file, it cannot be read, is a directory, a device or a
        named pipe, or is larger than ``limit_bytes``.
      ParseError: it is not UTF-8; the message carries the place.
    """
    return decode_text(read_bytes(path, limit_bytes=limit_bytes), os.fspath(path))


def read_bytes(path: PathText, *, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Return the bytes of a file; raises ``FileError`` as ``read_text`` does.

    A shell's ``<(command)`` and ``/dev/stdin`` are read to their end; ``/dev/null`` is
    empty, as git and diff use it for a file that is not there.
    """
    name = os.fspath(path)
    try:
        # Before opening, for that alone can rewind a tape; after it, for files change.
        _refuse_special(name, os.stat(name).st_mode)
        with open(name, "rb", buffering=0, opener=_open_at_once) as stream:
            return read_open(stream, name, limit_bytes)
    except OSError as error:
        raise cannot("read", name, error) from error


def read_open(stream: BinaryIO, name: str, limit_bytes: int) -> bytes:
    """Return what an open file holds; ``name`` is for messages.

    Raises:
      FileError: it is a directory, a device or a named pipe, or larger than the limit.
      OSError: it cannot be read.
    """
    now = os.fstat(stream.fileno())
    _refuse_special(name, now.st_mode)
    if now.st_size > limit_bytes:
        raise _too_large(name, limit_bytes)
    return _read_all(stream, name, limit_bytes)


def read_stdin(*, limit_bytes: int = LIMIT_BYTES) -> str:
    """Return the text on stdin exactly as it is; raises as ``read_text`` does.

    The name in messages is ``<stdin>``.
    """
    name = STDIN_NAME
    if sys.stdin is None:
        raise FileError(f"{name}: closed")
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        return sys.stdin.read()
    try:
        return decode_text(_read_all(stream, name, limit_bytes), name)
    except OSError as error:
        raise cannot("read", name, error) from error


def decode_text(data: bytes, name: str) -> str:
    """Return ``data`` as text, strictly UTF-8; ``name`` stands in the message.

    Raises:
      ParseError: it is not UTF-8; the message carries the place and the byte.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        if line == 1 and before.startswith("\ufeff"):
            column -= 1
        problem = Problem(
            "encoding",
            f"not UTF-8, got the byte 0x{data[error.start]:02x}",
            Span(len(before), len(before) + 1),
            hint=_encoding_hint(data, name),
        )
        raise ParseError(problem, line=line, column=column, name=name) from None


def _encoding_hint(data: bytes, name: str) -> str:
    """Return what makes a text of ``data``, "" if it is not text in any encoding.

    Only a file that may be of another encoding as a whole is to be converted: in any other,
    conversion would make two wrong letters of each that is right.
    """
    from sessionctl.core.text.foreign_bytes import other_encoding
    from sessionctl.core.text.shellwords import path_word

    if data.startswith(b"\0GITCRYPT\0"):
        return "it is encrypted: git-crypt unlock"
    if data.startswith(b"age-encryption.org/"):
        return f"it is encrypted: age --decrypt -o {path_word(name + '.txt')} {path_word(name)}"
    if not os.path.isfile(name):
        return ""  # on stdin, or kept by git
    encoding = other_encoding(data)
    word, new = path_word(name), path_word(f"{name}.utf8")
    if encoding:
        # Not mv: a symlink stays one, and the mode that of the file.
        return (
            f"convert it: iconv -f {encoding} -t UTF-8 {word} > {new} && cat {new} > {word}"
            f" && rm {new}"
        )
    return "" if b"\0" in data else _byte_hint(data, word)


def _byte_hint(data: bytes, word: str) -> str:
    """Return how to edit the bytes that are not UTF-8, and leave the others as they are."""
    from itertools import islice

    from sessionctl.core.text.foreign_bytes import foreign_bytes

    found = list(islice(foreign_bytes(data), _NAMED_BYTES + 1))
    places = ", ".join(f"{one.line}:{one.column}" for one in found[:_NAMED_BYTES])
    more = " and more" if len(found) > _NAMED_BYTES else ""
    # Without ++enc, vim takes the whole file for Latin-1.
    return (
        f"all else is UTF-8; replace what is at {places}{more}:"
        f" vi '+e ++enc=utf-8 ++bad=keep' +{found[0].line} {word}"
    )


def write_text(
    path: PathText, text: str, *, expected: str | None = None, is_durable: bool = True
) -> bool:
    """Make ``text`` the content of a file, wholly or not at all; return whether it changed.

    A text that exists already is not written. The file keeps its mode, owner and
    extended attributes, a symlink stays one (its target is written), a new file gets the
    user's usual mode. A hard link is parted from its other names.

    Args:
      path: the file; its directory must be there.
      text: the whole content, written as UTF-8 without change of line ends.
      expected: the content that was read before; when the file holds anything else, or
        is gone, nothing is written.
      is_durable: wait until the text is on the disk, so that it survives a power cut.

    Raises:
      FileError: the file cannot be written, or does not hold ``expected``.
    """
    from sessionctl.system.files.pinned_folder import pinned

    name = os.fspath(path)
    data = encode_text(text, name)
    wanted = None if expected is None else encode_text(expected, name)
    try:
        with pinned(real_path(name)) as target:
            return _put(name, target, data, wanted, is_durable=is_durable)
    except OSError as error:
        raise cannot("write", name, error) from error


def _put(name: str, target: str, data: bytes, wanted: bytes | None, *, is_durable: bool) -> bool:
    from sessionctl.system.files.temporary import (
        HeldFile,
        remove_quietly,
        sync_directory,
        write_temporary,
    )

    refuse_irregular(target, name)
    current = _bytes_there(target, name)
    _check_expected(name, current, wanted)
    if current == data:
        return False
    if current is not None and not os.access(target, os.W_OK):
        raise unwritable(target)
    temporary = write_temporary(target, data, is_durable=is_durable)
    try:
        with HeldFile(temporary):
            if wanted is not None:
                _check_expected(name, _bytes_there(target, name), wanted)
            os.replace(temporary, target)
    finally:
        remove_quietly(temporary)
    if is_durable:
        sync_directory(target)
    return True


def create_text(path: PathText, text: str) -> None:
    """Make a new file that holds ``text``, wholly or not at all.

    Raises:
      FileError: something exists already, or it cannot be written.
    """
    from sessionctl.system.files.pinned_folder import pinned

    name = os.fspath(path)
    data = encode_text(text, name)
    try:
        # The name itself is not looked through: a symlink there is something that is there.
        folder, base = os.path.split(name)
        with pinned(f"{real_path(folder or '.').rstrip('/')}/{base}") as target:
            _create(target, data)
    except FileExistsError as error:
        hint = "choose another name, or remove it first"
        raise FileError(f"{name}: there is already a file", hints=[hint]) from error
    except OSError as error:
        raise cannot("write", name, error) from error


def _create(target: str, data: bytes) -> None:
    from sessionctl.system.files.temporary import (
        HeldFile,
        remove_quietly,
        sync_directory,
        write_temporary,
    )

    temporary = ""
    try:
        temporary = write_temporary(target, data)
        with HeldFile(temporary):
            put_new(temporary, target)
        sync_directory(target)
    finally:
        remove_quietly(temporary)


def remove_file(path: PathText, *, expected: str) -> None:
    """Remove a file that holds ``expected``; a symlink goes, not what it points to.

    Raises:
      FileError: it holds something else, or cannot be removed.
    """
    name = os.fspath(path)
    _check_expected(name, read_bytes(name), encode_text(expected, name))
    try:
        os.unlink(name)
    except OSError as error:
        raise cannot("remove", name, error) from error


def refuse_irregular(target: str, name: str) -> None:
    """Refuse to put a file in the place of a directory, a device, a pipe or a socket.

    Raises:
      FileError: ``target`` is one; ``name`` is what it is called in the message.
    """
    try:
        mode = os.lstat(target).st_mode
    except OSError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise FileError(
            f"{name}: cannot write: not a regular file",
            hints=["name another file, or take the answer from stdout"],
        )


def put_new(temporary: str, name: str) -> None:
    """Give ``temporary`` its ``name``; raises ``FileExistsError`` where anything is."""
    try:
        os.link(temporary, name)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: take the name first, then its place.
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC))
        os.replace(temporary, name)


def _open_at_once(name: str, flags: int) -> int:
    # A named pipe that came into the file's place a moment ago must not hang.
    return os.open(name, flags if _is_open_pipe(name) else flags | os.O_NONBLOCK)


def _read_all(stream: BinaryIO, name: str, limit_bytes: int) -> bytes:
    chunks: list[bytes] = []
    total = 0
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total > limit_bytes:
            raise _too_large(name, limit_bytes)
        chunks.append(chunk)
    return b"".join(chunks)


def encode_text(text: str, name: str) -> bytes:
    """Return ``text`` as UTF-8; ``name`` stands in the message.

    Raises:
      DocumentError: a lone surrogate is in it.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise DocumentError(f"{name}: U+{code:04X} is not valid in UTF-8") from None


def real_path(name: str) -> str:
    """Return where the content is, following symlinks; one to nothing gives its target.

    Raises:
      OSError: symlinks that lead back to themselves.
    """
    real = os.path.realpath(name)
    if os.path.islink(real):  # realpath gives up on a loop
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return real


def _bytes_there(target: str, name: str) -> bytes | None:
    """Return what is at ``target``, called ``name`` in messages, None for nothing."""
    if not os.path.lexists(target):
        return None
    with open(target, "rb", buffering=0, opener=_open_at_once) as stream:
        return read_open(stream, name, LIMIT_BYTES)


def _check_expected(name: str, current: bytes | None, wanted: bytes | None) -> None:
    if wanted is not None and current != wanted:
        what = "is gone" if current is None else "was changed by someone else"
        raise FileError(
            f"{name}: {what} since it was read, nothing was written",
            hints=["look at the file and run the command again"],
        )


def _is_open_pipe(name: str) -> bool:
    return name.startswith(_OPEN_PIPES)


def _is_plain(name: str, mode: int) -> bool:
    is_pipe = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or name == os.devnull:
        return True
    return is_pipe and _is_open_pipe(name)


def _refuse_special(name: str, mode: int) -> None:
    if not _is_plain(name, mode):
        kind = "named pipe" if stat.S_ISFIFO(mode) else "device or socket"
        hint = "save the text in a file first, or give it on stdin with '-'"
        raise FileError(f"{name}: not a regular file, a {kind}", hints=[hint])


def _too_large(name: str, limit_bytes: int) -> FileError:
    return FileError(f"{name}: larger than the limit of {limit_bytes} bytes")
