"""A diff as people read it: text and counts; secrets masked, control characters visible."""

from __future__ import annotations

from sessionctl.core.diff.comparison import diff
from sessionctl.core.diff.word_changes import line_pieces, word_pieces
from sessionctl.core.keypath import KeyPath
from sessionctl.core.render.diff_text import (
    group_changes,
    render_diff,
    render_stat,
    summarize,
)
from sessionctl.core.render.masked_diff import Mask
from sessionctl.core.secrets.sidecar import digest_of
from tests.sidecars import armored
from tests.together import together

BEFORE = '''\
name = "api"
root = "~/src/api"
# the hook
hook = """
set -e
make
npm test
npm run build
echo done
"""

[[windows]]
name = "editor"
layout = "main-vertical"

  [[windows.panes]]
  name = "code"
  run = ["nvim", "src/main.py"]

[[windows]]
name = "logs"

[[windows]]
name = "db"

[connections.prod]
host = "db.example.org"
port = 5432

[preferences]
theme = "dark"
size = 1
'''

AFTER = '''\
name = "api-server"
# the hook of all
hook = """
set -e
make
npm run test
npm run build
echo done
true
"""

[[windows]]
name = "logs"

[[windows]]
name = "db"

[[windows]]
name = "editor"
layout = "tiled"

  [[windows.panes]]
  name = "code"
  run = ["nvim", "-R", "src/main.py"]

  [[windows.panes]]
  name = "tests"
  run = "watchexec pytest"

[connections.prod]
host = "db2.example.org"
port = 5433.0

[settings]
theme = "dark"
size = 1
# end
'''

TEXT = """\
~ name: "api" -> "api-server"
- root = "~/src/api"
~ hook:
      set -e
      make
    - npm test
    + npm run test
      npm run build
      echo done
    + true
> windows[name=editor]: moved from [0] to [2]
> preferences: renamed to settings
# comment above hook:
    - # the hook
    + # the hook of all
# comment at the end:
    + # end

windows[name=editor]
  ~ layout: "main-vertical" -> "tiled"
  + panes[name=tests]
      name = "tests"
      run = "watchexec pytest"

windows[name=editor].panes[name=code]
  + run[1] = "-R"

connections.prod
  ~ host: "db.example.org" -> "db2.example.org"
  ~ port: 5432 -> 5433.0"""

STAT = """\
 (top level)                           | 7 -~~>>##
 windows[name=editor]                  | 2 +~
 windows[name=editor].panes[name=code] | 1 +
 connections.prod                      | 2 ~~
 2 added, 1 removed, 5 modified, 2 moved or renamed, 2 comments changed"""


def plain(lines):
    return "\n".join("".join(text for text, _ in line) for line in lines)


def rendered(before, after):
    return plain(render_diff(diff(before, after)))


def masked(before, after, **options):
    return plain(render_diff(Mask(**options).diff(diff(before, after))))


def test_changes_are_told_by_table_the_top_level_first():
    assert rendered(BEFORE, AFTER) == TEXT


def test_the_counts_are_told_by_table():
    assert plain(render_stat(diff(BEFORE, AFTER))) == STAT


def test_nothing_is_said_about_nothing():
    assert render_diff(diff(BEFORE, BEFORE)) == []
    assert render_stat(diff(BEFORE, BEFORE)) == []
    assert summarize(diff(BEFORE, BEFORE)) == "no changes"


def test_one_comment_is_counted_in_the_singular():
    assert summarize(diff("a = 1", "a = 1 # x")) == "1 comment changed"


def test_the_bars_of_many_changes_are_scaled():
    keys = [f"k{number} = 1\n" for number in range(100)]
    lines = plain(render_stat(diff("", "".join(keys) + "[t]\nx = 1\n")))
    assert lines.startswith(f" (top level) | 101 {'+' * 40}\n")


def test_pieces_have_the_roles_of_their_colours():
    (line,) = render_diff(diff("a = 1", "a = 2"))
    assert line == [
        ("", ""),
        ("~ ", "changed"),
        ("a", "key"),
        (": ", ""),
        ("1", "removed"),
        (" -> ", ""),
        ("2", "added"),
    ]


