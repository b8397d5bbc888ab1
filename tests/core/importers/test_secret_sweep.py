"""The last look at an imported session: what only shows in the whole is kept out as well."""

from __future__ import annotations

from sessionctl.core.importers.imported import ImportedSession
from sessionctl.core.importers.parts.secret_sweep import without_leftovers


def test_secrets_are_masked_where_they_are_and_each_is_a_problem():
    value = {
        "name": "a",
        "env": {"DB_PASSWORD": "kupfer", "URL": "postgres://ada:laterne@web/db", "A": "b"},
        "windows": [
            {"name": "w", "panes": [{"run": "ls"}, {"run": "mysql -pdraht"}]},
            {"name": "x", "panes": [{"run": ["sshpass", "-p", "glocke"]}]},
        ],
    }
    session, problems = without_leftovers(
        ImportedSession(value, ("the password is Fenster-99", "b"))
    )
    assert session.value == {
        "name": "a",
        "env": {"DB_PASSWORD": "***", "URL": "postgres://ada:***@web/db", "A": "b"},
        "windows": [
            {"name": "w", "panes": [{"run": "ls"}, {"run": "mysql -p***"}]},
            {"name": "x", "panes": [{"run": ["sshpass", "-p", "***"]}]},
        ],
    }
    assert session.comments == ("the password is ***", "b")
    assert value["env"]["DB_PASSWORD"] == "kupfer"
    assert [(str(p.key_path), p.rule, p.severity, p.message, p.hint) for p in problems] == [
        (path, rule, "warning", f"{what} is in what goes here; it is kept out, as ***", "")
        for path, rule, what in (
            ("env.DB_PASSWORD", "secret-key", "a password"),
            ("env.URL", "secret-url", "a password"),
            ("windows[0].panes[1].run", "secret-argument", "a password"),
            ("windows[1].panes[0].run[2]", "secret-argument", "a password"),
        )
    ]


def test_a_session_without_secrets_stays_as_it_is():
    session = ImportedSession({"name": "a", "env": {"A": "b"}}, ("c",))
    assert without_leftovers(session) == (session, [])
