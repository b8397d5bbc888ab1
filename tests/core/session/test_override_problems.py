"""Every combination of overrides is checked, and each mistake names the override that makes it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.session.override_combinations import MOST_COMBINATIONS, combinations_of
from sessionctl.core.session.override_problems import override_problems
from sessionctl.core.session.session import Override, applies
from sessionctl.core.toml.document import Document
from sessionctl.services.documents.validation import Validator
from tests.together import together

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


def test_patterns_are_followed_up_to_a_limit(monkeypatch):
    overrides = [Override({"host": [f"*{letter}*" for letter in "abc"]}, {})]
    assert combinations_of(overrides).is_whole
    monkeypatch.setattr("sessionctl.core.session.override_combinations._MOST_READINGS", 5)
    assert not combinations_of(overrides).is_whole


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


def whole(text, name=""):
    """Return each problem with all it has: line, column, marked text, rule, key, message, hint."""
    document = Document.parse(HEAD + text, name)
    found = override_problems(document, [])
    return [
        (*document.source.place(one.span.start), document.text[slice(*one.span)], one.rule,
         str(one.key_path), one.message, one.hint, one.severity)
        for one in found
    ]  # fmt: skip


PRINT = "print it as it is on a machine: sessionctl show --resolved"


@together(
    "text, name, expected",
    [
        # A value of the override itself.
        ('[[overrides]]\nwhen = { host = "a" }\nconnections.prod.port = "x"\n', "",
         (10, 25, '"x"', "type", "overrides[0].connections.prod.port",
          'connections.prod.port: expected an integer, got "x", where overrides[0] (host a) holds',
          PRINT, "error")),
        # A key of it.
        ('[[overrides]]\nwhen = { host = "a" }\n[overrides.connections.prod]\nprt = 1\n',
         "it's.toml",
         (11, 1, "prt", "unknown-key", "overrides[0].connections.prod.prt",
          "connections.prod.prt: unknown key, where overrides[0] (host a) holds",
          "did you mean port?", "error")),
        # A value of the session that does not fit any more: the table of the override around it.
        ('[[overrides]]\nwhen = { os = "linux" }\n[overrides.connections.prod]\n'
         'driver = "redis"\n', "it's.toml",
         (10, 1, "[overrides.connections.prod]", "type", "overrides[0].connections.prod",
          'connections.prod.database: expected an integer, got "app",'
          " where overrides[0] (os linux) holds",
          f"""{PRINT} 'it'"'"'s.toml'""", "error")),
        # A key that is missing.
        ('[[overrides]]\nwhen = { host = ["a", "b\\u001b"], os = "macos" }\n'
         "connections.new.driver = 'ssh'\n", "",
         (10, 13, "new", "missing-key", "overrides[0].connections.new",
          "connections.new: the key host is missing,"
          " where overrides[0] (host a or b\u241b, os macos) holds",
          'add host = "build.example.org"', "error")),
        # An item that has a name, and one of the list that has none.
        ('[[windows]]\nname = "w"\n[[overrides]]\nwhen = { host = "a" }\n'
         '[[overrides.windows]]\nname = "w"\nindex = "x"\n', "",
         (14, 9, '"x"', "type", "overrides[0].windows[name=w].index",
          'windows[0].index: expected an integer, got "x", where overrides[0] (host a) holds',
          "for example: index = 1", "error")),
        ('[[windows]]\nname = "w"\n[[overrides]]\nwhen = { host = "a" }\n'
         '[[overrides.windows]]\nname = "v"\nindex = 1\n[[overrides.windows]]\nname = "u"\n'
         "index = -1\n", "",
         (17, 9, "-1", "minimum", "overrides[0].windows[name=u].index",
          "windows[2].index: expected a number of at least 0, got -1,"
          " where overrides[0] (host a) holds", PRINT, "error")),
        # The last of those that say it.
        ('[[overrides]]\nwhen = { host = "a" }\nconnections.prod.port = 1\n'
         '[[overrides]]\nwhen = { host = "a" }\nconnections.prod.port = "x"\n', "",
         (13, 25, '"x"', "type", "overrides[1].connections.prod.port",
          'connections.prod.port: expected an integer, got "x",'
          " where overrides[0] (host a) and overrides[1] (host a) hold", PRINT, "error")),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_each_problem_has_its_place_and_what_to_do(text, name, expected):
    assert whole(text, name) == [expected]


def test_what_is_known_already_is_left_out():
    document = Document.parse(HEAD + '[[overrides]]\nwhen = { host = "a" }\nroot = 1\n')
    (problem,) = override_problems(document, [])
    assert override_problems(document, [problem]) == []
    assert override_problems(document, [problem._replace(rule="other")]) == [problem]


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
    assert message == (
        "not all combinations of overrides were checked: more than 64, or too many host patterns"
    )
    (problem,) = Validator().check_text("api.session.toml", HEAD + parts).problems
    assert problem.hint == "give fewer of them the same machines"


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
