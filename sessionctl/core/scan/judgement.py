"""Judgement: what is a secret in a value, by the name of its key and by what it looks like."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import ENTROPY, FIELD, KEY, SecretPart, apart
from sessionctl.core.scan.rules.key_names import (
    ALL_WORDS,
    LOOSE,
    PASSWORD,
    SpokenWords,
    is_secret_key,
    kind_below,
    pair_kind,
    secret_kind,
    secret_kind_at,
    spoken_words,
)
from sessionctl.core.scan.rules.signs import is_mnemonic_like
from sessionctl.core.scan.text_scan import (
    SHORTEST_TOKEN,
    candidates,
    is_dull,
    is_worth_a_look,
    names_a_program,
    text_parts,
)
from sessionctl.core.values import is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sessionctl.core.keypath import Part
    from sessionctl.core.scan.known_values import KnownValues
    from sessionctl.core.values import Value

    Path = tuple[Part, ...]

ROOT = KeyPath()
_SHORTEST = 4
# The words of one item in a list that is a recovery phrase together.
_MOST_OF_ITEM = 8
_USERS = frozenset({"account", "login", "user", "username"})
# A word that is spelled by numbers, or goes on in the next line.
_ESCAPES = late(r"\\[uUx\s]")


class SecretValue(NamedTuple):
    """A scalar that is a secret (``is_whole``), or a string with the ``parts`` that are."""

    path: KeyPath
    text: str
    parts: tuple[SecretPart, ...]
    is_whole: bool = False


class Judgement(NamedTuple):
    """What is taken for a secret.

    ``in_session``: a key named like a secret has no other use. ``is_field``: what is at
    the paths it holds for counts too; a schema gives ``Schema.is_secret``. ``known``: values
    that are secrets wherever they stand. ``hints``: also what merely looks random.
    ``is_wide``: what stands for a secret counts as one, which is right for hiding and wrong
    for reporting. ``spoken`` are the words that may name a secret; see ``narrowed``.
    """

    in_session: bool = False
    is_field: Callable[[KeyPath], bool] | None = None
    known: KnownValues | None = None
    hints: bool = False
    is_wide: bool = False
    spoken: SpokenWords = ALL_WORDS

    def find(self, value: Value, path: KeyPath = ROOT) -> Iterator[SecretValue]:
        """Yield the secrets of ``value``, which sits at ``path``, in its order."""
        kind = "" if path == ROOT else secret_kind_at(path, in_session=self.in_session)
        above = next((part for part in reversed(path) if isinstance(part, str)), "")
        if isinstance(value, dict):
            yield from self._table(value, tuple(path), above)
        elif isinstance(value, list):
            yield from self._list(value, tuple(path), above, kind)
        elif self._may_be_one(value, kind):
            yield from self._scalar(value, path, kind)

    def _may_be_one(self, value: Value, kind: str) -> bool:
        """Return whether a scalar is worth a look; a quick test."""
        if kind or self.is_field is not None:
            return not isinstance(value, bool)
        if not isinstance(value, str):
            return False
        return bool(self.known) or self.hints or self._is_worth_a_look(value)

    def _is_worth_a_look(self, text: str) -> bool:
        return not is_dull(text) and is_worth_a_look(text, self.spoken)

    def _table(self, value: dict[str, Value], path: Path, above: str) -> Iterator[SecretValue]:
        if is_reference(value) and self._may_refer(path):
            yield from self._name(str(value["secret"]), KeyPath((*path, "secret")))
            return
        paired, kind_of_pair = pair_kind(value)
        for key, item in value.items():
            if key == paired:
                kind = kind_of_pair
            else:
                kind = kind_below(above, key, is_item=False, in_session=self.in_session)
            if kind == LOOSE and key in ("pass", "pw") and not _USERS.isdisjoint(value):
                kind = PASSWORD
            if isinstance(item, dict):
                yield from self._table(item, (*path, key), key)
            elif isinstance(item, list):
                yield from self._list(item, (*path, key), key, kind)
            elif self._may_be_one(item, kind):
                yield from self._scalar(item, KeyPath((*path, key)), kind)

    def _list(self, value: list[Value], path: Path, above: str, kind: str) -> Iterator[SecretValue]:
        spoken: dict[int, list[SecretPart]] = {}
        if value and isinstance(value[0], str):
            spoken = self._arguments(value)
            if len(value) == 2:
                spoken = spoken or self._pair(value)
            spoken = spoken or _phrase(value)
        above_list = next((part for part in reversed(path[:-1]) if isinstance(part, str)), "")
        kind = kind and kind_below(above_list, above, is_item=True, in_session=self.in_session)
        for index, item in enumerate(value):
            if index in spoken:
                assert isinstance(item, str)
                parts = apart([*spoken[index], *self.parts(item)])
                yield _found(KeyPath((*path, index)), item, parts)
            elif isinstance(item, dict):
                yield from self._table(item, (*path, index), above)
            elif isinstance(item, list):
                yield from self._list(item, (*path, index), above, kind)
            elif self._may_be_one(item, kind):
                yield from self._scalar(item, KeyPath((*path, index)), kind)

    def _scalar(self, value: Value, path: KeyPath, kind: str) -> Iterator[SecretValue]:
        if self.is_field is not None and self.is_field(path):
            kind = FIELD
        if isinstance(value, int) and str(path[-1]).lower() == "pin" and 999 < value < 10**8:
            kind = PASSWORD
        if kind and self._is_secret(value, kind):
            rule = FIELD if kind == FIELD else KEY
            what = "a password" if kind == PASSWORD else "a secret"
            text = str(value)
            yield SecretValue(path, text, (SecretPart(rule, what, 0, len(text)),), is_whole=True)
        elif isinstance(value, str):
            if kind == LOOSE and "=" in value and "cookie" in str(path[-1]).lower():
                value = f"Cookie: {value}"
                for found in self._text(value, path):
                    yield _shifted(found, len("Cookie: "))
                return
            yield from self._text(value, path)

    def _text(self, value: str, path: KeyPath) -> Iterator[SecretValue]:
        if len(value) < _SHORTEST and not self.known:
            return
        parts = self.parts(value)
        if parts:
            yield _found(path, value, parts)
        elif self.hints:
            from sessionctl.core.scan.rules.plausibility import looks_random

            if looks_random(value):
                part = SecretPart(ENTROPY, "this looks random", 0, len(value))
                yield SecretValue(path, value, (part,), is_whole=True)

    def _name(self, name: str, path: KeyPath) -> Iterator[SecretValue]:
        """Find what was typed where the name of a secret belongs."""
        parts = list(self.known.parts(name)) if self.known else []
        if len(name) >= SHORTEST_TOKEN:
            from sessionctl.core.scan.rules.tokens import token_parts

            parts += token_parts(name)
        if parts:
            yield _found(path, name, apart(parts))

    def _arguments(self, words: Sequence[Value]) -> dict[int, list[SecretPart]]:
        """Return the secrets among the words of a command, by the index they are at."""
        line = " ".join(word for word in words if isinstance(word, str))
        if not self._is_worth_a_look(line):
            return {}
        is_spoken_of = spoken_words(line, self.spoken.words, is_one_enough=True)
        if not (is_spoken_of or names_a_program(line)):
            return {}
        from sessionctl.core.scan.rules.commands.arguments import argument_parts

        found: dict[int, list[SecretPart]] = {}
        for index, part in argument_parts(words, is_strict=self.in_session):
            found.setdefault(index, []).append(part)
        return found

    def _pair(self, words: Sequence[Value]) -> dict[int, list[SecretPart]]:
        """Return the secret of ``["NAME", "VALUE"]``, where the first is a variable's name."""
        name, value = words
        if not (isinstance(name, str) and isinstance(value, str) and name.isupper()):
            return {}
        if "=" in name.rstrip("="):
            return {}  # it has its value: "TOKEN=*** RUN"
        kind = secret_kind(name)
        if not kind or not self._is_secret(value, kind):
            return {}
        return {1: [SecretPart(KEY, "a secret", 0, len(value))]}

    def narrowed(self, text: str) -> Judgement:
        """Return the same judgement, quicker, for values that stand in ``text`` as TOML."""
        if "\\" in text and _ESCAPES.search(text):
            return self
        return self._replace(spoken=SpokenWords(text))

    def parts(self, text: str) -> list[SecretPart]:
        """Return the parts of a text, such as a comment, that are secrets, in order."""
        if not self.known and not self._is_worth_a_look(text):
            return []
        if self.is_wide:
            return apart(list(candidates(text, is_strict=True, is_wide=True)))
        return text_parts(text, known=self.known, is_strict=self.in_session)

    def _may_refer(self, path: Path) -> bool:
        if self.in_session and path:
            return True
        keys = [part for part in path if isinstance(part, str)]
        is_named = bool(keys) and is_secret_key(keys[-1])
        return is_named or (self.is_field is not None and self.is_field(KeyPath(path)))

    def _is_secret(self, value: Value, kind: str) -> bool:
        if self.is_wide and kind != LOOSE:
            return True
        from sessionctl.core.scan.rules.plausibility import is_placeholder, is_plausible

        if not isinstance(value, str):
            return kind in (PASSWORD, FIELD)
        if kind == FIELD:
            return not is_placeholder(value)
        return is_plausible(value, kind, is_strict=self.in_session)


