"""Conflicts of a file and what was chosen for them: as words of a line, and as JSON."""

from __future__ import annotations

from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.core.render.problem_line import keyed_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.core.conflict.marked_text import Resolution
    from sessionctl.services.git.operation import Situation
    from sessionctl.services.merging.resolution import Choices, ConflictedFile, Take


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


def resolve_deletion(
    console: Console,
    file: str,
    situation: Situation,
    takes: Sequence[Take],
    rest: Side | None,
    *,
    as_json: bool,
) -> int:
    """Report how a file that one side deleted and the other changed is resolved; the exit code.

    The file is what the side that changed it has, so to take that side nothing is written. It is
    never deleted here: that is git's, for what is in it may be in no commit.

    Raises:
      UsageError: another choice than a side is taken, or a key in the file.
    """
    from sessionctl.core.text.source import visible
    from sessionctl.services.git.operation_steps import (
        deletion_reason,
        keeps_file,
        steps_after_resolution,
    )

    sides = [take.choice for take in takes if take.pattern == "*"] if rest is None else [rest]
    side = sides[-1].value if sides and sides[-1] in (Side.OURS, Side.THEIRS) else ""
    steps = steps_after_resolution(situation, side)
    reason = deletion_reason(situation.deleted_by, situation.operation)
    if takes and not side:
        from sessionctl.errors import UsageError

        hints = ["take a side: --prefer ours or --prefer theirs", *(f"next: {s}" for s in steps)]
        raise UsageError(f"{visible(file)}: {reason}; only a side resolves that", hints=hints)
    is_kept = bool(side) and keeps_file(side, situation)
    if as_json:
        nothing: dict[str, object] = {"conflicts": [], "left": 0, "written": False, "faults": []}
        operation = situation.operation
        console.print_json("resolve", file=file, **nothing, operation=operation, next=steps)
    else:
        if is_kept:
            console.note(f"{visible(file)}: {reason}; kept as {side} has it")
        else:
            left = f"; to take {side} is to delete it, which is left to git" if side else ""
            console.warn(f"{visible(file)}: {reason}{left}")
        for step in steps:
            console.hint(f"next: {step}")
    return 0 if is_kept else 1
