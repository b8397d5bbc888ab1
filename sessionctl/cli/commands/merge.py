"""sessionctl merge: merge two edits of one file, key by key."""

from __future__ import annotations

from sessionctl.cli.completion import complete_policy, complete_toml_file
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import RENAMED_OPTION, SESSION_ARGUMENT, click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sessionctl.core.merge import Labels, MergeResult
    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.services.merging.preference import Preference


def _input(name: str) -> Callable[[Any], Any]:
    """Return one of the three files, or sessions, that are merged."""
    return click.argument(
        name,
        cls=SESSION_ARGUMENT,
        has_default=False,
        may_be_unknown=True,
        shell_complete=complete_toml_file,
    )


@click.command("merge")
@_input("base")
@_input("ours")
@_input("theirs")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout.")
@click.option(
    "--prefer",
    "prefer_words",
    cls=RENAMED_OPTION,
    old=["--take"],
    multiple=True,
    metavar="[PATH=]POLICY",
    shell_complete=complete_policy,
    help="Resolve conflicts, at PATH or all others: ours, theirs, union, newest, max or usual.",
)
@click.option(
    "--dates",
    nargs=2,
    metavar="OURS THEIRS",
    help="When each side was changed, for 'newest': 2026-01-31, with a time, or seconds.",
)
@click.option(
    "--schema",
    "schema_file",
    metavar="FILE",
    help="The JSON Schema with item keys, 'x-merge' and validity; sessions have their own.",
)
@click.option(
    "--marker-size",
    type=click.IntRange(1, 127),
    default=7,
    help="Length of conflict markers; 7 by default.",
)
@click.option(
    "-L",
    "--label",
    "label_words",
    multiple=True,
    metavar="NAME",
    help="Name in the markers: for BASE, OURS, THEIRS; repeatable.",
)
@click.option("--text", "as_lines", is_flag=True, help="Merge line by line, as git does.")
@dry_run_option
@json_option
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console,
    *,
    base: str,
    ours: str,
    theirs: str,
    output: str | None,
    prefer_words: tuple[str, ...],
    dates: tuple[str, str] | None,
    schema_file: str | None,
    marker_size: int,
    label_words: tuple[str, ...],
    as_lines: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Merge the changes from BASE to OURS and from BASE to THEIRS, key by key.

    A change on one side wins; conflicts are written between markers, as git writes them. One
    of the files can be '-' for stdin. Files that are not TOML are merged line by line.

    \b
    What --prefer resolves:
      ours, theirs  the value of this side; other changes of both sides stay
      union         arrays and texts keep both; edited wins over deleted
      max           the higher version, number or date
      newest        the newer side, by 'updated' beside the value, else by --dates
      usual         what people mostly choose: the higher version, the deletion,
                    a table with a version, 'workspace = true'
    PATH is a key path; * matches anything. The last matching PATH wins; a policy
    without PATH is for the rest.

    Exit code: 0 merged, 1 conflicts (the result is still written).

    \b
    Examples:
      sessionctl merge base.toml mine.toml yours.toml -o mine.toml
      sessionctl merge base.toml mine.toml yours.toml --prefer theirs
      sessionctl merge base.toml mine.toml yours.toml \\
        --prefer 'windows.*=theirs' --prefer 'dependencies.**=max'
    """
    from sessionctl.cli.store_notes import tell_notes
    from sessionctl.core.merge import Labels
    from sessionctl.services.merging.three_way import (
        MergeOptions,
        merge_texts,
        read_inputs,
        write_result,
    )
    from sessionctl.services.settings.user_store import user_store
    from sessionctl.system.files.output_file import check_output

    names = (base, ours, theirs)
    # A merge of large files takes a while: what it is for is known to be possible first.
    if output is not None and not dry_run:
        check_output(output)
    texts = read_inputs(names)
    words = _labels(label_words, names)
    labels = Labels(base=words[0], ours=words[1], theirs=words[2])
    policy, preference = _policy(prefer_words, dates), None
    if not prefer_words:
        from sessionctl.services.merging.preference import preference_for

        preference = preference_for(console.machine, output or ours)
        if preference.policy is not None:
            policy = preference.policy._replace(dates=policy.dates if policy else None)
    how = MergeOptions(labels, marker_size, policy, as_lines).for_file(*names, output or "")
    if schema_file is not None:
        from sessionctl.services.documents.schema_source import read_schema

        how = how._replace(schema=read_schema(schema_file))
    result = merge_texts(texts, how)
    if output is not None and not dry_run:
        inputs = dict(zip(names, texts, strict=True))
        saved = write_result(output, result.text, inputs, user_store(console.machine))
        tell_notes(console, saved.notes)
    if as_json:
        _print_json(console, result, output, dry_run=dry_run)
    elif output is None and not dry_run:
        console.data(result.text)
    if result.method == "text" and not as_lines:
        _warn_of_syntax(console, texts, names)
    if not as_json:
        _tell(console, result, labels, names, output, policy)
    if preference is not None:
        _tell_preference(console, result, preference)
    if dry_run and output is not None:
        console.note(f"{output} would be written")
    return 1 if result.conflicts else 0


def _tell_preference(console: Console, result: MergeResult, preference: Preference) -> None:
    for message in preference.messages:
        console.warn(f"ignoring merge.prefer: {message}")
    if result.decisions and preference.place:
        from sessionctl.core.render.merge_text import conflict_title

        # Nobody asked for it on this command line, so that -q, as the mergetool calls it, does not
        # silence it.
        about = conflict_title([one.path for one in result.decisions], (1, 1))
        console.aside(f"resolved by merge.prefer, {preference.place}: {about}")


def _policy(words: tuple[str, ...], dates: tuple[str, str] | None) -> Policy | None:
    if not words and not dates:
        return None
    from sessionctl.core.merge.policy.policy import Policy
    from sessionctl.core.merge.policy.time_stamps import read_date
    from sessionctl.errors import UsageError

    moments = [read_date(word) for word in dates or ()]
    if None in moments:
        raise UsageError(
            f"merge: --dates: expected two dates, got {' '.join(map(repr, dates or ()))}",
            hints=["for example: --dates 2026-01-31T08:00:00Z 1767225600"],
        )
    ours, theirs = moments or (None, None)
    try:
        return Policy.parse(words, (ours, theirs) if ours and theirs else None)
    except UsageError as error:
        raise UsageError(f"merge: --prefer: {error.message}", hints=error.hints) from error


def _labels(words: tuple[str, ...], names: tuple[str, str, str]) -> list[str]:
    from sessionctl.errors import UsageError

    if len(words) > len(names):
        raise UsageError(f"merge: expected at most three labels, got {len(words)}")
    return [*words, *names[len(words) :]]


def _warn_of_syntax(
    console: Console, texts: tuple[str, str, str], names: tuple[str, str, str]
) -> None:
    from sessionctl.services.merging.three_way import syntax_errors

    for error in syntax_errors(texts, names):
        console.warn(f"not TOML, merged line by line: {error.message}")


def _print_json(
    console: Console, result: MergeResult, output: str | None, *, dry_run: bool
) -> None:
    from sessionctl.core.render.merge_data import changes_data, conflicts_data, decisions_data

    console.print_json(
        "merge",
        clean=result.is_clean,
        method=result.method,
        output=output,
        written=output is not None and not dry_run,
        changes=changes_data(result),
        conflicts=conflicts_data(result, output or ""),
        settled=decisions_data(result),
        followed=[{**one._asdict(), "reason": one.reason} for one in result.followed],
    )


def _tell(
    console: Console,
    result: MergeResult,
    labels: Labels,
    inputs: tuple[str, str, str],
    output: str | None,
    policy: Policy | None,
) -> None:
    from sessionctl.cli.output.conflict_advice import merge_advice
    from sessionctl.core.render.merge_text import (
        conflict_lines,
        conflict_summary,
        decision_lines,
        followed_lines,
    )
    from sessionctl.core.text.shellwords import path_word

    name = output or "<stdout>"
    lines = [*followed_lines(result, name), *decision_lines(result, name)]
    for line in [*lines, *conflict_lines(result, name, labels)]:
        console.note(line)
    if not result.conflicts:
        return
    if console.verbosity < 0:  # a conflict is no talk, and the exit code does not say where it is
        console.aside(conflict_summary(result, name))
        return
    if policy is not None and policy.leaves_undated(conflict.path for conflict in result.conflicts):
        console.hint("which side is newer is unknown: give --dates OURS THEIRS")
    if output is None:
        command = f"sessionctl merge {' '.join(map(path_word, inputs))}"
        for line in merge_advice(result, command):
            console.hint(line)
        console.hint("keep the result with -o FILE, or resolve it with --prefer ours|theirs")
        return
    command = f"sessionctl resolve {path_word(output)}"
    for line in merge_advice(result, command):
        console.hint(line)
    console.hint(f"{command}, or resolve it with --prefer ours|theirs")
