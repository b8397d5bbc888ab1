"""Textconv: the content of a file for ``git diff`` and ``git log``, its secrets masked."""

from __future__ import annotations

# pathlib costs start-up, and git starts this once per file: plain os calls here.
# ruff: noqa: PTH108, PTH123
import os

try:
    # hashlib takes longer to import than all else here: it loads the library of TLS.
    from _blake2 import blake2b
except ImportError:  # a Python without its own
    from hashlib import blake2b

from sessionctl.system.files.private_directories import make_private, write_private_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "mask.key"
_BYTES = 32
_DIGITS = 6
# Another secret of this machine, where nothing can be written: new at every start of it.
_BOOT = "/proc/sys/kernel/random/boot_id"


def read_file(path: str) -> bytes:
    """Return the bytes of a file that git names; raises ``OSError``."""
    with open(path, "rb") as stream:
        return stream.read()


def masked_content(
    data: bytes,
    path: str,
    mark: Callable[[str], str],
    *,
    is_inert: bool,
    is_for_any_name: bool = False,
) -> bytes:
    """Return the bytes of the file ``path`` with its secrets masked; the rest as it is.

    ``mark`` and the rest are as for ``reading_text``. A mistake in the file or in the
    masking shows no secret, and does not stop git.
    """
    from sessionctl.core.filename import is_sidecar_name
    from sessionctl.core.render.masked_text import damaged_text, reading_text
    from sessionctl.errors import ParseError

    try:
        text = data.decode()
        if is_sidecar_name(path):
            from sessionctl.core.toml.document import Document

            Document.parse(text)
        return reading_text(
            text, path, mark, is_inert=is_inert, is_for_any_name=is_for_any_name
        ).encode()
    except (ParseError, UnicodeDecodeError):
        pass
    except Exception:  # noqa: BLE001, S110 - git log must go on
        pass
    from sessionctl.core.scan.redaction import redact_broken
    from sessionctl.core.secrets.digest import show_damaged

    show = show_damaged if is_sidecar_name(path) else redact_broken
    text = data.decode(errors="surrogateescape")
    shown = damaged_text(text, show(text), mark, is_inert=is_inert)
    return shown.encode(errors="surrogateescape")


class SecretMarker:
    """Gives each secret a mark of its own; the key is read, or made, at the first.

    With the key a mark says of two secrets that they differ; without it, which this machine
    alone has, nobody can try guesses.
    """

    __slots__ = ("_key", "_state")

    def __init__(self, state: str | None, key: bytes = b"") -> None:
        """Use ``key``, else one in ``state``; without both it lasts as long as the machine."""
        self._state = state
        self._key = key

    def __call__(self, secret: str) -> str:
        """Return the mark of ``secret``."""
        if not self._key:
            self._key = _kept_key(self._state) or _passing_key()
        data = secret.encode("utf-8", "surrogatepass")
        return blake2b(data, key=self._key, digest_size=_DIGITS // 2).hexdigest()


def _kept_key(state: str | None) -> bytes:
    if state is None:
        return b""
    path = f"{state}/{_NAME}"
    try:
        return _read(path) or _made(state, path)
    except OSError:
        return b""


def _made(state: str, path: str) -> bytes:
    make_private(state)
    fresh = f"{path}.{os.getpid()}"
    write_private_bytes(fresh, os.urandom(_BYTES))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another git was quicker
    finally:
        os.unlink(fresh)
    return _read(path)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            data = stream.read(_BYTES)
    except FileNotFoundError:
        return b""
    return data if len(data) == _BYTES else b""


def _passing_key() -> bytes:
    try:
        with open(_BOOT, "rb") as stream:
            return stream.read(64)
    except OSError:
        return os.urandom(_BYTES)
