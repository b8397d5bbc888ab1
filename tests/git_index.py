"""The index of a copied repository: made to know the files that are there, in a moment."""

from __future__ import annotations

import hashlib
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = struct.Struct(">4sLL")
_STAT = struct.Struct(">10L")
_NAME_AT = 62
"""Ten numbers about the file, the hash of its object, two bytes of flags."""


def restat(work_tree: Path, index: Path) -> bool:
    """Write into ``index`` the inodes and times of the files, which are those it was made of.

    ``git update-index --refresh`` does the same in ten times as long. Return False, with nothing
    written, for an index of another format, or where a file is not there or has another size.
    """
    data = bytearray(index.read_bytes())
    signature, version, number = _HEADER.unpack_from(data)
    if signature != b"DIRC" or version != 2:
        return False
    at = _HEADER.size
    for _ in range(number):
        end = data.index(b"\0", at + _NAME_AT)
        *_, mode, _uid, _gid, size = _STAT.unpack_from(data, at)
        name = bytes(data[at + _NAME_AT : end])
        try:
            found = os.lstat(os.path.join(os.fsencode(work_tree), name))
        except OSError:
            return False
        in_conflict_or_more = data[at + _NAME_AT - 2] & 0xF0
        if in_conflict_or_more or found.st_size != size:
            return False
        _STAT.pack_into(data, at, *_numbers(found, mode))
        at += (end - at + 8) // 8 * 8
    data[-20:] = hashlib.sha1(data[:-20]).digest()
    index.write_bytes(data)
    return True


def _numbers(found: os.stat_result, mode: int) -> list[int]:
    times = (*divmod(found.st_ctime_ns, 10**9), *divmod(found.st_mtime_ns, 10**9))
    numbers = (*times, found.st_dev, found.st_ino, mode, found.st_uid, found.st_gid, found.st_size)
    return [number & 0xFFFFFFFF for number in numbers]
