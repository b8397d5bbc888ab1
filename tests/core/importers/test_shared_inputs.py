"""The inputs that are shared: what a right import of each holds is written beside it."""

from __future__ import annotations

import os

from tests.core.importers.reading_tools import read, runs
from tests.world import shared_data


def shared(name):
    path = shared_data("importers", name)
    return read(path.read_text(encoding="utf-8"), str(path), home="/home/bob")


def test_tmuxp_shorthands():
    found = shared("01-tmuxp-shorthands.yaml")
    assert (found.kind, found.session["root"]) == ("tmuxp", ".")
    assert [w["name"] for w in found.windows] == ["editor", "shells", "1", ""]
    before = "[ -f .venv/bin/activate ] && source .venv/bin/activate\nclear\n"
    editor, shells, one, last = found.windows
    assert editor["focus"] is True
    assert runs(editor) == [f"{before}nvim"]
    assert shells["options"] == {"main-pane-width": "60%"}
    stage = f"{before}export STAGE=dev"
    assert runs(shells) == [*[stage] * 5, f"{stage}\nmake db\nmake web", f"{stage}\nnpm run dev"]
    assert shells["panes"][6] == {"cwd": "../front", "focus": True, "run": f"{stage}\nnpm run dev"}
    assert shells["cwd"] == "services/api"
    assert found.rules(27) == ["import-doubt"]
    assert runs(one) == [f"{before}cd ~/src/shop\nopencode"]
    line = """tail -f log/"dev server".log | grep --color=always -E 'WARN|#[0-9]+'"""
    assert runs(last) == [before + line]


def test_tmuxp_json():
    found = shared("03-tmuxp.json")
    assert found.session["root"] == "~/work/etl"
    assert [(w["name"], w["index"]) for w in found.windows] == [
        ("jobs", 1),
        ("pyé", 2),
        ("jobs", 3),
    ]
    first = found.windows[0]["panes"]
    assert first[1] == {"run": 'cd "../shared data"\nls\t-la', "focus": True}
    assert first[2:] == [{}, {}]
    assert found.windows[1]["options"] == {"automatic-rename": False}
    assert "sleep_before" not in str(found.session)
    assert "import-lost" in found.rules(8)


def test_tmuxinator_forms():
    found = shared("05-tmuxinator-forms.yml")
    names = ["editor", "console", "notes", "steps", "api/logs", "grid", "8080", "grid"]
    assert [w["name"] for w in found.windows] == names
    assert len({w["index"] for w in found.windows}) == 8
    before = "nvm use\nexport API=http://localhost:8080"
    assert runs(found.windows[1]) == runs(found.windows[2]) == [before]
    steps = "ssh build.example.org\ncd /srv/app\njournalctl -fu app"
    assert runs(found.windows[3]) == [f"{before}\n{steps}"]
    logs, grid = found.windows[4], found.windows[5]
    assert logs["cwd"] == "services/api"
    assert logs["layout"].startswith("b40f,160x44")
    assert logs["options"]["synchronize-panes"] is True
    assert [pane.get("focus") for pane in logs["panes"]] == [None, None, True]
    assert (logs["focus"], logs["panes"][0]["name"]) == (True, "run")
    assert "layout" not in grid
    assert [run.removeprefix(before).strip() for run in runs(grid)] == [
        "",
        "npm run watch",
        "top",
        "top",
    ]
    assert '"tilled" is left out: tmux has no such layout' in found.at(43)
    for line in (15, 16, 17):
        assert found.rules(line) == ["import-runs"]
    for line in (7, 8):
        assert found.rules(line) == ["import-lost"]


def test_ruby_is_never_run():
    found = shared("06-tmuxinator-erb.yml")
    assert not found.sessions
    assert found.rules(1) == ["import-erb"]
    assert {line for line, rule, _ in found.report} == {1, 2, 3, 5, 7, 8, 10, 12, 13, 14, 15}
    assert not os.path.exists("/tmp/erb-was-run")


def test_sesh():
    found = shared("09-sesh.toml")
    dots, downloads, mail = found.sessions
    assert (dots["name"], downloads["name"]) == ("dots ⚙️", "Downloads 📥")
    assert runs(dots["windows"][0]) == ["nvim -c ':Telescope find_files'"]
    assert [w["name"] for w in dots["windows"]] == ["", "git", "logs"]
    assert dots["windows"][2]["cwd"] == "/var/log"
    assert runs(downloads["windows"][0]) == [None]
    assert runs(mail["windows"][0]) == ["tmuxp load -a mail && tmux split-window -h -l 30%"]
    assert {line for line, *_ in found.report} >= {2, 3, 7, 23, 35, 36}


def test_resurrect():
    found = shared("11-resurrect-last.txt")
    main, side = found.sessions
    assert [(w["name"], w["index"]) for w in main["windows"]] == [
        ("édition code", 0),
        ("mon:tor #2", 2),
    ]
    first, second = main["windows"][0]["panes"]
    assert first["run"] == "vim +set nomodified notes finales.md"
    assert second == {"cwd": "/home/ada/src/api", "focus": True}
    assert found.rules(2) == ["import-repaired"]
    logs = main["windows"][1]["panes"]
    assert [pane["cwd"] for pane in logs] == ["/var/log files", "/var/log"]
    assert (logs[1]["focus"], logs[1]["zoomed"], logs[1]["start"]) == (True, True, "type")
    [build] = side["windows"]
    assert (build["index"], build["panes"][0]["cwd"]) == (5, "/home/ada/été two dirs")
    assert build["panes"][0]["start"] == "type"
    assert "main-1" in found.at(9)[0]
    assert main["windows"][0]["options"] == {"automatic-rename": False}
    assert "options" not in main["windows"][1]
