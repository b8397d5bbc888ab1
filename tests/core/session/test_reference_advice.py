"""What to type instead of a secret, whole, by the place where it was typed."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.reference_advice import reference_command, reference_hints
from sessionctl.core.toml.document import Document
from tests.together import together

WEB = "web.session.toml"
URL = '[connections.db]\nadapter = "postgres"\nurl = "postgres://ada:x@host/db"\n'
RUN = '[[windows]]\nname = "a"\n[[windows.panes]]\nrun = "curl -H x"\n'
LEAVE_OUT = "leave it out here, and refer to it as the password: "
NAME = "refer to it by name: "
VARIABLE = "keep only its name, as a variable: "
THEN = "then start the program: sessionctl secret exec web.session.toml -- PROGRAM"


@together(
    "text, place, is_whole, words, changed, name, then",
    [
        ('[env]\nTOKEN = "x"\n', "env.TOKEN", True, NAME, "env.TOKEN", "env.TOKEN", []),
        # Of a variable the reference is always the whole value.
        ('[env]\nTOKEN = "a x"\n', "env.TOKEN", False, NAME, "env.TOKEN", "env.TOKEN", []),
        (URL, "connections.db.url", True, NAME, "connections.db.url", "db.url", []),
        (URL, "connections.db.url", False, LEAVE_OUT, "connections.db.password", "db.password", []),
        # The password has a name already, which stays.
        (URL + 'password = { secret = "own" }\n', "connections.db.url", False,
         LEAVE_OUT, "connections.db.password", "own", []),
        (URL + 'password = "y"\n', "connections.db.url", False,
         LEAVE_OUT, "connections.db.password", "db.password", []),
        # What is wrong elsewhere is no reason against it.
        ('name = 3\n[env]\nTOKEN = "x"\n', "env.TOKEN", True, NAME, "env.TOKEN", "env.TOKEN", []),
        (RUN, "windows[0].panes[0].run", True, VARIABLE, "env.PASSWORD", "password", [THEN]),
        (RUN, "windows[0].name", True, VARIABLE, "env.PASSWORD", "password", [THEN]),
        ('[env]\nPASSWORD = "1"\nPASSWORD_2 = ""\n' + RUN, "windows[0].panes[0].run", False,
         VARIABLE, "env.PASSWORD_3", "password", [THEN]),
        # In a string there is no place for a key.
        ("", "name.x", True, VARIABLE, "env.PASSWORD", "password", [THEN]),
    ],
)  # fmt: skip
def test_a_reference_goes_where_the_session_has_a_place_for_it(
    text, place, is_whole, words, changed, name, then
):
    head = "format_version = 1\n" + ('name = "web"\n' if "name = 3" not in text else "")
    hints = reference_hints(
        Document.parse(head + text, WEB), KeyPath.parse(place), is_whole=is_whole
    )
    command = f"sessionctl set {WEB} {changed} '{{ secret = \"{name}\" }}'"
    assert hints == [words + command, *then]


def test_what_a_shell_would_take_apart_is_quoted():
    command = reference_command("my web.toml", KeyPath(("env", "A")), "n x")
    assert command == "sessionctl set 'my web.toml' env.A '{ secret = \"n x\" }'"
