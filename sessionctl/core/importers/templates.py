"""Templates in YAML: what merely stands for a value is filled in, Ruby is never run.

tmuxinator runs a file through ERB first, which is all of Ruby; smug puts in variables. Tags for
an argument, a setting or a variable take values that are given; any other tag makes the file
unreadable.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from sessionctl.core.importers.parts.ledger import NOTE
from sessionctl.core.problem import Problem, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.importers.imported import Importing

RULE = "import-erb"

_RUBY = "this is a program in Ruby, which is never run"

_TAG = re.compile(r"<%(%|[#=-]*)(.*?)[-%]?%>|<%", re.DOTALL)
_STRING = re.compile(r"""\s*(?:"((?:[^"\\#]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*""")
_OR_STRING = re.compile(r"""\|\||"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")
_VALUE = re.compile(
    r"""\s*(?:@args\[\s*(?P<number>\d{1,9})\s*\]
      | @settings\[\s*["'](?P<setting>[^"']*)["']\s*\]
      | ENV(?:\.fetch\(\s*["'](?P<fetched>\w+)["']\s*(?:,(?P<default>[^)]*))?\)
          | \[\s*["'](?P<variable>\w+)["']\s*\]))\s*""",
    re.VERBOSE,
)


class FilledText(NamedTuple):
    """A text without its tags; ``problems`` say what was filled in, or could not be."""

    text: str
    problems: tuple[Problem, ...]
    places: Places
    is_readable: bool


class Places:
    """Where offsets of the filled text are in the text as it was written."""

    def __init__(self, shifts: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in shifts]
        self._shifts = [shift for _, shift in shifts]

    def original(self, offset: int) -> int:
        """Return the offset in the original text."""
        index = bisect_right(self._starts, offset) - 1
        return offset if index < 0 else offset - self._shifts[index]

    def problem(self, problem: Problem) -> Problem:
        """Return ``problem`` with its place in the original text."""
        start, end = map(self.original, problem.span)
        return problem._replace(span=Span(start, max(start, end)))


def has_tags(text: str) -> bool:
    """Return whether there is a tag in ``text``."""
    return "<%" in text


def fill(text: str, importing: Importing) -> FilledText:
    """Return ``text`` with its tags filled in from the values of ``importing``."""
    filler = _Filler(importing)
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    position = length = 0
    for match in _TAG.finditer(text):
        parts.append(text[position : match.start()])
        length += match.start() - position
        new = filler.replacement(match, text)
        parts.append(new)
        length += len(new)
        position = match.end()
        shifts.append((length, length - position))
    parts.append(text[position:])
    return FilledText("".join(parts), tuple(filler.problems), Places(shifts), filler.is_readable)


def fill_variables(text: str, importing: Importing) -> FilledText:
    """Return ``text`` with the variables of smug that are given; others stay."""
    settings = dict(importing.settings)
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    problems: list[Problem] = []
    position = length = 0
    for match in _VARIABLE.finditer(text):
        value = settings.get(match[1] or match[2])
        if value is None:
            continue
        parts += (text[position : match.start()], value)
        length += match.start() - position + len(value)
        position = match.end()
        shifts.append((length, length - position))
        span = Span(match.start(), position)
        problems.append(Problem(NOTE, f"{match[0]} is filled in", span, severity="note"))
    parts.append(text[position:])
    return FilledText("".join(parts), tuple(problems), Places(shifts), is_readable=True)


class _Filler:
    def __init__(self, importing: Importing) -> None:
        self.arguments = importing.arguments
        self.settings = dict(importing.settings)
        self.problems: list[Problem] = []
        self.is_readable = True

    def replacement(self, match: re.Match[str], text: str) -> str:
        """Return what stands in the place of a tag."""
        span = Span(match.start(), match.end())
        line_start = text.rfind("\n", 0, span.start) + 1
        is_comment = text[line_start : span.start].lstrip().startswith("#")
        sign = match[1]
        if match[0] == "<%":
            return self._refused(span, "this tag of ERB has no end")
        if sign == "%":
            return f"<%{match[2]}%>"
        if "#" in sign:
            return ""
        if is_comment and "=" in sign:
            return match[0]  # it stays in the comment, where it means nothing
        if "=" not in sign:
            return self._refused(span, f"{_RUBY}: {_short(match[0])}")
        return self._value(match[2], span, match[0])

    def _value(self, expression: str, span: Span, tag: str) -> str:
        missing = ""
        for part in _alternatives(expression):
            string = _STRING.fullmatch(part)
            if string is not None:
                return self._given(_inner(string), span, missing)
            found = _VALUE.fullmatch(part)
            if found is None:
                return self._refused(span, f"{_RUBY}: {_short(tag)}")
            name, value = self._look_up(found)
            if value is not None:
                return self._given(value, span)
            missing = missing or name
            default = _STRING.fullmatch(found["default"] or "")
            if default is not None:
                return self._given(_inner(default), span, missing)
        return self._refused(span, f"there is no value for {missing or 'this tag'}")

    def _look_up(self, match: re.Match[str]) -> tuple[str, str | None]:
        if match["number"] is not None:
            number = int(match["number"])
            value = self.arguments[number] if number < len(self.arguments) else None
            return f"@args[{number}]; give it with --arg", value
        name = match["setting"]
        if name is not None:
            return f"the setting {name}; give it with --set {name}=VALUE", self.settings.get(name)
        name = match["fetched"] or match["variable"]
        value = self.settings.get(name)
        if value is None and name == "HOME":
            value = "$HOME"
        return f"the variable {name}; give it with --set {name}=VALUE", value

    def _given(self, value: str, span: Span, missing: str = "") -> str:
        message = "this tag of ERB is filled in; its Ruby is not run"
        if missing:
            message = f"this tag of ERB has its default; there is no value for {missing}"
        self.problems.append(Problem(NOTE, message, span, severity="note"))
        return value

    def _refused(self, span: Span, message: str) -> str:
        self.is_readable = False
        self.problems.append(Problem(RULE, message, span))
        return ""


def _inner(string: re.Match[str]) -> str:
    return string[1] if string[1] is not None else string[2]


def _alternatives(expression: str) -> Iterator[str]:
    """Yield the parts of ``a || b``, not taking strings apart."""
    start = 0
    for match in _OR_STRING.finditer(expression):
        if match[0] == "||":
            yield expression[start : match.start()]
            start = match.end()
    yield expression[start:]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
