"""Textconv: the content of a file for ``git diff`` and ``git log``, its secrets masked."""

from __future__ import annotations


def masked_content(path: str) -> bytes:
    """Return the bytes of a file with its secrets masked; the rest as it is.

    A mistake in the file or in the masking shows no secret, and does not stop git.

    Raises:
      OSError: it cannot be read.
    """
    with open(path, "rb") as stream:  # noqa: PTH123 - pathlib costs start-up
        data = stream.read()
    from sessionctl.core.render.masked_text import mask_text

    try:
        return mask_text(data.decode(), path).encode()
    except Exception:  # noqa: BLE001 - git log must go on
        from sessionctl.core.filename import is_sidecar_name
        from sessionctl.core.scan.redaction import redact
        from sessionctl.core.secrets.digest import show_damaged

        show = show_damaged if is_sidecar_name(path) else redact
        return show(data.decode(errors="surrogateescape")).encode(errors="surrogateescape")
