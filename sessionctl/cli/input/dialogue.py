"""Dialogue: that of resolve, one conflict after another, a letter and Enter, as git add -p."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import click

from sessionctl.cli.input.editor import user_editor
from sessionctl.cli.output.resolve_output import fault_lines
from sessionctl.cli.output.terminal import print_lines
from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.core.render.conflict_text import ShownSide, render_sides
from sessionctl.core.render.folding import fold
from sessionctl.core.render.problem_line import keyed_message
from sessionctl.core.text.source import Source, visible
from sessionctl.errors import UsageError
from sessionctl.services.git.operation_steps import role_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.cli.output.console import Console
    from sessionctl.core.conflict.marked_text import Resolution
    from sessionctl.core.diff.word_changes import Line
    from sessionctl.services.git.operation import Situation
    from sessionctl.services.merging.resolution import ConflictedFile

_LETTERS = {
    "o": "[o]urs",
    "t": "[t]heirs",
    "b": "[b]oth",
    "m": "[m]ax",
    "B": "[B]ase",
    "e": "[e]dit",
    "s": "[s]kip",
    "u": "[u]ndo",
    "O": "[O] all ours",
    "T": "[T] all theirs",
    "q": "[q]uit",
    "?": "[?]",
}
_WORDS = {
    "ours": "o", "theirs": "t", "both": "b", "max": "m", "base": "B", "edit": "e", "skip": "s",
    "undo": "u", "all ours": "O", "all theirs": "T", "quit": "q", "help": "?", "h": "?",
}  # fmt: skip
_SIDES = {"o": Side.OURS, "t": Side.THEIRS, "b": Side.BOTH, "B": Side.BASE}
_HELP = """\
  o  take ours                     O  take ours for this and all that follow
  t  take theirs                   T  take theirs for this and all that follow
  b  keep both, ours first         B  take the base, before both edits
  m  take the higher version, or the later date
  e  edit it: opens your editor
  s  skip: leave this one as it is, with its markers
  u  undo: go back to the one before
  q  quit: write what is resolved so far; the others keep their markers
  Ctrl-C leaves the file as it was"""
_PROMPT = " > "
_CUT = "# ---- all from this line on is left out ----"


class Decision(NamedTuple):
    """What one answer settled, and at which conflict it was given."""

    at: int
    choices: dict[int, Resolution]


class Dialogue:
    """Asks about the conflicts that are not settled; ``run`` returns all choices.

    ``ask`` prints a question and returns the line that is typed, None at the end of the
    input; ``edit`` opens an editor on a text and returns what was saved, None for nothing.
    ``width`` is that of the terminal.
    """

    def __init__(
        self,
        console: Console,
        file: ConflictedFile,
        situation: Situation,
        *,
        ask: Callable[[str], str | None],
        edit: Callable[[str], str | None] | None = None,
        force: bool = False,
        width: int = 80,
    ) -> None:
        self.console = console
        self.width = width
        self.file = file
        self.situation = situation
        self.ask = ask
        self.edit = edit or partial(_open_editor, console)
        self.force = force
        self.settled: dict[int, Resolution] = {}
        self.history: list[Decision] = []

    def run(self, settled: dict[int, Resolution]) -> dict[int, Resolution]:
        """Ask about all conflicts but those of ``settled``; return these and the answers."""
        self.settled = dict(settled)
        asked = [i for i in range(len(self.file.conflicts)) if i not in settled]
        position: int | None = 0
        while position is not None and position < len(asked):
            position = self._one(asked, position)
        return self.settled

    def _one(self, asked: list[int], position: int) -> int | None:
        """Ask about one conflict until it is answered; return the next position, None to quit."""
        index = asked[position]
        self._show(index, position, len(asked))
        while True:
            letter = self._letter(index, asked, position)
            if letter == "q":
                return None
            if letter == "?":
                self.console.out(_HELP)
            elif letter == "u":
                if self.history:
                    return self._undo(asked)
                self.console.out("  There is nothing to undo.")
            else:
                choices = self._choices(letter, index, asked[position:])
                if choices is not None and self._may_be(choices):
                    self.history.append(Decision(index, choices))
                    self.settled |= choices
                    return len(asked) if letter in "OT" else position + 1

    def _undo(self, asked: list[int]) -> int:
        """Undo the last choice; return the position it was made at."""
        last = self.history.pop()
        for index in last.choices:
            del self.settled[index]
        return asked.index(last.at)

    def _may_be(self, choices: dict[int, Resolution]) -> bool:
        """Return whether the result may be written with ``choices`` too; say why not."""
        if self.force or not choices:
            return True
        faults = fault_lines(self.file, {**self.settled, **choices})
        for fault in faults:
            self._say("changed", f"  not valid: {fault}")
        if faults:
            self.console.out("  Choose differently, or quit and run it again with --force.")
        return not faults

    def _choices(
        self, letter: str, index: int, following: list[int]
    ) -> dict[int, Resolution] | None:
        """Return what ``letter`` decides; None where it does nothing, which is reported."""
        if letter == "s":
            return {}
        if letter in "OT":
            return dict.fromkeys(following, Side.OURS if letter == "O" else Side.THEIRS)
        if letter == "e":
            text = self._edited(index)
            return None if text is None else {index: CustomText(text)}
        if letter == "m":
            higher = self.file.settled_by(index, "max")
            if higher is None:
                self.console.out("  They are not two versions or dates that can be compared.")
            return None if higher is None else {index: higher}
        try:
            return {index: self.file.choice(index, _SIDES[letter])}
        except UsageError as error:
            self.console.out(f"  {error.message}; {error.hints[0]}.")
            return None

    def _letter(self, index: int, asked: list[int], position: int) -> str:
        offered = [letter for letter in _LETTERS if self._is_offered(letter, index)]
        if position + 1 == len(asked):
            offered = [letter for letter in offered if letter not in "OT"]
        question = _question([_LETTERS[letter] for letter in offered], self.width)
        while True:
            answer = self.ask(question)
            if answer is None:
                self.console.out()
                return "q"
            word = answer.strip()
            letter = _WORDS.get(word.lower(), word)
            if letter in _LETTERS:
                return letter
            if word:
                self.console.out(f'  "{word}" is not one of the letters; "?" explains them.')

    def _is_offered(self, letter: str, index: int) -> bool:
        conflict = self.file.conflicts[index]
        match letter:
            case "b":
                return self.file.can_keep_both(index)
            case "m":
                return "max" in self.file.offers(index)
            case "B":
                return bool(conflict.base)
            case "e":
                return not self.file.has_secret(index)
            case "u":
                return bool(self.history)
            case _:
                return True

    # -- showing ---------------------------------------------------------------------

    def _say(self, role: str, text: str) -> None:
        self.console.out(self.console.style(text, role))

    def _show(self, index: int, position: int, count: int) -> None:
        meaning = self.file.meaning(index)
        number = f"({position + 1}/{count}) "
        head: Line = [(number, ""), (visible(self.file.title(index)), "key")]
        kind = f"   [schema: {meaning.kind}]" if meaning.kind else ""
        if len(kind) + sum(len(text) for text, _ in head) <= self.width:
            head.append((kind, ""))
            kind = ""
        self.console.out()
        print_lines(self.console, fold(head, self.width, len(number)))
        if kind:
            print_lines(self.console, fold([(f"  {kind.strip()}", "")], self.width, 4))
        if meaning.description:
            import textwrap

            for line in textwrap.wrap(meaning.description, min(72, self.width - 2)):
                self._say("dim", f"  {line}")
        print_lines(self.console, render_sides(self._sides(index), self.width))

    def _sides(self, index: int) -> list[ShownSide]:
        conflict = self.file.conflicts[index]
        labels = conflict.labels._asdict()
        if labels["base"] == Side.BASE.value:
            labels["base"] = ""
        sides: list[ShownSide] = []
        for side in (Side.BASE, Side.OURS, Side.THEIRS):
            text = self.file.shown(index, side)
            if text is None:
                continue
            label, name = labels[side.value], side.value
            problems = () if side is Side.BASE else self.file.side_problems(index, side)
            remarks = [keyed_message(problem, self.file.key_paths(index)) for problem in problems]
            role = "" if side is Side.BASE else role_of(name, self.situation.operation, label)
            told = f"{label} ({role})" if label and role else label or role
            sides.append(ShownSide(name, told, text, tuple(remarks)))
        if sides[-1].text == sides[-2].text and conflict.ours != conflict.theirs:
            what = "differs from ours in a secret, which is not shown"
            sides[-1] = sides[-1]._replace(remarks=(*sides[-1].remarks, what))
        return sides

    # -- editing ---------------------------------------------------------------------

    def _edited(self, index: int) -> str | None:
        """Let the user edit the text of ours until it is valid; None when it is discarded."""
        if self.file.has_secret(index):
            line, _ = self.file.lines(index)
            self.console.out(
                f"  It contains a plain-text secret, which must not be in a temporary file:"
                f" edit {self.file.name} itself, at line {line}."
            )
            return None
        conflict = self.file.conflicts[index]
        text = conflict.ours or conflict.theirs
        newline = "\r\n" if text.endswith("\r\n") else "\n"
        text = text.replace("\r\n", "\n")
        while True:
            saved = self._saved(f"{text}{self._notes(index)}")
            if saved is None:
                self.console.out("  Nothing was saved.")
                return None
            text = saved.partition(_CUT)[0].rstrip("\n")
            text += "\n" if text else ""
            result = text.replace("\n", newline)
            problems = self.file.text_problems(index, result)
            if not problems:
                return result
            source = Source(result)
            for problem in problems:
                line, column = source.place(problem.span.start)
                fault = f"line {line}, column {column}: {keyed_message(problem)}"
                self._say("changed", f"  {fault}")
            answer = self.ask("[e]dit again, [d]iscard > ")
            if answer is None or answer.strip().lower() not in ("e", "edit", "edit again", ""):
                return None

    def _saved(self, text: str) -> str | None:
        try:
            return self.edit(text)
        except click.ClickException as error:
            self.console.out(f"  {error.format_message()}")
            return None

    def _notes(self, index: int) -> str:
        """Return what stands below the text in the editor: the key, and all the sides."""
        meaning = self.file.meaning(index)
        kind = f": {meaning.kind}" if meaning.kind else ""
        lines = [
            _CUT,
            f"# {self.file.title(index)}{kind}",
            "# Change what is above, save and quit.",
        ]
        for side in self._sides(index):
            lines += ["#", f"# {side.name}  {side.label}".rstrip()]
            lines += [f"#   {line}" for line in side.text.splitlines()]
        return "\n".join(lines) + "\n"


def _question(offered: list[str], width: int) -> str:
    """Return what is asked, broken between the letters that are offered."""
    lines = ["Take"]
    for word in [*(f"{word}," for word in offered[:-1]), offered[-1]]:
        if len(lines[-1]) + 1 + len(word) + len(_PROMPT) > width:
            lines.append("    ")
        lines[-1] += f" {word}"
    return "\n".join(lines) + _PROMPT


def _open_editor(console: Console, text: str) -> str | None:
    return click.edit(text, editor=user_editor(console.machine), extension=".toml")
