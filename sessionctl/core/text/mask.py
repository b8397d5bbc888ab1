"""The mask: what is shown in the place of a secret."""

from __future__ import annotations

MASK = "***"
SEALED = '"sealed '
"""What the digest of an age file begins with, where that is shown for reading."""
INERT = "\x7f"
"""What ends the lines of a masked text: TOML knows no such character, and no file has them, so
that the text is for reading, and a patch of it applies nowhere."""
