"""The grammar of the command line: one letter, one name, one meaning, in every command."""

from __future__ import annotations

import ast
import inspect

import click
import pytest

from sessionctl.cli.app import app
from sessionctl.cli.arguments import session_argument
from sessionctl.cli.input import verb_table
from sessionctl.cli.input.renamed_option import RenamedOption
from tests.git.inprocess import run_inside
from tests.invocations import FILE, registered_commands
from tests.together import together

GLOBAL = {"-q", "--quiet", "-v", "--verbose", "--color", "--no-color"}


def command_of(words):
    """Return the command that ``words`` name."""
    command, context = app, click.Context(app, info_name="sessionctl", **app.context_settings)
    for word in words.split():
        command = command.get_command(context, word)
        context = click.Context(command, parent=context, info_name=word)
    return command


COMMANDS = {words: command_of(words) for words in registered_commands()}
OPTIONS = [
    (words, option)
    for words, command in COMMANDS.items()
    for option in command.params
    if isinstance(option, click.Option) and not option.hidden
]

# -- what a letter and a name mean ----------------------------------------------------------

LETTERS = {
    "-L": "--label",
    "-m": "--message",
    "-n": "--dry-run",
    "-o": "--output",
    "-q": "--quiet",
    "-r": "--recursive",
    "-y": "--yes",
}
TEXTS = {
    "--commit": "what changed, or a commit",
    "--dir": "where to write, or where a repository is",
    "--file": "what is written, a configuration, or a secret",
    "--format": "of findings, or of changes",
    "--from": "files of other tools, or sources of connections",
    "--label": "of a side, or of a recipient",
    "--output": "an answer, or a session",
    "--pane": "of a key, which no person presses by typing it",
    "--prefer": "policies, and for resolve the sides of one conflict too",
    "--print": "a text, or a program",
    "--restore": "at the start of a server, or now",
    "--rev": "one revision, or the first of many",
    "--schema": "what is checked, or how items are matched",
    "--stat": "of tables, or of commits",
    "--stdout": "a session, or a secret",
    "--window": "what is saved, or restored",
}
"""The long options whose help says something else in another command, and why."""


def test_a_letter_means_the_same_in_every_command():
    for words, option in OPTIONS:
        letters = [name for name in option.opts if not name.startswith("--")]
        for letter in letters:
            assert LETTERS[letter] in option.opts, f"{words} {letter}"


def test_a_long_option_has_one_help_text():
    texts = {}
    for words, option in OPTIONS:
        for name in option.opts:
            if name.startswith("--"):
                texts.setdefault(name, {}).setdefault(option.help, []).append(words)
    several = {name: found for name, found in texts.items() if len(found) > 1}
    assert several.keys() == TEXTS.keys(), several


# -- what every command has -----------------------------------------------------------------

ANSWERS_NO_JSON = {
    "completion": "a script for a shell",
    "git merge-driver": "git calls it, and reads its exit code",
    "git textconv": "git calls it, and reads its text",
    "help": "text for people",
    "open": "a terminal takes its place",
    "schema path": "its answer is one path",
    "schema print": "its answer is JSON",
    "secret exec": "another program takes its place",
    "secret reveal": "a secret goes where it was sent, and into no JSON",
    "tmux key": "tmux calls it",
    "tmux load": "tmux calls it, and it has no answer",
    "ui": "screens",
}
WRITES_NOTHING = {
    "backups diff", "backups list", "backups show", "completion", "config get",
    "connections history", "connections list", "connections status", "connections test", "diff",
    "explain", "get", "git hook pre-commit", "git status", "git textconv", "help", "key show",
    "list", "log", "recipients list", "schema list", "schema path", "schema print", "secret doctor",
    "secret list", "secret reveal", "secret scan", "service status", "show", "status",
    "tmux status", "validate",
}  # fmt: skip
REHEARSES_NOTHING = {
    "connect": "--print shows the program that would be run",
    "connections keep": "it keeps connections open that 'connections list' shows",
    "demo": "all it does happens in a scratch directory",
    "git merge-driver": "git calls it to write",
    "secret exec": "its program takes its place",
    "tmux key": "tmux calls it",
    "tmux load": "tmux calls it",
    "ui": "it asks before each step",
}
ASKING = {"rm",
    "backups restore", "close", "doctor", "open", "recover", "restore", "secret accept",
}  # fmt: skip
QUESTIONS = ("Question", "click.confirm", "restore_question")


def names_of(command):
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)}


def shown_names_of(command):
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    return {name for option in options for name in option.opts}


@together("words", sorted(COMMANDS.keys() - ANSWERS_NO_JSON.keys()))
def test_a_command_answers_in_json(words):
    assert "--json" in shown_names_of(COMMANDS[words])


@together("words", sorted(ANSWERS_NO_JSON))
def test_a_command_without_json_refuses_it(words):
    assert "--json" not in shown_names_of(COMMANDS[words])
    if words not in {"git merge-driver", "git textconv"}:
        assert "--json" in names_of(COMMANDS[words])


@together("words", sorted(COMMANDS.keys() - WRITES_NOTHING - REHEARSES_NOTHING.keys()))
def test_a_command_that_writes_or_runs_something_has_a_dry_run(words):
    assert {"-n", "--dry-run"} <= shown_names_of(COMMANDS[words])


@together("words", sorted(WRITES_NOTHING | REHEARSES_NOTHING.keys()))
def test_a_command_without_a_dry_run_takes_no_n_for_something_else(words):
    assert "-n" not in shown_names_of(COMMANDS[words])


