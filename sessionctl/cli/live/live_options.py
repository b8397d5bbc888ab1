"""Live options: those that several commands for live sessions share."""

from __future__ import annotations

from sessionctl.cli.start.late_click import click

socket_option = click.option(
    "--tmux-socket",
    "socket",
    metavar="NAME|PATH",
    default="",
    help="The tmux server: the name of a socket (tmux -L) or its path (-S).",
)

adapter_option = click.option(
    "--adapter",
    metavar="NAME",
    default="",
    help="What has the windows: tmux, plain (this terminal), or one of another package.",
)
