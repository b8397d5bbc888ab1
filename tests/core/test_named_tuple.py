"""Named tuples of our own do what those of typing do."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from sessionctl.core.named_tuple import NamedTuple
from tests.together import together


class Ours(NamedTuple):
    """A place."""

    name: str
    line: int = 1
    hints: tuple[str, ...] = ()

    @property
    def is_first(self) -> bool:
        return self.line == 1

    def moved(self):
        return self._replace(line=self.line + 1)


class Theirs(typing.NamedTuple):
    """A place."""

    name: str
    line: int = 1
    hints: tuple[str, ...] = ()


class Empty(NamedTuple):
    """Nothing."""


class Derived(Ours):
    """One more."""

    __slots__ = ()


CALLS = [
    lambda kind: kind("a"),
    lambda kind: kind("a", 2, ("x",)),
    lambda kind: kind(name="a", hints=()),
    lambda kind: kind("a", line=5),
    lambda kind: kind(),
    lambda kind: kind("a", 1, (), 4),
    lambda kind: kind("a", colour=1),
    lambda kind: kind("a", name="b"),
    lambda kind: kind._make(["a", 1, ()]),
    lambda kind: kind._make(["a"]),
    lambda kind: kind("a")._replace(line=9),
    lambda kind: kind("a")._replace(colour=9),
    lambda kind: kind("a")._asdict(),
    lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__),
    lambda kind: list(kind.__annotations__),
    lambda kind: repr(kind("a")).partition("(")[2],
    lambda kind: (kind("a") == ("a", 1, ()), hash(kind("a")), len(kind("a")), kind("a")[0]),
    lambda kind: setattr(kind("a"), "name", 1),
    lambda kind: kind("a").__dict__,
    lambda kind: kind("a").hints,
    lambda kind: (kind("a", 2) < kind("b"), [*kind("a")]),
]


def outcome(call, kind):
    try:
        return call(kind)
    except (TypeError, ValueError, AttributeError) as error:
        return type(error)


@together("number", range(len(CALLS)))
def test_what_is_asked_of_it_is_answered_as_by_typing(number):
    assert outcome(CALLS[number], Ours) == outcome(CALLS[number], Theirs)
    assert outcome(CALLS[number], Ours) == outcome(CALLS[number], Theirs)  # and once more


def test_methods_copies_and_derived_classes_are_those_of_its_class():
    one = Ours("a")
    assert one.is_first
    assert one.moved() == ("a", 2, ())
    assert type(one.moved()) is Ours
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert (other, type(other)) == (one, Ours)
    assert repr(one) == "Ours(name='a', line=1, hints=())"
    match one:
        case Ours(name, line):
            assert (name, line) == ("a", 1)
    assert type(Derived("a", 2)) is Derived
    assert Derived("a").moved().line == 2
    assert Empty() == ()
    assert isinstance(one, tuple)
    with pytest.raises(TypeError, match=r"^Wrong: a field without a default follows"):
        type(NamedTuple)("Wrong", (), {"__annotations__": {"a": 1, "b": 2}, "a": 1})


def test_the_first_of_a_class_are_made_as_the_hundredth_is():
    for call in CALLS:

        class Fresh(NamedTuple):
            name: str
            line: int = 1
            hints: tuple[str, ...] = ()

        first = outcome(call, Fresh)
        for _ in range(100):
            Fresh("a")
        assert outcome(call, Fresh) == first
