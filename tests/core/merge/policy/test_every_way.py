"""What each policy makes of a conflict of two values, and what is offered where none is asked for.

``golden/ways.txt`` has it: a part for each conflict, base | ours | theirs, and in it what is
offered, then the value that each policy leaves; "-" where it leaves the conflict.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from sessionctl.core.merge import merge
from sessionctl.core.merge.policy.policy import WAYS, Policy
from tests.golden import parts_of
from tests.together import together

GOLDEN = parts_of(Path(__file__).parent / "golden" / "ways.txt")
# Theirs is the newer side.
DATES = tuple(datetime.datetime(2026, 1, day, tzinfo=datetime.UTC) for day in (1, 2))
CONFLICTS = [
    "1 | 2 | 3", "1 | 3.5 | 2", "1 | true | 2", " | 2 | 3", "1 | | 2", "1 | 2 |",
    "'a' | 'b' | 'c'", "'1.0' | '1.10' | '1.9'", "'1.0' | '1.0.1' | '2'", "'1' | '>=2,<3' | '>=2'",
    "'1.0' | '2.0-rc1' | '2.0'", "'a' | 1 | 'b'", "'v1' | 'v2' | 'v10'",
    "2026-01-01 | 2026-01-03 | 2026-01-02",
    "2026-01-01T00:00:00Z | 2026-01-03T00:00:00Z | 2026-01-02T00:00:00Z",
    "'2026-01-01' | '2026-01-03' | '2026-01-02'",
    "[1] | [2] | [3]", "['a'] | ['b'] | ['c']", "['a'] | [] | ['b']", "['a'] | | ['b']",
    "[1] | 2 | [3]", "['x>=1'] | ['x>=2'] | ['x>=3']",
    "'''\na\nb\n''' | '''\na\nc\n''' | '''\na\nd\n'''",
    "{ x = 1 } | { x = 2 } | { x = 3 }", "{ x = 1 } | { x = 2, y = 1 } | { x = 3, z = 1 }",
    "'1.0' | '1.1' | { version = '1.2', features = ['a'] }",
    "'1.0' | '1.3' | { version = '1.2', features = ['a'] }",
    " | '1.0' | { version = '1.0', path = 'x' }", " | 'a' | { version = 'b', path = 'x' }",
    "{ version = '1.0', path = 'x' } | '1.1' | { version = '1.2', path = 'x' }",
    "'1.0' | '1.1' | { workspace = true }", " | { path = 'x' } | { workspace = true }",
    "['ex/a'] | ['ex/*'] | ['ex/b']", "'ex/a' | 'ex/*' | 'ex/b'", "'ex/a' | 'ex/**' | 'ex/b/c'",
    "'ex/a' | 'ex/*' | 'ex/b/c'", "'a' | '*' | 'b'", "'1.0' | '1.*' | '1.5'",
    "true | false |", "true | |  false",
    "[{ name = 'a', x = 1 }] | [{ name = 'a', x = 2 }] | [{ name = 'a', x = 3 }]",
    "'x' | ['a'] | ['b']", " | 'a' | { path = 'x' }", " | { version = '1' } | { version = '2' }",
    "{ x = 1 } | ['a'] | ['b']", "'a' | '''x\ny\n''' | '''z\ny\n'''", " | 'ex/*' | 'ex/b'",
    "'2026-01-01' | '2026-01-03' | '2026-01-02T00:00:00Z'",
    "2026-01-01 | 2026-01-03 | 2026-01-02T00:00:00Z",
    "2026-01-01T00:00:00 | 2026-01-03T00:00:00 | 2026-01-02T00:00:00Z",
    "'2026-01-01T00:00:00' | '2026-01-03T00:00:00' | '2026-01-02T00:00:00Z'",
    "10:00:00 | 11:00:00 | 12:00:00",
    "2026-01-01T00:00:00 | 2026-01-03T00:00:00 | 2026-01-02T00:00:00",
    "'2026-01-01' | '2026-01-03' | 'x'", " | 2026-01-01 | 'ex/b'", " | 'ex/*' | 2026-01-01",
]  # fmt: skip


def texts(conflict):
    values = [value.strip() for value in conflict.split(" |")] if conflict[:1] == " " else None
    values = values or [value.strip() for value in conflict.split("|")]
    return [f"v = {value}\n" if value else "" for value in values]


def shown(result):
    text = result.text.removeprefix("v = ").removesuffix("\n").replace("\n", "\\n")
    decided = [way for _, way, _ in result.decisions]
    return f"{text or 'nothing'}   ({', '.join(dict.fromkeys(decided))})"


@together("conflict", CONFLICTS)
def test_each_way_leaves_its_value(conflict):
    base, ours, theirs = texts(conflict)
    found = merge(base, ours, theirs)
    lines = [
        f"{one.kind.value}: {one.path}: {', '.join(one.offers)}" for one in found.conflicts
    ] or ["no conflict"]
    for way in WAYS:
        result = merge(base, ours, theirs, policy=Policy.parse(way, DATES))
        lines.append(f"{way}: {shown(result) if result.is_clean else '-'}")
    assert "\n".join([*lines, ""]) == GOLDEN[conflict.replace("\n", "\\n")]
