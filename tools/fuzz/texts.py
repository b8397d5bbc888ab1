"""Texts to begin with: toml-test's, the merge cases, the examples, generated documents."""

from __future__ import annotations

from tests.core.toml.corpus import TRICKY, toml_test_list, valid_texts
from tests.strategies import write_document
from tests.world import CHECKOUT, find_shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random

_LONGEST = 4000


class Texts:
    """The texts that cases begin with; what is not in the shared data is done without."""

    def __init__(self) -> None:
        folders = ("tests/merge_cases/*/*.toml", "examples/**/*.toml")
        found = [path for folder in folders for path in sorted(CHECKOUT.glob(folder))]
        texts = [path.read_bytes().decode() for path in found]
        texts += [*TRICKY.values(), *valid_texts().values()]
        self.valid = [text for text in texts if len(text) <= _LONGEST]
        self.invalid = [text for text in _invalid() if len(text) <= _LONGEST]

    def choose(self, rng: Random) -> str:
        """Return a text, mostly valid TOML."""
        kind = rng.random()
        if kind < 0.45:
            return write_document(rng, rng.choice((2, 4, 6)))
        if kind < 0.95 or not self.invalid:
            return rng.choice(self.valid)
        return rng.choice(self.invalid)


def _invalid() -> list[str]:
    texts = []
    for name in toml_test_list():
        if name.startswith("invalid/") and name.endswith(".toml"):
            path = find_shared("toml-test", "tests", name)
            try:
                texts.append(path.read_bytes().decode() if path else "")
            except UnicodeDecodeError:
                continue
    return texts
