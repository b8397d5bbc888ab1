"""One plan: everything that writes or runs is a tuple of steps, shown before it is done.

A use case looks at the world and returns a ``Plan``: frozen steps that print themselves as text
and as JSON data, compare with ``==`` and change nothing. ``run`` carries the steps out one after
the other and returns a ``PlanReport``: what was done, skipped and failed, with notes and hints.
``rehearse`` is the dry run: the same report, nothing done. In ``cli``, ``plan_flow.perform`` is
the one "show, ask, then do".

What a step needs of the world (git, a store, a server) it is handed as ``tools`` when it is
carried out, so that the plan stays a value. A step that needs nothing takes ``object`` and fits
into every plan. A new kind of step::

    @dataclass(frozen=True, slots=True)
    class KillPane:
        pane: str

        def render(self) -> str:
            return f"kill pane {self.pane}"

        def data(self) -> dict[str, object]:
            return {"action": "kill-pane", "pane": self.pane}

        def carry_out(self, tools: Server, /) -> None:
            if self.pane not in tools.panes():
                raise SkipStep("it is gone already")
            tools.kill(self.pane)  # a SessionctlError: this step failed


    plan: Plan[Server] = (
        WriteFile(path, before=None, after=text),
        StepGroup("window editor", (MakeWindow("editor"), KillPane("%3"))),
    )
    report = run(plan, server)
    report.check()  # raises the first failure; or show report.failed and go on

The rules of a run:

- Steps are done in their order. After a failure the rest is skipped, unless they are in a
  ``StepGroup`` that ``goes_on``, because its steps do not depend on each other: a group of
  windows that goes on, each a group that does not, leaves the other windows alone when one
  is broken, and skips the rest of the broken one. A group without a title only holds steps
  together: it is shown as if they stood in its place.
- A step that finds nothing to do raises ``SkipStep``; what follows is done.
- A ``GuardedStep`` is carried out only when its permission was granted (such as "trust"); else
  it is skipped with its reason. ``permissions`` names what a plan asks for, so that a command
  can ask first.
- Checks and bookkeeping whose place in the order matters are steps as well; one whose text is
  empty is not shown.
"""

from __future__ import annotations
