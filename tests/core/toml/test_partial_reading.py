"""Partial reading: what is taken over is what reading the whole text gives, or nothing is."""

from __future__ import annotations

import random
import tomllib

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.edit import guard
from sessionctl.core.toml.edit.guard import reread, verify, verify_whole
from sessionctl.core.toml.parse import partial_reading
from sessionctl.core.toml.parse.partial_reading import (
    begins_alike,
    changed_region,
    is_read_as,
    read_changed,
)
from sessionctl.core.toml.parse.statement import KEY, Statement
from sessionctl.errors import GuardError, ParseError
from tests.core.toml.corpus import SESSION, TRICKY, valid_texts
from tests.core.toml.fuzz import all_paths, run_edit
from tests.strategies import edit_document, write_document
from tests.together import together
from tests.world import IN_CI

_TEXTS = 12_000 if IN_CI else 500
_PARTS = 4
# The first part every day, the others in CI.
PARTS = [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, _PARTS))]


@pytest.fixture
def everywhere(monkeypatch):
    """Read small texts partially too, and let a change be as large as it likes."""
    monkeypatch.setattr(guard, "_LARGE", 0)
    monkeypatch.setattr(partial_reading, "_PART", 0)


def facts(document):
    """Return all that is known of a document: values in order with their types, places, nodes."""
    statements = [
        (s.kind, s.keys, s.key_start, s.key_end, s.value_start, s.value_end, s.end)
        for s in document.statements
    ]
    places = []
    for path in all_paths(document.value):
        node = document.leaf(KeyPath(path))
        places.append((document.span(path), document.key_span(path), getattr(node, "span", None)))
    return document.text, repr(document.value), statements, places


def changed(rng, text):
    """Return ``text`` with some lines or characters gone, doubled, moved or of another line."""
    lines = text.splitlines(keepends=True) or [""]
    kind = rng.randrange(6)
    at = rng.randrange(len(lines))
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, rng.choice(lines))
    elif kind == 2:
        lines.insert(at, rng.choice(["x = 1\n", "a.b = 2\n", "[a]\n", "[[a]]\n", '"""\n', "# c\n"]))
    elif kind == 3:
        lines[at] = lines[at].replace("=", "= 1 #", 1)
    else:
        place = rng.randrange(len(text) + 1)
        end = min(len(text), place + rng.randrange(6))
        return text[:place] + rng.choice(["", "1", "\n", '"', "'''", "\ufeff", "é\n"]) + text[end:]
    return "".join(lines)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("part", PARTS)
def test_a_changed_text_reads_as_it_does_as_a_whole_or_is_read_as_a_whole(part):
    texts = list((TRICKY | valid_texts()).values())
    read = 0
    for seed in range(part, _TEXTS, _PARTS):
        rng = random.Random(seed)
        text = rng.choice(texts) if seed % 3 else write_document(rng)
        before = Document.parse(text)
        text = edit_document(rng, text) if seed % 5 == 0 else changed(rng, text)
        after = read_changed(before, text)
        if after is None:
            continue
        read += 1
        # Where a whole reading fails, so must this one: parse raises.
        assert facts(after) == facts(Document.parse(text)), seed
        again = read_changed(after, changed(rng, text))
        if again is not None:
            assert facts(again) == facts(Document.parse(again.text)), seed
    assert read > _TEXTS / _PARTS / 4


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("part", PARTS)
def test_an_edit_gives_the_same_text_value_and_places_as_with_a_whole_reading(part, monkeypatch):
    texts = TRICKY | valid_texts()
    for seed in range(part, _TEXTS // 10, _PARTS):
        name = random.Random(seed).choice(list(texts))
        found = []
        for large in (0, 1 << 40):
            monkeypatch.setattr(guard, "_LARGE", large)
            rng = random.Random(seed)
            document = Document.parse(texts[name], name)
            steps = []
            for _ in range(4):
                before = document
                document, wrong = run_edit(before, rng)
                assert wrong == []
                if document.text != before.text:
                    document.is_verified = False
                    assert document.verified(before) is document
                steps.append(facts(document))
                assert steps[-1] == facts(Document.parse(document.text))
            found.append(steps)
        assert found[0] == found[1], (seed, name)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("name = 1\n", "name = 2\n", id="a value"),
        pytest.param("name = 1\n", 'name = "longer"  # why\n', id="a longer value"),
        pytest.param("name = 1\n", "name = 1\nnew = 2\n", id="a new key"),
        pytest.param("name = 1\n", "", id="a key less"),
        pytest.param("name = 1\n", "other = 1\n", id="another key"),
        pytest.param("name = 1\n", "name = { a = [1, 2] }\n", id="a table"),
    ],
)
def test_changes_of_values_and_plain_keys_are_read_alone(old, new):
    text = "".join(f"[[t]]\nbefore = {n}\n{old}[t.below]\na = {n}\n" for n in range(9))
    before = Document.parse(text)
    half = text.index("before = 4")
    after = read_changed(before, text[:half] + text[half:].replace(old, new, 1))
    assert after is not None
    assert after.value["t"][3] is before.value["t"][3]
    assert is_read_as(before, after, tomllib.loads)