@together(
    ("before", "after", "line"),
    [
        ("a = []", "a = {}", "~ a: [] -> {}"),
        ("", "[a]", "+ a = {}"),
        ("a = ['x']", "", '- a = ["x"]'),
        ("a = 2026-01-02", "a = 03:04:05", "~ a: 2026-01-02 -> 03:04:05"),
        ("a = true", "a = [1, { b = 2 }]", "~ a: true -> [1, { b = 2 }]"),
        ("", '"a b".c = 1', '+ "a b"\n    c = 1'),
        ("", "[[a]]\nb.c = 1\n[[a]]\nb = 2", "+ a\n    [0].b.c = 1\n    [1].b = 2"),
        ("v = [[1, 2]]", "v = [[1]]", "- v[0][1] = 2"),
        ("", "# x\n# y\na = 1", "+ a = 1\n    # x\n    # y"),
        ("", "[t] # x\na = 1 # y", "+ t\n    # x\n    a: # y\n    a = 1"),
        ("v = 1", "v = [ # x\n1]", "~ v: 1 -> [1]\n    [0]: # x"),
        ("a = 1 # x", "a = 1", "# comment beside a:\n    - # x"),
        ("v = [1,\n# x\n]", "v = [1]", "# comment at the end of v:\n    - # x"),
        ("# x\n\na = 1", "a = 1", "# comment above a:\n    - # x"),
        ("a = 1\n# x\n# y", "a = 1", "# comment at the end:\n    - # x\n    - # y"),
        ("[o]\na=1\nb=2", '["n w"]\na=1\nb=2', '> o: renamed to "n w"'),
    ],
)
def test_every_kind_of_change_has_its_line(before, after, line):
    assert rendered(before, after) == line


def test_an_added_text_of_many_lines_is_told_by_line():
    assert rendered("", "a = '''\nx\ny\n'''") == "+ a:\n    + x\n    + y"
    assert rendered("a = '''\nx\ny'''", "") == "- a:\n    - x\n    - y  (no line end)"


# -- words and lines -------------------------------------------------------------------


def test_changed_words_are_told_apart_from_what_stayed():
    before, after = word_pieces("say hello to the world", "say hello to this world")
    assert before == [("say hello to ", ""), ("the", "removed"), (" world", "")]
    assert after == [("say hello to ", ""), ("this", "added"), (" world", "")]


def test_texts_with_little_in_common_are_shown_whole():
    assert word_pieces("abc def", "something else") == (
        [("abc def", "removed")],
        [("something else", "added")],
    )


def test_a_word_may_only_be_added_or_removed():
    assert word_pieces("a b c d", "a b c") == (
        [("a b c", ""), (" d", "removed")],
        [("a b c", "")],
    )


def test_long_stretches_without_a_change_are_cut():
    word = "abcdefghi "
    before = f"{word * 20}one {word * 20}two {word * 20}"
    after = f"{word * 20}ONE {word * 20}TWO {word * 20}"
    left, right = word_pieces(before, after)
    same = [(f"...{word * 3}", ""), (f"{' ' + word * 3}"[:30] + "..." + (word * 3)[:30], "")]
    assert left[0] == same[0]
    assert [text for text, role in left if role] == ["one", "two"]
    assert [text for text, role in right if role] == ["ONE", "TWO"]
    assert left[-1][0].endswith("...")
    assert sum(len(text) for text, _ in left) < 150


def test_lines_far_from_a_change_are_left_out():
    before = "".join(f"{number}\n" for number in range(20))
    lines = plain(line_pieces(before, before.replace("9\n", "x\n", 1)))
    assert lines == "  ...\n  7\n  8\n- 9\n+ x\n  10\n  11\n  ..."


def test_lines_between_two_changes_are_left_out_too():
    before = "".join(f"{number}\n" for number in range(10))
    after = before.replace("1\n", "x\ny\n").replace("8\n", "")
    assert plain(line_pieces(before, after)) == (
        "  0\n- 1\n+ x\n+ y\n  2\n  3\n  ...\n  6\n  7\n- 8\n  9"
    )


def test_a_changed_line_end_at_the_end_is_told():
    assert plain(line_pieces("a\nb\n", "a\nb")) == "  a\n- b\n+ b  (no line end)"


# -- safety ----------------------------------------------------------------------------


