"""Options and arguments that do not go together: each command says which, and changes nothing."""

from __future__ import annotations

import os

import pytest

from tests.git.inprocess import run_inside
from tests.together import together

FILE = "api.session.toml"
CHOICES = "ours, theirs, base, both, union, newest, max, usual"
SESSION = 'schema_version = 1\nname = "api"\nroot = "~/src"\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FILE).write_text(SESSION)
    (tmp_path / "b.session.toml").write_text(SESSION.replace("api", "b"))
    (tmp_path / "old.yml").write_text("session_name: old\nwindows: []\n")
    return tmp_path


# The words of a command, what it says, and its hint.
ROWS = [
    ("completion", "completion: no script for shell 'tcsh'",
     "choose one: sessionctl completion bash|zsh|fish"),
    (f"connect --print --once {FILE} prod", "connect: --print and --once exclude each other", ""),
    ("diff --open", "diff: -o and --open are for one file, and no file is named", ""),
    ("diff -o x", "diff: -o and --open are for one file, and no file is named", ""),
    (f"diff --saved --live {FILE}", "diff: choose one of --rev, --saved and --live", ""),
    (f"diff --saved --rev HEAD {FILE}", "diff: choose one of --rev, --saved and --live", ""),
    (f"diff --live --rev HEAD {FILE}", "diff: choose one of --rev, --saved and --live", ""),
    ("diff --saved", "diff: expected one file beside --saved, got 0",
     "see 'sessionctl diff --help'"),
    (f"diff --live {FILE} b", "diff: expected one file beside --live, got 2",
     "see 'sessionctl diff --help'"),
    ("diff a b c", "diff: expected two files, A and B, got 3", "see 'sessionctl diff --help'"),
    ("diff --rev HEAD a b", "diff: expected one file beside --rev, got 2",
     "see 'sessionctl diff --help'"),
    ("import -o x --stdout old.yml", "import: -o and --stdout exclude each other", ""),
    ("import --set name old.yml", "import: --set takes KEY=VALUE, got name", ""),
    ("import --set =x old.yml", "import: --set takes KEY=VALUE, got =x", ""),
    ("import .", "import: . is a directory",
     "look for files in it: sessionctl import --recursive ."),
    (f"merge --dates x y {FILE} {FILE} {FILE}", "merge: --dates: expected two dates, got 'x' 'y'",
     "for example: --dates 2026-01-31T08:00:00Z 1767225600"),
    (f"merge -L a -L b -L c -L d {FILE} {FILE} {FILE}",
     "merge: expected at most three labels, got 4", ""),
    (f"move {FILE} a", "move: expected one place, got 0", "see 'sessionctl move --help'"),
    (f"move {FILE} a --first --last", "move: expected one place, got 2",
     "see 'sessionctl move --help'"),
    ("pane resume --shell --clear", "pane resume: ARGV, --shell and --clear exclude each other",
     "see 'sessionctl pane resume --help'"),
    ("pane resume --clear -- vim", "pane resume: ARGV, --shell and --clear exclude each other",
     "see 'sessionctl pane resume --help'"),
    ("pane resume --shell -- vim", "pane resume: ARGV, --shell and --clear exclude each other",
     "see 'sessionctl pane resume --help'"),
    (["pane", "resume", "--", ""], "pane resume: the program has no name", ""),
    (["recipients", "add", "age1x", "--label", "a\nb"], "add: a label is one line of text", ""),
    ("recipients add x",
     "add: not a recipient: expected a whole key that begins with age1, ssh-ed25519 or ssh-rsa",
     "create one: sessionctl key new; it prints the recipient"),
    (f"resolve --prefer a=b {FILE}", "resolve: --prefer: expected PATH=CHOICE or CHOICE, got a=b",
     f"CHOICE is one of {CHOICES}; PATH may hold *"),
    (f"resolve --prefer =ours {FILE}",
     "resolve: --prefer: expected PATH=CHOICE or CHOICE, got =ours",
     f"CHOICE is one of {CHOICES}; PATH may hold *"),
    ("restore --attach a b", "restore: --attach is for one session",
     "see 'sessionctl restore --help'"),
    ("restore --into x a b", "restore: --into is for one session",
     "see 'sessionctl restore --help'"),
    ("restore --into x --replace a", "restore: --into and --replace exclude each other",
     "see 'sessionctl restore --help'"),
    ("restore --attach --dry-run a", "restore: --attach does not work with --dry-run or --json",
     "see 'sessionctl restore --help'"),
    ("restore --attach --json a", "restore: --attach does not work with --dry-run or --json",
     "see 'sessionctl restore --help'"),
    (f"restore --adapter plain --into x {FILE}",
     "restore: --into is for tmux, not for plain", ""),
    (f"restore --adapter plain --attach {FILE}",
     "restore: --attach is for tmux, not for plain", ""),
    ("save --all api", "save: use --all without a name or --file", "see 'sessionctl save --help'"),
    ("save --all --file a", "save: use --all without a name or --file",
     "see 'sessionctl save --help'"),
    ("save --all --as a", "save: use --all without a name or --file",
     "see 'sessionctl save --help'"),
    ("save --file a --as b", "save: --file and --as exclude each other",
     "see 'sessionctl save --help'"),
    (f"secret reveal {FILE} a", "reveal: stdout is not a terminal",
     f"print it anyway: sessionctl secret reveal {FILE} a --stdout"),
    (f"secret rotate {FILE} a --length 9",
     "rotate: --length and --symbols belong to --generate", ""),
    (f"secret rotate {FILE} a --symbols",
     "rotate: --length and --symbols belong to --generate", ""),
    (f"secret set {FILE} a hunter2",
     "set: extra argument; a value is never read from the command line",
     "see 'sessionctl secret set --help'"),
    ("secret scan --json --format sarif",
     "secret scan: --json and --format exclude each other", ""),
    ("secret scan --staged --history",
     "secret scan: --staged, --history and paths exclude each other", ""),
    (f"secret scan --staged {FILE}",
     "secret scan: --staged, --history and paths exclude each other", ""),
    (f"secret scan --history {FILE}",
     "secret scan: --staged, --history and paths exclude each other", ""),
    ("service install --tmux-socket x", "service install: --tmux-socket is for --tmux", ""),
    (f"set {FILE} a 1 b", "set: the key b has no value", "see 'sessionctl set --help'"),
    (f"set {FILE} a 1 --string --type integer",
     "set: --string and --type integer contradict each other", ""),
    ("tmux key save", "tmux key: tmux starts this", "see 'sessionctl tmux --help'"),
    ("trust -", "trust: a file is trusted by its place, and stdin has none",
     "see 'sessionctl trust --help'"),
    ("ui", "ui: this is not a terminal", "without screens: sessionctl list, status, show"),
    (f"undo --redo --commit HEAD {FILE}", "undo: --redo and --commit exclude each other",
     "see 'sessionctl undo --help'"),
    ("watch --dry-run --status", "watch: use --status alone, and --dry-run without --status", ""),
    ("watch --status --commit", "watch: use --status alone, and --dry-run without --status", ""),
    ("watch --status --tmux", "watch: use --status alone, and --dry-run without --status", ""),
    ("watch --stay", "watch: --stay and --tmux-socket are for --tmux", ""),
    ("watch --tmux-socket x", "watch: --stay and --tmux-socket are for --tmux", ""),
    ("watch --tmux --dry-run", "watch: --dry-run is for files, not for --tmux",
     "see what would be saved: sessionctl save -n NAME"),
    ("git textconv", "textconv: expected FILE, got 0 arguments", ""),
    ("git textconv a b", "textconv: expected FILE, got 2 arguments", ""),
]  # fmt: skip


@together("words, message, hint", ROWS, ids=str)
def test_a_command_says_what_does_not_go_together(folder, words, message, hint):
    words = words.split() if isinstance(words, str) else words
    before = {path: path.read_bytes() for path in folder.iterdir()}
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "TMUX": "",
        "SHELL": "/bin/tcsh",
    }
    done = run_inside(*words, cwd=folder, env=environ)
    said = [f"sessionctl: error: {message}", *([f"sessionctl: hint: {hint}"] if hint else [])]
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (2, "", said)
    assert before == {path: path.read_bytes() for path in folder.iterdir()}
