"""Frozen classes of our own do what frozen dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
import subprocess
import sys

import pytest

from sessionctl.core import frozen_class


@frozen_class.dataclass(frozen=True, slots=True)
class Ours:
    """A place."""

    name: str
    line: int = 1
    hints: tuple[str, ...] = ()
    note: str = frozen_class.field(default="", repr=False, compare=False)
    marks: list[int] = frozen_class.field(default_factory=list, compare=False)

    @property
    def is_first(self) -> bool:
        return self.line == 1


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """A place."""

    name: str
    line: int = 1
    hints: tuple[str, ...] = ()
    note: str = dataclasses.field(default="", repr=False, compare=False)
    marks: list[int] = dataclasses.field(default_factory=list, compare=False)

    @property
    def is_first(self) -> bool:
        return self.line == 1


@frozen_class.dataclass(frozen=True, slots=True)
class Single:
    value: float


@frozen_class.dataclass(frozen=True, slots=True)
class Other:
    value: float


@frozen_class.dataclass(frozen=True, slots=True)
class Longer(Single):
    unit: str = "m"


@frozen_class.dataclass(frozen=True, slots=True)
class Checked:
    value: int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError(self.value)


@frozen_class.dataclass(frozen=True, slots=True)
class Empty:
    """Nothing."""


def _set(value, name):
    setattr(value, name, 1)


CALLS = [
    lambda kind: kind("a"),
    lambda kind: kind("a", 2, ("x",)),
    lambda kind: kind(name="a", hints=()),
    lambda kind: kind("a", line=5, note="n"),
    lambda kind: kind(),
    lambda kind: kind("a", 1, (), "", [], 4),
    lambda kind: kind("a", colour=1),
    lambda kind: kind("a", name="b"),
    lambda kind: dataclasses.replace(kind("a", 7), line=9),
    lambda kind: dataclasses.replace(kind("a"), colour=9),
    lambda kind: dataclasses.asdict(kind("a")),
    lambda kind: [(f.name, f.repr, f.compare) for f in dataclasses.fields(kind)],
    dataclasses.is_dataclass,
    lambda kind: hash(kind("a", 2)) == hash(kind("a", 2, note="other")),
    lambda kind: kind("a") == kind("a", note="other", marks=[1]),
    lambda kind: kind("a") == kind("a", 2),
    lambda kind: kind("a") == ("a", 1, ()),
    lambda kind: kind("a").__eq__(("a",)),
    lambda kind: kind("a").marks is kind("a").marks,
    lambda kind: _set(kind("a"), "line"),
    lambda kind: kind("a").__delattr__("line"),
    lambda kind: pickle.loads(pickle.dumps(kind("a", 3))),
    lambda kind: copy.deepcopy(kind("a", 3)),
    lambda kind: copy.copy(kind("a", 3)),
    lambda kind: kind.__match_args__,
    lambda kind: kind("a").is_first,
    lambda kind: hasattr(kind("a"), "__dict__"),
    lambda kind: (kind.__doc__, kind.__module__),
]


@pytest.mark.parametrize("call", CALLS)
def test_a_frozen_class_answers_as_a_dataclass_does(call):
    assert _outcome(call, Ours) == _outcome(call, Theirs)


def _outcome(call, kind):
    try:
        found = repr(call(kind))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is to be the same
        found = f"{type(error).__name__}: {error}"
        if isinstance(error, TypeError):
            found = found.replace(f"{kind.__name__}.__init__", "__init__")
    return found.replace(kind.__name__, "Kind")


def test_values_of_two_classes_differ():
    assert Single(1.0) != Other(1.0)
    assert Single(1.0) != Longer(1.0)
    assert Single(1.0) == Single(1.0)
    assert Single(math.nan) != Single(-math.nan)
    assert hash(Single(2.0)) == hash(Single(2.0))


def test_a_derived_class_has_the_fields_of_both():
    assert repr(Longer(1.0)) == "Longer(value=1.0, unit='m')"
    assert frozen_class.replace(Longer(1.0), unit="s") == Longer(1.0, "s")
    match Longer(2.0, "kg"):
        case Longer(value, unit):
            assert (value, unit) == (2.0, "kg")


def test_a_class_without_fields_has_one_value():
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())
    assert repr(Empty()) == "Empty()"


def test_what_a_class_does_after_it_is_filled_is_done():
    assert Checked(1).value == 1
    with pytest.raises(ValueError, match="-1"):
        Checked(-1)
    with pytest.raises(ValueError, match="-2"):
        frozen_class.replace(Checked(1), value=-2)


def test_replace_takes_dataclasses_too():
    assert frozen_class.replace(Theirs("a"), line=4) == Theirs("a", 4)


def test_a_field_that_must_be_given_comes_before_those_that_need_not():
    with pytest.raises(TypeError, match=r"^second: a field without a default follows"):

        @frozen_class.dataclass(frozen=True, slots=True)
        class _Wrong:
            first: int = 1
            second: str


OTHER_KINDS = [{"frozen": False, "slots": True}, {"frozen": True, "slots": False}]


@pytest.mark.parametrize("options", OTHER_KINDS)
def test_other_kinds_of_dataclasses_are_refused(options):
    with pytest.raises(TypeError, match="frozen classes with slots"):
        frozen_class.dataclass(**options)
    with pytest.raises(TypeError, match=r"^a frozen class knows no field with init$"):
        frozen_class.field(init=False)


def test_neither_dataclasses_nor_typing_is_loaded():
    code = """
import sys
before = set(sys.modules)
from sessionctl.core.frozen_class import dataclass, replace
kind = type("Kind", (), {"__annotations__": {"x": "int"}})
made = dataclass(frozen=True, slots=True)(kind)
assert replace(made(1), x=2) == made(2)
print(*sorted({"dataclasses", "inspect", "typing"} & (set(sys.modules) - before)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_a_plain_class_derived_from_one_has_attributes_of_its_own():
    class Noted(Single):
        pass

    value = Noted(1.0)
    value.note = "n"
    assert (value.note, value.value) == ("n", 1.0)
    del value.note
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.value = 2.0
