"""sessionctl trust: allow a session file to start what is in it."""

from __future__ import annotations

import os
import sys

from sessionctl.cli.options import dry_run_option, json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.live.trust import TrustReview


@click.command("trust")
@session_argument(has_default=False, required=False)
@click.option("--list", "as_list", is_flag=True, help="List trusted files.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, *, file: str | None, as_list: bool, dry_run: bool, as_json: bool
) -> None:
    """Allow the session in FILE to start its commands on this machine.

    FILE is by default the only *.session.toml here. This starts nothing: 'restore' does, and
    only for trusted files. Trust covers commands with their directories and variables, and
    options and hooks that can run programs. When one of them changes, you are asked about that
    one only; changed names, layouts and comments do not matter.

    \b
    Examples:
      sessionctl trust -n api.session.toml     show what it could start
      sessionctl trust api.session.toml
      sessionctl trust --list
      sessionctl untrust api.session.toml
    """
    from sessionctl.cli.output.trust_text import (
        item_data,
        print_lines,
        review_lines,
        user_trust,
    )

    store = user_trust(console.machine)
    if as_list:
        files = store.files()
        if as_json:
            data = [{"file": one.file, "items": item_data(one.items)} for one in files]
            console.print_json("trust", files=data)
            return
        for one in files:
            console.out(one.file)
        if not files:
            console.note("no session file is trusted on this machine")
        return
    from sessionctl.services.documents.session_view import choose_session, read_document
    from sessionctl.services.live.trust import items_on

    if file == "-":
        raise UsageError(
            "trust: a file is trusted by its place, and stdin has none",
            hints=["see 'sessionctl trust --help'"],
        )
    path = file or choose_session(command="trust")
    items = items_on(read_document(path).value, os.uname().nodename, sys.platform)
    review = store.review(path, items)
    if not dry_run:
        store.allow(path, items)
    if as_json:
        console.print_json("trust", file=path, dry_run=dry_run, **_review_data(review))
        return
    lines = review_lines(review)
    print_lines(console, lines)
    if not lines:
        console.note(f"{path}: nothing new to trust")
    elif dry_run:
        from sessionctl.core.text.shellwords import path_word

        console.hint(f"to allow it: sessionctl trust {path_word(path)}")
    else:
        console.note(f"{path}: trusted")


def _review_data(review: TrustReview) -> dict[str, object]:
    from sessionctl.cli.output.trust_text import item_data

    return {
        "allowed": item_data(review.allowed),
        "new": item_data(review.new),
        "gone": item_data(review.gone),
    }
