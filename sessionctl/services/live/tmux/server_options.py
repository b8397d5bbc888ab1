"""Server options: what was set for a whole tmux server by hand, kept and set again.

What the configuration files set comes back with them, so it is left out.
"""

from __future__ import annotations

import re

from sessionctl.core.workspace.workspace import ServerFacts
from sessionctl.system.tmux.option_defaults import ASKED, OptionTexts, changed, is_default
from sessionctl.system.tmux.option_text import assignments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sessionctl.core.workspace.workspace import OptionValue

_SET = re.compile(r"\b(?:set|set-option|setw|set-window-option)\b([^\n;#]*)")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_NAME = re.compile(r"@?[a-z][\w-]*")
_RUNS = re.compile(r"^\s*(?:run|run-shell|if|if-shell)\b", re.MULTILINE)
_SOURCES = re.compile(r"^\s*(?:source|source-file)\s+(?:-\S+\s+)*[\"']?([^\s\"';]+)", re.MULTILINE)
# These follow the environment of whoever starts the server.
_OF_ENVIRONMENT = frozenset({"default-shell", "editor", "default-terminal", "user-keys"})
_MOST_FILES = 20
_FLAGS = ("-s", "-g", "-gw")


def captured_facts(
    config_files: Sequence[str], texts: OptionTexts, defaults: OptionTexts | None, home: str
) -> ServerFacts:
    """Return what a server has besides its sessions; no options where no defaults are known."""
    if defaults is None:
        return ServerFacts(tuple(config_files))
    found = [changed(*pair) for pair in zip(texts, defaults, strict=True)]
    if not any(found):
        return ServerFacts(tuple(config_files))
    configured, runs_programs = _configured(config_files, home)
    left = [_left(options, configured, runs_programs=runs_programs) for options in found]
    return ServerFacts(tuple(config_files), *left)


def option_commands(
    facts: ServerFacts, texts: OptionTexts, defaults: OptionTexts
) -> Iterator[tuple[str, ...]]:
    """Yield the commands that set ``facts`` again on a server that has just begun.

    What its configuration sets now is newer and stays.
    """
    for flag, options, text, default in zip(_FLAGS, facts[1:], texts, defaults, strict=True):
        for name, value in options.items():
            if is_default(name.partition("[")[0], text, default):
                for item, word in assignments({name: value}):
                    yield ("set-option", flag, item, word)


def has_options(facts: ServerFacts) -> bool:
    """Return whether anything was set for the whole server."""
    return any(facts[1:])


def _left(
    options: Mapping[str, OptionValue], configured: set[str], *, runs_programs: bool
) -> dict[str, OptionValue]:
    # Plug-ins keep much in options of their own, and set it again when they start.
    return {
        name: value
        for name, value in options.items()
        if name.partition("[")[0] not in configured
        and name not in _OF_ENVIRONMENT
        and not (runs_programs and name.startswith("@"))
    }


def _configured(files: Sequence[str], home: str) -> tuple[set[str], bool]:
    """Return the options that configuration files speak of, and whether they run programs."""
    names: set[str] = set()
    runs = False
    pending = list(files)
    seen: set[str] = set()
    while pending and len(seen) < _MOST_FILES:
        file = pending.pop(0)
        if file.startswith("~/"):
            file = home + file[1:]
        if file in seen:
            continue
        seen.add(file)
        text = _COMMENT.sub("", _text_of(file))
        for match in _SET.finditer(text):
            names.update(_NAME.findall(match[1]))
        runs = runs or _RUNS.search(text) is not None
        pending += _SOURCES.findall(text)
    return names, runs


def _text_of(file: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
            return stream.read()
    except OSError:
        return ""


__all__ = ["ASKED", "captured_facts", "has_options", "option_commands"]
