"""The live part of the demo: a tmux session is saved, edited by hand, ended and brought back."""

from __future__ import annotations

from sessionctl.errors import ToolError
from sessionctl.services.demo.event import Chapter, Event, Remark
from sessionctl.services.demo.story import edited
from sessionctl.system.files.text import create_text, read_text, write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.services.demo.stage import Stage

    Step = Iterator[Event]

_FILE = "shop.session.toml"
_SAVE = f"sessionctl save shop --file {_FILE}"
_PANES = (
    "tmux list-panes -s -t shop"
    " -F '#{pane_width}x#{pane_height} #{pane_current_command} #{pane_current_path}'"
)
_SAME = "every pane is as it was: size, program, directory"
_PROGRAMS = ["tail", "grep"]


def live_chapters(stage: Stage) -> Step:
    """Carry out the live part, or say in one line why it is left out."""
    why_not = stage.server.why_not
    began: list[Event] = []
    if not why_not:
        try:
            began += _begin(stage)
        except ToolError as error:
            why_not = f"tmux does not start here ({error})"
    if why_not:
        yield Remark(f"{why_not}: saving and restoring a live session is left out")
        return
    yield from began
    for chapter in (_build, _save, _edit, _lose, _restore):
        yield from chapter(stage)


def _begin(stage: Stage) -> Step:
    shop = stage.home / "src" / "shop"
    (shop / "api").mkdir(parents=True)
    create_text(shop / "dev server.log", "listening on port 8080\n")
    yield Chapter("A workspace in tmux")
    yield stage.type("tmux new-session -d -x 120 -y 30 -s shop -n web -c ~/src/shop")


def _build(stage: Stage) -> Step:
    yield stage.type("tmux send-keys -t shop \"tail -f 'dev server.log'\" Enter")
    yield stage.type("tmux split-window -h -l 40 -t shop -c ~/src/shop/api")
    yield stage.type("tmux new-window -t shop -n jobs -c ~/src/shop")
    yield stage.type("tmux send-keys -t shop \"grep -E 'WARN|#[0-9]+' -\" Enter")
    stage.server.wait_for("shop", _PROGRAMS, stage.environ)


def _save(stage: Stage) -> Step:
    yield Chapter("Save it: a file that you can read")
    yield stage.type(_SAVE, says=["into the new file"])
    yield stage.type(f"sed -n '/windows/,$p' {_FILE}", says=['"dev server.log"'])


def _edit(stage: Stage) -> Step:
    yield Chapter("Edit the file by hand while the session goes on; both are kept")
    yield Remark("in your editor: another name for a window, and why")
    file = stage.repository / _FILE
    old = '[[windows]]\nname = "jobs"'
    new = '# Look here first when a customer calls.\n[[windows]]\nname = "warnings"'
    write_text(file, edited(read_text(file), (old, new)))
    yield stage.type("tmux split-window -v -t shop:jobs -c ~/src/shop/api")
    yield stage.type(_SAVE, says=["saved shop"])
    said = ["when a customer calls", '"warnings"', "layout"]
    yield stage.type(f"sed -n '/customer/,/layout/p' {_FILE}", says=said)


def _lose(stage: Stage) -> Step:
    yield Chapter("The power fails")
    yield stage.type(f"{_PANES} > before")
    yield stage.type("tmux kill-server")


def _restore(stage: Stage) -> Step:
    yield Chapter("Restore it, and compare")
    yield stage.type(f"sessionctl restore -n {_FILE}", says=["tail -f 'dev server.log'"])
    yield stage.type(f"sessionctl restore {_FILE}", says=["2 windows, 4 panes"])
    stage.server.wait_for("shop", _PROGRAMS, stage.environ)
    yield stage.type(f"{_PANES} | diff before - && echo '{_SAME}'", says=[_SAME])
    yield stage.type(_SAVE, says=["nothing changed"])
    (stage.repository / "before").unlink()
    stage.type("tmux kill-server")
