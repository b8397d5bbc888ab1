"""The README is true: what it shows is what happens, and what it lists is all there is."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from sessionctl.cli import command_table
from tests.together import together
from tests.transcripts import blocks, commands
from tests.world import CHECKOUT, PACKAGE, need, write_program

README = CHECKOUT / "README.md"
TEXT = README.read_text(encoding="utf-8")


def glossary():
    return (CHECKOUT / "docs/glossary.md").read_text(encoding="utf-8")


@pytest.fixture
def newcomer(tmp_path):
    """Return a function that types a line where a newcomer would, and returns what it printed."""
    for program in ("git", "tmux"):
        need(program)
    home, programs = tmp_path / "home", tmp_path / "programs"
    (home / "shop" / "api").mkdir(parents=True)
    (home / "shop" / "server.log").write_text("")
    programs.mkdir()
    write_program(programs)
    env = {
        "HOME": str(home), "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "SHELL": "/bin/sh",
        "TMUX_TMPDIR": str(tmp_path), "TERM": "xterm", "LC_ALL": "C.UTF-8",
        "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@example.org",
        "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "n@example.org",
    }  # fmt: skip
    where = [home / "shop"]

    def type_line(line):
        done = subprocess.run(
            ["sh", "-c", f"exec 2>&1\n{line}\nresult=$?\npwd >{tmp_path}/pwd\nexit $result"],
            cwd=where[0], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stdout)
        where[0] = (tmp_path / "pwd").read_text().strip()
        return done.stdout.replace(str(home), "~")

    yield type_line
    subprocess.run(["tmux", "kill-server"], env=env, capture_output=True)


def test_the_five_minutes_are_what_a_newcomer_sees(newcomer):
    tour = commands(README)
    assert len(tour) >= 12
    for line in tour:
        assert newcomer(line.command).splitlines() == line.output.splitlines(), (
            f"README.md:{line.line}: {line.command}"
        )


def test_the_readme_leads_with_a_session_that_is_restored():
    typed = [line.command for line in commands(README)]
    assert [line for line in typed if line.startswith(("sessionctl save", "sessionctl restore"))]
    assert TEXT.index("docs/pictures/session.svg") < TEXT.index("## Five minutes")


@pytest.mark.slow
def test_the_picture_shows_what_the_commands_print_today(tmp_path):
    need("tmux")
    from tools.picture import draw, play

    assert draw(play(tmp_path)) == (CHECKOUT / "docs/pictures/session.svg").read_text()


def test_the_readme_is_read_to_its_end():
    assert len(TEXT.splitlines()) <= 200


def test_the_session_of_the_readme_is_valid():
    from sessionctl import validate

    [whole] = [block for block in blocks(README, "toml") if "[[overrides]]" in block.text]
    assert not validate(whole.text)


@together("name", list(command_table.COMMANDS))
def test_every_command_is_listed(name):
    table = (CHECKOUT / "docs/commands.md").read_text(encoding="utf-8")
    assert re.search(rf"`[^`]*\b{name}\b", table), "docs/commands.md lists it"


def test_the_readme_names_commands_that_there_are():
    section = TEXT.split("## Commands")[1].split("\n## ")[0]
    named = {words.split()[0] for words in re.findall(r"`([^`]+)`", section)} - {"sessionctl"}
    assert {"save", "restore", "connect"} <= named <= command_table.COMMANDS.keys()


def test_the_commands_that_set_it_up_are_right():
    shell = "\n".join(block.text for block in blocks(README, "sh"))
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "pip install . && .venv/bin/sessionctl demo" in shell
    assert "pip install -e '.[test]' && .venv/bin/python -m pytest" in shell
    assert "test" in project["optional-dependencies"]
    assert "sessionctl" in project["scripts"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in TEXT


def test_every_word_of_the_style_guide_is_in_the_glossary():
    for word in ("document", "key path", "span", "base, ours, theirs", "change", "conflict",
                 "resolution", "marker", "recipient", "identity", "armor", "window", "pane",
                 "probe", "backoff"):  # fmt: skip
        assert word in glossary()


def test_what_the_glossary_names_in_the_code_is_there():
    texts = (module.read_text(encoding="utf-8") for module in PACKAGE.rglob("*.py"))
    defined = {name for text in texts for name in re.findall(r"^ *class (\w+)", text, re.MULTILINE)}
    rows = re.findall(r"^\| [a-z, ]+ \| .* \| (.*) \|$", glossary(), re.MULTILINE)
    assert len(rows) > 20
    for name in re.findall(r"`([^`]+)`", "".join(rows)):
        path = PACKAGE.joinpath(*name.split("."))
        assert name in defined or path.is_dir() or path.with_suffix(".py").is_file(), name
