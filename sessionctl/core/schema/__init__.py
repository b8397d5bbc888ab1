"""Schemas: check documents against them, and read what they say about a key.

``Schema`` is in ``model``, ``validate`` in ``verdict``. A document that is valid is accepted
at once; the report on what is wrong is loaded only then, and jsonschema only for what those
do not know: other drafts, rare keywords, schemas themselves.
"""
