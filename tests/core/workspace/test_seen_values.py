"""What is masked once is masked everywhere in one save."""

from __future__ import annotations

from sessionctl.core.workspace.secret_mask import mask_lines, mask_secrets, screen_values
from sessionctl.core.workspace.seen_values import SeenValues
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from tests.together import together

S = "sEcr3t9x"


@together(
    ("text", "shown"),
    [
        (f"echo {S}", "echo ***"),
        (f"echo '{S}' \"{S}\"", "echo '***' \"***\""),
        (f"export MYTOKEN={S}; ls", "export MYTOKEN=***; ls"),
        ("a sEc\x1b[31mr3t9\x1b[0mx b", "a ***\x1b[31m\x1b[0m b"),
        ("a sEcr\n3t9x b", "a ***\n b"),
        ("a sEcr\x1b[1m\n\x1b[0m3t9x b", "a ***\x1b[1m\n\x1b[0m b"),
        (f"\x1b[32m{S}\x1b[0m", "\x1b[32m***\x1b[0m"),
        (f"{S}{S}", "******"),
        ("c0VjcjN0OXg=", "***g="),
        ("ls; echo sEcr3t9", "ls; echo sEcr3t9"),
    ],
)
def test_a_value_is_found_wherever_it_stands(text, shown):
    assert SeenValues([S]).mask(text) == shown


@together("value", ["'sEcr3t9x'", '"sEcr3t9x"', "sEcr\\3t9x", "'sEcr'3t9x", f" {S} "])
def test_a_value_is_read_as_a_shell_reads_it(value):
    assert SeenValues([value]).mask(f"echo {S}") == "echo ***"


@together(
    ("value", "text", "shown"),
    [
        ("hunter", "hunter 'hunter' =hunter: hunters", "*** '***' =***: hunters"),
        ("4711", "4711 147110", "*** 147110"),
        ("a1b2", "a1b2 xa1b2", "*** xa1b2"),
    ],
)
def test_a_plain_word_is_masked_only_where_it_stands_alone(value, text, shown):
    assert SeenValues([value]).mask(text) == shown


@together(
    ("value", "anywhere"),
    [
        ("hunterhunte", False), ("hunterhunter", True), ("12345678901", False),
        ("123456789012", True), ("a1b2c", False), ("a1b2c3", True), ("abc", None), ("abcd", False),
        ("Password", None), ("Passwort", False),
    ],
)  # fmt: skip
def test_how_long_a_value_is_says_where_it_is_masked(value, anywhere):
    text = f"x{value}y {value} {value}_ ({value}) \x1b[1m{value}\x1b[0m-{value}"
    alone = f"x{value}y *** {value}_ (***) \x1b[1m***\x1b[0m-***"
    shown = {None: text, False: alone, True: text.replace(value, "***")}[anywhere]
    assert SeenValues([value]).mask(text) == shown
    assert bool(SeenValues([value])) is (anywhere is not None)


def test_values_that_overlap_are_one_mask():
    seen = SeenValues(["a1b2c3d4", "c3d4e5f6"])
    assert seen.mask("x a1b2c3d4e5f6 y a1b2c3d4 z") == "x ****** y *** z"


@together("value", ["1", "", " ", "true", "no", "root", "postgres", "***", "x***", "None", "-"])
def test_what_is_short_or_common_blanks_no_screen(value):
    text = f"true 1 root@host no postgres None *** {value} - x"
    assert not SeenValues([value])
    assert SeenValues([value]).mask(text) == text


def test_what_one_line_gives_away_is_masked_in_all():
    text = f"export MYTOKEN={S}; export MY_TOKEN={S}\n$ echo {S}\n$ redis-cli -a {S}"
    assert S in screen_values(text)
    assert S not in mask_lines(text, SeenValues(screen_values(text)))


@together(
    "line", ["MY_TOKEN=sEcr'3t9x' run", 'export MY_TOKEN="sEcr"3t9x', "MY_TOKEN=sEcr\\3t9x x"]
)
def test_a_value_of_which_a_part_is_quoted_is_known_as_a_shell_reads_it(line):
    shown = mask_lines(f"{line}\necho {S}", SeenValues(screen_values(line)))
    assert "3t9" not in shown


def test_a_command_that_is_masked_gives_its_value_to_the_others():
    panes = (
        WorkspacePane(run=("redis-cli", "-a", S), title="redis"),
        WorkspacePane(run=f"watch 'echo {S}'", title=f"echo {S}"),
        WorkspacePane(run=("watch", "echo", S), env={"X": S, "Y": "1"}),
    )
    before = Workspace("s", "/", (WorkspaceWindow("w", panes),))
    after, parts = mask_secrets(before)
    assert S not in str(after)
    assert after.windows[0].panes[2].env == {"Y": "1"}
    assert {part.what for part in parts} <= {"a password", "a secret"}
    assert mask_secrets(Workspace("s", "/", (WorkspaceWindow("w", panes[2:]),)), [S])[1]