@pytest.mark.usefixtures("everywhere")
@together(
    "new",
    [
        pytest.param("x = 1\nx = 2\n", id="a key twice in the change"),
        pytest.param("x = 1\nkept = 2\n", id="a key that is there"),
        pytest.param("x = 1\nbelow = 2\n", id="a key of a table with a header"),
        pytest.param("x = 1\nbelow.y = 2\n", id="a dotted key into it"),
        pytest.param('x = """\n', id="a string that does not end"),
        pytest.param("x = [\n", id="an array that does not end"),
        pytest.param("x = 1\n<<<<<<< ours\n", id="a conflict marker"),
        pytest.param(f"x = {'[' * 127}{']' * 127}\n", id="too deep where it stands"),
        pytest.param("x = 1\n[t.below]\n", id="a header twice"),
        pytest.param("x = 1\n\ufeffy = 1\n", id="a byte order mark within"),
    ],
)
def test_what_is_wrong_with_the_rest_is_never_taken_over(new):
    text = "[t]\nkept = 1\nx = 1\nlast = 1\n[t.below]\na = 1\n[t.more.deep]\na = 1\n"
    before = Document.parse(text)
    after = text.replace("x = 1\n", new)
    with pytest.raises(ParseError):
        Document.parse(after)
    assert read_changed(before, after) is None
    with pytest.raises(ParseError):
        reread(before, after)


@pytest.mark.usefixtures("everywhere")
def test_the_guard_sees_a_wrong_value_in_what_changed_and_around_it():
    before = Document.parse(SESSION)
    right = before.set("connections.prod.port", 5433)
    verify(before, right)
    for path, value in [(("connections", "prod", "port"), 1), (("name",), "other")]:
        wrong = Document(
            right.text, partial_reading._with(right.value, path, value), right.statements
        )
        assert not is_read_as(before, wrong, tomllib.loads)
        for check in (verify, verify_whole):
            with pytest.raises(GuardError):
                check(before, wrong)


def test_a_change_of_much_of_a_text_is_read_as_a_whole():
    before = Document.parse("a = 1\n" + "".join(f"k{n} = {n}\n" for n in range(99)))
    assert changed_region(before, before.text.replace("a = 1", "a = 2")) is not None
    assert changed_region(before, before.text.replace(" = ", " =  ")) is None


@pytest.mark.usefixtures("everywhere")
def test_a_document_that_is_written_was_read_as_a_whole():
    before = Document.parse(SESSION)
    assert before.is_verified
    after = before.set("connections.prod.port", 5433)
    assert not after.is_verified
    assert after.verified() is after
    assert after.is_verified
    other = partial_reading._with(after.value, ("name",), "other")
    wrong = Document(after.text, other, after.statements)
    wrong.is_verified = False
    with pytest.raises(GuardError):
        wrong.verified()


def spy_on_tomllib(monkeypatch):
    """Return the list of texts that tomllib is given from now on."""
    given = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: given.append(text) or loads(text))
    return given


