"""Tmux key: what the keys that 'sessionctl tmux install' binds do, and how tmux shows it."""

from __future__ import annotations

import io
from typing import NamedTuple

from sessionctl.cli.boundary import guarded
from sessionctl.cli.live.live_session import live_context, tmux_adapter
from sessionctl.cli.output.console import Console
from sessionctl.core.text.source import visible
from sessionctl.errors import SessionctlError, ToolError
from sessionctl.services.live.last_sessions import sessions_to_bring_back
from sessionctl.services.live.tmux_setup.key_bindings import shell_line
from sessionctl.system.tmux.command_text import command_line, escape_format, unescape_name
from sessionctl.system.tmux.tmux_server import socket_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MENU_KEYS = "123456789abcdefghijklmnoprstuvwxyz"  # not q: it leaves the menu


class KeyPress(NamedTuple):
    """Where a key was pressed: the pane and the client, "" for none.

    ``session`` is the session that was chosen, ``at_start`` says that the server just began.
    """

    pane: str = ""
    client: str = ""
    session: str = ""
    at_start: bool = False


class TmuxKeyRun:
    """One press of a key; what is said goes to the status line of the client."""

    def __init__(self, console: Console, press: KeyPress) -> None:
        self.console = console
        self.press = press
        self.environ = {**console.machine.environ, "TMUX_PANE": press.pane}
        context = live_context(console, "")
        socket = socket_path(self.environ, "")
        usual = socket_path({**self.environ, "TMUX": ""}, "")
        # Remembered with the file: which server it is for.
        self.socket = "" if socket == usual else socket
        self.context = context._replace(socket=self.socket)
        self.adapter = tmux_adapter(self.context)
        self.server = self.adapter.server

    def save(self) -> int:
        """Save the session of the pane."""
        from sessionctl.cli.live.save_run import SaveOptions, save

        name = self._session_here()
        options = SaveOptions(socket=self.socket)
        return self._shown(lambda console: int(save(console, name, options)))

    def restore(self) -> int:
        """Bring back what ran last and does not run now."""
        answer = self.server.run([("display-message", "-p", "#{pid}.#{start_time}")])[0]
        standing = self.adapter.sessions()
        identity = answer.text.strip()
        records = sessions_to_bring_back(self.context, identity, standing)
        if not records:
            if not self.press.at_start:
                self._say("sessionctl: every saved session of last time runs")
            return 0
        files = [record.file for record in records]
        return self._shown(lambda console: self._restore_all(console, files))

    def _restore_all(self, console: Console, files: Sequence[str]) -> int:
        """Restore ``files``; one that cannot be read does not keep the others away."""
        from sessionctl.cli.live.restore_options import RestoreOptions
        from sessionctl.cli.live.restore_run import restore
        from sessionctl.cli.output.problem_output import print_error
        from sessionctl.services.live.workspace_restore import read_session_file

        readable, code = [], 0
        for file in files:
            try:
                read_session_file(file, self.context)
            except SessionctlError as error:
                print_error(console, error)
                code = error.exit_code
            else:
                readable.append(file)
        options = RestoreOptions(no_input=True, socket=self.socket, is_for_status_line=True)
        return max(code, restore(console, readable, options) if readable else 0)

    def open(self) -> int:
        """Go to the session that was chosen, or show the menu to choose one."""
        if not self.press.session:
            return self._menu()
        from sessionctl.cli.live.live_session import known_file, session_lookup
        from sessionctl.cli.live.restore_options import RestoreOptions
        from sessionctl.cli.live.restore_run import restore

        name = self.press.session
        code = 0
        if name not in self.adapter.sessions():
            file = known_file(session_lookup(self.context), name)
            options = RestoreOptions(no_input=True, socket=self.socket, is_for_status_line=True)
            code = self._shown(lambda console: restore(console, [file], options))
            name = self._name_in(file)
        self._run(("switch-client", *self._client(), "-t", self.adapter.id_of(name)))
        return code

    def _name_in(self, file: str) -> str:
        from sessionctl.services.live.workspace_restore import read_session_file

        return read_session_file(file, self.context).workspace.name

    def _menu(self) -> int:
        from sessionctl.cli.live.live_session import session_lookup

        standing = set(self.adapter.sessions())
        names = sorted({*standing, *session_lookup(self.context).known_names()})
        if not names:
            self._say("sessionctl: no session is saved yet")
            return 0
        # tmux shows no menu that is higher than the screen.
        height = ("display-message", *self._client(), "-p", "#{client_height}")
        limit = self._number(height, 24) - 4
        words = ["display-menu", *self._client(), "-x", "C", "-y", "C", "-T", " sessions "]
        for number, name in enumerate(names[: max(limit, 1)]):
            words += self._item(name, number, is_running=name in standing)
        self._run(words)
        return 0

    def _item(self, name: str, number: int, *, is_running: bool) -> Iterator[str]:
        key = _MENU_KEYS[number] if number < len(_MENU_KEYS) else ""
        # A name that begins with a dash would be a disabled item.
        shown = f" {visible(name)}{'' if is_running else '  (saved)'}"
        place = [f"--session-hex={name.encode(errors='surrogateescape').hex()}"]
        place += [f"--client={self.press.client}"] if self.press.client else []
        line = shell_line([*self.console.machine.restart_argv, "tmux", "key", "open", *place])
        return iter((escape_format(shown), key, command_line(("run-shell", "-b", line))))

    def _number(self, words: tuple[str, ...], usual: int) -> int:
        text = self.server.run([words])[0].text.strip()
        return int(text) if text.isdigit() and int(text) else usual

    def _session_here(self) -> str:
        words = ("display-message", "-p", "-t", self.press.pane, "#{session_name}")
        answer = self.server.run([words])[0]
        if not answer.is_done:
            raise ToolError(f"tmux: {answer.error}")
        return unescape_name(answer.text.removesuffix("\n"))

    def _client(self) -> tuple[str, ...]:
        return ("-c", self.press.client) if self.press.client else ()

    def _shown(self, work: Callable[[Console], int]) -> int:
        """Do ``work`` and show what it says: one line in the status line, more in a pane."""
        stdout, stderr = io.StringIO(), io.StringIO()
        console = Console(stdout=stdout, stderr=stderr, environ=self.environ)
        code = guarded(lambda: work(console), console)
        lines = [*stdout.getvalue().splitlines(), *stderr.getvalue().splitlines()]
        if code == 0 and "warning:" not in stderr.getvalue():
            self._say("; ".join(lines))
        else:
            self._show(lines)
        return 0

    def _show(self, lines: list[str]) -> None:
        """Show several lines in the pane, until a key is pressed."""
        from textwrap import wrap

        place = ("-t", self.press.pane) if self.press.pane else ()
        width = self._number(("display-message", *place, "-p", "#{pane_width}"), 80)
        # What is longer than a line would be cut off.
        shown = [part for line in lines for part in wrap(visible(line), width)]
        text = shell_line(["printf", "%s\\n", *shown])
        self._run(("run-shell", *place, text))

    def _say(self, text: str) -> None:
        # The message is expanded as a format, and as one of strftime(3).
        shown = escape_format(visible(text)).replace("%", "%%")
        self.server.run([("display-message", *self._client(), "--", shown)])

    def _run(self, words: tuple[str, ...] | list[str]) -> None:
        answer = self.server.run([words])[0]
        if not answer.is_done:
            raise ToolError(f"tmux: {answer.error}")
