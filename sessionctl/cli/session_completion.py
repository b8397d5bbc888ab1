"""What a shell completes of sessions: the connections of one, those that run, pages of help."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def complete_connection(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the connections of the session on the command line that begin so."""
    from click.shell_completion import CompletionItem

    from sessionctl.cli.arguments.named_file import named_file
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import table_in, text_in
    from sessionctl.errors import SessionctlError
    from sessionctl.system.files.text import read_text

    try:
        value = Document.parse(read_text(named_file(ctx.obj, str(ctx.params.get("file"))))).value
    except SessionctlError:
        return []
    connections = table_in(value, "connections")
    given = ctx.params.get("names") or ()
    return [
        CompletionItem(name, help=text_in(table_in(connections, name), "driver"))
        for name in connections
        if name.startswith(incomplete) and name not in given
    ]


def complete_running(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the tmux sessions that run and begin so."""
    from click.shell_completion import CompletionItem

    from sessionctl.cli.live.live_session import live_context, tmux_adapter
    from sessionctl.errors import SessionctlError

    socket = str(ctx.params.get("socket") or "")
    try:
        running = tmux_adapter(live_context(ctx.obj, socket)).sessions()
    except SessionctlError:
        return []
    return [CompletionItem(name) for name in running if name.startswith(incomplete)]


def complete_page(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the commands, and the commands of a group, that ``help`` explains."""
    import click
    from click.shell_completion import CompletionItem

    group: click.Command | None = ctx.find_root().command
    words = ctx.params.get("words") or ()
    for word in words:
        group = group.get_command(ctx, word) if isinstance(group, click.Group) else None
    if not isinstance(group, click.Group):
        return []
    topics = [] if words else ["exit-codes"]
    return [
        CompletionItem(name)
        for name in [*group.list_commands(ctx), *topics]
        if name.startswith(incomplete)
    ]
