"""Write what is made from the schemas: the draft-07 export and the copy in Python.

Run it after an edit of a schema: ``python -m tools.schemas``. A test fails until then.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from pprint import pformat

from tools.draft07 import to_draft_07

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "schemas" / "session.v1.schema.json"
EXPORT = ROOT / "schemas" / "session.v1.draft-07.schema.json"
MODULE = ROOT / "sessionctl" / "core" / "schema" / "session_schema.py"

_HEAD = '''"""The schema of session files, without its descriptions: it loads faster than JSON.

Made by ``python -m tools.schemas`` from ``schemas/session.v1.schema.json``.
"""

from __future__ import annotations

# ruff: noqa: E501
# fmt: off
SESSION: dict[str, object] = \\
'''


def render_export(schema: dict) -> str:
    """Return the draft-07 export of a schema as JSON text."""
    return json.dumps(to_draft_07(schema), indent=2, ensure_ascii=False) + "\n"


def render_module(schema: dict) -> str:
    """Return the Python module that holds a schema without its descriptions."""
    return _HEAD + pformat(strip(schema), width=240, sort_dicts=False, compact=True) + "\n"


def strip(schema: object, *, is_named: bool = False) -> object:
    """Return ``schema`` without descriptions; ``is_named`` tells a map of names to schemas."""
    if isinstance(schema, list):
        return [strip(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: strip(value, is_named=not is_named and key in ("properties", "$defs"))
        for key, value in schema.items()
        if is_named or key != "description"
    }


def main() -> None:
    """Write the files that are out of step."""
    schema = json.loads(SOURCE.read_text(encoding="utf-8"))
    for path, text in ((EXPORT, render_export(schema)), (MODULE, render_module(schema))):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
