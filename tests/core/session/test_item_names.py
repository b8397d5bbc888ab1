"""A window or pane that shares its name, or has none, is noticed; nothing else is."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.session.item_names import item_name_problem
from sessionctl.core.toml.document import Document
from tests.together import together

TEXT = """
name = "s"
[[windows]]
name = "a"
panes = [{ name = "p" }, { name = "p" }, { name = "" }]
[[windows]]
name = "b"
[[other]]
name = "a"
[connections.windows.one]
name = "a"
"""


@together(
    ("key", "problem"),
    [
        ("windows[0].panes[1].name", "windows[0].panes[1] and windows[0].panes[0] are both called"),
        ("windows[0].panes[2].name", "windows[0].panes[2] has an empty name"),
        ("windows[0].name", ""),
        ("name", ""),
        ("other[0].name", ""),
        ("windows[1].title", ""),
        ("connections.windows.one.name", ""),
        ("windows[7].name", ""),
    ],
)
def test_a_name_that_names_nothing_alone(key, problem):
    found = item_name_problem(Document.parse(TEXT), KeyPath.parse(key))
    assert found.startswith(problem)
    assert bool(found) == bool(problem)
