"""Config list: all settings of git in one answer, for whoever asks after many."""

from __future__ import annotations

import os
import re

from sessionctl.core.named_tuple import NamedTuple

QUESTION = ("config", "-z", "--list", "--show-scope")
"""Git before 2.26 does not know it."""


class ConfigList(NamedTuple):
    """The settings that hold in a directory, with their scopes, as git has them in order.

    Those of included files are among them, with the scope of the file that includes them. So a
    setting that is not here is nowhere; what a scope that includes files holds by itself, git has
    to be asked.
    """

    entries: tuple[tuple[str, str, str], ...]

    @classmethod
    def parse(cls, answer: bytes) -> ConfigList | None:
        """Return what git answered; None where that is not understood."""
        words = os.fsdecode(answer).split("\0")
        if len(words) % 2 == 0 or words.pop():
            return None
        settings = (entry.partition("\n") for entry in words[1::2])
        pairs = ((scope, *setting) for scope, setting in zip(words[::2], settings, strict=True))
        return cls(tuple((scope, key, value) for scope, key, _, value in pairs))

    def matching(self, pattern: str, scope: str = "") -> dict[str, str]:
        """Return the settings whose key matches; of a key that is set twice the last one.

        With ``scope``, those of that scope alone.
        """
        fits = re.compile(pattern).search
        return {key: value for of, key, value in self.entries if scope in ("", of) and fits(key)}

    def is_one_file(self, scope: str) -> bool:
        """Return whether all that a scope holds is in its file: in none that it includes.

        The global scope may have two files, and git looks into one of them when it is asked.
        """
        included = ("include.", "includeif.")
        return scope in ("local", "worktree") and not any(
            of == scope and key.startswith(included) for of, key, _ in self.entries
        )

    def has(self, scope: str, pattern: str) -> bool:
        """Return whether a file of ``scope``, or one that it includes, has such a key."""
        fits = re.compile(pattern).search
        return any(of == scope and fits(key) for of, key, _ in self.entries)

    def is_set(self, key: str) -> bool:
        """Return whether any scope sets ``key``, in small letters."""
        return any(name == key for _, name, _ in self.entries)