@pytest.mark.usefixtures("everywhere")
def test_what_stands_in_a_file_already_is_not_read_again_for_an_edit_of_it(monkeypatch):
    before = Document.parse(SESSION)
    after = before.set("connections.prod.port", 5433)
    given = spy_on_tomllib(monkeypatch)
    assert after.verified(before) is after
    assert "port     = 5433\n" in given
    assert after.text not in given


@pytest.mark.usefixtures("everywhere")
def test_an_edit_with_another_value_in_what_changed_or_around_it_reaches_no_file():
    before = Document.parse(SESSION)
    right = before.set("connections.prod.port", 5433)
    for path, value in [(("connections", "prod", "port"), 1), (("name",), "other")]:
        other = partial_reading._with(right.value, path, value)
        wrong = Document(right.text, other, right.statements)
        wrong.is_verified = False
        with pytest.raises(GuardError):
            wrong.verified(before)


LONG = [
    'a = """\nx = 1\n"""\n',
    "a = '''\nx = 1\n'''\n",
    "a = [\n1,\n# x = [\n2\n]\n",
    'a = [["]", 1], {b = "}"}]\n',
    'a = ["""[""", "\\"["]\n',
]


@pytest.mark.parametrize("text", LONG)
@pytest.mark.usefixtures("everywhere")
def test_what_goes_on_over_line_ends_above_an_edit_is_read_by_both_readers(text, monkeypatch):
    before = Document.parse(f"{text}y = 1\n")
    after = before.set("y", 2)
    given = spy_on_tomllib(monkeypatch)
    assert after.verified(before) is after
    assert after.text not in given
    # As if our parser did not see where the statement above ends.
    wrong = Document(before.text, before.value, list(before.statements))
    first = wrong.statements[0]
    end = text.index("\n")
    place = (first.key_start, first.key_end, first.value_start, end, end + 1)
    wrong.statements[0] = Statement(KEY, first.keys, *place)
    is_alike = begins_alike(wrong, after.text, tomllib.loads)
    assert is_alike == (text.count("\n") == 1)


THREE = "a = 1\nb = 2\nc = 3\n"


@together(
    ("before", "after", "region"),
    [
        (THREE, THREE.replace("2", "9"), (1, 2, "b = 2\n", "b = 9\n")),
        (THREE, THREE.replace("b = 2\n", ""), (1, 2, "b = 2\n", "")),
        (THREE, THREE.replace("b = 2", "b = 2 # x"), (1, 2, "b = 2\n", "b = 2 # x\n")),
        (THREE, THREE.replace("b", "x = 1\nb"), (1, 1, "", "x = 1\n")),
        (THREE, THREE.replace("b", "# x\n\nb"), (1, 1, "", "# x\n\n")),
        (THREE, f"x = 1\n{THREE}", (0, 1, "a = 1\n", "x = 1\na = 1\n")),
        (THREE, f"{THREE}x = 1\n", (3, 3, "", "x = 1\n")),
        (THREE, f"{THREE}x = 1", (3, 3, "", "x = 1")),
        (THREE, "a = 8\nb = 2\nc = 9\n", (0, 3, THREE, "a = 8\nb = 2\nc = 9\n")),
        (THREE, "", (0, 3, THREE, "")),
        (THREE, "c = 3\n", (0, 2, "a = 1\nb = 2\n", "")),
        (THREE, "a = 1\n", (1, 3, "b = 2\nc = 3\n", "")),
        (THREE, THREE, (3, 3, "", "")),
        ("", THREE, (0, 0, "", THREE)),
        ("a = 1\nb = 2", "a = 1\nb = 2\nc = 3", (1, 2, "b = 2", "b = 2\nc = 3")),
        ("a = 1\n# x\nb = 2\n", "a = 1\n# y\nb = 2\n", (1, 2, "# x\nb = 2\n", "# y\nb = 2\n")),
        ("a = 1\n# x\n", "a = 1\n# y\n", (1, 1, "# x\n", "# y\n")),
        ("\ufeffa = 1\nb = 2\n", "\ufeffa = 3\nb = 2\n", (0, 1, "a = 1\n", "a = 3\n")),
        ("\ufeffa = 1\n", "\ufeff", (0, 1, "a = 1\n", "")),
        ("\ufeffa = 1\n", "a = 1\n", None),
        ("a = 1\n", "\ufeffa = 1\n", None),
        (THREE, THREE.replace("b", "\ufeffx = 1\nb"), None),
        (THREE, THREE.replace("2\nc", "2 # c"), None),
        (THREE, THREE.replace("2\nc = 3\n", "2 # c"), (1, 3, "b = 2\nc = 3\n", "b = 2 # c")),
    ],
)
@pytest.mark.usefixtures("everywhere")
def test_what_changed_is_cut_out_in_whole_statements(before, after, region):
    document = Document.parse(before)
    found = changed_region(document, after)
    if found is None or region is None:
        assert found is region
        return
    first, last, start, end, new_end = found
    assert (first, last, before[start:end], after[start:new_end]) == region
    assert before[:start] == after[:start]
    assert before[end:] == after[new_end:]


