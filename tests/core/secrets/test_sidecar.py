"""The sidecar: sorted blocks; an edit touches one block, all other bytes stay."""

from __future__ import annotations

import hashlib
import json
import re

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.secrets import sidecar as module
from sessionctl.core.secrets.sidecar import Sidecar, SidecarEntry
from sessionctl.errors import DocumentError, GuardError, ParseError, UnsupportedVersionError
from sessionctl.resources import schema_text
from tests.sidecars import in_armor
from tests.together import together

HEAD = 'format = 1\nsession = "s"\nvault = "age1x"\n'
NAMES = st.from_regex(r"[a-z0-9_-]{1,4}(\.[a-z0-9]{1,3})?", fullmatch=True)


def armor(content):
    return in_armor(content.encode() * 20)


def entry(name, content="x", **marks):
    return SidecarEntry(name, armor(content), **marks)


def sidecar(*names):
    made = Sidecar.new("3f0d", "age1abc", "api.secrets.toml")
    for name in names:
        made = made.put(entry(name))
    return made


def test_a_new_sidecar_says_what_it_is():
    made = sidecar()
    assert (made.session, made.vault, made.entries) == ("3f0d", "age1abc", {})
    assert made.text.startswith("# Secrets of a session, encrypted by sessionctl")


def test_blocks_are_sorted_with_one_blank_line_between():
    text = sidecar("b", "a.x", "c", "a").text
    head = sidecar().text
    blocks = [f'[secret."{name}"]\nage = """\n{armor("x")}"""\n' for name in ("a", "a.x", "b", "c")]
    assert text == head + "\n" + "\n".join(blocks)


@given(st.lists(NAMES, unique=True, max_size=8), st.randoms())
def test_the_order_of_edits_does_not_show(names, random):
    shuffled = list(names)
    random.shuffle(shuffled)
    made = sidecar(*shuffled)
    assert made.text == sidecar(*sorted(names)).text
    assert list(made.entries) == sorted(names)
    head, blocks = made.blocks()
    assert head + "".join(block.text for block in blocks) == made.text
    assert [block.name for block in blocks] == sorted(names)


@given(st.lists(NAMES, unique=True, min_size=1, max_size=8), st.data())
def test_putting_a_value_changes_its_block_only_and_taking_it_out_leaves_no_trace(names, data):
    made = sidecar(*names)
    name = data.draw(st.sampled_from(names))
    changed = made.put(entry(name, "y"))
    assert changed.entries[name].armor == armor("y")
    before, after = dict(made.blocks()[1]), dict(changed.blocks()[1])
    assert {key for key in before if before[key] != after[key]} == {name}
    assert made.put(made.entries[name]).text == made.text
    assert made.remove(name).text == sidecar(*(other for other in names if other != name)).text


def test_comments_and_unknown_keys_stay_with_their_block():
    text = sidecar("a", "c").text.replace(
        '[secret."c"]', '# of the staging server\n[secret."c"]\nnote = "x"  # mine'
    )
    made = Sidecar.parse(text)
    both = made.put(entry("b")).put(entry("c", "y"))
    assert both.remove("b").put(entry("c")).text == text
    assert '# of the staging server\n[secret."c"]\nnote = "x"  # mine\nage = """\n' in both.text
    assert made.remove("c").text == sidecar("a").text


def test_marks_come_and_go():
    made = sidecar("a", "b")
    marked = made.put(entry("a", rotate="2026-10-03", is_unsealed=True))
    assert marked.entries["a"].rotate == "2026-10-03"
    assert marked.entries["a"].is_unsealed
    moved = marked.put(entry("a", rotate="2026-10-04", is_unsealed=True))
    assert moved.entries["a"].rotate == "2026-10-04"
    assert moved.put(entry("a")).text == made.text
    fresh = sidecar("b").put(entry("a", rotate="2026-10-03", is_unsealed=True))
    assert fresh.entries == marked.entries | {"a": marked.entries["a"]}


def test_line_ends_of_the_file_are_kept():
    text = sidecar("a", "c").text.replace("\n", "\r\n")
    made = Sidecar.parse(text)
    grown = made.put(entry("b")).put(entry("a", "y"))
    assert "\n" not in grown.text.replace("\r\n", "")
    assert grown.put(entry("a")).remove("b").text == text
    assert made.remove("c").text == sidecar("a").text.replace("\n", "\r\n")


def test_entries_that_a_hand_wrote_otherwise_are_read_and_changed():
    text = f"{HEAD}secret.a = {{ age = {json.dumps(armor('x'))} }}"
    made = Sidecar.parse(text)
    assert made.entries["a"].armor == armor("x")
    assert made.blocks() == (text, ())
    changed = made.put(entry("a", "y"))
    assert changed.entries["a"].armor == armor("y")
    assert made.remove("a").entries == {}
    assert list(made.put(entry("b")).entries) == ["a", "b"]


