"""Answers of ``--json``, held to the schemas that are shipped."""

from __future__ import annotations

import functools
import json

import jsonschema

from sessionctl.resources import schema_text


def assert_answer(answer, schema):
    """The answer is valid under the shipped schema of this name, as in ``status.v1``."""
    error = jsonschema.exceptions.best_match(_validator(schema).iter_errors(answer))
    if error is not None:
        raise error


@functools.cache
def _validator(schema):
    """Made once: ``tests/core/schema/test_schema_files.py`` has checked the schema itself."""
    data = json.loads(schema_text(f"output-{schema}"))
    return jsonschema.validators.validator_for(data)(data)
