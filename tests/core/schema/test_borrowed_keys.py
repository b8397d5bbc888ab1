"""Keys of tmuxp, tmuxinator, teamocil, zellij and others are answered with those of a session."""

from __future__ import annotations

from sessionctl.core.schema.verdict import session_problems
from sessionctl.core.toml.document import Document
from tests.together import together

SESSION = 'schema_version = 1\nname = "a"\n{}\n'
WINDOW = SESSION.format('[[windows]]\nname = "w"\n{}')
PANE = WINDOW.format("[[windows.panes]]\n{}")
CONNECTION = SESSION.format('[connections.prod]\ndriver = "postgres"\n{}')


@together(
    ("text", "key", "meant"),
    [
        (SESSION, "dir", "root"),
        (SESSION, "start_directory", "root"),
        (SESSION, "environment", "env"),
        (SESSION, "tabs", "windows"),
        (SESSION, "window_name", "name, a key of windows"),
        (SESSION, "panes", "panes, a key of windows"),
        (SESSION, "shell_command_before", "run, a key of windows.panes"),
        (SESSION, "focus", "focus, a key of windows"),
        (SESSION, "startup_window", "focus, a key of windows"),
        (WINDOW, "root", "cwd"),
        (WINDOW, "dir", "cwd"),
        (WINDOW, "start-directory", "cwd"),
        (WINDOW, "title", "name"),
        (WINDOW, "splits", "panes"),
        (WINDOW, "cmd", "run, a key of windows.panes"),
        (WINDOW, "windows", "windows, a top-level key"),
        (PANE, "dir", "cwd"),
        (PANE, "cmd", "run"),
        (PANE, "command", "run"),
        (PANE, "commands", "run"),
        (PANE, "shell_command", "run"),
        (PANE, "Environment", "env"),
        (PANE, "active", "focus"),
        (PANE, "panes", "panes, a key of windows"),
        (PANE, "layout", "layout, a key of windows"),
        (CONNECTION, "hostname", "host"),
        (CONNECTION, "dbname", "database"),
        # What is nearly a key of this table is taken for a mistake of typing as before.
        (PANE, "strat", "start"),
        (WINDOW, "lyout", "layout"),
    ],
)
def test_a_key_of_another_tool_is_answered_with_ours(text, key, meant):
    problems = session_problems(Document.parse(text.format(f"{key} = 1")))
    hints = [one.hint for one in problems if one.rule == "unknown-key"]
    assert hints == [f"did you mean {meant}?"]
