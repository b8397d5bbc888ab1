"""sessionctl untrust: allow a session file nothing any more."""

from __future__ import annotations

from sessionctl.cli.completion import complete_session_file
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import SESSION_ARGUMENT, click


@click.command("untrust")
@click.argument(
    "files",
    cls=SESSION_ARGUMENT,
    only_sessions=True,
    writes=True,
    may_be_gone=True,
    nargs=-1,
    shell_complete=complete_session_file,
)
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, *, files: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Revoke the trust in session files; the files stay as they are.

    You can also name a file that no longer exists.

    \b
    Examples:
      sessionctl untrust api.session.toml
      sessionctl trust --list
    """
    from sessionctl.cli.output.trust_text import user_trust
    from sessionctl.services.connections.keeper_process import KeeperPlace

    store = user_trust(console.machine)
    known = {one.file for one in store.files()}
    answers = []
    for file in files:
        was_trusted = store.is_known(file) if dry_run else store.forget(file)
        if not dry_run:
            # What it opened unasked is closed too.
            KeeperPlace(console.machine, file).stop()
        answers.append({"file": file, "was_trusted": was_trusted})
        if not as_json:
            would = "would not be" if dry_run else "not"
            console.note(f"{file}: {f'{would} trusted' if was_trusted else 'was not trusted'}")
    if as_json:
        console.print_json("untrust", files=answers, dry_run=dry_run)
    elif known and not any(answer["was_trusted"] for answer in answers):
        console.hint("see which files are trusted: sessionctl trust --list")
