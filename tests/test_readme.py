"""The README is true: what it shows is what happens, and what it lists is all there is."""

from __future__ import annotations

import ast
import re
import sys
import tomllib

import pytest

from sessionctl.cli import command_table
from sessionctl.services.demo import Remark, Stage, Tools, TypedCommand, play
from sessionctl.services.machine import Machine
from tests.transcripts import blocks
from tests.world import CHECKOUT, PACKAGE, need

README = CHECKOUT / "README.md"
TEXT = README.read_text(encoding="utf-8")


def played(tmp_path):
    """Return all that the demo prints, as it does, without the headings of its chapters."""
    tools = Tools(
        Machine({"PATH": "/usr/local/bin:/usr/bin:/bin"}), launcher(sys.executable), color=False
    )
    lines = []
    with Stage(tmp_path / "scratch", tmp_path / "repository", tools) as stage:
        for event in play(stage):
            if isinstance(event, TypedCommand):
                lines += [f"$ {event.command}", *event.output.splitlines()]
            elif isinstance(event, Remark):
                lines += ["", f"# {event.text}"]
    return "\n".join(lines) + "\n"


def glossary():
    return (CHECKOUT / "docs/glossary.md").read_text(encoding="utf-8")


def launcher(python):
    start = f"import sys; sys.path.append({str(CHECKOUT)!r}); "
    return (python, "-c", f"{start}from sessionctl.__main__ import main; sys.exit(main())")


def test_the_transcripts_are_those_of_the_demo(tmp_path):
    need("git")
    need("tmux")
    printed = played(tmp_path)
    shown = blocks(README, "text")
    assert len(shown) >= 5
    for block in shown:
        assert block.text in printed, f"README.md:{block.line}: sessionctl demo prints otherwise"


def test_the_readme_leads_with_a_session_that_is_restored():
    first, second, third, *_ = (block.text for block in blocks(README, "text"))
    assert first.startswith("$ sessionctl save ")
    assert "# in your editor" in second
    assert "$ sessionctl restore " in third
    assert "diff before -" in third


def test_the_readme_is_read_to_its_end():
    assert len(TEXT.splitlines()) <= 200


def test_the_session_of_the_readme_is_valid():
    from sessionctl import validate

    [whole] = [block for block in blocks(README, "toml") if "[[overrides]]" in block.text]
    assert not validate(whole.text)


@pytest.mark.parametrize("name", list(command_table.COMMANDS))
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
    defined = {
        node.name
        for module in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    rows = re.findall(r"^\| [a-z, ]+ \| .* \| (.*) \|$", glossary(), re.MULTILINE)
    assert len(rows) > 20
    for name in re.findall(r"`([^`]+)`", "".join(rows)):
        path = PACKAGE.joinpath(*name.split("."))
        assert name in defined or path.is_dir() or path.with_suffix(".py").is_file(), name
