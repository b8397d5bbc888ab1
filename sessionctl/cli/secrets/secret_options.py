"""Secret options: which identity, and which directory."""

from __future__ import annotations

from pathlib import Path

from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Decorated = TypeVar("Decorated", bound="Callable[..., Any]")


def identity_option(function: Decorated) -> Decorated:
    """Add ``--identity FILE``."""
    return click.option(
        "--identity",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The age identity to use, and no other.",
    )(function)


def directory_option(function: Decorated) -> Decorated:
    """Add ``--dir DIR``: whose secrets are meant."""
    return click.option(
        "--dir",
        "directory",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        default=".",
        metavar="DIR",
        help="A directory in the repository; by default this one.",
    )(function)
