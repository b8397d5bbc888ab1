"""The commands that help where a file has no history."""

from __future__ import annotations

from sessionctl.services.history.commit_history import list_command
from tests.together import together


@together(
    "file, command",
    [
        ("a.session.toml", "sessionctl list"),
        ("my sub/a.session.toml", "sessionctl list 'my sub'"),
        ("/x/y/a.session.toml", "sessionctl list /x/y"),
        ("-x/a.session.toml", "sessionctl list ./-x"),
        ("/a.session.toml", "sessionctl list /"),
    ],
)
def test_the_sessions_beside_a_file_are_listed_where_it_is(file, command):
    assert list_command(file) == command
