"""What thousands of files, commits, secrets and windows cost, before and after, in one run."""

# ruff: noqa: T201, TID251 - a benchmark prints, and starts what it measures
from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from measure import NOT_FOR_CHILDREN
from scale_scenes import SCENES as OTHER_SCENES
from scale_scenes import Place
from scale_watch import WATCH_SCENES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scale_scenes import Scene, Taken

SCENES = WATCH_SCENES | OTHER_SCENES
GROWTH_GOAL = 1.1


class Line(NamedTuple):
    """One line of the table: what a scene took with each program, at its largest size.

    ``growth`` is the exponent from its smallest size on: 1 is linear, 0 constant.
    """

    name: str
    unit: str
    before: float | None
    after: float | None
    goal: float | None
    growth: float | None

    @property
    def is_met(self) -> bool:
        """Whether what is measured now reaches its goals."""
        is_low = self.after is not None and (self.goal is None or self.after <= self.goal)
        return is_low and (self.growth is None or self.growth <= GROWTH_GOAL)

    def text(self) -> str:
        """Return the line."""
        cells = [_cell(value) for value in (self.before, self.after, self.goal, self.growth)]
        shown = " ".join(f"{cell:>9}" for cell in cells)
        return f"{self.name:<52} {self.unit:<4} {shown}  {'ok' if self.is_met else 'MISSED'}"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def measure(scene: Scene, pythons: Sequence[str], *, is_quick: bool) -> Iterator[Line]:
    """Play a scene at each of its sizes with each program, in turn."""
    sizes = scene.quick if is_quick else scene.sizes
    taken: dict[tuple[str, int], Taken] = {}
    for size in sizes:
        for python in dict.fromkeys(pythons):
            with tempfile.TemporaryDirectory(prefix="sessionctl-bench-") as directory:
                taken[python, size] = scene.play(Place(Path(directory), python, _environ()), size)
    before, after = pythons
    for name, goal, unit, grows in scene.numbers:
        now = [taken[after, size].get(name) for size in sizes]
        then = taken[before, sizes[-1]].get(name) if before != after else None
        growth = _exponent(sizes, now) if grows and not is_quick else None
        goal = None if is_quick else goal
        yield Line(f"{name} ({sizes[-1]})", unit, then, now[-1], goal, growth)


def _exponent(sizes: Sequence[int], values: Sequence[float | None]) -> float | None:
    """Return how a number grows with the size: by which power of it."""
    first, last = values[0], values[-1]
    if len(sizes) < 2 or first is None or last is None or min(first, last) <= 0:
        return None
    return math.log(last / first) / math.log(sizes[-1] / sizes[0])


def _environ() -> dict[str, str]:
    left_out = {*NOT_FOR_CHILDREN, "CI", "XDG_CONFIG_HOME"}
    return {
        key: value
        for key, value in os.environ.items()
        if key not in left_out and not key.startswith(("SESSIONCTL", "GIT_"))
    }


def main(arguments: list[str]) -> int:
    """Measure; print a table, or JSON; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description="Measure sessionctl at scale.")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"of {', '.join(SCENES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, without goals")
    parser.add_argument(
        "--before", metavar="PYTHON", default=sys.executable,
        help="the Python of another installation, to compare with",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    lines: list[Line] = []
    if not options.json:
        print(f"{'':<52} {'':<4} {'before':>9} {'now':>9} {'goal':>9} {'growth':>9}")
    for name in options.scenes or SCENES:
        try:
            found = measure(SCENES[name], (options.before, sys.executable), is_quick=options.quick)
            for line in found:
                lines.append(line)
                if not options.json:
                    print(line.text(), flush=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise SystemExit(f"bench: {name}: {error}") from error
    if options.json:
        print(json.dumps({"lines": [line._asdict() | {"is_met": line.is_met} for line in lines]}))
    return 0 if all(line.is_met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