def test_a_table_of_another_kind_is_no_block():
    text = sidecar("a").text + "\n[mine]\nx = 1\n"
    made = Sidecar.parse(text)
    assert made.put(entry("b")).remove("b").text == text
    assert [block.name for block in made.blocks()[1]] == ["a"]


def test_the_digest_is_that_of_the_ciphertext_however_it_is_wrapped():
    one = entry("a")
    assert one.digest == SidecarEntry("b", one.armor.replace("\n", "\r\n").strip()).digest
    assert one.digest != entry("a", "y").digest
    assert one.digest.startswith("sha256:")


def test_the_vault_in_the_head_can_change():
    made = sidecar("a").with_vault("age1def")
    assert made.vault == "age1def"
    assert made.with_vault("age1abc").text == sidecar("a").text


def test_what_is_written_keeps_to_the_schema():
    schema = json.loads(schema_text("secrets.v1"))
    made = sidecar("a").put(entry("b", rotate="2026-10-03", is_unsealed=True)).with_vault("age1acd")
    assert not list(jsonschema.Draft202012Validator(schema).iter_errors(made.document.value))


@together(
    ("text", "place"),
    [
        ("", "x:1:1: format: expected the format, 1"),
        ("format = '1'\n", "x:1:10: format: expected the format, 1"),
        ("format = true\n", "x:1:10: format: expected the format, 1"),
        ("format = 1\nvault = ''\n", "x:1:1: session: expected a string"),
        ("format = 1\nsession = ''\nvault = 1\n", "x:3:9: vault: expected a string"),
        (HEAD + "secret = 1\n", 'x:4:10: secret: expected tables [secret."NAME"]'),
        (HEAD + "[secret]\na = 1\n", "x:5:5: secret.a: expected a table with the key age"),
        (HEAD + "[secret.a]\n", "x:4:1: secret.a: expected a table with the key age"),
        (HEAD + "[secret.a]\nage = 1\n", "x:4:1: secret.a: expected a table with the key age"),
        (
            HEAD + "[secret.'a b']\nage = ''\n",
            "x:4:1: secret.a b: expected a name such as prod.password",
        ),
        (
            HEAD + "[secret.a]\nage = ''\nrotate = 2026-01-02\n",
            "x:6:10: secret.a: expected a date in quotes",
        ),
    ],
)
def test_what_is_no_sidecar_is_refused_with_its_place(text, place):
    with pytest.raises(DocumentError) as caught:
        Sidecar.parse(text, "x")
    assert caught.value.message == place
    assert list(caught.value.hints) == ["restore the version from git: sessionctl undo x"]


def test_a_sidecar_of_a_newer_version_is_left_alone():
    for name in ("", "x.secrets.toml"):
        with pytest.raises(UnsupportedVersionError) as refused:
            Sidecar.parse("format = 2\n", name)
        where = name or "sidecar"
        assert refused.value.message == f"{where}: format 2 is newer than this sessionctl"
        assert list(refused.value.hints) == ["update sessionctl; the file is left as it is"]
    with pytest.raises(ParseError):
        Sidecar.parse("format = \n")


def test_several_entries_are_put_at_once():
    made = sidecar("b").put_all([entry("a"), entry("b", "y")])
    assert made.text == sidecar("a").put(entry("b", "y")).text


def test_tables_below_an_entry_are_part_of_its_block():
    text = sidecar("a").text + "\n[secret.a.mine]\nx = 1\n"
    made = Sidecar.parse(text)
    assert [block.name for block in made.blocks()[1]] == ["a"]
    assert made.put(entry("b")).remove("b").text == text
    assert made.remove("a").text == sidecar().text


def test_an_edit_that_does_not_verify_is_not_made(monkeypatch):
    monkeypatch.setattr(module, "_block_text", lambda _entry: "[secret.x]\nage = ''\n")
    with pytest.raises(GuardError) as caught:
        sidecar("a")
    assert caught.value.message == "api.secrets.toml: the edit of the sidecar did not verify"


@given(
    st.lists(NAMES, unique=True, max_size=6),
    st.lists(NAMES, unique=True, max_size=8),
    st.randoms(),
)
def test_many_at_once_are_put_as_one_after_the_other(there, put, random):
    before = sidecar(*there)
    marks = ({}, {"is_unsealed": True}, {"rotate": "2026-01-02"})
    entries = [entry(name, random.choice("xyz"), **random.choice(marks)) for name in put]
    one_by_one = before
    for one in entries:
        one_by_one = one_by_one.put(one)
    assert before.put_all(entries).text == one_by_one.text


