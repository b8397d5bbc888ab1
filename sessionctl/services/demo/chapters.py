"""The demo step by step; each step is carried out and must give what it claims."""

from __future__ import annotations

from sessionctl.services.demo import story
from sessionctl.services.demo.event import Chapter, Event, Remark
from sessionctl.services.demo.live_chapters import live_chapters
from sessionctl.services.demo.stage import SESSION, Stage
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Step = Iterator[Event]


def play(stage: Stage) -> Iterator[Event]:
    """Carry out the demo on ``stage``, yielding what happens as it happens.

    Raises:
      ToolError: a step did not give what it claims, or a program is missing.
    """
    stage.type("git init --quiet")
    yield from live_chapters(stage)
    yield Chapter("Begin a session by hand")
    yield stage.type("sessionctl new api", says=[SESSION])
    text_of = _with_identity(_identity(stage))
    yield Remark("in your editor: what you work with")
    stage.edit(text_of(story.BASE))
    yield stage.type(f"sessionctl show {SESSION}", says=["editor", "db.example.org"])
    for chapter in (_commit, _laptop, _desktop, _merge, _clash, _settle, _slip):
        yield from chapter(stage, text_of)


def _commit(stage: Stage, _text_of: Callable[[str], str]) -> Step:
    yield Chapter("Commit it, and let git merge it by key")
    yield stage.type("sessionctl git install", says=["git now diffs and merges"])
    yield stage.type("git add --all")
    yield stage.type("git commit --quiet -m 'begin the api session'")
    yield stage.type("git check-attr merge api.session.toml", says=["merge: sessionctl"])


def _laptop(stage: Stage, text_of: Callable[[str], str]) -> Step:
    yield Chapter("Edit it on the laptop")
    yield stage.type("git switch --quiet --create laptop")
    yield Remark("in your editor: the port of a tunnel, and a window for logs")
    stage.edit(text_of(story.LAPTOP))
    yield stage.type(f"sessionctl diff --rev HEAD {SESSION}", code=1, says=["5432", "5433"])
    yield stage.type("git commit --quiet --all -m 'tunnel, logs'")


def _desktop(stage: Stage, text_of: Callable[[str], str]) -> Step:
    yield Chapter("Edit it on the desktop, in the lines above and below the port")
    yield stage.type("git switch --quiet desktop")
    yield Remark("in your editor: another server, another user, and why")
    stage.edit(text_of(story.DESKTOP))
    yield stage.type(f"sessionctl diff --rev HEAD {SESSION}", code=1, says=["reader"])
    yield stage.type("git commit --quiet --all -m 'new server'")


def _merge(stage: Stage, text_of: Callable[[str], str]) -> Step:
    yield Chapter("Merge: by lines they conflict, by key they do not")
    yield Remark("by lines, as git does on its own")
    yield stage.type("SESSIONCTL_MERGE=text git merge laptop", code=1, says=["CONFLICT"])
    yield stage.type("git merge --abort")
    yield Remark("by key; the comments of both are there")
    merging = "git merge --no-stat laptop"
    yield stage.type(merging)
    stage.check(text_of(story.MERGED), merging)
    yield stage.type(f"grep -A4 prod {SESSION}", says=["# through the tunnel", "# read only"])


def _clash(stage: Stage, text_of: Callable[[str], str]) -> Step:
    yield Chapter("A real conflict: both change the port again")
    yield stage.type("git switch --quiet laptop && git merge --quiet desktop")
    yield Remark("in your editor: port 5434, and a light theme")
    stage.edit(text_of(story.LAPTOP_LATER))
    yield stage.type("git commit --quiet --all -m 'light theme'")
    yield stage.type("git switch --quiet desktop")
    yield Remark("in your editor: port 6432")
    stage.edit(text_of(story.DESKTOP_LATER))
    yield stage.type("git commit --quiet --all -m 'pgbouncer'")
    yield stage.type("git merge laptop", code=1, says=[f"{SESSION}:31:1", "both-modified"])
    stage.check(text_of(story.CONFLICT), "git merge laptop")


def _settle(stage: Stage, text_of: Callable[[str], str]) -> Step:
    yield Chapter("The conflict is one key, all else is merged")
    yield stage.type(f"sed -n '/<<<</,$p' {SESSION}", says=["6432", "5434", "light"])
    yield Remark("in your editor: 6432 stays, the rest and the markers go")
    stage.edit(text_of(story.RESOLVED))
    yield stage.type(f"sessionctl validate {SESSION}", says=["1 valid"])
    yield stage.type("git commit --quiet --all -m 'merge laptop'")


def _slip(stage: Stage, text_of: Callable[[str], str]) -> Step:
    yield Chapter("A typing error is found and fixed")
    yield Remark("in your editor: a typing error")
    stage.edit(text_of(story.SLIP))
    yield stage.type(f"sessionctl validate {SESSION}", code=1, says=[f"{SESSION}:18:11"])
    fixing = f"sessionctl set {SESSION} 'windows[name=editor].panes[name=tests].start' type"
    yield stage.type(fixing)
    stage.check(text_of(story.RESOLVED), fixing)
    yield stage.type(f"sessionctl validate {SESSION}", says=["1 valid"])
    same = "nothing differs from what was committed"
    yield stage.type(f"git diff --exit-code && echo {same}", says=[same])


def _identity(stage: Stage) -> str:
    from sessionctl.core.toml.document import Document

    identity = Document.parse(read_text(stage.session), SESSION).get("id")
    assert isinstance(identity, str)
    return identity


def _with_identity(identity: str) -> Callable[[str], str]:
    """Return what gives a text of the story the id that ``sessionctl new`` made."""
    return lambda text: text.replace(story.ID, identity)
