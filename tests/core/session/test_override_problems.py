"""Every combination of overrides is checked, and each mistake names the override that makes it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.session.override_combinations import MOST_COMBINATIONS, combinations_of
from sessionctl.core.session.session import Override, applies
from sessionctl.services.documents.validation import Validator

HEAD = """\
schema_version = 1
name = "api"

[connections.prod]
driver = "postgres"
host = "db"
database = "app"
"""

patterns = st.lists(st.sampled_from("ab*."), min_size=1, max_size=3).map("".join)
hosts = patterns | st.lists(patterns, min_size=1, max_size=2)
systems = st.sampled_from(["linux", "macos", ["linux", "macos"]])
conditions = st.fixed_dictionaries({}, optional={"host": hosts, "os": systems})
HOSTS = [
    "".join(letters)
    for length in range(1, 5)
    for letters in itertools.product("abz.", repeat=length)
]


@given(st.lists(conditions, min_size=1, max_size=3))
def test_the_combinations_are_just_those_of_some_machine(conditions):
    overrides = [Override(when, {}) for when in conditions]
    met = {
        tuple(n for n, item in enumerate(overrides) if applies(item, host, system))
        for host in HOSTS
        for system in ("linux", "macos", "windows")
    } - {()}
    found = combinations_of(overrides)
    assert found.is_whole
    assert met <= set(found.sets)
    # Several patterns at once may need a longer host than those.
    if len(conditions) == 1:
        assert set(found.sets) == met


def test_many_overrides_are_checked_up_to_a_limit():
    overrides = [Override({"host": f"*{letter}*"}, {}) for letter in "abcdefgh"]
    found = combinations_of(overrides)
    assert not found.is_whole
    assert len(found.sets) == MOST_COMBINATIONS
    assert found.sets[0] == (0,)


def test_many_plain_host_names_are_all_checked():
    overrides = [Override({"host": f"machine-{number}.example.org"}, {}) for number in range(40)]
    found = combinations_of(overrides)
    assert found.is_whole
    assert found.sets == tuple((number,) for number in range(40))


def problems(text):
    checked = Validator().check_text("api.session.toml", text)
    source = checked.source
    return [
        (
            source.place(problem.span.start)[0],
            str(problem.key_path),
            problem.message,
            problem.severity,
        )
        for problem in checked.problems
    ]


def test_a_session_that_is_right_everywhere_has_no_problems():
    text = HEAD + '[[overrides]]\nwhen = { host = "a" }\nconnections.prod.port = 5433\n'
    assert problems(text) == []


def test_a_value_that_does_not_fit_what_an_override_makes_of_the_rest():
    text = HEAD + '[[overrides]]\nwhen = { host = "a*" }\nconnections.prod.driver = "redis"\n'
    assert problems(text) == [
        (
            10,
            "overrides[0].connections.prod",
            "connections.prod.database: expected an integer, got \"app\","
            " where overrides[0] (host a*) holds",
            "error",
        )
    ]  # fmt: skip


def test_a_mistake_of_two_overrides_together_names_both():
    text = HEAD + (
        '[[overrides]]\nwhen = { os = "linux" }\nconnections.new.driver = "redis"\n'
        'connections.new.host = "h"\n'
        '[[overrides]]\nwhen = { host = ["a", "b"], os = "linux" }\n'
        'connections.new.database = "text"\n'
    )
    [(line, path, message, _)] = problems(text)
    assert (line, path) == (14, "overrides[1].connections.new.database")
    assert message.endswith(
        "where overrides[0] (os linux) and overrides[1] (host a or b, os linux) hold"
    )


def test_overrides_that_never_hold_together_are_not_held_against_each_other():
    text = HEAD + (
        '[[overrides]]\nwhen = { os = "linux" }\nconnections.prod.driver = "redis"\n'
        "connections.prod.database = 1\n"
        '[[overrides]]\nwhen = { os = "macos" }\nconnections.prod.database = "other"\n'
    )
    assert problems(text) == []


def test_what_is_wrong_without_overrides_is_said_once():
    text = HEAD.replace('"app"', "3") + '[[overrides]]\nwhen = { host = "a" }\nroot = "x"\n'
    assert [path for _, path, _, _ in problems(text)] == ["connections.prod.database"]


def test_combinations_that_are_not_checked_are_reported():
    parts = "".join(
        f'[[overrides]]\nwhen = {{ host = "*{letter}*" }}\nroot = "{letter}"\n'
        for letter in "abcdefgh"
    )
    [(line, path, message, severity)] = problems(HEAD + parts)
    assert (line, path, severity) == (8, "overrides", "warning")
    assert "not all combinations of overrides were checked" in message


@pytest.mark.parametrize("overrides", ["overrides = 3", 'overrides = ["x"]', "overrides = []"])
def test_overrides_of_another_type_are_left_to_the_schema(overrides):
    text = HEAD.replace('name = "api"', f'name = "api"\n{overrides}')
    assert len(problems(text)) == (0 if "[]" in overrides else 1)


@pytest.mark.parametrize(
    "entry",
    [
        'when = { host = 3 }\nroot = "x"',
        'when = "a"\nroot = "x"',
        'when = { host = "a" }\nwindows = "x"',
        'when = { host = "a" }\nwindows = [3]\nconnections = 4',
        'when = { host = "a" }\nconnections.prod = 3',
        "when = { host = ['a', 3], more = 1 }",
    ],
)
def test_entries_that_are_wrong_themselves_are_no_surprise(entry):
    assert problems(f"{HEAD}[[overrides]]\n{entry}\n")


def test_a_secret_in_an_override_is_not_in_the_message():
    text = HEAD + (
        '[[overrides]]\nwhen = { host = "a" }\nconnections.prod.password = "hunter2-Xy77zz"\n'
    )
    assert "hunter2" not in str(problems(text))
