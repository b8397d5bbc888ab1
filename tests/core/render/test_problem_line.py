"""A problem in one line has its place and its key, unless the key is the one spoken of."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.render.problem_line import keyed_message, problem_line
from sessionctl.core.text.source import Source

PORT = KeyPath(["connections", "prod", "port"])
PROBLEM = Problem("type", "expected an integer", Span(9, 10), PORT)


def test_a_line_begins_with_the_place_and_the_key():
    source = Source("[c]\nport = x\n", "f.toml")
    assert problem_line(PROBLEM, source) == "f.toml:2:6: connections.prod.port: expected an integer"


def test_a_problem_without_a_key_is_its_message():
    assert keyed_message(PROBLEM._replace(key_path=KeyPath())) == "expected an integer"


def test_the_key_that_is_spoken_of_is_not_repeated():
    assert keyed_message(PROBLEM, [PORT]) == "expected an integer"
    assert keyed_message(PROBLEM, [KeyPath(["x"])]).startswith("connections.prod.port: ")
