"""Foreign schemas: whatever they ask for, the check ends, and says where it stopped."""

from __future__ import annotations

import json
import re
from random import Random

import pytest

from sessionctl import validate
from sessionctl.core.schema.check import budget as limits
from sessionctl.core.schema.check.backtracking import cost_of, parsed
from sessionctl.core.schema.check.bounded_search import bounded_search
from sessionctl.core.schema.check.budget import Budget, StepLimitError
from sessionctl.core.schema.check.pattern import UnsupportedPatternError, compiled
from sessionctl.core.schema.check.place_search import PatternSizeError, PlaceSearch
from sessionctl.core.schema.loader import load_schema
from sessionctl.errors import SessionctlError
from tests.hostile_schemas import HOSTILE, NAMES
from tests.together import together
from tests.world import IN_CI


@pytest.fixture
def low_limits(monkeypatch):
    """Let the limits be a tenth, for they are what most of these checks take."""
    for name in ("STEPS", "LOAD_STEPS", "MOST_STEPS"):
        monkeypatch.setattr(limits, name, getattr(limits, name) // 10)
    monkeypatch.setattr(limits, "STEPS_EACH", 1)
    monkeypatch.setattr("sessionctl.core.schema.loader.LOAD_STEPS", limits.LOAD_STEPS)


@pytest.mark.usefixtures("low_limits")
@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_schema_ends_with_an_answer_or_a_plain_error(name):
    data, text = HOSTILE[name]()
    data = json.loads(json.dumps(data))

    try:
        validate(text, load_schema(data, "h.json"))
    except SessionctlError as error:
        assert error.message.startswith("h.json: ")
        assert error.message.count("h.json") == 1
        assert len(error.message) < 400
        assert error.hints or not isinstance(error, StepLimitError)


def test_the_error_names_the_place_in_the_schema_and_the_limit():
    data, text = HOSTILE["allOf of allOf"]()
    with pytest.raises(StepLimitError) as caught:
        validate(text, load_schema(data, "h.json"))
    assert re.fullmatch(
        r"h\.json: #/\$defs/l3\d(/allOf/[01])?: the check was stopped after [0-9,]+ steps, "
        r"the limit for one document",
        caught.value.message,
    )


@pytest.mark.usefixtures("low_limits")
def test_each_document_has_a_budget_of_its_own():
    schema = load_schema({"additionalProperties": {"type": "integer"}}, "s.json")
    text = "".join(f"k{n} = {n}\n" for n in range(5000))
    for _ in range(10):
        assert validate(text, schema) == ()


@pytest.mark.slow
def test_a_large_document_may_take_more():
    schema = load_schema({"items": {}, "properties": {"x": {"items": {"type": "integer"}}}})
    assert validate(f"x = [{', '.join(['1'] * 300_000)}]\n", schema) == ()


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[0-9a-f]{8}-[0-9a-f]{4}$",
        r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$",
        r"^https?://[^/?#@\s]+([/?#]\S*)?$",
        r"^(\d+)\.(\d+)\.(\d+)(?:-[a-z]+)?$",
        r"^(/[^/]+)+$",
        r"^(?!-)[a-z0-9-]{1,63}$",
    ],
)
def test_patterns_that_people_write_are_searched_for_by_re(pattern):
    assert cost_of(parsed(compiled(pattern).pattern)).is_within(500_000, 200)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "^(a|a)*$",
        "(x+x+)+y",
        "^((a?)*)*$",
        "(a{1,30}){1,30}b",
        "(.*)*x",
        "(a|ab)*(b|c)+d",
    ],
)
def test_patterns_that_may_search_without_end_are_known(pattern):
    assert not cost_of(parsed(compiled(pattern).pattern)).is_within(500_000, 100)


