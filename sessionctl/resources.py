"""The files that sessionctl ships: its JSON Schemas."""

from __future__ import annotations

from sessionctl.errors import FileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_END = ".schema.json"


def schema_names() -> list[str]:
    """Return the names of the shipped schemas, such as ``session.v1``, sorted."""
    names = [path.name for path in schema_root().iterdir()]
    return sorted(name.removesuffix(_END) for name in names if name.endswith(_END))


def schema_text(name: str) -> str:
    """Return the JSON text of the shipped schema ``name``.

    Raises:
      FileError: no schema of this name is shipped, or it cannot be read.
    """
    path = schema_root() / f"{name}{_END}"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path}: the shipped schema cannot be read") from error


def schema_root() -> Traversable:
    """Return the folder of the JSON Schemas.

    A wheel carries them as package data; a checkout keeps them in its top-level
    ``schemas`` and has no copy in the package.
    """
    from pathlib import Path

    package: Traversable = Path(__file__).parent
    if not package.is_dir():  # within an archive; importlib.resources takes long to import
        from importlib.resources import files

        package = files("sessionctl")
    packaged = package / "schemas"
    if packaged.is_dir():
        return packaged
    return Path(str(package)).parent / "schemas"
