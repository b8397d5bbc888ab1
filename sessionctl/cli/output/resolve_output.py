"""Conflicts of a file and what was chosen for them: as words of a line, and as JSON."""

from __future__ import annotations

from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.core.render.problem_line import keyed_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.conflict.marked_text import Resolution
    from sessionctl.services.merging.resolution import Choices, ConflictedFile


def choice_name(choice: Resolution | None) -> str | None:
    """Return the word for a choice: ours, theirs, base, both or edited; None for none."""
    if choice is None:
        return None
    return choice.name if isinstance(choice, CustomText) else choice.value


def fault_lines(file: ConflictedFile, choices: Choices) -> list[str]:
    """Return why the text with ``choices`` made must not be written: ``name:line: reason``."""
    return [
        f"{file.name}:{line}: {keyed_message(problem)}"
        for problem, line in file.choice_problems(choices)
    ]


def offer_lines(file: ConflictedFile, indexes: Sequence[int]) -> list[str]:
    """Return the commands that settle these conflicts by a policy and drop nothing."""
    from sessionctl.cli.output.conflict_advice import offer_advice
    from sessionctl.core.text.shellwords import path_word

    offers = [(next(iter(file.key_paths(index)), None), file.offers(index)) for index in indexes]
    return offer_advice(offers, f"sessionctl resolve {path_word(file.name)}")


def conflict_data(file: ConflictedFile, index: int, choice: Resolution | None) -> dict[str, object]:
    """Return conflict ``index`` as plain data for JSON, with secrets masked."""
    conflict = file.conflicts[index]
    first, last = file.lines(index)
    return {
        "paths": list(file.key_paths(index)),
        "line": first,
        "end_line": last,
        "labels": conflict.labels,
        "base": file.shown(index, Side.BASE),
        "ours": file.shown(index, Side.OURS),
        "theirs": file.shown(index, Side.THEIRS),
        "resolution": choice_name(choice),
        "offers": file.offers(index),
    }
