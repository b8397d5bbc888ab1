"""What an adapter of another package returns is believed only as far as it holds."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.core.workspace.discrepancy import Discrepancy
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.errors import ToolError, UsageError
from sessionctl.services.live.adapters.guarded_adapter import METHODS, GuardedAdapter
from sessionctl.services.live.adapters.workspace_adapter import Detection, Handover
from tests.together import together

HINTS = ["report it to those who make desk 1.0", "use another: --adapter tmux"]


def standing(name, root="/a"):
    windows = (WorkspaceWindow("w", (WorkspacePane(cwd=root),)),)
    return StandingWorkspace(Workspace(name, root, windows), "d", ("1",), (("1",),))


class Desk:
    """An adapter that returns what it was made with."""

    def __init__(self, **answers):
        self.answers = {"detect": Detection(True, ("api", "b\x1b"), ""), **answers}

    def __getattr__(self, name):
        if name not in (*METHODS, "handover") or self.answers.get(name) is Desk:
            raise AttributeError(name)

        def answer(*_):
            found = self.answers[name]
            if isinstance(found, BaseException):
                raise found
            return found

        return answer


class Step:
    def __init__(self, text="x", data=None):
        self.text, self.found = text, {"action": "x"} if data is None else data

    def render(self):
        return self.text

    def data(self):
        return self.found


def told(call, *arguments):
    with pytest.raises(ToolError) as caught:
        call(*arguments)
    return caught.value.message, list(caught.value.hints)


def fault(what):
    return f"adapter desk: {what}", HINTS


def guarded(**answers):
    return GuardedAdapter("desk", "desk 1.0", Desk(**answers))


def test_what_cannot_be_loaded_or_opened_is_no_adapter():
    def of(load):
        return GuardedAdapter.of("desk", "desk 1.0", load, None)

    assert told(of, lambda: 1) == fault("load: expected a callable, got int")
    message, hints = told(of, lambda: 1 // 0)
    assert message.startswith("adapter desk: load: ZeroDivisionError: integer division or modulo")
    assert " (test_guarded_adapter.py:" in message
    assert hints == HINTS
    without = Desk(plan=Desk, verify=Desk)
    assert told(of, lambda: lambda _: without) == fault("open: it has no method plan, verify")
    assert of(lambda: lambda _: Desk()).detect().sessions == ("api", "b\x1b")


STRANGE = StandingWorkspace(Workspace(1, 1, (), group=1, base_index=""), "d")
BROKEN = "[0]: expected a StandingWorkspace, got int"


@together(
    "method, arguments, answer, what",
    [
        ("detect", (), 1, "detect: expected a Detection, got int"),
        ("detect", (), Detection(1), "detect: expected true or false, a tuple of names and a name"),
        ("detect", (), Detection(True, ["a"]),
         "detect: expected true or false, a tuple of names and a name"),
        ("detect", (), Detection(True, (1,)),
         "detect: expected true or false, a tuple of names and a name"),
        ("detect", (), Detection(True, (), None),
         "detect: expected true or false, a tuple of names and a name"),
        ("capture", (), "api", "capture: expected a sequence, got str"),
        ("capture", (), {}, "capture: expected a sequence, got dict"),
        ("capture", (), [1], f"capture: {BROKEN}"),
        ("capture", (), [STRANGE], "capture: [0]: name: expected str, got int; [0]: root: "
         "expected a text, got int; [0]: group: expected str, got int, and 1 more"),
        ("capture", (), [standing("api")] * 2, "capture: two of the sessions have one name"),
        ("capture", (["api"],), [standing("b\u202e")],
         "capture: the session b\\u202e was not asked for"),
        ("plan", (None,), [1], "plan: expected steps, got int"),
        ("plan", (None,), [Step(text=1)], "plan: a step renders as int, not as text"),
        ("plan", (None,), [Step(data=[])], 'plan: the data of a step has no "action"'),
        ("plan", (None,), [Step(data={"action": 1})], 'plan: the data of a step has no "action"'),
        ("apply", (None, None), ["x"], "apply: expected notes that are two texts each"),
        ("apply", (None, None), [("x", 1)], "apply: expected notes that are two texts each"),
        ("verify", (Workspace("api"),), [1], "verify: expected discrepancies of four texts each"),
        ("verify", (Workspace("api"),), [Discrepancy("a", "b", "c", None)],
         "verify: expected discrepancies of four texts each"),
        ("handover", ("api",), 1, "handover: expected a Handover, got int"),
        ("handover", ("api",), Handover((), "/", {}),
         "handover: expected a Handover, got Handover"),
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_of_another_kind_is_a_fault_of_the_adapter(method, arguments, answer, what):
    adapter = guarded(**{method: answer})
    assert told(getattr(adapter, method), *arguments) == fault(what)


def test_what_it_raises_is_told_without_secrets_and_what_is_ours_as_it_is():
    token = "ghp_" + "aB3xK9mQ2wZ7" * 3
    message, _ = told(guarded(detect=ValueError(f"no\n{token}")).detect)
    assert message.startswith("adapter desk: detect: ValueError: no ***")
    assert told(guarded(detect=SystemExit()).detect)[0].startswith("adapter desk: detect: SystemE")
    with pytest.raises(UsageError, match="mine"):
        guarded(detect=UsageError("mine")).detect()


def test_a_session_that_is_not_there_is_told_with_those_that_are():
    adapter = guarded(capture=[])
    message = "adapter desk: there is no session web\u241b"
    assert told(adapter.capture, ["web\x1b"]) == (message, ["there are: api, b\u241b"])
    none = guarded(capture=[], detect=Detection(False))
    assert told(none.capture, ["web"]) == ("adapter desk: there is no session web", [])
    assert adapter.capture() == []


def test_what_is_sound_is_handed_on():
    own = Discrepancy("api", "lamp", "on", "off")
    adapter = guarded(
        capture=[standing("api")], plan=[Step()], apply=[("a", "b")], verify=[own],
        handover=Handover(("sh",), "/", {}),
    )  # fmt: skip
    assert [one.workspace.name for one in adapter.capture(["api"])] == ["api"]
    assert len(adapter.plan(None)) == 1
    assert adapter.apply(None, None) == (("a", "b"),)
    assert guarded(apply=None).apply(None, None) == ()
    assert adapter.handover("api").argv == ("sh",)
    assert guarded(handover=None).handover("api") is None
    assert GuardedAdapter("desk", "desk", object()).handover("api") is None
    assert adapter.verify(standing("api").workspace) == (own,)


def test_what_the_adapter_does_not_say_is_seen_in_what_it_captures():
    adapter = guarded(capture=[1, standing("api", "/other")], verify=[])
    found = adapter.verify(standing("api").workspace)
    assert "/other" in {one.standing for one in found}
    gone = guarded(capture=[], verify=[]).verify(standing("api").workspace)
    assert gone


def test_what_it_raises_is_told_with_the_innermost_line():
    def broken():
        return 1 // 0

    adapter = GuardedAdapter("desk", "desk 1.0", SimpleNamespace(detect=broken))
    line = broken.__code__.co_firstlineno + 1
    message, hints = told(adapter.detect)
    assert message == (
        "adapter desk: detect: ZeroDivisionError: integer division or modulo by zero"
        f" (test_guarded_adapter.py:{line})"
    )
    assert hints == HINTS
