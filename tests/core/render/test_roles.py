"""What is drawn in colour: whole answers, with the role of each piece.

``golden/roles.txt`` has them: the roles are those that the colours of people's tools have, "added"
for what is new, "dim" for what is said beside the matter.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from sessionctl.core.diff.comparison import diff
from sessionctl.core.render.diff_text import render_diff, render_stat
from sessionctl.core.render.drawing import Charset, draw_window
from sessionctl.core.render.masked_diff import Mask
from sessionctl.core.render.overview import draw_overview
from sessionctl.core.session.session import read_session
from sessionctl.core.workspace.layout import arrange
from tests.core.render.marked_lines import marked
from tests.core.render.test_diff_text import AFTER, BEFORE, SECRETS
from tests.core.render.test_overview import SESSION
from tests.golden import parts_of
from tests.together import together

GOLDEN = parts_of(Path(__file__).parent / "golden" / "roles.txt")
UNICODE = Charset(is_ascii=False)
MANY = "".join(f"k{number} = 1\n" for number in range(61))


@together("width", [72, 40, 24])
def test_a_session(width):
    session = read_session(tomllib.loads(SESSION))
    lines = draw_overview(session, title="file", width=width, charset=UNICODE)
    assert marked(lines) == GOLDEN[f"a session in {width} cells"]


@together(
    "title, before, after",
    [
        ("a diff", BEFORE, AFTER),
        ("a diff the other way round", AFTER, BEFORE),
        ("tables that come and go", "[a]\nx = 1\n[b]\ny = { z = 1 }\n", "[[c]]\nx = 1\n[[c]]\n"),
        ("comments", "# x\n\na = 1 # y\nb = [1,\n# z\n]\n", "a = 1\nb = [1]\n# end\n# of all\n"),
        ("values with their comments", "v = 1\n", "v = [ # x\n1]\n# y\n[t] # z\na = 1\n"),
        ("texts of many lines", "a = '''\nx\ny'''\n", "b = '''\nx\n'''\n"),
        ("control characters", 'a = "\\u001b"\n', 'a = "\\u001b[1m"\n"\\u202e" = 1\n'),
        ("items", "[[w]]\nname = 'a'\nx = 1\n[[w]]\nname = 'b'\n[o]\na = 1\nb = 2\n",
         "[[w]]\nname = 'b'\ny = [1, 2]\n[[w]]\nname = 'a'\nx = 1.0\n['n w']\na = 1\nb = 2\n"),
    ],
)  # fmt: skip
def test_a_diff(title, before, after):
    found = diff(before, after)
    assert marked([*render_diff(found), *render_stat(found)]) == GOLDEN[title]


def test_many_changes_have_a_bar_of_bounded_length():
    found = diff("a = 1\n", MANY + "[t]\nx = 1\n" + "[u]\n" + MANY.replace("0 = ", "0 = 2"))
    assert marked(render_stat(found)) == GOLDEN["many changes"]


def test_a_diff_of_secrets():
    changed = SECRETS.replace("hunter", "changed").replace("prod.token", "live.token")
    mask = Mask(is_secret=lambda path: "extra" in path)
    for title, before, after in (("secrets", SECRETS, changed), ("new secrets", "", changed)):
        assert marked(render_diff(mask.diff(diff(before, after)))) == GOLDEN[title]


def test_a_window():
    contents = [[("a", "key"), ("b", "dim")], [("日本", "changed")], [("", "")]]
    lines = draw_window(("1 x", "tiled"), arrange("main-vertical", 3), contents, 30, UNICODE)
    assert marked(lines) == GOLDEN["a window"]
