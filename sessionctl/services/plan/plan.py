"""Plan: the values - steps, groups of them, guarded ones - and their text and JSON data."""

from __future__ import annotations

# Named tuples: dataclasses cost more start-up than a small command may spend.
from sessionctl.core.light_typing import Generic, Protocol, TypeVar
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    Note: TypeAlias = tuple[str, str]
    """What the user should know, and the next step to take, or ""."""
    PlanNode: TypeAlias = "Step[Tools] | StepGroup[Tools] | GuardedStep[Tools]"
    Plan: TypeAlias = "tuple[PlanNode[Tools], ...]"
    """The steps in their order; empty when there is nothing to do."""
else:
    Note = Plan = PlanNode = tuple

Tools = TypeVar("Tools")
Tools_contra = TypeVar("Tools_contra", contravariant=True)

_INDENT = "  "


class Step(Protocol[Tools_contra]):
    """One thing to do, as a frozen value; ``tools`` is what it needs of the world."""

    def render(self) -> str:
        """Return what it does in words, further lines indented; "" for what is not shown."""

    def data(self) -> dict[str, object]:
        """Return it as plain data for JSON; "action" is the word for its kind."""

    def carry_out(self, tools: Tools_contra, /) -> Iterable[Note] | None:
        """Do it; return what the user should know beside that it was done.

        Raises:
          SkipStep: there is nothing to do.
          SessionctlError: it could not be done.
        """


class StepGroup(NamedTuple, Generic[Tools_contra]):
    """Steps that belong together: a branch of the tree, with its ``title``.

    After a failure the rest of the group is skipped, unless it ``goes_on``. Without a title
    its steps are shown as if they stood in its place.
    """

    title: str
    steps: Plan[Tools_contra]
    goes_on: bool = False

    def render(self) -> str:
        """Return the title."""
        return self.title

    def data(self) -> dict[str, object]:
        """Return the group and its steps as plain data."""
        return {"action": "group", "title": self.title, "steps": plan_data(self.steps)}


class GuardedStep(NamedTuple, Generic[Tools_contra]):
    """A step, or a group, that needs a permission; without it, it is skipped for ``reason``.

    ``permission`` is a word such as "trust". Nobody can grant "", for a step that is shown and
    known beforehand to be skipped. ``hint`` is what to type to have it done.
    """

    step: Step[Tools_contra] | StepGroup[Tools_contra]
    reason: str
    hint: str = ""
    permission: str = ""

    def render(self) -> str:
        """Return what the step does."""
        return self.step.render()

    def data(self) -> dict[str, object]:
        """Return the step as plain data, with what it needs."""
        return {**self.step.data(), "needs": self.permission or None}


class SkipStep(Exception):  # noqa: N818 - not an error: there is nothing to do
    """Raised by a step that has nothing to do; ``hint`` is what to type, or ""."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def plan_data(plan: Plan[Tools]) -> list[dict[str, object]]:
    """Return the steps as plain data for JSON, groups with their steps in them."""
    found: list[dict[str, object]] = []
    for step in plan:
        if isinstance(step, StepGroup) and not step.title:
            found += plan_data(step.steps)
        else:
            found.append(step.data())
    return found


def plan_lines(plan: Plan[Tools], depth: int = 0) -> list[str]:
    """Return the plan as lines of text, a tree by indentation; empty steps are left out."""
    lines: list[str] = []
    for step in plan:
        lines += indented(step.render(), depth)
        group = step.step if isinstance(step, GuardedStep) else step
        if isinstance(group, StepGroup):
            lines += plan_lines(group.steps, depth + bool(group.title))
    return lines


def indented(text: str, depth: int) -> list[str]:
    """Return the lines of ``text`` at a depth of the tree."""
    return [f"{_INDENT * depth}{line}" for line in text.split("\n")] if text else []


def count_steps(plan: Plan[Tools]) -> int:
    """Return how many steps are carried out at most, those in groups too."""
    count = 0
    for step in plan:
        inner = step.step if isinstance(step, GuardedStep) else step
        count += count_steps(inner.steps) if isinstance(inner, StepGroup) else 1
    return count


def permissions(plan: Plan[Tools]) -> tuple[str, ...]:
    """Return the words for the permissions that steps of ``plan`` need, each once."""
    return tuple(dict.fromkeys(_permissions(plan)))


def _permissions(plan: Plan[Tools]) -> Iterator[str]:
    for step in plan:
        if isinstance(step, GuardedStep) and step.permission:
            yield step.permission
        group = step.step if isinstance(step, GuardedStep) else step
        if isinstance(group, StepGroup):
            yield from _permissions(group.steps)
