"""Comments go where their block goes: none torn from it, none lost with another's."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.edit.node_statements import opened
from sessionctl.core.toml.parse.comments import lead_start, tail_end, trailing_comment
from tests.together import together

COUNT = 15


def window(number: int, *, more: str = "") -> str:
    return (
        f"# window {number}\n"
        f"# and what it is for\n"
        f"[[windows]] # header {number}\n"
        f'name = "w{number}" # name {number}\n'
        f"\n"
        f"  # pane of {number}\n"
        f"  [[windows.panes]]\n"
        f"  # command of {number}\n"
        f'  run = ["sh", "{number}"] # run {number}\n'
        f"{more}"
    )


def windows(*blocks: str) -> str:
    return "# the file\n\n" + "\n".join(blocks) + "\n# the end\n"


ALL = [window(number) for number in range(COUNT)]


@together("number", range(COUNT))
def test_a_key_of_the_last_sub_table_leaves_the_next_comment_where_it_is(number):
    document = Document.parse(windows(*ALL))
    expected = [*ALL]
    expected[number] = window(number, more='  cwd = "/"\n')
    after = document.set(f"windows[{number}].panes[0].cwd", "/")
    assert after.text == windows(*expected)


@together("number", range(COUNT))
def test_a_deleted_element_takes_its_own_comments_and_no_others(number):
    document = Document.parse(windows(*ALL))
    after = document.delete(f"windows[name=w{number}]")
    assert after.text == windows(*ALL[:number], *ALL[number + 1 :])


@together("number", range(COUNT))
def test_an_inserted_element_tears_no_comment_off(number):
    new = '[[windows]]\nname = "new"\n'
    document = Document.parse(windows(*ALL))
    after = document.insert(("windows", number), {"name": "new"})
    assert after.text == windows(*ALL[:number], new, *ALL[number:])


def test_an_appended_element_stands_behind_the_last_words_of_the_file():
    document = Document.parse(windows(*ALL))
    after = document.append("windows", {"name": "new"})
    assert after.text == windows(*ALL) + '\n[[windows]]\nname = "new"\n'


@given(st.permutations(range(5)))
def test_elements_in_another_order_take_their_comments_along(order):
    document = Document.parse(windows(*ALL[:5]))
    items = document.value["windows"]
    after = document.set("windows", [items[number] for number in order])
    assert after.text == windows(*(ALL[number] for number in order))


SCATTERED = """\
# a
[[w]] # header a
name = "a" # name a

# other
[o] # o
z = 1

# sub of a
[w.sub] # header sub
q = 1 # q

# b
[[w]]
# name b
name = "b"
[[w.p]] # p of b
r = [1, # one
 2]

