"""Memory folder: a private directory that no disk ever holds, gone when it is left."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from sessionctl.errors import FileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_IN_MEMORY = {"tmpfs", "ramfs"}
_MOUNTS = Path("/proc/self/mounts")


@contextmanager
def memory_folder(places: Iterable[Path]) -> Iterator[Path]:
    """Make a directory of mode 0700 in the first of ``places`` that lies in memory.

    It is removed with all that is in it when the block is left.

    Raises:
      FileError: none of them lies in memory.
    """
    parent = next((place for place in places if lies_in_memory(place)), None)
    if parent is None:
        raise FileError(
            "there is no directory in memory",
            hints=["give the value on stdin instead"],
        )
    folder = Path(tempfile.mkdtemp(prefix="sessionctl-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lies_in_memory(directory: Path, mounts: Path = _MOUNTS) -> bool:
    """Return whether what is written to ``directory`` stays in memory."""
    try:
        real = directory.resolve(strict=True)
        lines = mounts.read_text().splitlines()
    except OSError:
        return False
    kinds: dict[Path, str] = {}
    for line in lines:
        _, where, kind, *_ = line.split(" ")
        kinds[Path(where.replace("\\040", " "))] = kind
    nearest = next((folder for folder in (real, *real.parents) if folder in kinds), None)
    return real.is_dir() and nearest is not None and kinds[nearest] in _IN_MEMORY