def _phrase(words: Sequence[Value]) -> dict[int, list[SecretPart]]:
    """Return the items of a list that are a recovery phrase together."""
    line = " ".join(word for word in words if isinstance(word, str))
    if not is_mnemonic_like(line):
        return {}
    if any(isinstance(word, str) and word.count(" ") >= _MOST_OF_ITEM for word in words):
        return {}  # such an item is looked at by itself
    from sessionctl.core.scan.rules.mnemonic import mnemonic_parts

    found = {}
    offset = 0
    for index, word in enumerate(words):
        if not isinstance(word, str):
            continue
        for part in mnemonic_parts(line):
            start, end = max(part.start - offset, 0), min(part.end - offset, len(word))
            if start < end:
                found[index] = [part._replace(start=start, end=end)]
        offset += len(word) + 1
    return found


def _shifted(found: SecretValue, by: int) -> SecretValue:
    """Return what was found behind ``by`` characters that are not part of the value."""
    parts = (part._replace(start=part.start - by, end=part.end - by) for part in found.parts)
    return found._replace(text=found.text[by:], parts=tuple(parts))


def _found(path: KeyPath, value: str, parts: list[SecretPart]) -> SecretValue:
    is_whole = parts[0].start == 0 and parts[0].end == len(value)
    return SecretValue(path, value, tuple(parts), is_whole=is_whole)
