"""A session as a shell script that builds it with tmux."""

from __future__ import annotations

from sessionctl.core.exporters.outline import Loss, pane_directory
from sessionctl.core.exporters.words import in_quotes, tmux_argument, tmux_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.exporters.outline import PaneOutline, SessionOutline, WindowOutline

_HEAD = """\
#!/bin/sh
# Builds the tmux session {title}, exported by sessionctl from {file}.
# SOCKET=NAME chooses another server, as 'tmux -L NAME' does.
set -eu

tmux() {{ command tmux -u ${{SOCKET:+-L "$SOCKET"}} "$@"; }}
line() {{ tmux send-keys -t "$pane" -l -- "$1"; }}
enter() {{ tmux send-keys -t "$pane" Enter; }}
"""
_TAIL = """\
[ -t 1 ] || exit 0
if [ -n "${TMUX:-}" ]; then tmux switch-client -t "$session"; else tmux attach -t "$session"; fi
"""
_HOOKS = ("after-", "alert-", "client-", "pane-died", "pane-exited", "session-", "window-linked")


def render_script(session: SessionOutline, file: str) -> tuple[str, tuple[Loss, ...]]:
    """Return the script, and what it cannot do beside what the outline lacks already."""
    writer = _ScriptWriter(session)
    writer.session(file)
    return "\n".join(writer.lines) + "\n", tuple(writer.losses)


class _ScriptWriter:
    def __init__(self, session: SessionOutline) -> None:
        self.outline = session
        self.lines: list[str] = []
        self.losses: list[Loss] = []

    def session(self, file: str) -> None:
        session = self.outline
        self.lines.append(_HEAD.format(title=_comment(session.name), file=_comment(file)))
        self.lines.append("# A first window that holds the session open until there is another.")
        self.command(
            "session=$(", "new-session", "-dP", "-F", "#{session_id}", "-x", "200", "-y", "50",
            "-s", _name(session.name), "-c", _directory(session.root), *_env(session.env),
        )  # fmt: skip
        self.lines.append('first=$(tmux display-message -p -t "$session" "#{window_id}")')
        self.options(session.options, "", '"$session"')
        focused = ""
        for number, window in enumerate(session.windows, 1):
            self.window(window, number)
            if window.focus:
                focused = f'tmux select-window -t "$window{number}"'
        self.lines.append("")
        if session.windows:
            self.lines.append(focused or 'tmux select-window -t "$window1"')
        self.lines.append(_TAIL.rstrip("\n"))

    def window(self, window: WindowOutline, number: int) -> None:
        self.lines += ["", f"# {_comment(window.name) or 'a window'}"]
        for index, pane in enumerate(window.panes):
            self.pane(window, pane, number, index)
        target = f'"$window{number}"'
        options = [pair for pair in window.options if pair[0] != "synchronize-panes"]
        self.options(tuple(options), "-w", target)
        if window.layout:
            self.lines.append(f"tmux select-layout -t {target} {in_quotes(window.layout)} || :")
        for index, pane in enumerate(window.panes):
            self.finish(pane, f"$pane{number}_{index}")
        self.options(tuple(p for p in window.options if p not in options), "-w", target)

    def pane(self, window: WindowOutline, pane: PaneOutline, number: int, index: int) -> None:
        where = ["-c", _directory(pane_directory(self.outline.root, window.cwd, pane.cwd))]
        where += _env(tuple({**dict(window.env), **dict(pane.env)}.items()))
        program = _program(pane.program or pane.shell)
        if index:
            # Tiled after each: so there is room for many.
            last = f'"$pane{number}_{index - 1}"'
            split = ("split-window", "-dP", "-F", "#{pane_id}", "-t", last)
            self.command(f"pane{number}_{index}=$(", *split, *where, *program)
            self.lines.append(f'tmux select-layout -t "$window{number}" tiled')
            return
        name = ["-n", _name(window.name)] if window.name else []
        target = "" if window.number is None else str(window.number)
        if number == 1:
            target = ""
        self.command(
            f"window{number}=$(", "new-window", "-dP", "-F", "#{window_id}",
            "-t", f'"$session:{target}"', *name, *where, *program,
        )  # fmt: skip
        self.lines.append(
            f'pane{number}_0=$(tmux display-message -p -t "$window{number}" "#{{pane_id}}")'
        )
        if number == 1:
            self._drop_first(window)

    def _drop_first(self, window: WindowOutline) -> None:
        self.lines.append('number=$(tmux display-message -p -t "$first" "#{window_index}")')
        if window.number is not None:
            self.lines.append(f"number={window.number}")
        self.lines.append('tmux kill-window -t "$first"')
        moves = 'tmux move-window -s "$window1" -t "$session:$number"'
        here = '$(tmux display-message -p -t "$window1" "#{window_index}")'
        self.lines.append(f'[ "{here}" = "$number" ] || {moves}')

    def finish(self, pane: PaneOutline, variable: str) -> None:
        if pane.name:
            self.lines.append(f'tmux select-pane -t "{variable}" -T {_name(pane.name)}')
        self.options(pane.options, "-p", f'"{variable}"')
        if pane.lines:
            self.lines.append(f"pane={variable}")
        for number, line in enumerate(pane.lines):
            if not line.replace("\n", "").isprintable():
                self.losses.append(Loss(pane.path / "run", "a control character in it is typed"))
            if line:
                self.lines.append(f"line {_argument(line)}")
            if pane.is_entered or number < len(pane.lines) - 1:
                self.lines.append("enter")
        if pane.focus:
            self.lines.append(f'tmux select-pane -t "{variable}"')
        if pane.zoomed:
            self.lines.append(f'tmux resize-pane -Z -t "{variable}"')

    def options(self, pairs: tuple[tuple[str, str], ...], level: str, target: str) -> None:
        for name, value in pairs:
            what = "set-hook" if name.startswith(_HOOKS) else f"set-option {level}".rstrip()
            self.lines.append(
                f"tmux {what} -t {target} -- {in_quotes(name)} {_argument(value)} || :"
            )

    def command(self, lead: str, *words: str) -> None:
        """Write a call of tmux; words of tmux's own formats are put in quotes."""
        text = " ".join(in_quotes(word) if word.startswith("#{") else word for word in words)
        self.lines.append(f"{lead}tmux {text})")


def _env(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    return [part for name, value in pairs for part in ("-e", _argument(f"{name}={value}"))]


def _program(argv: tuple[str, ...]) -> list[str]:
    """Return the words that start ``argv`` in a pane; tmux gives a single one to a shell."""
    if not argv:
        return []
    return ["--", *map(_argument, argv if len(argv) > 1 else map(in_quotes, argv))]


def _argument(text: str) -> str:
    return in_quotes(tmux_argument(text))


def _name(name: str) -> str:
    return _argument(tmux_name(name))


def _directory(path: str) -> str:
    """Return a directory as a word of the script; ``~`` is the home of who runs it."""
    if path == "~" or path.startswith("~/"):
        rest = tmux_argument(tmux_name(path[1:]))
        return f'"$HOME"{in_quotes(rest)}' if rest else '"$HOME"'
    return _name(path)


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
