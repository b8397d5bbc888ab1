"""Merges of a few lines, whole: the text, each conflict with its reasons, what followed a move.

``golden/small_merges.txt``, and for single values ``golden/merged_values.txt``, have the three
sides of each and what becomes of them; the title says what it is about.
"""

from __future__ import annotations

import json
from pathlib import Path

from sessionctl.core.conflict.markers import MarkerStyle, conflict_block
from sessionctl.core.merge import merge
from sessionctl.core.schema.model import Schema
from tests.core.merge.test_cases import reported
from tests.golden import parts_of
from tests.together import together

GOLDEN = Path(__file__).parent / "golden"
MERGES = parts_of(GOLDEN / "small_merges.txt") | parts_of(GOLDEN / "merged_values.txt")
NO_END = "(no line end)\n"


def text_of(lines):
    text = "".join(line.removeprefix("  ") for line in lines)
    return text.removesuffix(f"\n{NO_END}").replace("^M", "\r")


def fields_of(part):
    """Return the fields of a merge by their names: what stands behind it, or indented below."""
    fields, lines = {}, []
    for line in part.splitlines(keepends=True):
        if line.startswith((" ", "\n")):
            lines.append(line)
        else:
            name, _, rest = line.partition(":")
            fields[name] = lines = rest.strip() or []
    return {k: v if isinstance(v, str) else text_of(v) for k, v in fields.items()}


def indented(text):
    lines = f"{text}\n{NO_END}" if text and not text.endswith("\n") else text
    lines = lines.replace("\r", "^M").split("\n")[:-1]
    return "".join(f"  {line}".rstrip(" ") + "\n" for line in lines)


def shown(result):
    report = reported(result)
    text = f"found by: {result.method}\nresult:\n{indented(result.text)}"
    return text + (f"report:\n{indented(report)}" if report else "")


@together("title", MERGES)
def test_a_small_merge_is_as_written(title):
    part = MERGES[title]
    fields = fields_of(part)
    schema = Schema(json.loads(fields["schema"])) if "schema" in fields else None
    sides = [fields[side] for side in ("base", "ours", "theirs")]
    result = merge(*sides, schema=schema, policy=fields.get("policy"))
    assert shown(result) == part[part.index("found by:") :]
    style = MarkerStyle(newline="\r\n" if ">>> theirs\r\n" in result.text else "\n")
    for one in result.conflicts:
        block = conflict_block(one.base or "", one.ours or "", one.theirs or "", style)
        assert result.text[slice(*one.span)] == block
