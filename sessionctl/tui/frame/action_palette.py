"""Action palette: every action of a screen, found by its words."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Provider

from sessionctl.tui.frame.base_screen import BaseScreen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.command import Hits

    from sessionctl.tui.frame.key_entry import KeyEntry


class ActionProvider(Provider):
    """The actions of the screen below the palette: its bindings, with their keys."""

    async def discover(self) -> Hits:
        """Give all of them."""
        for entry in self._entries():
            yield DiscoveryHit(_title(entry), partial(self._do, entry), help=entry.help or None)

    async def search(self, query: str) -> Hits:
        """Give those that fit what was typed."""
        matcher = self.matcher(query)
        for entry in self._entries():
            title = _title(entry)
            score = max(matcher.match(title), matcher.match(entry.help) if entry.help else 0.0)
            if score > 0:
                yield Hit(
                    score, matcher.highlight(title), partial(self._do, entry), help=entry.help
                )

    def _entries(self) -> Iterator[KeyEntry]:
        if isinstance(self.screen, BaseScreen):
            yield from (
                entry for entry in self.screen.key_entries() if entry.action != "command_palette"
            )

    async def _do(self, entry: KeyEntry) -> None:
        await self.app.run_action(entry.action, default_namespace=entry.node)


def _title(entry: KeyEntry) -> str:
    return f"{entry.words}  ({entry.key})"
