"""Growth: what a merge of three orders costs grows as its input does, counted in steps."""

from __future__ import annotations

import sys
from random import Random

import pytest

from sessionctl import merge
from sessionctl.core.merge.proof import is_proved
from sessionctl.core.text import alignment
from sessionctl.core.text.alignment import hunks
from tests.together import together

KINDS = {
    "array": lambda order: "x = [\n" + "".join(f'  "item{i}",\n' for i in order) + "]\n",
    "short array": lambda order: f"x = [{', '.join(map(str, order))}]\n",
    "repeats": lambda order: f"x = [{', '.join(str(i % 50) for i in order)}]\n",
    "inline tables": lambda order: (
        "x = [\n" + "".join(f"  {{ a = {i}, b = 1 }},\n" for i in order) + "]\n"
    ),
    "windows": lambda order: "".join(f'[[windows]]\nname = "w{i}"\nv = {i}\n\n' for i in order),
    "nameless": lambda order: "".join(f"[[x]]\nv = [{i}]\nw = 1.5\n\n" for i in order),
    "tables": lambda order: "".join(f"[t{i}]\nv = {i}\n\n" for i in order),
    "keys": lambda order: "".join(f"k{i} = {i}\n" for i in order),
    "text": lambda order: 'x = """\n' + "".join(f"line {i}\n" for i in order) + '"""\n',
    "comments": lambda order: "".join(f"# comment {i}\n" for i in order) + "a = 1\n",
}


def orders(size, seed=1):
    """Return one order of ``size`` numbers and two others."""
    random = Random(seed)
    first = list(range(size))
    second, third = first[:], first[:]
    random.shuffle(second)
    random.shuffle(third)
    return first, second, third


def lines_run(work):
    """Return how many lines of Python ``work`` runs."""
    count = 0

    def trace(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.fixture
def small_limits(monkeypatch):
    """Reach the limits of the search with small inputs, so that the growth beyond them shows."""
    monkeypatch.setattr(alignment, "_MAX_DIFFERENCES", 10)
    monkeypatch.setattr(alignment, "_STEPS", 500)


@pytest.mark.usefixtures("small_limits")
@together("kind", KINDS)
@pytest.mark.slow
def test_a_merge_of_three_orders_grows_with_their_length(kind):
    texts = {size: [KINDS[kind](order) for order in orders(size)] for size in (50, 100, 400)}
    merge(*texts[50])  # what is imported and compiled once
    small, large = (lines_run(lambda size=size: merge(*texts[size])) for size in (100, 400))
    assert large < 4 * 1.6 * small


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(range, lambda n: reversed(range(n)), id="reversed"),
        pytest.param(range, lambda n: Random(1).sample(range(n), n), id="shuffled"),
        pytest.param(
            lambda n: (i % 2 for i in range(n)),
            lambda n: (Random(i).randrange(2) for i in range(n)),
            id="two values",
        ),
        pytest.param(
            lambda n: (i if i % 4 else -1 for i in range(n)),
            lambda n: (i if i % 4 else -1 for i in Random(2).sample(range(n), n)),
            id="separators",
        ),
        pytest.param(lambda n: [0] * n, lambda n: [1] * n, id="nothing shared"),
        pytest.param(
            lambda n: [*range(n), *range(n)],
            lambda n: [*range(n, 0, -1), *range(n)],
            id="every element twice",
        ),
    ],
)
def test_an_alignment_grows_with_the_length_of_both(before, after):
    pairs = {size: (list(before(size)), list(after(size))) for size in (500, 2000)}
    small, large = (lines_run(lambda size=size: hunks(*pairs[size])) for size in pairs)
    assert large < 4 * 1.6 * small + 10_000
    one, two = pairs[2000]
    result = list(one)
    for hunk in reversed(hunks(one, two)):
        result[hunk.a : hunk.b] = two[hunk.c : hunk.d]
    assert result == two


@pytest.mark.slow
def test_two_orders_of_a_long_array_are_a_conflict_that_holds_both():
    texts = [KINDS["array"](order) for order in orders(3000)]
    result = merge(*texts)
    assert len(result.conflicts) == 1
    for text in texts[1:]:
        assert text.removesuffix("\n") in result.text


def test_the_proof_of_a_text_grows_with_its_lines():
    def proof(size):
        base = "first\n" + "".join(f"line {number}\n" for number in range(size))
        # Theirs took out nearly all: of each line it is asked whether a side had added it.
        return lambda: is_proved(base, f"{base}mine\n", "first\ntheirs\n", "first\ntheirs\nmine\n")

    assert proof(10)()
    small, large = (lines_run(proof(size)) for size in (100, 400))
    assert large < 4 * 1.6 * small


def tables(prefix, count):
    return "".join(
        f'[{prefix}.t{n:04}]\non = true\nkind = "web"\nport = {n}\nnote = "all about {n}"\n\n'
        for n in range(count)
    )


MOVES = {
    "the table around is renamed": lambda base: base.replace("[a.", "[b."),
    "each table is renamed": lambda base: base.replace("[a.t", "[a.u"),
    "a table is put in before all others": lambda base: (
        '[a.t0000]\non = false\nkind = "db"\nport = 1\nnote = "new"\n\n'
        + "\n\n".join(
            f"[a.t{n:04}]\n" + part.partition("\n")[2]
            for n, part in enumerate(base.strip().split("\n\n"), start=1)
        )
        + "\n"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", MOVES)
def test_what_is_followed_costs_as_much_more_as_there_is_more_of_it(kind):
    counts = []
    for size in (60, 240):
        base = tables("a", size)
        theirs = base.replace("port = 30\n", "port = 99999\n")
        ours = MOVES[kind](base)
        merge(base, ours, theirs)
        counts.append(lines_run(lambda texts=(base, ours, theirs): merge(*texts)))
    assert counts[1] < 4 * 1.6 * counts[0]
