"""Enumerations of our own do what those of enum do."""

from __future__ import annotations

import copy
import enum
import pickle

import pytest

from sessionctl.core.light_enum import Enum
from tests.together import together


class Ours(Enum):
    """What is kept."""

    LEFT = "left"
    """The first."""
    RIGHT = "right side"
    COUNT = 3

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str)

    def other(self):
        return type(self).RIGHT if self is type(self).LEFT else type(self).LEFT


class Theirs(enum.Enum):
    """What is kept."""

    LEFT = "left"
    RIGHT = "right side"
    COUNT = 3

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str)

    def other(self):
        return type(self).RIGHT if self is type(self).LEFT else type(self).LEFT


@together(
    "ask",
    [
        lambda kind: [(member.name, member.value, member.is_text) for member in kind],
        lambda kind: [str(member).partition(".")[2] for member in kind],
        lambda kind: [repr(member).partition(".")[2] for member in kind],
        lambda kind: (
            kind("left") is kind.LEFT,
            kind["RIGHT"] is kind.RIGHT,
            kind(kind.COUNT).name,
        ),
        lambda kind: (kind.LEFT == kind.LEFT, kind.LEFT == kind.RIGHT, kind.LEFT != kind.RIGHT),
        lambda kind: (kind.LEFT == "left", kind.LEFT in kind, kind.LEFT.other().name),
        lambda kind: (len(kind), isinstance(kind.LEFT, kind), type(kind.LEFT) is kind),
        lambda kind: len({kind.LEFT, kind.LEFT, kind.RIGHT}),
        lambda kind: (bool(kind.COUNT), kind.__doc__, kind.__module__),
        lambda kind: [copy.copy(member) is member for member in kind],
        lambda kind: [copy.deepcopy([member])[0] is member for member in kind],
        lambda kind: [pickle.loads(pickle.dumps(member)) is member for member in kind],
        lambda kind: {kind.LEFT: 1}[kind("left")],
    ],
)
def test_a_member_is_as_enum_makes_it(ask):
    assert ask(Ours) == ask(Theirs)


@together(
    "wrong",
    [
        lambda kind: kind("neither"),
        lambda kind: kind["NEITHER"],
        lambda kind: kind.NEITHER,
        lambda kind: setattr(kind, "LEFT", "other"),
        lambda kind: setattr(kind.LEFT, "name", "other"),
        lambda kind: setattr(kind.LEFT, "value", "other"),
    ],
)
def test_what_enum_refuses_is_refused(wrong):
    errors = []
    for kind in (Ours, Theirs):
        with pytest.raises((ValueError, KeyError, AttributeError)) as caught:
            wrong(kind)
        errors.append((caught.type, str(caught.value).replace("Theirs", "Ours")))
    assert errors[0][0] is errors[1][0]
    assert str(errors[0][1]) == str(errors[1][1]) or errors[0][0] is AttributeError


def test_a_match_finds_a_member():
    match Ours("left"):
        case Ours.RIGHT:
            found = "right"
        case Ours.LEFT:
            found = "left"
    assert found == "left"


def test_two_names_for_one_value_are_a_mistake():
    with pytest.raises(TypeError, match=r"^Twice\.SECOND: there is another name for 1$"):

        class Twice(Enum):
            FIRST = 1
            SECOND = 1