# c
[[w]]
name = "c" # name c
# end
"""


@given(st.permutations(range(3)), st.booleans())
def test_elements_written_in_several_places_keep_their_comments_in_another_order(order, is_crlf):
    text = SCATTERED.replace("\n", "\r\n") if is_crlf else SCATTERED
    document = Document.parse(text)
    after = document.set("w", [document.value["w"][number] for number in order])
    assert sorted(line for line in after.text.split("\n") if line.strip()) == sorted(
        line for line in text.split("\n") if line.strip()
    )
    assert "# sub of a\n[w.sub] # header sub\nq = 1 # q\n" in after.text.replace("\r", "")


@given(st.lists(st.integers(0, 5), unique=True))
def test_elements_that_are_no_longer_listed_take_their_comments_along(kept):
    document = Document.parse(windows(*ALL[:6]))
    items = document.value["windows"]
    after = document.set("windows", [items[number] for number in kept])
    if kept:
        assert after.text == windows(*(ALL[number] for number in kept))
    else:
        assert after.value == {"windows": []}


# -- arrays --------------------------------------------------------------------------------

ITEMS = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=5)


def array(items, *, has_comma: bool, numbers=None) -> str:
    numbers = range(len(items)) if numbers is None else numbers
    lines = []
    for place, number in enumerate(numbers):
        has_lead, has_trail, blanks = items[number]
        lines += [""] * (blanks if place else 0)
        if has_lead:
            lines.append(f"  # lead {number}")
        comma = "," if has_comma or place < len(numbers) - 1 else ""
        lines.append(f"  {number}{comma}" + (f" # trail {number}" if has_trail else ""))
    return "\n".join(["a = [", *lines, "]", ""]) if numbers else "a = []\n"


@given(ITEMS, st.booleans(), st.data())
def test_a_deleted_item_takes_its_own_comments_and_no_others(items, has_comma, data):
    items = [(lead, trail, 0) for lead, trail, _ in items]
    number = data.draw(st.integers(0, len(items) - 1))
    document = Document.parse(array(items, has_comma=has_comma))
    rest = [n for n in range(len(items)) if n != number]
    expected = array(items, has_comma=has_comma, numbers=rest)
    after = document.delete(("a", number))
    assert after.text == (expected if rest else "a = [\n]\n")


@given(ITEMS, st.booleans(), st.data())
def test_blank_lines_between_items_lose_no_comment(items, has_comma, data):
    number = data.draw(st.integers(0, len(items) - 1))
    document = Document.parse(array(items, has_comma=has_comma))
    after = document.delete(("a", number)).text
    for other, (has_lead, has_trail, _) in enumerate(items):
        is_there = other != number
        assert (f"  # lead {other}\n  {other}" in after) == (is_there and has_lead)
        assert (f" # trail {other}\n" in after) == (is_there and has_trail)


@given(ITEMS, st.booleans(), st.data())
def test_items_in_another_order_take_their_comments_along(items, has_comma, data):
    items = [(lead, trail, 0) for lead, trail, _ in items]
    order = data.draw(st.permutations(range(len(items))))
    document = Document.parse(array(items, has_comma=has_comma))
    after = document.set("a", [*order])
    assert after.text == array(items, has_comma=has_comma, numbers=order)


@given(ITEMS, st.booleans(), st.data())
def test_an_inserted_item_tears_no_comment_off(items, has_comma, data):
    items = [(lead, trail, 0) for lead, trail, _ in items]
    place = data.draw(st.integers(0, len(items)))
    order = [*range(len(items))]
    order.insert(place, len(items))
    document = Document.parse(array(items, has_comma=has_comma))
    after = document.insert(("a", place), len(items))
    items.append((False, False, 0))
    assert after.text == array(items, has_comma=has_comma, numbers=order)


def test_a_changed_item_keeps_the_comments_on_its_line_and_above():
    document = Document.parse(array([(True, True, 0)] * 3, has_comma=True))
    assert document.set("a[1]", 9).text == document.text.replace("  1,", "  9,")


# Where lines may end: before an item, behind it, behind its comma. {} numbers the comments.
GAPS = st.sampled_from(
    ["", " ", "\n  ", "\n\n", " # c{}\n  ", "\n  # c{}\n  ", "\n# c{}\n\n# c{}\n"]
)
LAYOUT = st.lists(st.tuples(GAPS, GAPS, GAPS), min_size=2, max_size=5)


def array_in(layout, *, has_comma, newline="\n"):
    """Return an array whose items stand between any gaps, each with a comment or none inside."""
    last = len(layout) - 1
    items = (f"[{n},\n # in {n}\n {n}]" if n % 3 == 1 else n for n in range(len(layout)))
    text = "".join(
        f"{before}{item}{behind}{',' if has_comma or n < last else ''}{after}"
        for n, (item, (before, behind, after)) in enumerate(zip(items, layout, strict=True))
    )
    for number in range(text.count("{}")):
        text = text.replace("{}", str(number), 1)
    return f"x = 1 # x\na = [{text}] # a\n".replace("\n", newline)


def comments_of(text):
    return sorted(line.partition("#")[2].strip() for line in text.splitlines() if "#" in line)


@given(LAYOUT, st.booleans(), st.sampled_from(["\n", "\r\n"]), st.data())
@example([("", "", "\n  "), ("", "", " # two\n")], True, "\n", None)
def test_in_no_layout_another_order_loses_a_comment(layout, has_comma, newline, data):
    document = Document.parse(array_in(layout, has_comma=has_comma, newline=newline))
    items = document.value["a"]
    order = data.draw(st.permutations(items)) if data else items[::-1]
    after = document.set("a", order)
    assert after.value["a"] == order
    assert comments_of(after.text) == comments_of(document.text)
    assert after.text.count("\r\n") == (after.text.count("\n") if newline == "\r\n" else 0)


def own_comments(document, index):
    """Return the comments that may go with an item of ``a``: in it, behind it, above it."""
    array = opened(document, KeyPath(["a"])).value
    below = array.items[index + 1].start if index + 1 < len(array.items) else array.span.end
    above = array.items[index - 1].end if index else array.span.start
    return comments_of(document.text[above:below])


@given(LAYOUT, st.booleans(), st.data())
def test_in_no_layout_a_deleted_item_takes_a_comment_that_is_not_beside_it(layout, has_comma, data):
    document = Document.parse(array_in(layout, has_comma=has_comma))
    index = data.draw(st.integers(0, len(layout) - 1))
    own = own_comments(document, index)
    after = document.delete(("a", index))
    lost = [c for c in comments_of(document.text) if c not in comments_of(after.text)]
    assert [comment for comment in lost if comment not in own] == []
    assert after.value["a"] == [v for n, v in enumerate(document.value["a"]) if n != index]
    assert not any(line.isspace() for line in after.text.splitlines() if line not in document.text)


@together(
    ("text", "order", "after"),
    [
        # No item with a comment has a line of its own that it could move with.
        ("a = [1,\n  2, # two\n]\n", [2, 1], "a = [\n  2, # two\n  1,\n]\n"),
        ("a = [0, # 0\n  1, 2 # 2\n]\n", [0, 2], "a = [0, # 0\n  2 # 2\n]\n"),
        ("a = [1, # 1\n  2]\n", [2, 1], "a = [2, 1 # 1\n  ]\n"),
        # What is there twice is the same item still.
        (
            "a = [\n  # t\n  0x1,\n  2, # two\n  1,\n]\n",
            [2, 1, 1],
            "a = [\n  2, # two\n  1,\n  # t\n  0x1,\n]\n",
        ),
        # The comment behind two may be about both: it stays as long as one of them.
        ("a = [\n  1,\n  2, 3, # c\n]\n", [2, 1], "a = [\n  2, # c\n  1,\n]\n"),
    ],
)
def test_an_item_that_moves_takes_its_comment_along(text, order, after):
    assert Document.parse(text).set("a", order).text == after


@together(
    ("text", "after"),
    [
        ("a = [\n  # one\n  1\n  ,\n  2\n]\n", "a = [\n  9,\n  # one\n  1\n  ,\n  2\n]\n"),
        ("a = [ # a\n  # both\n  1, 2]\n", "a = [ # a\n  9,\n  # both\n  1, 2]\n"),
        ("a = [ # a\n  1, 2]\n", "a = [ # a\n  9, 1, 2]\n"),
    ],
)
def test_an_item_put_in_front_takes_no_comment_from_the_one_below(text, after):
    assert Document.parse(text).insert("a[0]", 9).text == after


# -- who owns what -------------------------------------------------------------------------


def test_a_free_comment_stays_when_the_key_above_or_below_goes():
    text = "a = 1\n\n# free\n\nb = 2\n"
    assert Document.parse(text).delete("a").text == "# free\n\nb = 2\n"
    assert Document.parse(text).delete("b").text == "a = 1\n\n# free\n"


def test_a_comment_below_the_last_key_stays_when_the_table_goes():
    text = "[a]\nx = 1\n# y = 2\n\n[b]\n"
    assert Document.parse(text).delete("a").text == "# y = 2\n\n[b]\n"


def test_what_stands_inside_a_table_goes_with_it():
    text = "[a]\nx = 1\n\n# free, but in a\n\ny = 2\n\n# about b\n[b]\n"
    assert Document.parse(text).delete("a").text == "# about b\n[b]\n"


def test_a_free_comment_between_dotted_keys_stays():
    text = "a.x = 1\n\n# free\n\na.y = 2\n\n# b\nb = 3\n"
    assert Document.parse(text).delete("a").text == "# free\n\n# b\nb = 3\n"


def test_a_directive_belongs_to_the_file():
    text = "#:schema ./x.json\na = 1\nb = 2\n"
    assert Document.parse(text).delete("a").text == "#:schema ./x.json\nb = 2\n"
    assert Document.parse("#!/x\n# a\na = 1\n").delete("a").text == "#!/x\n"


def test_a_comment_in_a_string_is_none():
    text = 'a = """\n# no comment\n"""\nb = 1\n'
    assert Document.parse(text).delete("b").text == 'a = """\n# no comment\n"""\n'
    text = 'a = [\n  """\n  # no comment""",\n  2,\n]\n'
    assert Document.parse(text).delete("a[1]").text == 'a = [\n  """\n  # no comment""",\n]\n'


def test_the_lead_of_a_statement_is_the_block_right_above_it():
    text = "# free\n\n  # one\n# two\na = 1 # three\n# below\n\n[b]\n# last"
    document = Document.parse(text)
    assert lead_start(document, 0) == text.index("  # one")
    assert lead_start(document, 1) == text.index("[b]")
    assert tail_end(document, 0) == text.index("\n[b]")
    assert tail_end(document, 1) == len(text)
    assert trailing_comment(document, 0) == " # three"
    assert trailing_comment(document, 1) == ""
