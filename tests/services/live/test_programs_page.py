"""The recipes of docs/programs.md work: in a real tmux, and with the real editor."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.services.live.resuming import brought_back, pane_value, shows, typed
from tests.transcripts import blocks
from tests.world import CHECKOUT, need

PAGE = CHECKOUT / "docs" / "programs.md"


def test_vim_comes_back_with_what_was_open(session):
    need("vim")
    [recipe] = blocks(PAGE, "vim")
    (session.home / ".vimrc").write_text(f"set nocompatible updatetime=50\n{recipe.text}")
    (session.home / "it's notes.txt").write_text("".join(f"line {n}\n" for n in range(200)))
    session.type("work:0.0", 'vim -u ~/.vimrc "it\'s notes.txt"')
    shows(session, "line 3")
    session.type("work:0.0", ":142")
    session.wait_until(lambda: session.panes("work")[0].resume is not None)
    [kept] = (session.home / ".vim/sessions").iterdir()
    session.wait_until(lambda: "142" in kept.read_text(), "the session file")
    brought_back(session)
    assert pane_value(session)["resume"] == ["vim", "-S", str(kept)]
    shows(session, "line 141")
    session.type("work:0.0", ":q")
    session.wait_until(lambda: session.panes("work")[0].run is None)
    assert session.panes("work")[0].resume is None


def test_an_agent_registers_by_its_hooks(session):
    need("jq")
    [recipe] = blocks(PAGE, "json")
    hooks = json.loads(recipe.text)["hooks"]
    pane = session.tmux("display-message", "-p", "-t", "work:0.0", "#{pane_id}").strip()
    socket = session.tmux("display-message", "-p", "#{socket_path},#{pid},0").strip()
    found = []
    for name in ("SessionStart", "SessionEnd"):
        subprocess.run(
            ["sh", "-c", hooks[name][0]["hooks"][0]["command"]],
            input=json.dumps({"session_id": "4f2c-11", "source": "startup"}),
            env={**session.env, "TMUX": socket, "TMUX_PANE": pane},
            encoding="utf-8",
            check=True,
            timeout=30,
        )
        found.append(session.panes("work")[0].resume)
    assert found == [("claude", "--resume", "4f2c-11"), None]


@pytest.mark.slow
def test_a_program_without_hooks_comes_back_by_a_script(session):
    recipe = blocks(PAGE, "sh")[1]
    script = session.home / "bin/talk"
    script.parent.mkdir()
    script.write_text(recipe.text)
    script.chmod(0o755)
    for name in (".bashrc", ".bash_profile"):
        with (session.home / name).open("a") as stream:
            stream.write('PATH="$HOME/bin:$PATH"\n')
    session.tmux("respawn-pane", "-k", "-t", "work:0.0")
    typed(session, "talk 'my topic'", "talk []")
    typed(session, "hello", "answer to hello")
    brought_back(session)
    assert pane_value(session)["resume"] == ["talk", "--continue"]
    shows(session, "talk ['hello']")
    session.type("work:0.0", "quit")
    session.wait_until(lambda: session.panes("work")[0].resume is None)


@pytest.mark.slow
def test_python_comes_back_with_its_history(session):
    [recipe] = blocks(PAGE, "py")
    (session.home / "start.py").write_text(recipe.text)
    for name in (".bashrc", ".bash_profile"):
        with (session.home / name).open("a") as stream:
            stream.write('export PYTHONSTARTUP="$HOME/start.py" PYTHON_BASIC_REPL=1\n')
    session.tmux("respawn-pane", "-k", "-t", "work:0.0")
    typed(session, "python3", ">>>")
    typed(session, "answer = 6 * 7", ">>>")
    typed(session, "f'it is {answer}'", "it is 42")
    session.wait_until(lambda: session.panes("work")[0].resume is not None)
    [kept] = session.home.glob(".python-*")
    session.wait_until(lambda: "it is" in kept.read_text(), "the history")
    brought_back(session)
    again = ["env", "PYTHON_BASIC_REPL=1", f"PANE_HISTORY={kept}", "python3"]
    assert pane_value(session)["resume"] == again
    shows(session, ">>>")
    typed(session, "import readline; print([readline.get_history_item(1)])", "['answer = 6 * 7']")
    session.type("work:0.0", "exit()")
    session.wait_until(lambda: session.panes("work")[0].run is None)
    assert session.panes("work")[0].resume is None
