"""Sessions that cannot be used as they are: of what commands answer with a mistake."""

from __future__ import annotations

BROKEN_SESSIONS = {
    "bad.session.toml": """\
schema_version = 1
name = 5
rooot = "x"
[connections.a]
driver = "postgres"
port = "80a"
password = "hunter2hunter2"
""",
    "broken.session.toml": 'schema_version = 1\nname = "x\n',
    "marked.session.toml": """\
schema_version = 1
name = "m"
<<<<<<< HEAD
root = "~/a"
||||||| base
root = "~/o"
=======
root = "~/b"
>>>>>>> topic
""",
}
