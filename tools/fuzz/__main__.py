"""Run it: one case after the other until the time is over; what is broken is kept."""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.rearranged import rearranged
from tests.strategies import edit_document
from tools.fuzz.laws import diff_laws, merge_laws, parse_laws
from tools.fuzz.mutation import mutate
from tools.fuzz.policies import policy_laws
from tools.fuzz.texts import Texts

_VERSIONS = 3
_CASE_S = 20
"""A case that takes longer hangs."""

_LAWS = {
    "parse": (parse_laws, 1),
    "diff": (diff_laws, 2),
    "merge": (merge_laws, 3),
    "policy": (policy_laws, 3),
}


class Hangs(Exception):  # noqa: N818 - what the case does, not an error of ours
    """A case took too long."""


def make_case(texts: Texts, rng: random.Random, count: int) -> list[str]:
    """Return ``count`` texts, all but the first changed versions of the first."""
    if count == _VERSIONS and rng.random() < 0.4:
        found = list(rearranged(rng, most=rng.randint(1, 4)).texts)
        # Half of them with a slip of the hand in one version.
        if rng.random() < 0.5:
            at = rng.randrange(count)
            found[at] = mutate(rng, found[at], texts.choose(rng))
        return found
    base, other = texts.choose(rng), texts.choose(rng)
    for _ in range(rng.choice((0, 0, 0, 1, 3))):
        base = mutate(rng, base, other)
    found = [base]
    while len(found) < count:
        text = base
        for _ in range(rng.choice((1, 1, 2, 3, 5))):
            if rng.random() < 0.4:
                text = _edited(rng, text)
            else:
                text = mutate(rng, text, other)
        found.append(text)
    if count == 1:
        found = [mutate(rng, base, other)]
    return found


def _edited(rng: random.Random, text: str) -> str:
    try:
        return edit_document(rng, text, 2)
    except Exception:  # noqa: BLE001 - the edits of the tests want a valid document
        return text


def run_case(target: str, case: list[str]) -> list[str]:
    """Return what is broken in a case; a crash and a hang are broken too."""
    signal.setitimer(signal.ITIMER_REAL, _CASE_S)
    try:
        return _LAWS[target][0](*case)
    except Hangs:
        return [f"hangs: no answer in {_CASE_S} s"]
    except Exception:  # noqa: BLE001 - that is what is looked for
        return [f"crashed: {traceback.format_exc()}"]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> int:
    """Fuzz until the time is over; the exit code is 1 when something is broken."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same cases")
    parser.add_argument("--target", choices=_LAWS, action="append", help="only this")
    parser.add_argument("--case", type=int, help="this case alone, and tell its texts")
    parser.add_argument("--keep", type=Path, help="a directory for the texts of broken cases")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _hang)
    targets = options.target or list(_LAWS)
    texts, counts, broken = Texts(), Counter(), Counter()
    end = time.monotonic() + 60 * options.minutes
    number = options.case or 0
    while options.case is not None or time.monotonic() < end:
        target = targets[number % len(targets)]
        rng = random.Random(f"{options.seed}/{number}")
        case = make_case(texts, rng, _LAWS[target][1])
        found = run_case(target, case)
        counts[target] += 1
        for fault in found:
            broken[target] += 1
            _tell(options, target, number, case, fault)
        if options.case is not None:
            _say(*map(repr, case))
            break
        number += 1
    for target in targets:
        _say(f"{target}: {counts[target]} cases, {broken[target]} broken laws")
    return 1 if broken else 0


def _tell(
    options: argparse.Namespace, target: str, number: int, case: list[str], fault: str
) -> None:
    _say(f"{target} case {number} (--seed {options.seed}): {fault}")
    if options.keep:
        folder = options.keep / f"{target}-{options.seed}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in zip(("base", "ours", "theirs"), case, strict=False):
            (folder / f"{name}.toml").write_bytes(text.encode(errors="surrogatepass"))


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _hang(*_: object) -> None:
    raise Hangs


if __name__ == "__main__":
    sys.exit(main())
