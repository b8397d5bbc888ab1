"""Place search: a search that tries each place of a pattern at each place of a text once.

Its steps grow with the length of the pattern times that of the text, whatever both are, and are
counted. It only says whether there is a match. It is for patterns that Python's ``re`` may not
finish; the idea is that of RE2's bit state search.
"""

from __future__ import annotations

import re

from sessionctl.core.schema.check.backtracking import REPEATS, op, parsed, ranges_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sessionctl.core.schema.check.backtracking import Items, Ranges
    from sessionctl.core.schema.check.budget import Budget

_LONGEST = 5_000
"""The longest program; a repetition counts as often as it may repeat."""
_MOST_MARKS = 1 << 25
_COUNTED = 1_000
"""So many steps are charged at once."""

_CHARACTER, _EITHER, _GO, _AT, _LOOK, _DONE = range(6)


class PatternSizeError(ValueError):
    """The pattern is too large for a search, or uses what cannot be searched for so."""


class PlaceSearch:
    """The program of a pattern: what is tried at each place."""

    def __init__(self, pattern: str) -> None:
        """Translate a pattern of Python's ``re``; raises ``PatternSizeError``."""
        tree = parsed(pattern)
        if tree.state.flags & ~re.UNICODE:
            raise PatternSizeError("its flags are not supported")
        self._program: list[tuple[Any, ...]] = []
        self._add_all(list(tree))
        self._add((_DONE,))

    def __call__(self, text: str, budget: Budget) -> bool:
        """Return whether the pattern is found in ``text``.

        Raises:
          StepLimitError: ``budget`` does not allow for so many steps.
        """
        marks = self._marks(text, budget)
        return any(self._runs(0, start, text, marks, budget) for start in range(len(text) + 1))

    def _marks(self, text: str, budget: Budget) -> bytearray:
        size = len(self._program) * (len(text) + 1)
        budget.charge(size if size > _MOST_MARKS else size // 64)
        if size > _MOST_MARKS:
            budget.charge(budget.limit)
        return bytearray(size)

    def _runs(self, pc: int, at: int, text: str, marks: bytearray, budget: Budget) -> bool:
        """Return whether the program, from ``pc`` on, matches at ``at``."""
        program, width, end = self._program, len(self._program), len(text)
        stack = [(pc, at)]
        steps = 0
        while stack:
            pc, at = stack.pop()
            mark = at * width + pc
            if marks[mark]:
                continue
            marks[mark] = 1
            steps += 1
            if steps >= _COUNTED:
                budget.charge(steps)
                steps = 0
            code, *operands = program[pc]
            if code == _CHARACTER:
                if at < end and _is_in(text[at], operands[0]):
                    stack.append((pc + 1, at + 1))
            elif code == _EITHER:
                stack += [(operands[1], at), (operands[0], at)]
            elif code == _GO:
                stack.append((operands[0], at))
            elif code == _AT:
                if _is_at(operands[0], at, text):
                    stack.append((pc + 1, at))
            elif code == _LOOK:
                if self._looks(operands, pc, at, text, budget):
                    stack.append((operands[0], at))
            else:
                budget.charge(steps)
                return True
        budget.charge(steps)
        return False

    def _looks(self, operands: list[Any], pc: int, at: int, text: str, budget: Budget) -> bool:
        _, behind, is_wanted = operands
        # A lookbehind has one width: what matches from there on ends here.
        found = at >= behind and self._runs(
            pc + 1, at - behind, text, self._marks(text, budget), budget
        )
        return found is is_wanted

    # -- translation ---------------------------------------------------------------------

    def _add(self, instruction: tuple[Any, ...]) -> int:
        if len(self._program) >= _LONGEST:
            raise PatternSizeError(f"it is longer than {_LONGEST:,} steps")
        self._program.append(instruction)
        return len(self._program) - 1

    def _add_all(self, items: Items) -> None:
        for item in items:
            self._add_one(item)

    def _add_one(self, item: tuple[Any, Any]) -> None:
        code, operand = item
        if code in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            self._add((_CHARACTER, ranges_of(item)))
        elif code is op.AT:
            self._add((_AT, operand))
        elif code is op.SUBPATTERN and not operand[1] and not operand[2]:
            self._add_all(list(operand[3]))
        elif code is op.BRANCH:
            self._add_branches([list(branch) for branch in operand[1]])
        elif code in REPEATS and code is not op.POSSESSIVE_REPEAT:
            self._add_repeat(*operand)
        elif code in (op.ASSERT, op.ASSERT_NOT):
            self._add_look(operand, is_wanted=code is op.ASSERT)
        else:
            raise PatternSizeError(f"{str(code).lower().replace('_', ' ')} is not supported in it")

    def _add_branches(self, branches: list[Items]) -> None:
        ends = []
        for branch in branches[:-1]:
            choice = self._add(())
            self._add_all(branch)
            ends.append(self._add(()))
            self._program[choice] = (_EITHER, choice + 1, len(self._program))
        self._add_all(branches[-1])
        for end in ends:
            self._program[end] = (_GO, len(self._program))

    def _add_repeat(self, least: int, most: int, body: Any) -> None:
        items = list(body)
        for _ in range(min(least, _LONGEST + 1)):
            self._add_all(items)
        if most == op.MAXREPEAT:
            choice = self._add(())
            self._add_all(items)
            self._add((_GO, choice))
            self._program[choice] = (_EITHER, choice + 1, len(self._program))
            return
        choices = []
        for _ in range(min(most - least, _LONGEST + 1)):
            choices.append(self._add(()))
            self._add_all(items)
        for choice in choices:
            self._program[choice] = (_EITHER, choice + 1, len(self._program))

    def _add_look(self, operand: Any, *, is_wanted: bool) -> None:
        direction, body = operand
        shortest, longest = body.getwidth()
        if direction < 0 and shortest != longest:
            raise PatternSizeError("a lookbehind of variable width is not supported in it")
        look = self._add(())
        self._add_all(list(body))
        self._add((_DONE,))
        behind = shortest if direction < 0 else 0
        self._program[look] = (_LOOK, len(self._program), behind, is_wanted)


def _is_in(character: str, ranges: Ranges) -> bool:
    code = ord(character)
    return any(start <= code <= end for start, end in ranges)


def _is_at(kind: Any, at: int, text: str) -> bool:
    if kind in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
        return at == 0
    if kind is op.AT_END_STRING:
        return at == len(text)
    if kind is op.AT_END:
        return at == len(text) or text[at:] == "\n"
    is_edge = (at > 0 and _is_word(text[at - 1])) != (at < len(text) and _is_word(text[at]))
    return is_edge is (kind is op.AT_BOUNDARY)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
