"""Git's driver ``git textconv``: a file for reading, its secrets masked."""

from __future__ import annotations

import sys

from sessionctl.errors import UsageError


def textconv(arguments: list[str]) -> int:
    """Print a file for reading: as it is, but with secrets masked.

    Raises:
      UsageError: not one file is named.
    """
    files = [argument for argument in arguments if argument != "--"]
    if len(files) != 1:
        raise UsageError(f"textconv: expected FILE, got {len(files)} arguments")
    with open(files[0], "rb") as stream:  # noqa: PTH123 - pathlib costs start-up
        data = stream.read()
    sys.stdout.flush()
    sys.stdout.buffer.write(_masked(data, files[0]))
    return 0


def _masked(data: bytes, path: str) -> bytes:
    """Return a file for reading; a mistake in it or in us shows no secret and stops no git."""
    from sessionctl.core.render.masked_text import mask_text

    try:
        return mask_text(data.decode(), path).encode()
    except Exception:  # noqa: BLE001 - git log must go on
        from sessionctl.core.filename import is_sidecar_name
        from sessionctl.core.scan.redaction import redact
        from sessionctl.core.secrets.digest import show_damaged

        show = show_damaged if is_sidecar_name(path) else redact
        return show(data.decode(errors="surrogateescape")).encode(errors="surrogateescape")
