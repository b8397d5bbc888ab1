"""A text that has no name: its errors begin with the line."""

from __future__ import annotations

import pytest

from sessionctl.core.secrets.recipients import Recipients
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.session.volatile_values import read_fields
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.formatter import format_text
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.parser import parse
from sessionctl.errors import DocumentError
from tests.together import together


@together(
    "reader",
    [parse, Document.parse, DocumentText.parse, format_text, read_fields, Sidecar.parse],
    ids=lambda reader: reader.__qualname__,
)
def test_an_error_in_a_text_without_a_name_begins_with_its_place(reader):
    with pytest.raises(DocumentError, match=r"^2:5: "):
        reader("# one\na = = 1\n")
    with pytest.raises(DocumentError, match=r"^x\.toml:2:5: "):
        reader("# one\na = = 1\n", "x.toml")


def test_an_error_in_a_text_of_recipients_without_a_name_calls_it_so():
    with pytest.raises(DocumentError, match=r"^recipients:2:1: "):
        Recipients.parse("# one\na = 1\n")
