"""A JSON Schema of draft 2020-12 in the words of draft-07, for editors and SchemaStore."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DRAFT_07 = "http://json-schema.org/draft-07/schema#"
ADDRESS = "https://json.schemastore.org/sessionctl-session-v1.json"
"""The ``$id`` of the export: where the catalogue of schemas serves it."""

_MAPS = frozenset({"properties", "patternProperties", "$defs"})
_DATA = frozenset({"const", "default", "enum", "examples"})


def to_draft_07(schema: dict[str, Any]) -> dict[str, Any]:
    """Return ``schema`` in draft-07: the same documents are valid under it.

    For the keywords the schemas of this project use; what draft-07 lacks altogether
    (``unevaluatedProperties`` and its like) is refused.

    Raises:
      ValueError: a keyword has no counterpart.
    """
    converted = _convert(schema)
    return {**converted, "$schema": DRAFT_07, "$id": ADDRESS}


def _convert(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_convert(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result: dict[str, Any] = {}
    for key, value in schema.items():
        if key.startswith(("unevaluated", "$dynamic", "dependent", "prefix", "minContains")):
            raise ValueError(f"draft-07 has no {key}")
        if key in _DATA or key.startswith("x-"):
            result[key] = value
        elif key in _MAPS:
            name = "definitions" if key == "$defs" else key
            result[name] = {inner: _convert(item) for inner, item in value.items()}
        elif key == "$ref":
            result[key] = value.replace("#/$defs/", "#/definitions/")
        else:
            result[key] = _convert(value)
    if "$ref" in result and len(result) > 1:
        # Draft-07 ignores what stands beside $ref.
        result["allOf"] = [{"$ref": result.pop("$ref")}, *result.get("allOf", [])]
    return result
