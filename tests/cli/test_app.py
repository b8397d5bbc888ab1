"""The group of commands: help, lookup, global options, completion, whole processes."""

from __future__ import annotations

import io
import re
import sys
import types

import click
import pytest
from click.testing import CliRunner

from sessionctl import __version__, errors
from sessionctl.__main__ import main
from sessionctl.cli import command_table
from sessionctl.cli.app import app
from sessionctl.cli.commands import secret
from sessionctl.cli.commands.help import EXIT_CODES
from sessionctl.cli.options import dry_run_option, json_option, no_input_option
from sessionctl.cli.output.console import Console
from tests.together import together
from tests.world import PACKAGE, run_sessionctl


def run(*arguments, **extra):
    return CliRunner().invoke(app, list(arguments), **extra)


@pytest.fixture
def plant(monkeypatch):
    """Return a function that adds a command to the program for one test."""

    def add(name, command):
        module = types.ModuleType(command_table.module_name(name))
        module.command = command
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(command_table.COMMANDS, name, ("Start", "A test"))

    return add


@pytest.mark.parametrize("argument", ["--help", "-h", "help"])
def test_help_is_the_same_with_and_without_click(argument, capsys):
    assert main([argument]) == 0
    plain = capsys.readouterr().out
    assert run(argument).output == plain
    assert run("--no-color", argument).output == plain


def test_help_leads_with_what_it_is_and_examples():
    lines = command_table.help_text().splitlines()
    assert lines[0].startswith("sessionctl saves your working session")
    assert lines[3].startswith("Usage: sessionctl ")
    assert lines[5] == "Examples:"
    assert [line.startswith("  sessionctl ") for line in lines[6:12]] == [True] * 5 + [False]
    assert max(map(len, lines)) <= 80


def test_help_lists_every_command():
    text = command_table.help_text()
    for name, (_, line) in command_table.COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", text, re.MULTILINE), name


def modules_of(package):
    """Return the commands that have a module in ``package``, a module or a package each."""
    found = {path.stem for path in package.iterdir() if path.name[:2] != "__"}
    # A module may not be called as a keyword is: ``import_``.
    return {name.rstrip("_").replace("_", "-") for name in found}


def test_the_tables_name_every_command_module_and_nothing_else():
    commands = PACKAGE / "cli" / "commands"
    assert modules_of(commands) == set(command_table.COMMANDS)
    assert modules_of(commands / "secret") == set(secret.COMMANDS)


def test_every_section_of_the_table_is_known():
    assert {section for section, _ in command_table.COMMANDS.values()} <= set(
        command_table.SECTIONS
    )


def test_help_tells_of_every_global_option():
    text = command_table.help_text()
    for option in app.params:
        for name in (*option.opts, *option.secondary_opts):
            assert re.search(rf"(^|[ ,]){name}\b", text, re.MULTILINE), name


