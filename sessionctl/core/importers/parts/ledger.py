"""The report of an import: what became of every value of the file.

A value is either taken into the session or reported. What an importer forgets is found at the
end and reported too, so that nothing is dropped in silence.
"""

from __future__ import annotations

import re

from sessionctl.core.importers.nodes.source_node import (
    SourceList,
    SourceMap,
    SourceScalar,
    scalars,
)
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.scan.finding import without
from sessionctl.core.scan.judgement import ROOT, Judgement
from sessionctl.core.scan.text_scan import without_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.scan.judgement import SecretValue
    from sessionctl.core.values import Value

LOST = "import-lost"
RUNS = "import-runs"
CHANGED = "import-changed"
DOUBT = "import-doubt"
REPAIRED = "import-repaired"
NOTE = "import-note"

RULES = {
    LOST: "no counterpart, left out",
    RUNS: "would run a program automatically",
    CHANGED: "taken, but spelled or meant otherwise",
    DOUBT: "taken, but not certain",
    REPAIRED: "the file was damaged here",
    NOTE: "for information",
}

_SCAN = Judgement(in_session=True)
_SHOWN = 100
_LANGUAGES = {"zellij": "KDL", "sesh": "TOML"}
_HALF = re.compile("[\ud800-\udfff]")
_TRUE = {"true", "yes", "on", "1", "t", "y"}
_FALSE = {"false", "no", "off", "0", "n", "f"}


class Ledger:
    """What is known while one file is imported.

    ``tool`` is the program whose file it is, ``home`` the home directory, "" if unknown.
    """

    def __init__(self, text: str, tool: str, home: str = "") -> None:
        self.source = text
        self.tool = tool
        self.home = home.rstrip("/")
        self.problems: list[Problem] = []
        self._used: set[int] = set()
        self._spans: set[Span] = set()
        self._kept: list[Node] = []  # an id is that of an object only while it lives

    # -- taking ----------------------------------------------------------------------------

    def use(self, node: Node | None) -> None:
        """Count all of ``node`` as taken care of."""
        if node is None:
            return
        self._kept.append(node)
        for scalar in scalars(node):
            self._used.add(id(scalar))
            self._spans.add(scalar.span)

    def is_used(self, scalar: SourceScalar) -> bool:
        """Return whether ``scalar`` is taken care of."""
        return id(scalar) in self._used

    def text(self, scalar: SourceScalar, at: KeyPath = ROOT) -> str:
        """Return ``scalar`` as the text it is written as, secrets kept out.

        ``at`` is where in the session it goes, for the names of keys say what is secret.
        """
        self.use(scalar)
        value = scalar.value
        if isinstance(value, bool) or (
            isinstance(value, int | float) and str(value) != scalar.text
        ):
            read = str(value).lower() if isinstance(value, bool) else str(value)
            language = _LANGUAGES.get(self.tool, "YAML")
            note = f'{language} reads this as {read}; it is taken as "{scalar.text}"'
            self.report(NOTE, scalar, note)
        return self.without_secrets(scalar.text, scalar.span, scalar.path, at)

    def without_secrets(self, text: str, span: Span, path: KeyPath, at: KeyPath) -> str:
        """Return ``text`` with each secret masked and reported; it stands at ``span``.

        Halves of characters, which JSON can spell and TOML cannot hold, are replaced.
        """
        text = _HALF.sub("\N{REPLACEMENT CHARACTER}", text)
        for found in list(_SCAN.find(text, at)):
            text = self._masked(found, span, path)
        return text

    def _masked(self, found: SecretValue, span: Span, path: KeyPath) -> str:
        for part in found.parts:
            place = self._inside(found.text[part.start : part.end], span)
            message = f"{part.what} is in plain text here; the session has *** instead"
            hint = "keep it in the environment, or store it: sessionctl secret set FILE NAME"
            self.problems.append(Problem(part.rule, message, place, path, hint, "warning"))
        return without(found.text, found.parts)

    def words(self, found: list[SourceScalar], at: KeyPath) -> list[str]:
        """Return the words of a command, secrets among them kept out."""
        texts: list[Value] = []
        for scalar in found:
            self.use(scalar)
            texts.append(_HALF.sub("\N{REPLACEMENT CHARACTER}", scalar.text))
        for secret in list(_SCAN.find(texts, at)):
            index = secret.path[-1]
            assert isinstance(index, int)
            scalar = found[index]
            texts[index] = self._masked(secret, scalar.span, scalar.path)
        return [str(text) for text in texts]

    def truth(self, scalar: SourceScalar) -> bool:
        """Return whether ``scalar`` stands for yes, as a boolean or as a word."""
        self.use(scalar)
        if not isinstance(scalar.value, str):
            return bool(scalar.value)
        word = scalar.text.strip().lower()
        says_no = word in _FALSE
        if says_no:
            message = f"{self.shown(scalar)} counts as yes in {self.tool}; it is taken as no"
            self.report(CHANGED, scalar, message)
        elif word not in _TRUE and word:
            self.report(CHANGED, scalar, f"{self.shown(scalar)} counts as yes")
        return bool(scalar.text) and not says_no

    def fields(self, node: SourceMap) -> Fields:
        """Return the entries of ``node``, to be taken one by one."""
        return Fields(self, node)

    def texts(self, node: Node | None) -> list[SourceScalar]:
        """Return the scalars of a text or a list of texts; what is deeper is lost."""
        if node is None:
            return []
        if isinstance(node, SourceScalar):
            return [] if node.is_empty else [node]
        if isinstance(node, SourceMap):
            self.lose(node, "a text or a list of texts was expected")
            return []
        found: list[SourceScalar] = []
        for item in node.items:
            if isinstance(item, SourceScalar):
                found += self.texts(item)
            else:
                self.lose(item, "a text was expected")
        return found

    # -- reporting -------------------------------------------------------------------------

    def report(self, rule: str, node: Node, message: str, hint: str = "") -> None:
        """Report something about ``node``, without counting it as taken care of."""
        severity = "note" if rule in (NOTE, CHANGED) else "warning"
        self.problems.append(Problem(rule, message, self._place(node), node.path, hint, severity))

    def lose(self, node: Node, why: str = "", *, rule: str = LOST, hint: str = "") -> None:
        """Report every value of ``node`` as left out."""
        values: list[Node] = [*scalars(node)]
        if values:  # what an alias elsewhere stands for is taken there
            values = [one for one in values if self._is_own(one)]
        else:
            values = [node]
        self.use(node)
        for value in values:
            reason = f": {why}" if why else ", because a session has nothing for it"
            self.report(rule, value, f"{self.shown(value)} is left out{reason}", hint)

    def _is_own(self, node: Node) -> bool:
        assert isinstance(node, SourceScalar)
        return self.is_used(node) or node.span not in self._spans

    def runs(self, node: Node, when: str, hint: str = "") -> None:
        """Report every command in ``node`` as left out because it would run automatically."""
        self.lose(node, f"{self.tool} runs it {when}", rule=RUNS, hint=hint)

    def shown(self, node: Node) -> str:
        """Return ``node`` for a message: short, and without secrets."""
        if isinstance(node, SourceList):
            return "this list"
        if isinstance(node, SourceMap):
            return "this table"
        if node.is_empty:
            return "this"
        if node.path and isinstance(node.path[-1], str):
            masked = _SCAN.find(node.text, KeyPath([node.path[-1]]))
            if any(found.is_whole for found in masked):
                return '"***"'
        text = without_secrets(node.text)
        text = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
        return text if isinstance(node.value, bool | int | float) else f'"{text}"'

    def finish(self, roots: Iterable[Node]) -> None:
        """Report what nobody has taken care of; what is said twice is said once."""
        for root in roots:
            for scalar in scalars(root):
                if not self.is_used(scalar) and not scalar.is_empty:
                    self.lose(scalar)
        self.problems = sorted(dict.fromkeys(self.problems), key=lambda problem: problem.span)

    def _place(self, node: Node) -> Span:
        if isinstance(node, SourceScalar):
            return node.span
        # A table or list may go on for many lines: its first line is its place.
        start, end = node.span
        line_end = self.source.find("\n", start, end)
        return Span(start, end if line_end < 0 else line_end)

    def _inside(self, secret: str, span: Span) -> Span:
        start = self.source.find(secret, span.start, span.end)
        return span if start < 0 else Span(start, start + len(secret))


