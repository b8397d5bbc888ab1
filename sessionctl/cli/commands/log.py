"""sessionctl log: show what each commit changed in a file, key by key."""

from __future__ import annotations

from sessionctl.cli.input.pager import PagedOutput, pager_option
from sessionctl.cli.options import document_argument, json_option
from sessionctl.cli.output.console import JSON_SCHEMA, Console
from sessionctl.cli.output.terminal import print_lines
from sessionctl.cli.start.late_click import RENAMED_OPTION, click
from sessionctl.core.text.plural import counted
from sessionctl.errors import NoRepositoryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.history.commit_history import CommitEntry, FileHistory


@click.command("log")
@document_argument(may_be_gone=True, may_be_unknown=True)
@click.option(
    "--max-count",
    "limit",
    cls=RENAMED_OPTION,
    old=["-n"],
    advice="log changes nothing, so it has no dry run; count with --max-count 5",
    type=click.IntRange(min=1),
    default=20,
    metavar="N",
    help="Show at most N commits; 20 by default.",
)
@click.option("--rev", default="HEAD", metavar="REV", help="Start at this revision, not at HEAD.")
@click.option("--stat", is_flag=True, help="Count the changes per commit.")
@pager_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    limit: int,
    rev: str,
    stat: bool,
    no_pager: bool,
    as_json: bool,
) -> int:
    """Show what each commit changed in FILE, key by key, newest first.

    Renames are followed. Merges are shown when their result differs from both sides. Versions
    that are not valid TOML are marked. Secrets are never shown.

    \b
    Examples:
      sessionctl log api.session.toml
      sessionctl log --max-count 3 --stat Cargo.toml
      sessionctl log --rev main@{yesterday} api.session.toml
    """
    from sessionctl.services.history.commit_history import read_history

    try:
        history = read_history(file, console.machine.environ, limit=limit, start=rev)
    except NoRepositoryError as error:
        from sessionctl.services.history.backups import without_git
        from sessionctl.services.settings.user_store import user_store

        raise without_git(error, user_store(console.machine), file) from None
    if as_json:
        _print_json(console, file, history)
        return 0
    with PagedOutput(console, is_wanted=not no_pager):
        for number, entry in enumerate(history.entries):
            if number:
                console.out()
            _print(console, entry, stat=stat)
            console.flush()
    if history.older:
        console.note(f"{counted(history.older, 'older commit')} not shown")
        from sessionctl.core.text.shellwords import path_word, quoted

        start = f" --rev {quoted(rev)}" if rev != "HEAD" else ""
        limit += history.older
        console.hint(f"show more: sessionctl log --max-count {limit}{start} {path_word(file)}")
    return 0


def _print(console: Console, entry: CommitEntry, *, stat: bool) -> None:
    commit = entry.commit
    when = commit.date[:16].replace("T", " ")
    lead = f"{console.style(commit.short, 'heading')} {when} {_one_line(commit.author)}"
    console.out(f"{lead}: {_one_line(commit.subject)}")
    what = _happened(entry)
    if what:
        console.out(f"  {what}")
    if entry.shown is None:
        console.out(f"  {console.style('not shown:', 'warning')} {entry.obstacle}")
    elif not entry.shown:
        console.out(f"  {console.style('only the layout changed', 'dim')}")
    elif stat:
        from sessionctl.core.render.diff_text import summarize

        console.out(f"  {summarize(entry.shown)}")
    else:
        from sessionctl.core.render.diff_text import render_diff

        print_lines(console, [[("  ", ""), *line] for line in render_diff(entry.shown)])


def _happened(entry: CommitEntry) -> str:
    """Return what became of the file as such, "" where it only changed."""
    from sessionctl.services.history import commit_history

    before, after = entry.step.before, entry.step.after
    lead = "merge: " if entry.step.is_merge else ""
    match entry.kind:
        case commit_history.ADDED:
            return f"{lead}the file is new"
        case commit_history.REMOVED:
            return f"{lead}the file was removed"
        case commit_history.RENAMED:
            assert before is not None
            assert after is not None
            return f"{lead}renamed from {before.path} to {after.path}"
        case _:
            return f"{lead}what it brought to its first parent" if lead else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _print_json(console: Console, file: str, history: FileHistory) -> None:
    """Write the answer piece by piece: of a thousand commits it is never held whole."""
    from sessionctl.cli.output.json_text import render_json

    head = {"schema": JSON_SCHEMA, "command": "log", "file": file}
    lead = render_json(head).removesuffix("\n}") + ',\n  "commits": ['
    for number, entry in enumerate(history.entries):
        text = render_json(_data(entry)).replace("\n", "\n    ")
        console.stdout.write(f"{lead if not number else ','}\n    {text}")
        console.flush()
        console.show_progress(number + 1, history.length)
    console.stdout.write(f'\n  ],\n  "older": {history.older}\n}}\n')


def _data(entry: CommitEntry) -> dict[str, object]:
    from sessionctl.core.diff.diff_data import diff_data

    commit, step = entry.commit, entry.step
    data: dict[str, object] = {
        "commit": commit.hash,
        "parents": commit.parents,
        "date": commit.date,
        "author": commit.author,
        "email": commit.email,
        "subject": commit.subject,
        "kind": entry.kind,
        "path": step.path,
        "old_path": step.before.path if step.before else None,
        "obstacle": entry.obstacle or None,
    }
    empty: dict[str, object] = {"same_value": None, "same_text": None, "changes": None}
    return data | (empty if entry.shown is None else diff_data(entry.shown))
