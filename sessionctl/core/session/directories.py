"""Directories of a session: absolute, below ``~``, or relative; as text, with no file system."""

from __future__ import annotations


def with_home(path: str, home: str) -> str:
    """Return ``path`` with the home directory as ``~``."""
    if home and (path == home or path.startswith(f"{home}/")):
        return "~" + path[len(home) :]
    return path


def normal(path: str) -> str:
    """Return ``path`` without ``.``, doubled slashes and ``..`` behind a name; "" stays."""
    if not path:
        return ""
    lead = "/" if path.startswith("/") else ""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] not in ("..", "~"):
            parts.pop()
        elif part not in ("", ".") and not (lead and part == ".." and not parts):
            parts.append(part)
    return lead + "/".join(parts) or "."


def is_rooted(path: str) -> bool:
    """Return whether ``path`` starts at the top or at a home directory or variable."""
    return path.startswith(("/", "~", "$"))


def joined(base: str, path: str) -> str:
    """Return ``path`` as seen from where ``base`` is seen from."""
    if not base or is_rooted(path):
        return normal(path)
    return normal(f"{base}/{path}") if path else normal(base)
