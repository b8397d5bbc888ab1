"""sessionctl explain: show what a key means and its allowed values."""

from __future__ import annotations

import textwrap

from sessionctl.cli.completion import complete_described_key
from sessionctl.cli.options import json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.schema.explanation import Child, Explanation, Variant

_INDENT = "  "
_SUMMARY_WIDTH = 72


@click.command("explain")
@click.argument("key", required=False, default="", shell_complete=complete_described_key)
@json_option
@click.pass_obj
def command(console: Console, *, key: str, as_json: bool) -> None:
    """Explain KEY of a session file: its meaning, its allowed values, its keys.

    You can leave out indexes and use any name where names are free. Without KEY, all keys are
    listed.

    \b
    Examples:
      sessionctl explain windows.panes.start
      sessionctl explain connections.prod.port
    """
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.schema.explanation import explain
    from sessionctl.services.documents.schema_source import described_session

    found = explain(described_session(), KeyPath.parse(key))
    if as_json:
        console.print_json(
            "explain", key=found.path, variants=found.variants, children=found.children
        )
        return
    _print(console, found)


def _print(console: Console, found: Explanation) -> None:
    for number, variant in enumerate(found.variants):
        if number:
            console.out()
        _print_variant(console, str(found.path) or "a session", variant)
    if found.children:
        console.out()
        console.out(console.style("Keys:", "heading"))
        width = max(len(child.name) for child in found.children)
        for child in found.children:
            _print_child(console, child, width)


def _print_variant(console: Console, name: str, variant: Variant) -> None:
    from sessionctl.core.schema.words.phrases import literal

    head = console.style(name, "key")
    kind = f": {variant.type}" if variant.type else ""
    owner = f", in {variant.owner}" if variant.owner else ""
    required = ", required" if variant.required else ""
    console.out(f"{head}{kind}{owner}{required}")
    for line in textwrap.wrap(variant.description, _SUMMARY_WIDTH):
        console.out(f"{_INDENT}{line}")
    rows: list[tuple[str, str]] = []
    if variant.allowed:
        rows.append(("allowed", ", ".join(map(literal, variant.allowed))))
    if variant.default is not None:
        rows.append(("default", literal(variant.default)))
    rows += [("example", literal(example)) for example in variant.examples]
    rows += [("note", note) for note in variant.notes]
    for label, text in rows:
        console.out(f"{_INDENT}{console.style(f'{label:<8}', 'dim')} {text}")


def _print_child(console: Console, child: Child, width: int) -> None:
    required = " Required." if child.required else ""
    lines = textwrap.wrap(f"{child.summary}{required}", _SUMMARY_WIDTH) or [child.type]
    console.out(f"{_INDENT}{console.style(f'{child.name:<{width}}', 'key')}  {lines[0]}")
    for line in lines[1:]:
        console.out(f"{_INDENT}{'':<{width}}  {line}")
