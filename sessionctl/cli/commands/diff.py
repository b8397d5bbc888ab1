"""sessionctl diff: show what changed between two files, key by key."""

from __future__ import annotations

from sessionctl.cli.completion import complete_toml_file
from sessionctl.cli.input.pager import PagedOutput, pager_option
from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import JSON_SCHEMA, Console
from sessionctl.cli.output.terminal import print_lines
from sessionctl.cli.start.late_click import click
from sessionctl.errors import NoRepositoryError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.diff.word_changes import Line
    from sessionctl.services.documents.document_comparison import Comparison, DocumentVersion

_LAST = "HEAD"
_MAX_NAMED = 5
_READ = ("text", "stat")
_FORMATS = ("text", "json", "json-patch", "html")


@click.command("diff")
@click.argument("files", nargs=-1, metavar="[A] [B]", shell_complete=complete_toml_file)
@click.option("--rev", metavar="REV", help="Compare with the version in REV, not HEAD.")
@click.option("--saved", "is_saved", is_flag=True, help="Compare with sessionctl's last save.")
@click.option("--live", "is_live", is_flag=True, help="Compare with the session that runs.")
@click.option("--stat", is_flag=True, help="Count the changes per table.")
@click.option("--no-comments", is_flag=True, help="Ignore changed comments.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="Print the changes in this format."
)
@json_option
@click.option("--html", "as_html", is_flag=True, hidden=True)
@click.option("--open", "opens", is_flag=True, help="Show the changes as a page in your browser.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are changes.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; see the exit code.")
@pager_option
@socket_option
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console,
    *,
    files: tuple[str, ...],
    rev: str | None,
    is_saved: bool,
    is_live: bool,
    stat: bool,
    no_comments: bool,
    form: str | None,
    as_json: bool,
    as_html: bool,
    opens: bool,
    output: str | None,
    exit_zero: bool,
    quiet: bool,
    no_pager: bool,
    socket: str,
) -> int:
    """Show changes from A to B, key by key.

    Without B: changes in A since the last commit. Without both: changes in all session files
    that git tracks, and in their sidecars. A and B are files, '-' for stdin, or REV:FILE
    for a file in a git revision. Values and comments are compared; layout, quoting and the
    order of tables are not. Items are shown by name; moves and renames are recognised.
    Secrets are never shown.

    Exit code: 0 no changes, 1 changes, as diff(1).

    \b
    Examples:
      sessionctl diff                                  since the last commit
      sessionctl diff old.toml new.toml
      sessionctl diff --rev HEAD~3 api.session.toml    since three commits ago
      sessionctl diff --live api                       what a save would change
      sessionctl diff main:Cargo.toml Cargo.toml
      sessionctl diff --format html -o changes.html old.toml new.toml
    """
    from sessionctl.services.documents.document_comparison import compare

    if output is not None:
        from sessionctl.system.files.output_file import check_output

        check_output(output)
    chosen = {"json": as_json, "html": as_html or opens, "stat": stat}
    asked = [*filter(None, [form]), *(name for name, is_asked in chosen.items() if is_asked)]
    if len(set(asked)) > 1:
        raise UsageError(f"diff: one form of answer at a time, got {' and '.join(asked)}")
    form = asked[0] if asked else "text"
    if is_saved or is_live:
        before, after = _pair(console, files, rev, socket if is_live else None, is_saved=is_saved)
    elif not files:
        from sessionctl.cli.git.work_tree_diff import DiffForm, diff_work_tree

        if output is not None or opens:
            raise UsageError("diff: -o and --open are for one file, and no file is named")
        how = DiffForm(form, no_comments=no_comments, is_quiet=quiet, has_pager=not no_pager)
        code = diff_work_tree(console, rev or _LAST, how)
        return 0 if exit_zero and code == 1 else code
    else:
        before, after = _versions(console, files, rev)
    found = compare(before, after)
    if no_comments:
        found = found.without_comments()
    if not quiet:
        with PagedOutput(console, is_wanted=form in _READ and output is None and not no_pager):
            _put(console, _answer(console, found, form), output, opens=opens)
        if not found.diff and found.diff.has_text_changes:
            console.note(f"{before.name} and {after.name} differ in {_layout(found, no_comments)}")
    return 1 if found.diff and not exit_zero else 0


def _named(
    console: Console, word: str, *, may_have_revision: bool, words: tuple[str, ...] = ()
) -> str:
    """Return what a word of diff names, the session in ``REV:NAME`` too; ``words`` are all."""
    import os

    from sessionctl.cli.arguments.named_file import named_file

    revision, colon, name = word.partition(":")
    if not colon or not may_have_revision or os.path.exists(word):  # noqa: PTH110
        try:
            return named_file(console, word, may_be_gone=not may_have_revision)
        except UsageError as error:
            from sessionctl.core.text.shellwords import path_word, typed_word
            from sessionctl.services.documents.document_comparison import is_commit

            if not may_have_revision or not is_commit(word, console.machine.environ):
                raise
            rest = [path_word(one) for one in words if one != word]
            asked = " ".join([typed_word(word), *rest])
            hint = f"compare with that commit: sessionctl diff --rev {asked}"
            raise UsageError(error.message, hints=[hint]) from None
    if not name or "/" in name or name.endswith(".toml"):
        return word
    return f"{revision}:{named_file(console, name, may_be_gone=True)}"


