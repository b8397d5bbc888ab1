"""Imports read in tests: the session as plain data, and the report by line."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from sessionctl.core.importers.imported import Importing
from sessionctl.core.importers.reading import read_source
from sessionctl.core.schema.verdict import validate
from sessionctl.core.session.session_text import render_session
from sessionctl.core.text.source import Source
from tests.world import IN_CI

if not IN_CI:  # the extra "import" may be missing on a user's machine
    for _library in ("yaml", "tree_sitter", "tree_sitter_kdl"):
        pytest.importorskip(_library)


class Read(NamedTuple):
    """What became of a text: its sessions as values, and the report."""

    kind: str
    sessions: list
    report: list
    """(line, rule, message) of each problem."""

    @property
    def session(self):
        """The only session."""
        [session] = self.sessions
        return session

    @property
    def windows(self):
        """The windows of the only session."""
        return self.session["windows"]

    def at(self, line):
        """The messages about a line."""
        return [message for number, _, message in self.report if number == line]

    def rules(self, line):
        """The rules about a line."""
        return [rule for number, rule, _ in self.report if number == line]


def read(text, path="/src/file", kind="", **known):
    """Return what ``text`` becomes; each session must make a valid session file."""
    known = {"stem": "file", "home": "/home/ada", **known}
    found = read_source(text, path, Importing(**known), kind)
    source = Source(text)
    for session in found.sessions:
        document = render_session({"schema_version": 1, **session.value}, session.comments)
        errors = [problem for problem in validate(document) if problem.severity == "error"]
        assert not errors, (errors, document)
    report = [(source.place(p.span.start)[0], p.rule, p.message) for p in found.problems]
    return Read(found.kind, [one.value for one in found.sessions], report)


def runs(window):
    """Return what runs in each pane of a window, None for a shell."""
    return [pane.get("run") for pane in window.get("panes", [{}])]