@together("name", list(command_table.COMMANDS))
def test_a_command_loads_and_has_help(name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: sessionctl {name}")
    assert run(name, "-h").output == result.output


def test_no_arguments_are_a_usage_error_that_shows_all_commands_on_one_screen():
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    assert set(command_table.COMMANDS) <= set(result.stderr.split())


def test_the_version_is_told_everywhere_alike(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sessionctl {__version__}\n"
    assert run("--version").stdout == f"sessionctl {__version__}\n"
    assert run("-q", "--version").stdout == f"sessionctl {__version__}\n"


def test_a_mistyped_command_is_answered_with_the_nearest():
    result = run("hepl")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "sessionctl: error: no such command: hepl\n"
        "sessionctl: hint: did you mean 'sessionctl help'?\n"
    )


def test_a_strange_command_is_answered_with_the_help_to_read():
    result = run("xyzzy\x1b")
    assert result.exit_code == 2
    assert result.stderr == (
        "sessionctl: error: no such command: xyzzy\u241b\n"
        "sessionctl: hint: see 'sessionctl --help'\n"
    )


def test_an_unknown_option_is_a_usage_error_in_our_voice():
    result = run("help", "--wat")
    assert result.exit_code == 2
    assert result.stderr == (
        "sessionctl: error: no such option '--wat'\n"
        "sessionctl: hint: see 'sessionctl help --help'\n"
    )


def test_a_choice_that_is_near_or_begun_is_suggested():
    for word, meant in (("integr", "integer"), ("int", "integer"), ("dat", "datetime")):
        hints = run("set", "--type", word, "a.toml", "k", "1").stderr.splitlines()[1:]
        assert hints == [
            f"sessionctl: hint: did you mean {meant}?",
            "sessionctl: hint: see 'sessionctl set --help'",
        ]
    assert "did you mean" not in run("set", "--type", "qqq", "a.toml", "k", "1").stderr


def test_the_return_value_of_a_command_is_the_exit_code(plant):
    @click.command("answer")
    @click.argument("code", type=int, required=False)
    def command(code):
        return code

    plant("answer", command)
    assert [run("answer").exit_code, run("answer", "0").exit_code] == [0, 0]
    assert run("answer", "1").exit_code == 1


def test_a_command_may_exit_by_its_context(plant):
    @click.command("leave")
    @click.pass_context
    def command(ctx):
        ctx.exit(5)

    plant("leave", command)
    assert run("leave").exit_code == 5


def test_an_aborted_question_is_an_interrupt(plant):
    @click.command("ask")
    def command():
        click.confirm("really?", abort=True)

    plant("ask", command)
    assert run("ask", input="n\n").exit_code == 130
    assert run("ask", input="").exit_code == 130


def test_an_error_of_a_command_is_told_with_its_exit_code(plant):
    @click.command("fail")
    def command():
        raise errors.LockedError("prod.password: locked", hints=["unlock it"])

    plant("fail", command)
    result = run("fail")
    assert result.exit_code == 4
    assert result.stderr == (
        "sessionctl: error: prod.password: locked\nsessionctl: hint: unlock it\n"
    )


@click.command("speak")
@click.pass_obj
def speak(console):
    console.out(console.style("answer", "added"))
    console.note("note")
    console.detail("detail")


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize(
    ("option", "stdout", "stderr"),
    [
        ([], "answer\n", "note\n"),
        (["--color"], "\x1b[32manswer\x1b[0m\n", "note\n"),
        (["--color", "--no-color"], "answer\n", "note\n"),
        (["-q"], "answer\n", ""),
        (["-v"], "answer\n", "note\ndetail\n"),
        (["-v", "--quiet", "--verbose"], "answer\n", "note\ndetail\n"),
    ],
)
def test_a_global_option_stands_before_or_after_the_command(plant, place, option, stdout, stderr):
    plant("speak", speak)
    result = run(*option, "speak") if place == "before" else run("speak", *option)
    assert (result.exit_code, result.stdout, result.stderr) == (0, stdout, stderr)


def test_a_global_option_reaches_the_commands_of_a_group(plant):
    group = click.Group("many", commands=[speak])
    plant("many", group)
    assert run("many", "speak", "-q").stderr == ""


def test_a_command_keeps_its_own_option_of_a_global_name(plant):
    @click.command("own")
    @click.option("-v", "--invert", is_flag=True)
    @click.pass_obj
    def command(console, invert):
        console.out(f"{invert} {console.verbosity}")

    plant("own", command)
    assert run("own", "-v").stdout == "True 0\n"
    assert run("own", "-v").stdout == "True 0\n"


def test_the_shared_options_have_one_spelling(plant):
    from sessionctl.cli.start.late_click import click

    @click.command("shared")
    @json_option
    @dry_run_option
    @no_input_option
    @click.pass_obj
    def command(console, **options):
        console.print_json("shared", **options)

    plant("shared", command)
    result = run("shared", "--json", "-n", "--no-input")
    assert '"as_json": true,\n  "dry_run": true,\n  "no_input": true' in result.stdout.replace(
        '"no_input": true,\n  "dry_run": true,\n  "as_json": true',
        '"as_json": true,\n  "dry_run": true,\n  "no_input": true',
    )


def test_the_exit_codes_are_listed_and_those_of_the_errors_are_among_them():
    result = run("help", "exit-codes")
    assert result.exit_code == 0
    codes = [code for code, _ in EXIT_CODES]
    assert [int(line.split()[0]) for line in result.stdout.splitlines()] == codes == sorted(codes)
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.SessionctlError)
    }
    assert raised <= set(codes)


def test_help_of_a_command_is_that_of_its_help_option():
    assert run("help", "completion").output == run("completion", "--help").output


def test_help_of_nothing_known_is_a_usage_error():
    result = run("help", "completion", "deeper")
    assert result.exit_code == 2
    assert "help: no such command or topic: completion deeper" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell, monkeypatch):
    script = run("completion", shell).stdout
    assert "_SESSIONCTL_COMPLETE" in script
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    assert run("completion").stdout == script


@pytest.mark.parametrize("shell", ["", "/bin/tcsh"])
def test_completion_for_a_shell_without_a_script_says_which_there_are(shell, monkeypatch):
    monkeypatch.setenv("SHELL", shell)
    result = run("completion")
    assert result.exit_code == 2
    assert "bash|zsh|fish" in result.stderr


def complete(words, index):
    env = {
        "_SESSIONCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(index),
    }
    return run_sessionctl(env=env).stdout.splitlines()


def test_tab_completes_commands_and_options():
    assert complete("sessionctl comp", 1) == ["plain,completion"]
    assert "plain,fish" in complete("sessionctl completion f", 2)
    assert complete("sessionctl --ver", 1) == ["plain,--version"]


def test_git_drivers_are_run_without_click(monkeypatch):
    calls = []
    drivers = types.ModuleType("sessionctl.cli.git.drivers")
    drivers.main = lambda arguments: calls.append(arguments) or 1
    monkeypatch.setitem(sys.modules, drivers.__name__, drivers)
    assert main(["git", "merge-driver", "--", "o", "a", "b"]) == 1
    assert main(["git", "textconv", "x"]) == 1
    assert calls == [["merge-driver", "--", "o", "a", "b"], ["textconv", "x"]]


@pytest.mark.parametrize("arguments", [["git", "merge-driver", "-h"], ["git"], ["help", "git"]])
def test_other_words_after_git_are_left_to_the_group(arguments, monkeypatch):
    monkeypatch.setitem(sys.modules, "sessionctl.cli.git.drivers", types.ModuleType("drivers"))
    seen = []
    monkeypatch.setattr("sessionctl.cli.app.run", lambda words, console: seen.append(words) or 0)
    assert main(arguments) == 0
    assert seen == [arguments]


def test_the_process_answers_with_stdout_stderr_and_exit_code():
    done = run_sessionctl("help", "exit-codes")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "130  interrupted\n" in done.stdout
    done = run_sessionctl("hepl")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'sessionctl help'?" in done.stderr


def test_a_console_speaks_to_the_process_by_default(capsys):
    Console().out("here")
    assert capsys.readouterr().out == "here\n"
    assert Console(stdout=io.StringIO()).uses_color(io.StringIO()) is False
