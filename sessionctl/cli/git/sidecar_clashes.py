"""Clashes of sidecars, settled with this user's key where there is one; git starts this."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def chosen_sides(texts: tuple[str, str, str], path: str) -> Mapping[str, str] | None:
    """Return the side that each clashing entry takes, where a key shows that it is no clash.

    A key is only looked for where entries clash, and nobody is asked.

    Raises:
      ParseError: a text is not TOML.
    """
    from sessionctl.core.secrets.sidecar_merge import find_clashes

    clashes = find_clashes(*texts)
    if not clashes:
        return None
    from sessionctl.cli.output.console import Console
    from sessionctl.cli.secrets.secret_options import make_keeper
    from sessionctl.core.toml.document import Document
    from sessionctl.errors import SessionctlError
    from sessionctl.services.secrets.entries.entry_merge import settle_clashes

    session = Document.parse(texts[1]).value.get("session")
    if not isinstance(session, str):
        return None
    try:
        keeper = make_keeper(Console(), None, no_input=True)
        return settle_clashes(keeper, path, session, clashes)
    except SessionctlError:
        return None  # without a key the clash is a conflict, as it is for anybody
