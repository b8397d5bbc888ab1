"""A session as the file of another tool: what is lost is said where it stands."""

from __future__ import annotations

import pytest

from sessionctl.core.problem import Span
from sessionctl.errors import UsageError
from sessionctl.services.importing.session_export import SHELL, TMUXP, export_session
from sessionctl.services.machine import Machine

TEXT = """\
schema_version = 1
name = "a"
[[windows]]
name = "w"
[[windows.panes]]
run = ["top"]
"""


def test_a_session_without_windows_is_not_exported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b.toml").write_text('schema_version = 1\nname = "a"\n')
    for target in (TMUXP, SHELL):
        with pytest.raises(UsageError) as caught:
            export_session("a b.toml", target, Machine({"HOME": "/h"}))
        assert caught.value.message == "export: a b.toml has no windows"
        assert list(caught.value.hints) == ["add one: sessionctl edit 'a b.toml'"]


def test_directories_begin_where_the_text_goes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text(TEXT)
    head, rest = "session_name: a\n", "windows:\n  - window_name: w\n    panes:\n      - top\n"

    def exported(target, output=None, home=f"{tmp_path}/"):
        found = export_session("a.toml", target, Machine({"HOME": home}), output=output)
        assert (found.report.name, found.report.problems) == ("a.toml", ())
        return found.text

    assert exported(TMUXP) == f'{head}start_directory: "~"\n{rest}'
    assert exported(TMUXP, "x.yaml") == f"{head}start_directory: .\n{rest}"
    assert exported(TMUXP, "sub/x.yaml") == exported(TMUXP)
    assert exported(TMUXP, home="/h") == f"{head}start_directory: {tmp_path}\n{rest}"
    for output in (None, "x.sh"):
        assert """ -s 'a' -c "$HOME")\n""" in exported(SHELL, output)
        assert f" -s 'a' -c '{tmp_path}')\n" in exported(SHELL, output, home="/h")


OVERRIDE = """\
[[overrides]]
when = { host = "box" }
[[overrides.windows]]
name = "w"
[[overrides.windows.panes]]
options = { history-limit = 5 }
"""


def test_what_is_lost_is_said_where_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    option = "options = { history-limit = 5 }\n"

    def lost(text, host="box"):
        (tmp_path / "a.toml").write_text(text)
        report = export_session("a.toml", TMUXP, Machine({"HOME": "/h"}, host=host)).report
        return [(one.rule, one.severity, one.message, one.span) for one in report.problems]

    said = ("export-lost", "warning", "it is not exported: tmuxp has no options of panes")
    begin = len(TEXT) + len("options = ")
    assert lost(TEXT + option) == [(*said, Span(begin, len(TEXT + option) - 1))]
    # What only an override has stands nowhere in the windows.
    assert lost(TEXT + OVERRIDE) == [(*said, Span(0, 0))]
    assert lost(TEXT + OVERRIDE, host="other") == []