def _random_pattern(random, depth):
    kind = random.randrange(9)
    if depth == 0 or kind < 3:
        return random.choice(["a", "b", "[ab]", ".", "[^a]", r"\s", r"\b", "^", "$"])
    inner = _random_pattern(random, depth - 1)
    if kind < 5:
        return inner + _random_pattern(random, depth - 1)
    if kind == 5:
        return f"(?:{inner}|{_random_pattern(random, depth - 1)})"
    if kind == 6:
        return f"({inner}){random.choice(['*', '+', '?', '{1,2}', '{2}', '*?'])}"
    if kind == 7:
        return f"{random.choice(['(?=', '(?!'])}{inner})"
    return f"{random.choice(['(?<=', '(?<!'])}{random.choice(['a', '.', 'ab'])})"


def test_a_search_step_by_step_finds_what_re_finds():
    random = Random(1)
    compared = 0
    while compared < (4000 if IN_CI else 1000):
        try:
            found = compiled(_random_pattern(random, 4))
            steps = PlaceSearch(found.pattern)
        except (UnsupportedPatternError, PatternSizeError):
            continue
        for _ in range(4):
            text = "".join(random.choice("ab \n") for _ in range(random.randrange(7)))
            is_found = found.search(text) is not None
            assert steps(text, Budget(10**9)) is is_found, (found.pattern, text)
            compared += 1


def test_a_search_that_re_would_never_end_is_answered():
    assert bounded_search("^(a+)+$", Budget())("a" * 2000)
    assert not bounded_search("^(a+)+$", Budget())("a" * 2000 + "!")


def charged(budget, steps):
    """Return the message when ``steps`` are too many, None when they are not."""
    try:
        budget.charge(steps)
    except StepLimitError as error:
        assert tuple(error.hints) == (
            "make this part of the schema simpler, or check with another one: --schema FILE",
        )
        return error.message
    return None


@together(
    "size, limit",
    [(0, 300_000), (1, 300_004), (1000, 304_000), (4_925_000, 20_000_000), (9**9, 20_000_000)],
)
def test_a_budget_grows_with_the_document_up_to_a_limit(size, limit):
    budget = Budget(7)
    assert budget.limit == 7
    budget.renew(size)
    assert (budget.limit, charged(budget, limit), charged(budget, 0)) == (limit, None, None)
    stopped = f"the check was stopped after {limit:,} steps, "
    assert charged(budget, 1) == f"{stopped}the limit for one document"
    budget.spent_on = "a.toml"
    budget.renew(size)
    assert (budget.limit, charged(budget, limit // 20)) == (limit // 20, None)
    stopped = f"the check was stopped after {limit // 20:,} steps, "
    assert charged(budget, 1) == f"{stopped}because this schema used all of them on a.toml"


def test_a_schema_that_takes_too_long_to_read_says_so(monkeypatch):
    monkeypatch.setattr("sessionctl.core.schema.loader.LOAD_STEPS", 40)
    with pytest.raises(StepLimitError) as caught:
        load_schema({"properties": {f"k{n}": {"minimum": n} for n in range(50)}}, "s.json")
    assert re.fullmatch(
        r"s\.json(: #[^:]*)?: the check was stopped after 40 steps, the limit for one document",
        caught.value.message,
    )


def test_a_budget_that_begins_again_has_all_its_steps_and_spares_no_more():
    budget = Budget(10)
    assert (charged(budget, 10), budget.affords(6), budget.affords(4)) == (None, True, True)
    assert not budget.affords(1)
    budget.restart()
    assert (charged(budget, 9), charged(budget, 1), budget.affords(0)) == (None, None, False)
    budget.renew()
    assert (budget.affords(300_000), budget.affords(1)) == (True, False)


def test_the_part_of_a_schema_is_found_by_identity():
    part = {}
    root = {"a/b": [{}, {"~": part}], "c": {"0": {}}}
    assert limits.pointer_to(part, root) == "#/a~1b/1/~0"
    assert limits.pointer_to(root, root) == limits.pointer_to({}, root) == "#"
    error = StepLimitError("too much", part)
    placed = error.placed("s.json", root)
    assert (placed.message, placed.part) == ("s.json: #/a~1b/1/~0: too much", None)
    assert placed.placed("s.json", root) is placed
    assert StepLimitError("too much").placed("s", root).message == "s: too much"
    error.locate([part])  # where it is was found already
    assert error.pointer == "#/a~1b/1/~0"
