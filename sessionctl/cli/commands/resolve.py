"""sessionctl resolve: settle the conflicts of a file one by one."""

from __future__ import annotations

import sys

from sessionctl.cli.completion import complete_choice
from sessionctl.cli.options import (
    document_argument,
    dry_run_option,
    force_option,
    json_option,
    no_input_option,
)
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import RENAMED_OPTION, click
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.marked_text import Resolution, Side
    from sessionctl.services.git.operation import Situation
    from sessionctl.services.merging.resolution import ConflictedFile, Take

    Choices = dict[int, Resolution]


@click.command("resolve")
@document_argument(writes=True, may_be_gone=True)
@click.option(
    "--prefer",
    "prefer_words",
    cls=RENAMED_OPTION,
    old=["--take"],
    multiple=True,
    metavar="[PATH=]CHOICE",
    shell_complete=complete_choice,
    help="Resolve conflicts, at PATH or all others: ours, theirs, base, both, union, newest, "
    "max or usual.",
)
@click.option("--take-all", type=click.Choice(["ours", "theirs"]), hidden=True)
@force_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console,
    *,
    file: str,
    prefer_words: tuple[str, ...],
    take_all: str | None,
    force: bool,
    no_input: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Resolve the conflicts that a merge left in FILE, one by one.

    On a terminal, each conflict is shown with both sides, and a letter resolves it: ours,
    theirs, both, base, edit, skip, undo; "?" explains them. You can quit at any time: resolved
    conflicts are written, the others keep their markers. A result that is not valid is not
    written. Secrets are never shown.

    \b
    What --prefer resolves, without asking:
      ours, theirs, base  the text of this side
      both                ours, then theirs, or the two merged
      max                 the higher version, number or date
      union               both, in arrays and texts
      newest              the newer side: 'updated' beside it, else the commits
      usual               what people mostly choose: higher version, deletion
    PATH is a key path; * matches anything. A CHOICE without PATH is for the rest.
    Conflicts that a choice cannot resolve keep their markers.

    A file that one side deleted and the other changed stays as it is; the hint is the command
    that keeps it, or deletes it.

    Exit code: 0 all resolved, 1 conflicts left (or the result is not valid).

    \b
    Examples:
      sessionctl resolve api.session.toml
      sessionctl resolve api.session.toml --prefer 'windows.*=theirs'
      sessionctl resolve Cargo.toml --prefer 'dependencies.**=max'
      sessionctl resolve api.session.toml --no-input       list the conflicts
    """
    from sessionctl.cli.output.resolve_output import fault_lines
    from sessionctl.cli.plan_flow import is_someone_there
    from sessionctl.cli.store_notes import tell_notes
    from sessionctl.services.git.operation import read_situation
    from sessionctl.services.merging.resolution import ConflictedFile
    from sessionctl.services.settings.user_store import user_store
    from sessionctl.system.git.side_dates import dates_of_file

    found = ConflictedFile.read(file)
    situation = read_situation(file, found.text, console.machine.environ)
    words = [take_all, *prefer_words] if take_all else prefer_words
    takes, rest = _for_the_rest([_read_take(word) for word in words])
    if situation.deleted_by and not found.conflicts:
        from sessionctl.cli.output.resolve_output import resolve_deletion

        return resolve_deletion(console, file, situation, takes, rest, as_json=as_json)
    if any(take.choice == "newest" for take in takes):
        found.dates = dates_of_file(file, console.machine.environ)
    preferred = _preferred(console, found, file)
    # What the settings have wins over a side for all others, as a path wins over the rest.
    choices = found.choose([], rest) | preferred | found.choose(takes)
    choices = dict(sorted(choices.items()))
    is_asking = not (no_input or as_json) and is_someone_there() and console.stdout.isatty()
    if is_asking and len(choices) < len(found.conflicts):
        choices = _ask(console, found, situation, choices, force=force)
    faults = fault_lines(found, choices) if choices and not force else []
    if not faults and choices and not dry_run:
        tell_notes(console, found.write(choices, user_store(console.machine)).notes)
    is_done = len(choices) == len(found.conflicts) and not faults
    if as_json:
        _print_json(console, found, situation, choices, faults, dry_run=dry_run)
    else:
        _tell(console, found, choices, faults, dry_run=dry_run, is_asking=is_asking)
        if not faults and not dry_run:
            _hint(console, found, situation, choices, is_done=is_done)
    return 0 if is_done else 1


def _preferred(console: Console, found: ConflictedFile, file: str) -> Choices:
    """Return the choices that merge.prefer of the settings makes."""
    from sessionctl.services.merging.preference import preference_for
    from sessionctl.system.git.side_dates import dates_of_file

    preference = preference_for(console.machine, file) if found.conflicts else None
    if preference is None:
        return {}
    for message in preference.messages:
        console.warn(f"ignoring merge.prefer: {message}")
    if preference.policy is None:
        return {}
    if preference.policy.asks_for_dates and found.dates is None:
        found.dates = dates_of_file(file, console.machine.environ)
    choices = found.choose_by(preference.policy)
    for index in choices:
        console.note(f"resolved by merge.prefer, {preference.place}: {found.title(index)}")
    return choices


def _ask(
    console: Console,
    file: ConflictedFile,
    situation: Situation,
    choices: Choices,
    *,
    force: bool,
) -> Choices:
    from sessionctl.cli.input.dialogue import Dialogue
    from sessionctl.cli.input.terminal_prompt import answered
    from sessionctl.cli.output.terminal import print_lines, terminal_width
    from sessionctl.core.render.folding import fold

    left = len(file.conflicts) - len(choices)
    during = f", in a {situation.operation}" if situation.operation else ""
    width = terminal_width(console)
    head = f"{file.name}: {counted(left, 'conflict')} to resolve{during}"
    print_lines(console, fold([(head, "")], width, 2))

    def ask(question: str) -> str | None:
        console.stdout.write(question)
        line = answered(console, sys.stdin.readline, screen=lambda: console.stdout)
        return line if line else None

    try:
        return Dialogue(console, file, situation, ask=ask, force=force, width=width).run(choices)
    except KeyboardInterrupt:
        console.note(f"{file.name} is unchanged")
        raise


def _tell(
    console: Console,
    file: ConflictedFile,
    choices: Choices,
    faults: list[str],
    *,
    dry_run: bool,
    is_asking: bool,
) -> None:
    from sessionctl.cli.output.resolve_output import choice_name

    if not file.conflicts:
        console.note(f"{file.name}: no conflicts")
        return
    for index, conflict in enumerate(file.conflicts):
        place = console.style(f"{file.name}:{conflict.line}:", "place")
        if index not in choices:
            console.out(f"{place} conflict: {file.title(index)}")
        elif dry_run:
            console.out(f"{place} {choice_name(choices[index])}: {file.title(index)}")
    if faults:
        console.error(
            "the result would not be valid, nothing was written",
            hints=[*faults, "resolve it differently, or write it anyway with --force"],
        )
        return
    left = len(file.conflicts) - len(choices)
    if is_asking or choices:
        verb = "would be resolved" if dry_run else "resolved"
        rest = f"{left} left" if left else "no conflicts left"
        console.note(f"{file.name}: {counted(len(choices), 'conflict')} {verb}, {rest}")


def _hint(
    console: Console,
    file: ConflictedFile,
    situation: Situation,
    choices: Choices,
    *,
    is_done: bool,
) -> None:
    from sessionctl.core.text.shellwords import path_word
    from sessionctl.services.git.operation_steps import remerge_step, steps_after_resolution

    if not is_done:
        from sessionctl.cli.output.resolve_output import offer_lines

        console.hint(f"resolve them on a terminal: sessionctl resolve {path_word(file.name)}")
        for line in offer_lines(file, [i for i in range(len(file.conflicts)) if i not in choices]):
            console.hint(line)
        console.hint("or with --prefer PATH=CHOICE, or --prefer ours|theirs for all")
        return
    if not file.conflicts and situation.holds_ours:
        console.warn(
            f"{file.name}: git could not merge it, and it holds our side only",
            hints=[f"merge it again: {remerge_step(situation)}"],
        )
    for step in steps_after_resolution(situation):
        console.hint(f"next: {step}")


def _read_take(word: str) -> Take:
    """Return what ``PATH=CHOICE`` means, or ``CHOICE`` alone: that of all others.

    Raises:
      UsageError: it is not of that form.
    """
    from sessionctl.core.conflict.marked_text import Side
    from sessionctl.errors import UsageError
    from sessionctl.services.merging.resolution import CHOICES, Take

    pattern, equals, choice = word.rpartition("=")
    if bool(equals) != bool(pattern) or choice not in CHOICES:
        raise UsageError(
            f"resolve: --prefer: expected PATH=CHOICE or CHOICE, got {word}",
            hints=[f"CHOICE is one of {', '.join(CHOICES)}; PATH may hold *"],
        )
    return Take(pattern, Side(choice) if choice in {side.value for side in Side} else choice)


def _for_the_rest(takes: list[Take]) -> tuple[list[Take], Side | None]:
    """Return the takes with those for all others first, and the side that these have."""
    from sessionctl.core.conflict.marked_text import Side

    general = [take.choice for take in takes if not take.pattern]
    chosen = [take for take in takes if take.pattern]
    if not general:
        return chosen, None
    last = general[-1]
    if last in (Side.OURS, Side.THEIRS):
        return chosen, Side(last)
    return [takes[0]._replace(pattern="*", choice=last), *chosen], None


def _print_json(
    console: Console,
    file: ConflictedFile,
    situation: Situation,
    choices: Choices,
    faults: list[str],
    *,
    dry_run: bool,
) -> None:
    from sessionctl.cli.output.resolve_output import conflict_data
    from sessionctl.services.git.operation_steps import steps_after_resolution

    is_done = len(choices) == len(file.conflicts) and not faults
    console.print_json(
        "resolve",
        file=file.name,
        conflicts=[conflict_data(file, i, choices.get(i)) for i in range(len(file.conflicts))],
        left=len(file.conflicts) - len(choices),
        written=bool(choices) and not faults and not dry_run,
        faults=faults,
        operation=situation.operation,
        next=steps_after_resolution(situation) if is_done else [],
    )
