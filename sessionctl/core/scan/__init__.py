"""Scanning: secrets that were typed where only their names belong.

Rules: a field the schema marks (``secret-field``), the name of a key (``secret-key``), the
password of an address (``secret-url``), ``NAME=VALUE`` in a text (``secret-text``), an
argument of a command (``secret-argument``), the shape of a token (``secret-token``), a
value that is known (``secret-known``), and as a hint only, letters without any order
(``secret-entropy``). Findings name the rule and the place, never the value. Every rule
takes time that is linear in the length of the text.
"""
