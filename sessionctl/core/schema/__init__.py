"""Schemas: check documents against them, and read what they say about a key.

``Schema`` is in ``model``, ``validate`` in ``verdict``. A document that is valid is accepted
at once; the report on what is wrong is loaded only then. Schemas of somebody else's go through
``loader``; what they refer to, and their drafts, are in ``reference``.
"""
