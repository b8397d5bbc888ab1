"""sessionctl connections list: the connections of a session, and how each was last."""

from __future__ import annotations

from sessionctl.cli.options import json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.connections.connection_listing import ConnectionSummary, GoneConnection


@click.command("list")
@session_argument(has_default=False, required=False, metavar="[FILE|SESSION]")
@click.option("--recent", is_flag=True, help="List what you opened last, in any session.")
@json_option
@click.pass_obj
def command(console: Console, *, file: str | None, recent: bool, as_json: bool) -> None:
    """List the connections of a session: driver, address, last result.

    FILE is by default the only *.session.toml here. Favourites have a star and come first.
    What is still stored of a connection that the file no longer has is listed below them.
    With --recent: the last five that you opened in any session, newest first.

    \b
    Examples:
      sessionctl connections list api.session.toml
      sessionctl connections list --recent
    """
    if recent:
        _list_recents(console, as_json=as_json)
        return
    from sessionctl.cli.connections.session_option import session_connections
    from sessionctl.services.connections.connection_listing import (
        gone_connections,
        list_connections,
    )

    connections = session_connections(console, file)
    found, gone = list_connections(connections), gone_connections(connections)
    if as_json:
        console.print_json(
            "connections list",
            file=connections.file,
            connections=[_data(one) for one in found],
            gone=[{"name": one.name, "last": one.status or None} for one in gone],
        )
        return
    width = max((len(visible(one.name)) for one in found), default=0)
    drivers = max((len(one.driver) for one in found), default=0)
    for one in found:
        mark = "*" if one.is_favourite else " "
        name = console.style(f"{visible(one.name):<{width}}", "key")
        parts = [f"{mark} {name}", f"{visible(one.driver):<{drivers}}", visible(one.address)]
        parts += ["start"] if one.starts else []
        parts += [_last(one)] if one.status else []
        console.out("  ".join(parts).rstrip())
    if not found:
        console.note(f"{connections.file}: the session has no connections")
    for lost in gone:
        last = f", last {_last(lost)}" if lost.status else ""
        console.out(f"  {console.style(visible(lost.name), 'dim')}  no longer in the file{last}")
    if gone:
        from sessionctl.core.text.shellwords import last_words, path_word

        names = [gone[0].name] if len(gone) == 1 else []
        typed = f"{path_word(connections.file)} {last_words(*names)}".rstrip()
        console.hint(f"delete what is stored about that: sessionctl connections forget {typed}")


def _list_recents(console: Console, *, as_json: bool) -> None:
    from sessionctl.cli.output.time_text import moment
    from sessionctl.services.connections.connection_memory import ConnectionMemory

    recents = ConnectionMemory(console.machine.state, "").recents()
    if as_json:
        console.print_json("connections list", recents=[one._asdict() for one in recents])
        return
    for one in recents:
        word = console.style("ok", "added") if one.ok else console.style("failed", "removed")
        console.out(f"{moment(one.at)}  {word}  {visible(one.name)}  {visible(one.file)}")
    if not recents:
        console.note("no connection was opened yet")


def _last(one: ConnectionSummary | GoneConnection) -> str:
    from sessionctl.cli.output.time_text import moment

    return f"{one.status['state']} {moment(one.status['at'])}"


def _data(one: ConnectionSummary) -> dict[str, object]:
    return {
        "name": one.name,
        "driver": one.driver,
        "address": one.address,
        "start": one.starts,
        "favourite": one.is_favourite,
        "last": one.status or None,
        "opens": one.opens,
        "failures": one.failures,
        "losses": one.losses,
    }