def _pair(
    console: Console,
    files: tuple[str, ...],
    rev: str | None,
    socket: str | None,
    *,
    is_saved: bool,
) -> tuple[DocumentVersion, DocumentVersion]:
    """Return the versions of one file that ``--saved``, or else ``--live``, asks for.

    ``socket`` is that of the tmux server where the live session is asked for.
    """
    from sessionctl.cli.live.live_session import live_context
    from sessionctl.services.history.version_pair import against_live, since_save

    word = "--saved" if is_saved else "--live"
    if (is_saved and socket is not None) or rev is not None:
        raise UsageError("diff: choose one of --rev, --saved and --live")
    if len(files) != 1:
        raise UsageError(
            f"diff: expected one file beside {word}, got {len(files)}",
            hints=["see 'sessionctl diff --help'"],
        )
    file = _named(console, files[0], may_have_revision=False)
    context = live_context(console, socket or "")
    pair = since_save(file, context.store) if is_saved else against_live(file, context)
    for note in pair.notes:
        console.warn(note)
    return pair.before, pair.after


def _layout(found: Comparison, no_comments: bool) -> str:  # noqa: FBT001
    """Return what differs where no value does."""
    from sessionctl.core.diff.spelling import respelled_keys
    from sessionctl.core.text.source import visible

    keys = respelled_keys(found.diff.before, found.diff.after)
    if keys:
        named = ", ".join(visible(str(key)) for key in keys[:_MAX_NAMED])
        more = f" and {len(keys) - _MAX_NAMED} more" if len(keys) > _MAX_NAMED else ""
        return f"how the same values are written: {named}{more}"
    return "layout or comments only" if no_comments else "layout only"


def _versions(
    console: Console, files: tuple[str, ...], rev: str | None
) -> tuple[DocumentVersion, DocumentVersion]:
    from sessionctl.services.documents.document_comparison import read_revision, read_versions

    most = 2 if rev is None else 1
    if len(files) > most:
        what = "two files, A and B" if rev is None else "one file beside --rev"
        raise UsageError(
            f"diff: expected {what}, got {len(files)}", hints=["see 'sessionctl diff --help'"]
        )
    files = tuple(
        _named(console, word, may_have_revision=rev is None, words=files) for word in files
    )
    environ = console.machine.environ
    if len(files) == most == 2:
        return read_versions(files[0], files[1], environ)
    try:
        return read_revision(rev or _LAST, files[0], environ)
    except NoRepositoryError as error:
        from sessionctl.services.history.backups import without_git
        from sessionctl.services.settings.user_store import user_store

        raise without_git(error, user_store(console.machine), files[0]) from None


def _answer(console: Console, found: Comparison, form: str) -> list[Line]:
    """Return the lines of the answer in one of the forms."""
    shown = found.shown
    before, after = shown.before.name, shown.after.name
    match form:
        case "json":
            from sessionctl.cli.output.json_text import render_json
            from sessionctl.core.diff.diff_data import diff_data

            answer = {"schema": JSON_SCHEMA, "command": "diff", "before": before, "after": after}
            return _plain(render_json({**answer, **diff_data(shown)}))
        case "json-patch":
            return _plain(_json_patch(console, found))
        case "html":
            from sessionctl.core.render.diff_page import render_html

            return _plain(render_html(shown, before, after))
        case "stat":
            from sessionctl.core.render.diff_text import render_stat

            return render_stat(shown)
        case _:
            from sessionctl.core.render.diff_text import render_diff

            return render_diff(shown)


def _json_patch(console: Console, found: Comparison) -> str:
    from sessionctl.cli.output.json_text import render_json
    from sessionctl.core.diff.json_patch import json_patch

    patch = json_patch(found.diff, found.mask.value)
    if patch != json_patch(found.diff):
        console.warn("the patch is not complete: secrets in it are masked")
    return render_json(patch)


def _plain(text: str) -> list[Line]:
    return [[(line, "")] for line in text.rstrip("\n").split("\n")]


def _put(console: Console, lines: list[Line], output: str | None, *, opens: bool) -> None:
    if output is None and not opens:
        print_lines(console, lines)
        return
    text = "".join(f"{''.join(piece for piece, _ in line)}\n" for line in lines)
    if output is not None:
        from sessionctl.system.files.text import write_text

        write_text(output, text)
        console.note(f"wrote {output}")
    if opens:
        from sessionctl.cli.input.browser import open_page, page_file

        machine = console.machine
        open_page(machine, output or page_file(machine, "diff.html", text))