@together("words", sorted(ASKING))
def test_a_command_that_asks_can_be_answered_beforehand(words):
    assert {"-y", "--yes", "--no-input"} <= shown_names_of(COMMANDS[words])


def test_no_command_that_asks_is_forgotten():
    asking = set()
    for words, command in COMMANDS.items():
        module = inspect.getmodule(command.callback)
        tree = ast.parse(inspect.getsource(module))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        name = command.callback.__name__
        is_alone = name == "command"  # the only one in its module
        if calls & set(QUESTIONS) and is_alone:
            asking.add(words)
    # 'backups' is one module, 'edit' asks what, not whether; the live ones ask in their runs.
    assert asking - {"edit"} <= ASKING | {
        words for words in COMMANDS if words.startswith("backups")
    }


@together("words", sorted(COMMANDS))
def test_every_command_takes_the_global_options(words):
    assert names_of(COMMANDS[words]) >= GLOBAL


# -- before and after the command -----------------------------------------------------------


@pytest.mark.parametrize("line", [("--json", "list"), ("list", "--json")])
def test_json_is_asked_for_before_or_after_the_command(tmp_path, line):
    (tmp_path / FILE).write_text('schema_version = 1\nname = "a"\n')
    done = run_inside(*line, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith('{\n  "schema": "sessionctl/v1",\n  "command": "list"')


@pytest.mark.parametrize(
    "line",
    [("--json", "schema", "list"), ("schema", "--json", "list"), ("schema", "list", "--json")],
)
def test_json_is_asked_for_before_or_after_a_group(tmp_path, line):
    done = run_inside(*line, cwd=tmp_path)
    assert '"command": "schema list"' in done.stdout


@pytest.mark.parametrize("line", [("--json", "help"), ("help", "--json"), ("completion", "--json")])
def test_json_is_refused_where_there_is_none(tmp_path, line):
    done = run_inside(*line, cwd=tmp_path)
    assert done.returncode == 2
    assert ": no JSON answer\n" in done.stderr


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_printed_by_a_letter_too(tmp_path, option):
    done = run_inside(option, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("sessionctl ")
    assert run_inside("-q", option, cwd=tmp_path).stdout == done.stdout


# -- old spellings --------------------------------------------------------------------------

OLD = {
    "import": ("--force",),
    "log": ("-n",),
    "merge": ("--take",),
    "new": ("--force",),
    "resolve": ("--take",),
    "save": ("-y", "--yes"),
    "secret set": ("--force",),
    "watch": ("--check",),
}
HIDDEN = {"diff": "--html", "resolve": "--take-all"}


def test_the_old_names_of_options_are_these():
    found = {
        words: option.old
        for words, command in COMMANDS.items()
        for option in command.params
        if isinstance(option, RenamedOption)
    }
    assert found == {words: old for words, old in OLD.items() if old}


@together(("words", "old"), [(w, name) for w, names in OLD.items() for name in names])
def test_an_old_name_is_read_and_not_shown(words, old):
    command = COMMANDS[words]
    context = click.Context(command, info_name=words, **app.context_settings)
    assert f"{old} " not in command.get_help(context).partition("Options:")[2]
    parser = command.make_parser(context)
    assert old in {*parser._short_opt, *parser._long_opt}


@pytest.mark.parametrize(("words", "old"), HIDDEN.items())
def test_an_old_option_is_read_and_not_shown(words, old):
    [option] = [one for one in COMMANDS[words].params if old in one.opts]
    assert option.hidden


def test_the_old_count_of_log_points_to_the_new_one(tmp_path):
    done = run_inside("log", "-n", FILE, cwd=tmp_path)
    assert done.returncode == 2
    assert "has no dry run" in done.stderr


# -- verbs of other tools -------------------------------------------------------------------

POINTERS = [
    (group, verb, line) for group, verbs in verb_table.VERBS.items() for verb, line in verbs.items()
]


@together(("group", "verb", "line"), POINTERS)
def test_a_pointer_leads_to_a_command(group, verb, line, monkeypatch):
    monkeypatch.setattr(session_argument, "files_of", lambda _console, value, _attributes: value)
    parent = command_of(group)
    context = click.Context(parent, **app.context_settings)
    assert parent.get_command(context, verb) is None, "it is a command itself"
    if line.startswith("-"):
        return
    words = line.split()
    command, context = app, click.Context(app, info_name="sessionctl", **app.context_settings)
    while isinstance(command, click.Group) and words:
        command = command.get_command(context, words.pop(0))
        assert command is not None, line
        context = click.Context(command, parent=context, info_name=command.name)
    if not isinstance(command, click.Group):
        command.make_context("x", words, parent=context.parent, resilient_parsing=False)


@together(
    ("typed", "said"),
    [
        (("load",), "sessionctl restore NAME"),
        (("load", "my api"), "sessionctl restore 'my api'"),
        (("up", "-v", "api"), "sessionctl restore api"),
        (("freeze",), "sessionctl save NAME"),
        (("attach", "api"), "sessionctl open api"),
        (("convert", "a.yaml"), "sessionctl import a.yaml"),
        (("edit-secret", "a", "b"), "sessionctl secret set --editor a b"),
        (("ls",), "sessionctl list"),
        (("kill", "api"), "sessionctl close api"),
        (("LOAD",), "sessionctl restore NAME"),
        (("secret", "get", "a", "b"), "sessionctl secret reveal a b"),
        (("key", "gen"), "sessionctl key new"),
        (("backups", "ls", "a"), "sessionctl backups list a"),
    ],
)
def test_a_verb_of_another_tool_gets_a_pointer(tmp_path, typed, said):
    done = run_inside(*typed, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"sessionctl: hint: use '{said}'\n" in done.stderr
