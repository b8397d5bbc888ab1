"""Programs that say themselves how they come back, in a real tmux."""

from __future__ import annotations

import json
import os
import signal

import jsonschema
import pytest

from sessionctl.resources import schema_text
from sessionctl.services.live.tmux.pane_resume import read_resume, register_resume
from tests.services.live.resuming import FILE, brought_back, pane_value, save, shows, typed

HOSTILE = [
    ("vim", "-S", "a b"),
    ("on",),
    ("off",),
    ("007",),
    ("x", ""),
    ("x", "", ""),
    ("x", "line\nline", "tab\t", "\x1b[31m"),
    ("x", ";", "a;", "\\;", "{", "}", "#{pane_id}", "#(touch x)", "$HOME", "~", "%if"),
    ("x", "'", '"', 'it\'s "so"', "\\", "\\\\", "\\n"),
    ("x", "é日本\U0001f600", os.fsdecode(b"\xff\xfe\x80")),
    ("-n", "--", "-x"),
    ("x", "y" * 100_000),
    tuple("abcdefgh" * 50),
]


def pane_of(world, target="work:0.0"):
    return world.tmux("display-message", "-p", "-t", target, "#{pane_id}").strip()


def call(world, *words, pane=None, code=0):
    """Run 'sessionctl pane resume' where a program in a pane would."""
    env = {
        "TMUX": world.tmux("display-message", "-p", "#{socket_path},#{pid},0").strip(),
        "TMUX_PANE": pane or pane_of(world),
    }
    done = world.run_plain("pane", "resume", *words, check=False, **env)
    assert done.returncode == code, done.stderr
    return done


@pytest.mark.parametrize("argv", HOSTILE, ids=lambda argv: ascii(argv)[:30])
def test_any_argv_is_registered_exactly(session, argv):
    pane = pane_of(session)
    register_resume(session.adapter.server, pane, argv)
    assert read_resume(session.adapter.server, pane) == argv
    assert session.panes("work")[0].resume == argv
    assert not (session.home / "x").exists()


def test_a_plain_shell_and_nothing_are_two_things(session):
    pane, server = pane_of(session), session.adapter.server
    assert read_resume(server, pane) is None
    register_resume(server, pane, ())
    assert read_resume(server, pane) == ()
    assert session.panes("work")[0].resume == ()
    register_resume(server, pane, None)
    assert read_resume(server, pane) is None
    register_resume(server, pane, None)
    assert session.panes("work")[0].resume is None


def test_the_command_registers_for_the_pane_it_runs_in(session):
    session.tmux("split-window", "-d", "-t", "work:0")
    second = pane_of(session, "work:0.1")
    call(session, "--", "agent", "--resume", "a b", "-v", "--shell", pane=second)
    panes = session.panes("work")
    assert panes[0].resume is None
    assert panes[1].resume == ("agent", "--resume", "a b", "-v", "--shell")
    assert call(session, pane=second).stdout == "agent --resume 'a b' -v --shell\n"
    call(session, "--clear", pane=second)
    assert session.panes("work")[1].resume is None
    call(session, "--shell", "--pane", second)
    assert session.panes("work")[1].resume == ()
    assert "plain shell" in call(session, pane=second).stderr


def test_a_dry_run_registers_nothing(session):
    assert "would be back with vim" in call(session, "-n", "--", "vim").stderr
    assert session.panes("work")[0].resume is None


def test_the_answer_keeps_to_its_schema(session):
    schema = json.loads(schema_text("output-pane-resume.v1"))
    for words in ([], ["--", "vim", os.fsdecode(b"\xff")], ["--shell"], ["--clear"]):
        answer = json.loads(call(session, "--json", *words).stdout)
        jsonschema.validate(answer, schema)
    assert answer["resume"] is None
    assert answer["changed"] is True


def test_outside_of_tmux_it_says_how_to_name_a_pane(session):
    done = session.run("pane", "resume", check=False)
    assert done.returncode == 2
    assert "--pane" in done.stderr


def test_a_pane_that_is_not_there_is_an_error(session):
    assert "no such pane" in call(session, "--", "vim", pane="%999", code=3).stderr


