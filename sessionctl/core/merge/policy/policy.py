"""Policy: what resolves a conflict, by key path; nothing does unless it was asked for."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.pathpattern import PathPattern
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sessionctl.core.keypath import KeyPath, Part

OURS, THEIRS, UNION, NEWEST, MAX, USUAL = WAYS = (
    "ours", "theirs", "union", "newest", "max", "usual",
)  # fmt: skip

# A list of words, at the commas and spaces that are not inside quotes or brackets.
_WORD = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|\[[^\]]*\]|[^,\s])+"""


def split_words(text: str) -> list[str]:
    """Return the words of a policy that ``text`` lists, with commas or spaces between."""
    return re.findall(_WORD, text)


class Rule(NamedTuple):
    """One word of a policy: what resolves the conflicts at the paths that ``pattern`` fits.

    Without a pattern, those that no other rule is for.
    """

    way: str
    pattern: PathPattern | None = None

    def __str__(self) -> str:
        return f"{self.pattern.text}={self.way}" if self.pattern else self.way


class Policy(NamedTuple):
    """What resolves which conflict.

    Of the rules with a pattern that fits, the last one decides; of those without, which
    are for all the rest, the last one too. No second rule is tried where the one that
    decides cannot resolve a conflict. ``dates`` are those of ours and theirs, for
    "newest".
    """

    rules: tuple[Rule, ...] = ()
    dates: tuple[datetime, datetime] | None = None

    @classmethod
    def parse(
        cls, words: str | Iterable[str], dates: tuple[datetime, datetime] | None = None
    ) -> Policy:
        """Return the policy of words such as ``theirs`` and ``windows.*=max``.

        One text may hold several of them, with commas or spaces between.

        Raises:
          UsageError: a word is none of these.
        """
        if isinstance(words, str):
            found = split_words(words)
        else:
            found = [word for text in words for word in split_words(text) or [text]]
        return cls(tuple(map(_rule, found)), dates)

    def rule_for(self, path: KeyPath | Iterable[Part]) -> Rule | None:
        """Return the rule that decides a conflict at ``path``, or None."""
        parts = tuple(path)
        # A rule without a pattern is for the rest wherever it is written: --prefer theirs may stand
        # behind those for single paths
        # (the_last_pattern_that_fits_decides_and_a_policy_without_one_...).
        rules = sorted(self.rules, key=lambda rule: rule.pattern is not None)
        for rule in reversed(rules):
            if rule.pattern is None or rule.pattern.fits(parts):
                return rule
        return None

    def leaves_undated(self, paths: Iterable[KeyPath]) -> bool:
        """Return whether dates of the sides might resolve the conflicts left at ``paths``."""
        rules = [self.rule_for(path) for path in paths] if self.dates is None else []
        return any(rule is not None and rule.way == NEWEST for rule in rules)

    @property
    def asks_for_dates(self) -> bool:
        """Whether a rule could use the dates of the sides."""
        return any(rule.way == NEWEST for rule in self.rules)


def _rule(word: str) -> Rule:
    pattern, equals, way = word.rpartition("=")
    if way not in WAYS or (equals and not pattern):
        raise UsageError(
            f"expected {', '.join(WAYS[:-1])} or {WAYS[-1]}, or PATH=ONE-OF-THEM, got {word!r}",
            hints=["for example: 'windows.*=theirs'; * matches anything"],
        )
    return Rule(way, PathPattern(pattern) if equals else None)
