"""Telling: the demo step by step; each step is carried out and must give what it claims."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.services.demo import story
from sessionctl.services.demo.stage import SESSION, Stage, Typed
from sessionctl.system.files import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Step = Iterator["Event"]


class Chapter(NamedTuple):
    """A chapter begins."""

    title: str


class Edited(NamedTuple):
    """The session file was edited as by hand; ``what`` says how."""

    what: str


Event = Chapter | Edited | Typed


def tell(stage: Stage) -> Iterator[Event]:
    """Carry out the demo on ``stage``, yielding what happens as it happens.

    Raises:
      ToolError: a step did not give what it claims, or a program is missing.
    """
    stage.type("git init --quiet")
    yield Chapter("Begin a session")
    yield stage.type("sessionctl new api", says=[SESSION])
    told = _told_with(_identity(stage))
    stage.edit(told(story.BASE))
    yield Edited("write down what you work with")
    yield stage.type(f"sessionctl show {SESSION}", says=["editor", "db.example.org"])
    for chapter in (_commit, _edit_twice, _merge, _clash, _slip):
        yield from chapter(stage, told)


def _commit(stage: Stage, _told: Callable[[str], str]) -> Step:
    yield Chapter("Commit it, and let git merge it by key")
    yield stage.type("sessionctl git install", says=["git now diffs and merges"])
    yield stage.type("git add --all")
    yield stage.type("git commit --quiet -m 'begin the api session'")
    yield stage.type("sessionctl git status", says=["1 of 1"])


def _edit_twice(stage: Stage, told: Callable[[str], str]) -> Step:
    yield Chapter("Edit it on two machines")
    yield stage.type("git switch --quiet --create laptop")
    stage.edit(told(story.LAPTOP))
    yield Edited("the laptop goes through a tunnel and watches logs")
    yield stage.type(f"sessionctl diff --rev HEAD {SESSION}", code=1, says=["5432", "5433"])
    yield stage.type("git commit --quiet --all -m 'tunnel, logs'")
    yield stage.type("git switch --quiet desktop")
    stage.edit(told(story.DESKTOP))
    yield Edited("the desktop changes the lines above and below the port")
    yield stage.type(f"sessionctl diff --rev HEAD {SESSION}", code=1, says=["reader"])
    yield stage.type("git commit --quiet --all -m 'new server'")


def _merge(stage: Stage, told: Callable[[str], str]) -> Step:
    yield Chapter("Merge: by lines they clash, by key they do not")
    yield stage.type("SESSIONCTL_MERGE=text git merge laptop", code=1, says=["CONFLICT"])
    yield stage.type("git merge --abort")
    merging = "git merge --no-stat laptop"
    yield stage.type(merging)
    stage.check(told(story.MERGED), merging)
    yield stage.type(f"grep -A5 prod {SESSION}", says=["# through the tunnel", "# read only"])


def _clash(stage: Stage, told: Callable[[str], str]) -> Step:
    yield Chapter("A real conflict: both machines change the port again")
    stage.type("git switch --quiet laptop")
    stage.type("git merge --quiet --ff-only desktop")
    stage.edit(told(story.LAPTOP_LATER))
    stage.type("git commit --quiet --all -m 'light theme'")
    stage.type("git switch --quiet desktop")
    stage.edit(told(story.DESKTOP_LATER))
    stage.type("git commit --quiet --all -m 'pgbouncer'")
    yield stage.type("git merge laptop", code=1, says=[f"{SESSION}:33:1", "both-modified"])
    yield stage.type(f"sed -n '/<<<</,$p' {SESSION}", says=["6432", "5434", "light"])
    stage.edit(told(story.RESOLVED))
    yield Edited("take 6432, and the marker lines out")
    yield stage.type(f"sessionctl validate {SESSION}", says=["1 valid"])
    yield stage.type("git commit --quiet --all -m 'merge laptop'")


def _slip(stage: Stage, told: Callable[[str], str]) -> Step:
    yield Chapter("A slip of the hand is found, and mended to the byte")
    stage.edit(told(story.SLIP))
    yield Edited("a typing error in a layout")
    yield stage.type(f"sessionctl validate {SESSION}", code=1, says=[f"{SESSION}:11:10"])
    mending = f"sessionctl set {SESSION} 'windows[0].layout' main-vertical"
    yield stage.type(mending)
    stage.check(told(story.RESOLVED), mending)
    yield stage.type(f"sessionctl validate {SESSION}", says=["1 valid"])
    yield stage.type("git status --short")


def _identity(stage: Stage) -> str:
    from sessionctl.core.toml.document import Document

    identity = Document.parse(read_text(stage.session), SESSION).get("id")
    assert isinstance(identity, str)
    return identity


def _told_with(identity: str) -> Callable[[str], str]:
    """Return what gives a text of the story the id that ``sessionctl new`` made."""
    return lambda text: text.replace(story.ID, identity)
