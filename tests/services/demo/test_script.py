"""The script of the demo, line by line, as ``script.txt`` has it: what is typed, edited, expected.

That each step gives what it claims is seen where the demo is played (``tests/cli/commands``). The
file is written by ``RECORD=1``, and read before it stays.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from sessionctl.errors import ToolError
from sessionctl.services.demo import story
from sessionctl.services.demo.chapters import play
from sessionctl.services.demo.event import Chapter, Remark, TypedCommand
from sessionctl.services.demo.live_chapters import live_chapters

SCRIPT = Path(__file__).with_name("script.txt")
IDENTITY = "00000000-0000-4000-8000-000000000000"
SAVED = '[[windows]]\nname = "web"\n\n[[windows]]\nname = "jobs"\nlayout = "x"\n'


class Recorder:
    """A stage on which nothing runs; what would be done there is a line each."""

    def __init__(self, folder, why_not="", fails=""):
        self.home, self.repository = folder / "home", folder / "repo"
        self.repository.mkdir(parents=True)
        self.session = self.repository / "api.session.toml"
        self.server = SimpleNamespace(why_not=why_not, wait_for=self.wait_for)
        self.environ, self.lines, self.fails = {"A": "1"}, [], fails

    def type(self, command, *, code=0, says=()):
        self.lines.append(f"$ {command}" + (f"  [exit {code}]" if code else ""))
        self.lines += [f"    says {piece}" for piece in says]
        if self.fails and self.fails in command:
            raise ToolError("tmux: no")
        if command == "sessionctl new api":
            self.session.write_text(f'id = "{IDENTITY}"\n')
        if command.startswith("sessionctl save") and not (self.repository / "shop").exists():
            (self.repository / "shop").touch()
            (self.repository / "shop.session.toml").write_text(SAVED)
        if command.endswith("> before"):
            (self.repository / "before").write_text("")
        return TypedCommand(command, "", code)

    def wait_for(self, session, programs, environ):
        assert environ is self.environ
        self.lines.append(f"wait until {session} runs {', '.join(programs)}")

    def name_of(self, text):
        texts = {name: value for name, value in vars(story).items() if name.isupper()}
        [name] = [
            name for name, value in texts.items()
            if isinstance(value, str) and value.replace(story.ID, IDENTITY) == text
        ]  # fmt: skip
        return name

    def edit(self, text):
        self.lines.append(f"edit to {self.name_of(text)}")

    def check(self, text, after):
        self.lines.append(f"is {self.name_of(text)}, after {after}")


def played(stage, events):
    for event in events:
        if isinstance(event, Chapter):
            stage.lines += ["", f"== {event.title}"]
        elif isinstance(event, Remark):
            stage.lines.append(f"# {event.text}")
    return stage.lines


def test_the_script_is_that_of_the_file(tmp_path):
    stage = Recorder(tmp_path / "s")
    text = "\n".join(played(stage, play(stage))) + "\n"
    if os.environ.get("RECORD"):
        SCRIPT.write_text(text)
    assert text == SCRIPT.read_text()
    saved = (stage.repository / "shop.session.toml").read_text()
    assert saved == SAVED.replace(
        '[[windows]]\nname = "jobs"',
        '# Look here first when a customer calls.\n[[windows]]\nname = "warnings"',
    )
    assert not (stage.repository / "before").exists()
    log = stage.home / "src" / "shop" / "dev server.log"
    assert log.read_text() == "listening on port 8080\n"
    assert (stage.home / "src" / "shop" / "api").is_dir()


@pytest.mark.parametrize(
    ("why_not", "fails", "said"),
    [
        ("tmux is not installed here", "", "tmux is not installed here"),
        ("", "tmux new-session", "tmux does not start here (tmux: no)"),
    ],
)
def test_without_tmux_the_live_part_is_left_out(tmp_path, why_not, fails, said):
    stage = Recorder(tmp_path / "s", why_not, fails)
    assert list(live_chapters(stage)) == [
        Remark(f"{said}: saving and restoring a live session is left out")
    ]
    assert [line for line in stage.lines if fails and fails not in line] == []
