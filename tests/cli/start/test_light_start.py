"""What the light start reads of a command line, and click: the same, for every command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click

import sessionctl.cli
from sessionctl.cli.app import app
from sessionctl.cli.arguments import session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.light_start import LIGHT, read_plain
from tests.invocations import INVOCATIONS, registered_commands
from tests.together import together


def click_values(words):
    """Return what click reads of a command line: the values, or why there are none."""
    context = click.Context(app, obj=Console(), **app.context_settings)
    command, rest = app, list(words)
    try:
        while isinstance(command, click.Group):
            command = command.get_command(context, rest.pop(0))
            context = click.Context(command, parent=context, obj=context.obj)
        return command.make_context(words[0], rest, parent=context.parent).params
    except (click.ClickException, click.exceptions.Exit) as error:
        return error
    except Exception as error:  # noqa: BLE001 - our own refusals
        return error


def lines_of(name):
    """Yield command lines of one command: its own, with each option, and with odd words."""
    words = name.split()
    own = [str(word) for word in INVOCATIONS.get(name, ())]
    yield [*words, *own]
    yield words
    command = app
    context = click.Context(app, **app.context_settings)
    for word in words:
        command = command.get_command(context, word)
    for option in command.params:
        for opt in (*option.opts, *option.secondary_opts):
            if not opt.startswith("-"):
                continue
            for extra in ([opt], [opt, "2"], [f"{opt}=2"], [opt, "-1"], [f"{opt}2"], [opt, opt]):
                yield [*words, *own, *extra]
                yield [*words, *extra, *own]
            for choice in getattr(option.type, "choices", ()):
                yield [*words, *own, opt, choice]
                yield [*words, f"{opt}={choice}", *own]
    for odd in ("--", "", "-", "-n", "-x", "--no-such", "--help", "-h", "-vv", "a", "-5", "--js"):
        yield [*words, *own, odd]
        yield [*words, odd, *own]
        yield [*words, odd]
    yield [*words, *own, *own]


@together("name", registered_commands())
def test_a_plain_line_means_to_click_what_it_means_here(name, monkeypatch):
    # Which file a name stands for, one function says to both.
    monkeypatch.setattr(session_argument, "files_of", lambda _console, value, _attributes: value)
    monkeypatch.setattr(session_argument, "only_session", lambda *_words, **_more: None)
    plain = 0
    for words in lines_of(name):
        found = read_plain(words)
        if found is None:
            continue
        plain += 1
        assert found.values == click_values(words), words
    assert bool(plain) == (tuple(name.split()) in LIGHT)


def test_a_light_command_asks_click_for_nothing_in_its_plain_form(tmp_path):
    (tmp_path / "a.session.toml").write_text('schema_version = 1\nname = "a"\n', encoding="utf-8")
    program = (
        "import sys\n"
        "from sessionctl.__main__ import main\n"
        "code = main(sys.argv[1:])\n"
        "sys.exit(99 if 'click' in sys.modules else code)\n"
    )
    for words in (["list"], ["show"], ["status"], ["set", "-n", "a.session.toml", "name", "b"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            cwd=tmp_path,
            env=os.environ | {"HOME": str(tmp_path)},
            capture_output=True,
        )
        assert done.returncode == 0, (words, done.stderr)


OF_CLICK = {
    "app",
    "arguments/session_argument",
    "input/dialogue",
    "input/value_command",
    "lazy_group",
    "input/renamed_option",
    "live/trust_question",
}
"""The modules that are of click's classes, or ask questions: no plain line loads them."""


def test_a_command_is_declared_late():
    package = Path(sessionctl.cli.__file__).parent
    of_click = {
        str(module.relative_to(package).with_suffix(""))
        for module in package.rglob("*.py")
        if re.search(r"^(import click|from click)", module.read_text(encoding="utf-8"), re.M)
    }
    assert of_click == OF_CLICK | {"commands/completion"}


def test_completion_and_help_are_left_to_click(monkeypatch):
    from sessionctl.cli.start.light_start import run_light

    assert read_plain(["show", "--help"]) is None
    monkeypatch.setenv("_SESSIONCTL_COMPLETE", "bash_complete")
    assert run_light(["list"], Console()) is None
