"""Texts that would take nearly everything out of a document."""

from __future__ import annotations

import pytest

from sessionctl import Document
from sessionctl.core.diff.content_loss import losses

RICH = "".join(f"[[windows]]\nname = '{n}'\n" for n in range(3)) + "".join(
    f"[connections.c{n}]\ndriver = 'http'\nport = {n}\n" for n in range(5)
)


def lost(before, after):
    return losses(Document.parse(before), Document.parse(after))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("", "all 13 values are gone"),
        ("[a]\n", "all 13 values are gone"),
        ("windows = []\n[connections.a]\nx = 1\n", "all 3 windows are gone"),
        (RICH[: RICH.index("[conn")], "all 5 connections are gone"),
        (RICH[: RICH.index("[[windows]]", 5)] + "[connections]\na = 1\n", "of 13 values only 2"),
    ],
)
def test_what_lost_nearly_all_is_told(after, told):
    assert lost(RICH, after)[0].startswith(told)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (RICH, RICH),
        (RICH, RICH.replace("[connections.c1]\ndriver = 'http'\nport = 1\n", "")),
        ("", ""),
        ("a = 1\nb = 1\n", "a = 1\n"),
        ("[[windows]]\nname = 'one'\n[a]\nb = 1\n", "[a]\nb = 1\n"),
        ("a = []\n", "a = []\n"),
    ],
)
def test_an_edit_as_others_is_not_poorer(before, after):
    assert lost(before, after) == ()
