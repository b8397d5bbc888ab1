"""Live options: those that several commands for live sessions share."""

from __future__ import annotations

from sessionctl.cli.start.late_click import click

socket_option = click.option(
    "--tmux-socket",
    "socket",
    metavar="NAME|PATH",
    default="",
    help="The socket of the tmux server, by name (tmux -L) or path (-S).",
)

adapter_option = click.option(
    "--adapter",
    metavar="NAME",
    default="",
    help="Where sessions run: tmux, plain (this terminal), or an adapter of another package.",
)