def test_a_change_of_an_eighth_of_a_text_is_the_largest_that_is_read_alone(monkeypatch):
    before = Document.parse("".join(f"k{number} = 0\n" for number in range(8)))
    text = before.text.replace("k3 = 0", "k3 = 9")
    assert changed_region(before, text) == (3, 4, 21, 28, 28)
    assert changed_region(before, text.replace("k3 = 9", "k3 = 99")) is None
    monkeypatch.setattr(partial_reading, "MAX_LENGTH", len(text))
    assert changed_region(before, text) is not None
    monkeypatch.setattr(partial_reading, "MAX_LENGTH", len(text) - 1)
    assert changed_region(before, text) is None


def failing(_text):
    raise ValueError


@pytest.mark.usefixtures("everywhere")
def test_what_another_reader_does_not_read_as_ours_is_not_taken_for_right():
    before = Document.parse("[t]\na = 1\nb.c = 2\n")
    after = before.set("t.a", 9)
    assert is_read_as(before, after, tomllib.loads)
    marked = Document.parse(f"\ufeff{after.text}")
    assert not is_read_as(before, marked, tomllib.loads)
    assert not begins_alike(before, marked.text, tomllib.loads)
    for load in (lambda _: {}, lambda _: {"a": {}}, lambda _: {"a": 8}, failing):
        assert not is_read_as(before, after, load)
    deeper = before.set("t.b.c", 9)
    assert is_read_as(before, deeper, tomllib.loads)
    for load in (lambda _: {}, lambda _: {"b": 9}, lambda _: {"b": {}}, lambda _: {"b": {"c": 8}}):
        assert not is_read_as(before, deeper, load)
    fewer = Document(after.text, after.value, after.statements[:1])
    assert not is_read_as(before, fewer, tomllib.loads)


@together(
    ("above", "is_read"),
    [
        ("a = [1]\n", False),
        ("a = ['[', \"]\"]\n", False),
        ("a = [ '''[''' ]\n", False),
        ("a = ''' '''\n", False),
        ("a = '''it's'''\n", True),
        ('a = ["\\""]\n', True),
        ('a = """ " """\n', True),
        ("a = { b = '{' }\n", False),
        ("a = [\n1\n]\n", True),
        ("a = '''\n'''\n", True),
        ("a = '['\n", False),
        ("a = 1\n", False),
        ("[a]\n", False),
    ],
)
@pytest.mark.usefixtures("everywhere")
def test_only_what_may_go_on_over_a_line_end_is_read_by_the_other_reader(above, is_read):
    before = Document.parse(f"{above}y = 1\n")
    after = f"{above}y = 2\n"
    assert begins_alike(before, after, tomllib.loads)
    assert begins_alike(before, after, failing) is not is_read
    assert begins_alike(before, after, lambda _: {}) is not is_read


@pytest.mark.usefixtures("everywhere")
def test_a_document_that_is_read_in_part_keeps_its_name_and_the_outline_of_its_keys():
    before = Document.parse(SESSION, "x.toml")
    same = read_changed(before, SESSION.replace("5432", "9"))
    assert (same.name, same.pattern) == ("x.toml", before.outline)
    other = read_changed(before, SESSION.replace("port ", "gate "))
    assert (other.name, other.pattern) == ("x.toml", None)
