"""Write the tables of keys in docs/format.md from the schema of session files.

Run it after an edit of the schema: ``python -m tools.format_page``. A test fails until then.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sessionctl.core.schema.explanation import type_of
from sessionctl.core.schema.model import Schema

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "schemas" / "session.v1.schema.json"
PAGE = ROOT / "docs" / "format.md"
MARKER = "<!-- The rest is generated from the schema: python -m tools.format_page -->\n"

_DRIVERS = ("sqlite", "postgres", "redis", "ssh", "http", "line", "jupyter", "zmq-json", "plugin")
_SHARED = ("start", "retry", "autoconnect", "timeout_s", "last_connected", "connect_count")


def render(schema: dict) -> str:
    """Return the tables of keys as Markdown."""
    parts = [_section("The session", schema, schema["properties"], schema)]
    definitions = schema["$defs"]
    for heading, name in (("`[[windows]]`", "window"), ("`[[windows.panes]]`", "pane")):
        parts.append(_section(heading, definitions[name], definitions[name]["properties"], schema))
    for name in _DRIVERS:
        table = definitions[name]
        keys = {key: head for key, head in table["properties"].items() if key not in _SHARED}
        driver = table["properties"]["driver"].get("const")
        title = f'`driver = "{driver}"`' if driver else "Drivers of plug-ins"
        parts.append(_section(f"`[connections.NAME]`, {title}", table, keys, schema))
    shared = {key: definitions["postgres"]["properties"][key] for key in _SHARED}
    every = {"description": "Additional keys of connections of every driver."}
    parts.append(_section("`[connections.NAME]`, every driver", every, shared, schema))
    for heading, name in (("`[[overrides]]`", "override"), ("A secret", "secret")):
        parts.append(_section(heading, definitions[name], definitions[name]["properties"], schema))
    when = definitions["override"]["properties"]["when"]
    parts.append(_section("`when` of an override", when, when["properties"], schema))
    return "\n".join(parts)


def _section(heading: str, table: dict, keys: dict, schema: dict) -> str:
    lines = [f"## {heading}", "", table["description"], "", "| key | type | meaning |"]
    lines.append("|---|---|---|")
    for key, head in keys.items():
        kind = type_of(Schema(schema), head).replace("|", "\\|")
        required = " **Required.**" if key in table.get("required", ()) else ""
        meaning = _meaning(head, schema).replace("|", "\\|")
        lines.append(f"| `{key}` | {kind or 'any'} | {meaning}{required} |")
    return "\n".join([*lines, ""])


def _meaning(head: dict, schema: dict) -> str:
    target = schema["$defs"].get(head.get("$ref", "").rpartition("/")[2], {})
    both = {**target, **head}
    words = [both["description"]]
    if "enum" in both:
        words.append(f"One of {', '.join(_code(value) for value in both['enum'])}.")
    if "default" in both:
        words.append(f"Default: {_code(both['default'])}.")
    if both.get("x-volatile"):
        words.append("*Volatile.*")
    return " ".join(words)


def _code(value: object) -> str:
    return f"`{json.dumps(value)}`"


def page(text: str, schema: dict) -> str:
    """Return the page ``text`` with its tables generated again."""
    head, marker, _ = text.partition(MARKER)
    if not marker:
        raise SystemExit(f"{PAGE.name}: the marker line is missing")
    return f"{head}{marker}\n{render(schema)}"


def main() -> None:
    """Write the page if it is out of step."""
    schema = json.loads(SOURCE.read_text(encoding="utf-8"))
    before = PAGE.read_text(encoding="utf-8")
    after = page(before, schema)
    if after != before:
        PAGE.write_text(after, encoding="utf-8")
        sys.stdout.write(f"wrote {PAGE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
