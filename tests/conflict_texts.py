"""A session file with conflicts between markers, as git leaves it."""

from __future__ import annotations

HEAD = 'schema_version = 1\nid = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"\nname = "api"\n'


def block(base, ours, theirs):
    """Return one conflict, with the text of all three sides."""
    return f"<<<<<<< HEAD\n{ours}||||||| 1234567\n{base}=======\n{theirs}>>>>>>> topic\n"


PORT = "[connections.prod]\ndriver = 'postgres'\n" + block(
    "port = 5432\n", "port = 5433\n", 'port = "x"\n'
)
