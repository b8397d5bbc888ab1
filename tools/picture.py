"""Draw the picture of the README: commands that are really run, and what they print, as SVG.

    python tools/picture.py docs/pictures/session.svg

It needs tmux. Everything happens in a scratch directory, with a server of its own.
"""

from __future__ import annotations

import argparse
import html
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

COLUMNS = 88
_CELL = 8.4
_LINE = 19
_MARGIN = 16
_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_COLORS = {
    "31": "#ff8a80", "32": "#9ccc8a", "33": "#e6c07b", "35": "#d19ae0", "36": "#7cc5d6",
}  # fmt: skip
_SETTING = (
    "cd ~/shop && tmux new-session -d -x 120 -y 30 -s shop -n web tail -f server.log",
    "tmux split-window -h -t shop:web -c ~/shop/api tail -f requests.log",
    "tmux new-window -d -t shop -n jobs -c ~/shop top -d 60",
)
_SHOWN = (
    "sessionctl save shop",
    "sessionctl show shop",
    "tmux kill-server                          # or a crash, or another machine",
    "sessionctl restore shop",
    "tmux list-windows -t shop -F '#{window_name}: #{window_panes} panes'",
)


class Piece(NamedTuple):
    """A piece of a line in one style."""

    text: str
    color: str = ""
    is_bold: bool = False
    is_dim: bool = False


def play(folder: Path) -> list[list[Piece]]:
    """Run the commands in ``folder`` and return the lines of the terminal."""
    home = folder / "home"
    (home / "shop" / "api").mkdir(parents=True)
    for name in ("server.log", "api/requests.log"):
        (home / "shop" / name).write_text("")
    programs = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    environ = {
        "HOME": str(home), "PATH": programs, "TMUX_TMPDIR": str(folder), "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "SHELL": "/bin/sh",
    }  # fmt: skip
    lines: list[list[Piece]] = []
    try:
        for command in _SETTING:
            _run(command, home, environ)
        for command in _SHOWN:
            words, _, comment = command.partition("  #")
            note = [Piece(f"  #{comment}", is_dim=True)] if comment else []
            lines.append([Piece("$ ", "#7cc5d6"), Piece(words, is_bold=True), *note])
            lines += [pieces(line) for line in _run(words, home / "shop", environ)]
    finally:
        _run("tmux kill-server 2>&1 || true", home, environ)
    return lines


def _run(command: str, cwd: Path, environ: dict[str, str]) -> list[str]:
    colored = re.sub(r"^sessionctl ", "sessionctl --color ", command)
    done = subprocess.run(
        ["sh", "-c", colored],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        sys.exit(f"picture: {command}: {done.stdout}")
    return done.stdout.replace(str(cwd.parent), "~").splitlines()


def pieces(line: str) -> list[Piece]:
    """Return a line with colours of a terminal as pieces."""
    found: list[Piece] = []
    style = Piece("")
    position = 0
    for match in [*_SGR.finditer(line), None]:
        text = line[position : match.start() if match else len(line)]
        if text:
            found.append(style._replace(text=text))
        if match is None:
            break
        position = match.end()
        for code in match[1].split(";"):
            if code in ("", "0"):
                style = Piece("")
            elif code == "1":
                style = style._replace(is_bold=True)
            elif code == "2":
                style = style._replace(is_dim=True)
            else:
                style = style._replace(color=_COLORS.get(code, ""))
    return found


def draw(lines: list[list[Piece]]) -> str:
    """Return the lines as an SVG image that needs nothing from elsewhere."""
    width = round(COLUMNS * _CELL + 2 * _MARGIN)
    height = len(lines) * _LINE + 2 * _MARGIN
    rows = []
    for number, line in enumerate(lines):
        spans, column = [], 0
        for piece in line:
            # Each piece has its place: a font that is a little wider moves nothing else.
            place = f'x="{_MARGIN + column * _CELL:.1f}" textLength="{len(piece.text) * _CELL:.1f}"'
            color = f' fill="{piece.color}"' if piece.color else ""
            weight = ' font-weight="bold"' if piece.is_bold else ""
            dim = ' opacity="0.6"' if piece.is_dim else ""
            text = html.escape(piece.text)
            spans.append(f"<tspan {place}{color}{weight}{dim}>{text}</tspan>")
            column += len(piece.text)
        y = _MARGIN + (number + 1) * _LINE - 5
        if spans:
            rows.append(f'<text y="{y}" xml:space="preserve">{"".join(spans)}</text>')
    title = "A tmux session is saved, shown, lost and restored by sessionctl"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n'
        f"<title>{title}</title>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#16191d"/>\n'
        "<g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" "
        'font-size="14" fill="#d8dee4">\n' + "\n".join(rows) + "\n</g>\n</svg>\n"
    )


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="picture-") as scratch:
        text = draw(play(Path(scratch)))
    arguments.file.parent.mkdir(parents=True, exist_ok=True)
    arguments.file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
