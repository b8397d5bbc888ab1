"""sessionctl secret extract: move secrets that are written out to the sidecar."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.plan_flow import PlanMode
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.secrets.secret_output import carry_out, print_notes
from sessionctl.cli.secrets.user_keeper import make_keeper
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import last_words, path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sessionctl.core.problem import Problem
    from sessionctl.services.scanning.leftovers import GitSearch, Leftover
    from sessionctl.services.scanning.secret_extraction import SecretExtraction

_SOME_LEFT = 1
_COULD_NOT = 3
_FORGET = "{git} reflog expire --expire-unreachable=now --all && {git} gc --prune=now"


@click.command("extract")
@session_argument(writes=True)
@click.option("--comments", is_flag=True, help="Also mask other secrets in comments.")
@click.option("--no-history", is_flag=True, help="Do not search git's history.")
@identity_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, file: str, identity: Path | None, **flags: bool) -> int:
    """Move plain-text secrets of a session to its sidecar.

    Each value is stored under a name and replaced by { secret = "NAME" }; comments and order
    stay. The password in a connection's address gets its own key. Copies of a moved value in
    comments, backups and undos are masked. Values that cannot be references, such as arguments
    of a command, are reported.

    Then git is searched for the values: the index, all commits, stashes and unreachable
    objects. A committed value is known to everyone who has the repository.

    Exit code: 0 no plain-text secret is left, 1 some are, 3 git could not be searched.

    \b
    Examples:
      sessionctl secret extract api.session.toml --dry-run
      sessionctl secret extract api.session.toml
    """
    from sessionctl.services.scanning.secret_extraction import plan_extract

    no_input, dry_run = flags["no_input"], flags["dry_run"]
    keeper = make_keeper(console, identity, no_input=no_input, dry_run=dry_run)
    extraction = plan_extract(keeper, file, comments=flags["comments"])
    mode = PlanMode(flags["dry_run"], flags["as_json"])
    report = carry_out(console, extraction.plan(), keeper, mode)
    masked = _purge(console, extraction) if report.done else 0
    print_notes(console, keeper)
    search = _search(console, extraction, is_wanted=not flags["no_history"])
    left = extraction.secrets_left()
    if mode.as_json:
        _print_json(console, extraction, search, masked, dry_run=mode.dry_run)
    else:
        _print(console, extraction, masked, dry_run=mode.dry_run)
        _print_left(console, extraction, left)
        _print_leftovers(console, file, search.leftovers)
    if search.gaps:
        console.warn(search.gaps.error.message, hints=search.gaps.hints)
        return _COULD_NOT
    return _SOME_LEFT if left else 0


def _purge(console: Console, extraction: SecretExtraction) -> int:
    from sessionctl.errors import SessionctlError
    from sessionctl.services.scanning.purge import purge
    from sessionctl.services.settings.user_store import user_store

    session, machine = str(extraction.secrets.place.session), console.machine
    try:
        return purge(user_store(machine), session, machine.environ, extraction.spellings())
    except SessionctlError as error:
        console.warn(
            f"earlier texts may still contain the values: {error.message}", hints=error.hints
        )
        return 0


def _search(console: Console, extraction: SecretExtraction, *, is_wanted: bool) -> GitSearch:
    from sessionctl.errors import GitError
    from sessionctl.services.git.file_place import place_of
    from sessionctl.services.scanning.leftovers import GitSearch, find_leftovers

    if not (is_wanted and extraction.moves):
        return GitSearch()
    try:
        place = place_of(str(extraction.secrets.place.session), console.machine.environ)
    except GitError as error:
        console.detail(f"git was not searched: {error.message}")
        return GitSearch()
    return find_leftovers(place.git, place.path, {m.name: m.spellings for m in extraction.moves})


def _print(console: Console, extraction: SecretExtraction, masked: int, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    for move in extraction.moves:
        what = "the password in it " if move.is_split else ""
        console.out(f"{extraction.file}: {move.origin}: {what}{would}moved to {move.name}")
    comments = extraction.extraction.masked
    if comments:
        console.out(f"{extraction.file}: {counted(comments, 'place')} in comments {would}masked")
    if not extraction.is_change:
        console.note("nothing to move")
    if masked:
        console.note(f"masked in {counted(masked, 'earlier text')} that sessionctl keeps of it")


def _print_left(console: Console, extraction: SecretExtraction, left: Sequence[Problem]) -> None:
    if not left:
        return
    from sessionctl.cli.output.problem_output import print_text

    print_text(console, extraction.left.with_problems(left))
    console.warn(f"{counted(len(left), 'secret')} could not be moved")


def _print_leftovers(console: Console, file: str, leftovers: Sequence[Leftover]) -> None:
    """Print where git holds values still: those that it holds in the same places together."""
    together: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for found in leftovers:
        together.setdefault(found.places, []).append(found.name)
    from sessionctl.system.git.typed_git import typed_git_for

    word, typed = path_word(file), typed_git_for(file, console.machine.environ)
    for (commits, staged, aside, loose), names in together.items():
        held = [
            f"{counted(len(where), noun)} ({', '.join(where[:3])})"
            for noun, where in (("commit", commits), ("stash or old state", aside))
            if where
        ]
        held += ["the index"] if staged else []
        held += [f"{counted(len(loose), 'object')} that nothing leads to"] if loose else []
        hints = []
        if commits:
            hints += [
                "everyone with the repository knows it: change it where it is used",
                *(
                    f"then store that: sessionctl secret rotate {word} {last_words(name)}"
                    for name in names
                ),
            ]
        if staged:
            hints.append(f"stage the file without it: {typed.command} add -- {typed.file(file)}")
        if not commits:
            hints.append(f"then let git forget it: {_FORGET.format(git=typed.command)}")
        subject = "the value" if len(names) == 1 else "the values"
        what = f"{subject} of {', '.join(names)}"
        console.warn(f"git still holds {what}: {', '.join(held)}", hints=hints)


def _print_json(
    console: Console,
    extraction: SecretExtraction,
    search: GitSearch,
    masked: int,
    *,
    dry_run: bool,
) -> None:
    from sessionctl.cli.output.problem_output import file_data

    left = extraction.left.with_problems(extraction.secrets_left())
    console.print_json(
        "secret extract",
        file=extraction.file,
        sidecar=str(extraction.secrets.place.sidecar),
        moved=[
            {"key": move.origin, "name": move.name, "referred_by": move.path}
            for move in extraction.moves
        ],
        comments_masked=extraction.extraction.masked,
        backups_masked=masked,
        left=file_data(left)["problems"],
        git=[
            {
                "name": one.name,
                "staged": list(one.staged),
                "commits": list(one.commits),
                "aside": list(one.aside),
                "loose": list(one.loose),
            }
            for one in search.leftovers
        ],
        git_unsearched=search.gaps.reasons,
        dry_run=dry_run,
    )
