"""Service unit: the file that lets the system run the watcher in the background."""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import escape

UNIT_NAME = "sessionctl-watch.service"
AGENT_LABEL = "sessionctl.watch"
AGENT_NAME = f"{AGENT_LABEL}.plist"

_MARK = "Written by 'sessionctl service install'; 'sessionctl service uninstall' removes it."


class Service(NamedTuple):
    """What the service runs, and which environment it needs; all paths are absolute."""

    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


def render_unit(service: Service) -> str:
    """Return the systemd user unit of ``service``, systemd.service(5)."""
    lines = [
        f"# {_MARK}",
        "[Unit]",
        "Description=sessionctl: check session files and keep their copies in sync",
        "",
        "[Service]",
        "Type=exec",
        f"ExecStart={' '.join(_unit_word(word, dollar='$$') for word in _argv(service))}",
        *(f"Environment={_unit_word(f'{name}={value}')}" for name, value in service.environment),
        "Restart=on-failure",
        "RestartSec=5",
        "RestartPreventExitStatus=2",  # the command line is wrong, and stays so
        "Nice=5",
        "NoNewPrivileges=yes",
        "",
        "[Install]",
        "WantedBy=default.target",
    ]
    return "\n".join(lines) + "\n"


def render_agent(service: Service, log: str) -> str:
    """Return the launchd agent of ``service``, launchd.plist(5); it writes to ``log``."""
    arguments = "\n".join(f"    <string>{escape(word)}</string>" for word in service.argv)
    pairs = "\n".join(
        f"    <key>{escape(name)}</key>\n    <string>{escape(value)}</string>"
        for name, value in service.environment
    )
    environment = (
        f"  <key>EnvironmentVariables</key>\n  <dict>\n{pairs}\n  </dict>\n" if pairs else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN"'
        ' "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
        f"<!-- {_MARK} -->\n"
        '<plist version="1.0">\n<dict>\n'
        f"  <key>Label</key>\n  <string>{AGENT_LABEL}</string>\n"
        f"  <key>ProgramArguments</key>\n  <array>\n{arguments}\n  </array>\n"
        f"{environment}"
        "  <key>RunAtLoad</key>\n  <true/>\n"
        "  <key>KeepAlive</key>\n  <dict>\n    <key>SuccessfulExit</key>\n    <false/>\n  </dict>\n"
        "  <key>ProcessType</key>\n  <string>Background</string>\n"
        f"  <key>StandardOutPath</key>\n  <string>{escape(log)}</string>\n"
        f"  <key>StandardErrorPath</key>\n  <string>{escape(log)}</string>\n"
        "</dict>\n</plist>\n"
    )


def is_ours(text: str) -> bool:
    """Return whether a unit or agent was written by ``render_unit`` or ``render_agent``."""
    return _MARK in text


def _argv(service: Service) -> tuple[str, ...]:
    """Return what systemd is to start; it takes no program with quotes in its name."""
    is_odd = any(character in service.argv[0] for character in "'\"\\")
    return ("/usr/bin/env", *service.argv) if is_odd else service.argv


def _unit_word(word: str, *, dollar: str = "$") -> str:
    """Return ``word`` as one word of a unit: quoted, nothing in it expanded."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    escaped = escaped.replace("$", dollar).replace("\n", "\\n").replace("\t", "\\t")
    is_plain = escaped == word and word and not any(c.isspace() or c in "';" for c in word)
    return word if is_plain else f'"{escaped}"'
