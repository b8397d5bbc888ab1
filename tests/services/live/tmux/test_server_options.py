"""What was set by hand for a whole server, without what its configuration sets."""

from __future__ import annotations

import pytest

from sessionctl.core.workspace.workspace import ServerFacts
from sessionctl.services.live.tmux.server_options import (
    captured_facts,
    has_options,
    option_commands,
)
from sessionctl.system.tmux.option_defaults import OptionTexts

DEFAULTS = OptionTexts("editor vi\nescape-time 500\n", "mouse off\nprefix C-b\n", "mode-keys vi\n")
CONF = """\
set -g prefix C-a  # mine
# set -g status off
  #set -g mouse on
setw -g 'mode-keys' emacs ; set-option -ga @theme x
source-file -q "more.conf"
source ~/own.conf
"""


@pytest.fixture
def conf(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tmux.conf").write_text(CONF)
    (tmp_path / "more.conf").write_text("set -g base-index 1\nsource tmux.conf\n")
    (tmp_path / "own.conf").write_text("set -s escape-time 0\n")
    return tmp_path


def captured(conf, *texts, files=("tmux.conf",), defaults=DEFAULTS):
    return captured_facts(files, OptionTexts(*texts), defaults, str(conf))


def test_what_the_configuration_speaks_of_is_left_out(conf):
    found = captured(
        conf, "editor nano\nescape-time 0\nbuffer-limit 9\n",
        'mouse on\nprefix C-a\nstatus off\nbase-index 1\n@theme x\n@mine "a b"\n'
        "default-shell /bin/zsh\nupdate-environment[0] A\n",
        "mode-keys emacs\npane-base-index 1\n",
    )  # fmt: skip
    options = {"mouse": True, "status": False, "@mine": "a b", "update-environment": ("A",)}
    assert found == ServerFacts(
        ("tmux.conf",), {"buffer-limit": 9}, options, {"pane-base-index": 1}
    )
    assert has_options(found)


def test_plug_ins_set_their_own_options_again(conf):
    (conf / "own.conf").write_text("  run-shell 'x'\n")
    found = captured(conf, *DEFAULTS[:1], "mouse on\nprefix C-b\n@mine x\n", DEFAULTS[2])
    assert found == ServerFacts(("tmux.conf",), {}, {"mouse": True}, {})
    (conf / "own.conf").write_text("# run x\nrunner y\nset -g @x 'if y'\n")
    found = captured(conf, *DEFAULTS[:1], "mouse on\nprefix C-b\n@mine x\n", DEFAULTS[2])
    assert found.session_options == {"mouse": True, "@mine": "x"}


def test_without_defaults_or_changes_there_is_nothing(conf):
    nothing = ServerFacts(("tmux.conf",))
    assert captured(conf, "x 1\n", "", "", defaults=None) == nothing
    assert captured(conf, *DEFAULTS) == nothing
    assert not has_options(nothing)
    more = DEFAULTS.server + "a 1\n"
    assert captured(conf, more, *DEFAULTS[1:], files=("none.conf",)) == ServerFacts(
        ("none.conf",), {"a": 1}, {}, {}
    )


def test_options_come_back_where_the_new_configuration_leaves_them_alone():
    facts = ServerFacts(
        (), {"buffer-limit": 9}, {"mouse": True, "prefix": "C-a", "update-environment": ("A", "B"),
                                  "user-keys[7]": "x", "terminal-overrides": ()},
        {"mode-keys": "emacs"},
    )  # fmt: skip
    now = OptionTexts("", "mouse off\nprefix C-x\n", "mode-keys vi\n")
    assert list(option_commands(facts, now, DEFAULTS)) == [
        ("set-option", "-s", "buffer-limit", "9"), ("set-option", "-g", "mouse", "on"),
        ("set-option", "-g", "update-environment[0]", "A"),
        ("set-option", "-g", "update-environment[1]", "B"),
        ("set-option", "-g", "user-keys[7]", "x"), ("set-option", "-g", "terminal-overrides", ""),
        ("set-option", "-gw", "mode-keys", "emacs"),
    ]  # fmt: skip