@together(
    "text",
    [
        'a = "\\u001b[31m"', 'a = "x\\u202ey"', '"\\u202e" = 1', "a = 1 # \u202e",
        'a = """\n\\u001b\n"""', 'a = "\\u009b"', '[["\\u202e"]]\nx = 1', '["\\u202e".t]\nx = 1',
        "# \u202e\na = [ # \u202e\n1]",
    ],
)  # fmt: skip
def test_nothing_that_steers_a_terminal_is_shown(text):
    others = ["", 'a = "other"', text.replace("1", "2"), text + "\nz = 1"]
    for other in others:
        for pair in ((text, other), (other, text)):
            found = diff(*pair)
            lines = plain(render_diff(found)) + plain(render_stat(found))
            assert not set(lines) & set("\x1b\x9b\u202e")


def test_nothing_that_steers_a_terminal_is_shown_as_a_changed_word():
    for pieces in word_pieces("one \u202e two \x1b three", "one \u202d two \x9b three"):
        assert not set(plain([pieces])) & set("\x1b\x9b\u202d\u202e")


SECRETS = """\
[connections.prod]
password = "hunter-one"
api_key = "hunter-two"
dsn = "postgres://app:hunter-three@db/app"
token = { secret = "prod.token" }
extra = ["hunter-four"]
# password = "hunter-five"
x = [ # postgres://app:hunter-six@db
]
"""


def test_secrets_are_never_shown_but_references_are():
    def is_secret(path):
        return "extra" in path

    changed = SECRETS.replace("hunter", "changed").replace("prod.token", "live.token")
    moved = SECRETS.replace("[connections.prod]", "[x.y]")
    for before, after in [
        (SECRETS, changed), (SECRETS, ""), ("", SECRETS), (SECRETS, moved),
        (SECRETS, "connections = 1"), ("connections = 1", SECRETS),
        ("connections.prod = 1", SECRETS),
    ]:  # fmt: skip
        text = masked(before, after, is_secret=is_secret)
        assert "hunter" not in text
        assert "changed-" not in text
    assert (
        masked(SECRETS, changed, is_secret=is_secret)
        == """\
connections.prod
  ~ password: changed, not shown: it is a secret
  ~ api_key: changed, not shown: it is a secret
  ~ dsn: changed, not shown: it is a secret
  ~ extra[0]: changed, not shown: it is a secret
  # comment above x:
      - # password = "***"
      + # password = "***"
  # comment at the end of x:
      - # postgres://app:***@db
      + # postgres://app:***@db

connections.prod.token
  ~ secret: "prod.token" -> "live.token\""""
    )


def test_a_secret_that_became_a_reference_shows_the_reference():
    assert masked('password = "x"', 'password = { secret = "p" }') == (
        '~ password: "***" -> { secret = "p" }'
    )
    assert masked("", 'password = { secret = "p" }') == '+ password = { secret = "p" }'


def test_a_masked_diff_keeps_what_has_no_secret():
    found = diff(BEFORE, AFTER)
    assert Mask().diff(found) == found


def test_a_reference_in_a_secret_place_is_shown():
    mask = Mask(in_session=True, is_secret=lambda path: True)
    assert mask.value({"secret": "p"}, KeyPath(["x"])) == {"secret": "p"}
    assert mask.value({"a": [1]}, KeyPath(["x"])) == {"a": ["***"]}


def test_of_an_age_file_a_digest_is_shown_wherever_it_is():
    sealed, digest = armored("a"), f"sealed {digest_of(armored('a'))[:19]}"
    plain = {"a": "x", "b": [1, "y"], "c": {"d": True}}
    place = KeyPath(["x"])
    for wrap in (lambda one: one, lambda one: [one, 1], lambda one: {"k": [{"l": one}], **plain}):
        assert Mask().value(wrap(sealed), place) == wrap(digest)
        assert Mask().value(wrap("text"), place) == wrap("text")
    (change,) = Mask().diff(diff("x = 1\n", f"x = ['''\n{sealed}''', '']\n")).changes
    assert (change.before, change.after) == (1, [digest, ""])


def test_each_table_stands_in_front_of_what_is_inside_of_it():
    before = "[b.x]\nk = 1\n[a.y]\nk = 1\n[b]\nk = 1\n[b.a]\nk = 1\n[a]\nk = 1\n[c.x.y]\nk = 1\n"
    found = diff(before, before.replace("1", "2"))
    groups = [str(group.path) for group in group_changes(found)]
    assert groups == ["b", "b.x", "b.a", "a", "a.y", "c.x.y"]
    assert [[entry.sign for entry in group.entries] for group in group_changes(found)] == [
        ["~"]
    ] * 6
