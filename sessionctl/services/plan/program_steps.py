"""Program steps: run another program to its end, as a step of a plan."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.text.shellwords import quoted
from sessionctl.errors import ToolError
from sessionctl.services.plan.plan import SkipStep
from sessionctl.system.process import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class RunProgram:
    """Run a program that asks nothing; ``tools`` is its environment.

    With ``may_fail``, such as for stopping what may not run, a failure only skips the step.
    """

    argv: tuple[str, ...]
    may_fail: bool = False

    def render(self) -> str:
        """Return the command."""
        return " ".join(map(quoted, self.argv))

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "run-program", "argv": self.argv}

    def carry_out(self, environ: Mapping[str, str], /) -> None:
        """Run it; raises ``ToolError`` where it is missing, fails, or takes over 30 seconds."""
        try:
            run(self.argv, env=environ, timeout_s=_TIMEOUT_S)
        except ToolError as error:
            if self.may_fail:
                raise SkipStep(error.message) from None
            raise