class Fields:
    """The entries of a map; what is not taken is reported at the end."""

    def __init__(self, ledger: Ledger, node: SourceMap) -> None:
        self.ledger = ledger
        self.node = node
        self._left = {key.text: value for key, value in node.entries}

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def pop(self, *keys: str) -> Node | None:
        """Return the value of the first of ``keys`` that is there; None stands for null too."""
        for key in keys:
            found = self._left.pop(key, None)
            if not (found is None or (isinstance(found, SourceScalar) and found.value is None)):
                return found
        return None

    def scalar(self, *keys: str) -> SourceScalar | None:
        """Return a value without parts; another one is reported as lost."""
        found = self.pop(*keys)
        if found is None or isinstance(found, SourceScalar):
            return found
        self.ledger.lose(found, "a plain value was expected")
        return None

    def text(self, *keys: str) -> str:
        """Return the text of a value, "" without one."""
        found = self.scalar(*keys)
        return "" if found is None else self.ledger.text(found, KeyPath(found.path[-1:]))

    def truth(self, key: str) -> bool:
        """Return whether a value stands for yes."""
        found = self.scalar(key)
        return found is not None and self.ledger.truth(found)

    def items(self, *keys: str) -> list[Node]:
        """Return the items of a list; a value that is no list counts as its only one."""
        found = self.pop(*keys)
        if found is None:
            return []
        return list(found.items) if isinstance(found, SourceList) else [found]

    def rest(self, reasons: Mapping[str, str], runs: Mapping[str, str] | None = None) -> None:
        """Report what is left: as ``reasons`` say by key, or ``runs`` when it would run."""
        for key, value in self._left.items():
            is_known = key in reasons or (runs is not None and key in runs)
            if is_known and not any(not scalar.is_empty for scalar in scalars(value)):
                self.ledger.use(value)
            elif runs and key in runs:
                self.ledger.runs(value, runs[key])
            else:
                self.ledger.lose(value, reasons.get(key, f"{self.ledger.tool} has no such key"))
        self._left = {}