def test_one_thing_at_a_time(session):
    call(session, "--shell", "--clear", code=2)
    call(session, "--shell", "--", "vim", code=2)
    call(session, "--", "", code=2)


def test_an_editor_comes_back_with_its_session_file(session):
    typed(session, "editor notes.txt", "at line 1")
    typed(session, "42", "at line 42")
    brought_back(session)
    assert pane_value(session)["resume"] == ["editor", "-S", f"{session.home}/.notes.txt session"]
    shows(session, "editing notes.txt at line 42")


def test_an_agent_goes_on_with_its_conversation(session):
    typed(session, "agent", "conversation")
    typed(session, "hello", "answer to hello")
    brought_back(session)
    shows(session, "['hello']")
    typed(session, "again", "answer to again")
    # It registered once more: the second time works as the first.
    done = brought_back(session)
    assert "error" not in done.stderr
    shows(session, "['hello', 'again']")
    [talk] = (session.home / ".agent").iterdir()
    assert pane_value(session)["resume"] == ["agent", "--resume", talk.name]


def test_an_agent_that_begins_another_conversation_needs_no_new_word(session):
    typed(session, "agent", "conversation")
    brought_back(session)
    session.wait_until(lambda: session.panes("work")[0].run is not None)
    [first] = (session.home / ".agent").iterdir()
    shows(session, f"conversation {first.name[:8]}")
    other = session.home / ".agent/other"
    other.write_text("elsewhere\n")
    call(session, "--", "agent", "--resume", "other")
    brought_back(session)
    shows(session, "['elsewhere']")


def test_two_agents_in_one_directory_go_on_with_their_own_conversations(session):
    session.tmux("split-window", "-d", "-t", "work:0", "-c", session.home)
    for target, words in (("work:0.0", "apples"), ("work:0.1", "pears")):
        session.type(target, "agent")
        shows(session, "conversation", target)
        session.type(target, words)
        shows(session, f"answer to {words}", target)
    brought_back(session)
    shows(session, "['apples']", "work:0.0")
    shows(session, "['pears']", "work:0.1")


def test_an_agent_that_was_killed_comes_back_all_the_same(session):
    typed(session, "agent", "conversation")
    typed(session, "hello", "answer to hello")
    save(session)
    pid = session.tmux("display-message", "-p", "#{pid}").strip()
    os.kill(int(pid), signal.SIGKILL)
    session.end()
    session.run("restore", session.home / FILE)
    shows(session, "['hello']")


def test_a_repl_has_its_history(session):
    typed(session, "repl", "history []")
    typed(session, "1+1", "= 1+1")
    brought_back(session)
    shows(session, "history ['1+1']")


def test_a_program_that_ended_in_good_order_leaves_a_shell(session):
    typed(session, "editor notes.txt", "at line 1")
    typed(session, "quit", "$ ")
    session.wait_until(lambda: session.panes("work")[0].resume is None)
    brought_back(session)
    assert session.panes("work")[0].run is None
    assert "resume" not in pane_value(session)


def test_what_is_cleared_later_leaves_the_file(session):
    typed(session, "agent", "conversation")
    save(session)
    assert "resume" in pane_value(session)
    call(session, "--clear")
    save(session)
    assert "resume" not in pane_value(session)


def test_a_resume_written_by_hand_stays(session):
    session.type("work:0.0", "tail -f /dev/null")
    session.wait_for_program("work", ("tail", "-f", "/dev/null"))
    save(session)
    text = (session.home / FILE).read_text()
    assert "resume" not in text
    edited = text.replace("[[windows.panes]]", '[[windows.panes]]\n  resume = ["agent"]  # mine')
    (session.home / FILE).write_text(edited)
    session.tmux("set-option", "-t", "work", "status-left", "changed")
    save(session)
    assert 'resume = ["agent"]  # mine' in (session.home / FILE).read_text()


def test_secrets_in_it_never_reach_the_file(session):
    token = "ghp_0123456789abcdefABCDEF0123456789abcd"
    call(session, "--", "agent", f"--token={token}")
    save(session)
    assert token not in (session.home / FILE).read_text()
