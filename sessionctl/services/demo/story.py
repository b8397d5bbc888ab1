"""The texts of the demo: one session file and the edits people make to it by hand.

``examples/merge`` and ``examples/conflict`` hold the same texts as files.
"""

from __future__ import annotations

ID = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"

BASE = f"""\
schema_version = 1
id = "{ID}"
name = "api"
root = "~/src/api"

# What I look at all day.
[[windows]]
name = "editor"
layout = "main-vertical"

  [[windows.panes]]
  name = "code"
  run = ["nvim", "src/main.py"]

  [[windows.panes]]
  name = "tests"
  run = "watchexec pytest"
  start = "type"  # the first run is slow

[connections.prod]
driver = "postgres"
host = "db.example.org"
port = 5432
user = "app"

[preferences]
theme = "dark"
"""

_LOGS = """\
# Open it after an incident.
[[windows]]
name = "logs"

  [[windows.panes]]
  run = "ssh bastion journalctl -f"
  start = "skip"

"""


def edited(text: str, *edits: tuple[str, str]) -> str:
    """Return ``text`` with each old piece, which must stand there once, made new."""
    for old, new in edits:
        if text.count(old) != 1:
            raise ValueError(f"the story does not hold {old!r} once")
        text = text.replace(old, new)
    return text


LAPTOP = edited(
    BASE,
    ("port = 5432", "port = 5433  # through the tunnel"),
    ("[connections.prod]", f"{_LOGS}[connections.prod]"),
)
DESKTOP = edited(
    BASE,
    ('"db.example.org"', '"db2.example.org"  # the new server'),
    ('"app"', '"reader"  # read only, on purpose'),
)
MERGED = edited(
    DESKTOP,
    ("port = 5432", "port = 5433  # through the tunnel"),
    ("[connections.prod]", f"{_LOGS}[connections.prod]"),
)
"""What a clean merge of ``DESKTOP`` and ``LAPTOP`` gives: both edits, all comments."""

LAPTOP_LATER = edited(
    MERGED,
    ("port = 5433", "port = 5434"),
    ('"dark"', '"light"  # the train is bright'),
)
DESKTOP_LATER = edited(MERGED, ("port = 5433  # through the tunnel", "port = 6432  # pgbouncer"))
CONFLICT = edited(
    LAPTOP_LATER,
    (
        "port = 5434  # through the tunnel\n",
        """\
<<<<<<< desktop
port = 6432  # pgbouncer
||||||| base
port = 5433  # through the tunnel
=======
port = 5434  # through the tunnel
>>>>>>> laptop
""",
    ),
)
"""What a merge of the later edits gives: the port stands open, all else is merged."""

RESOLVED = edited(LAPTOP_LATER, ("port = 5434  # through the tunnel", "port = 6432  # pgbouncer"))
SLIP = edited(RESOLVED, ('"type"', '"tpye"'))