def refused(text, name=""):
    with pytest.raises(DocumentError) as caught:
        Sidecar.parse(text, name)
    return caught.value.message, *caught.value.hints


def test_a_sidecar_holds_so_much_and_no_more(monkeypatch):
    hint = "restore the version from git: sessionctl undo FILE"
    text = f"{HEAD}[secret.a]\nage = 'xx'\n[secret.b]\nage = ''\n"
    for limit, exact, over in (
        ("MAX_LETTERS", len(text), "sidecar: larger than {} letters, more than secrets take"),
        ("MAX_ENTRIES", 2, "sidecar:4:1: secret: more than {} entries"),
        ("MAX_ARMOR", 2, "sidecar:4:1: secret.a: an entry of more than {} letters"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, limit, exact)
            assert list(Sidecar.parse(text).entries) == ["a", "b"]
            patch.setattr(module, limit, exact - 1)
            assert refused(text) == (over.format(exact - 1), hint)
            assert refused(text, "x y")[1] == "restore the version from git: sessionctl undo 'x y'"
            assert refused(text, "x y")[0].startswith("x y:")


def test_a_sidecar_without_a_name_is_called_one_and_is_restored_by_its_file():
    hint = "restore the version from git: sessionctl undo FILE"
    assert refused("") == ("sidecar:1:1: format: expected the format, 1", hint)
    assert Sidecar.new("s", "v").document.name == Sidecar.parse(HEAD).document.name == ""


def written(short):
    """Return a sidecar of which the head is "@", and an empty entry "<NAME>"."""
    return re.sub(r"<(.)>", r"[secret.\1]\nage = ''\n", short.replace("@", HEAD))


@together(
    ("text", "name", "after"),
    [
        ("@<a>", "a", "@"),
        ("@# x\n\n<a>", "a", "@# x\n"),
        ("@\n\n<a>", "a", "@"),
        ("@\n[secret.a]\nage = ''", "a", "@"),
        ("@\n<a>\n# b\n<b>", "a", "@\n# b\n<b>"),
        ("@\n<a>\n# b\n<b>", "b", "@\n<a>"),
        ("@<a>[x]\n", "a", "@[x]\n"),
        ("@[secret]\na.age = ''\nb.age = ''\n", "a", "@[secret]\nb.age = ''\n"),
        ("@secret.a.age = ''\nsecret.b = { age = '' }\n", "b", "@secret.a.age = ''\n"),
    ],
)  # fmt: skip
def test_an_entry_goes_with_its_comment_and_the_blank_lines_before_the_end(text, name, after):
    for newline in ("\n", "\r\n"):
        before, left = (written(one).replace("\n", newline) for one in (text, after))
        assert Sidecar.parse(before).remove(name).text == left


@together(
    ("text", "after"),
    [
        ("@", "@\n«b»"),
        ("@\n", "@\n\n«b»"),
        ("@<c>", "@«b»\n<c>"),
        ("@# c\n<c>", "@«b»\n# c\n<c>"),
        ("@<a>", "@<a>\n«b»"),
        ("@[secret.a]\nage = ''", "@<a>\n«b»"),
        ("@<d><a>", "@«b»\n<d><a>"),
        ("@<a>[x]\n", "@<a>[x]\n\n«b»"),
        ("@[secret]\nc.age = ''\n", "@[secret]\nc.age = ''\n\n«b»"),
    ],
)  # fmt: skip
def test_a_new_entry_stands_before_the_first_of_a_greater_name(text, after):
    block = f'[secret."b"]\nunsealed = true\nrotate = "2026-01-02"\nage = """\n{armor("x")}"""\n'
    new = entry("b", is_unsealed=True, rotate="2026-01-02")
    for newline in ("\n", "\r\n"):
        before = written(text).replace("\n", newline)
        expected = written(after).replace("«b»", block).replace("\n", newline)
        assert Sidecar.parse(before).put(new).text == expected


def test_marks_stand_before_the_age_file_in_its_block():
    bare = sidecar("a").text
    age = bare.index("age = ")
    made = Sidecar.parse(bare)
    for marks, lines in (
        ({"is_unsealed": True}, "unsealed = true\n"),
        ({"rotate": "2026-01-02"}, 'rotate = "2026-01-02"\n'),
        (
            {"is_unsealed": True, "rotate": "2026-01-02"},
            'unsealed = true\nrotate = "2026-01-02"\n',
        ),
    ):
        marked = made.put(entry("a", **marks))
        assert marked.text == bare[:age] + lines + bare[age:]
        assert marked.put(entry("a")).text == bare


def test_the_digest_is_the_sha_256_of_the_lines_between_the_marks():
    body = "".join(armor("x").splitlines()[1:-1])
    assert entry("a").digest == f"sha256:{hashlib.sha256(body.encode()).hexdigest()}"
