"""The conflicts of a file told, chosen, checked and written."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.marked_text import Side
from sessionctl.errors import DocumentError, FileError, KeyNotFoundError, UsageError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.merging.key_meaning import KeyMeaning
from sessionctl.services.merging.resolution import ConflictedFile, Take
from tests.together import together

SESSION = "x.session.toml"
HEAD = 'schema_version = 1\nname = "x"\n'


def block(ours, theirs, base=""):
    return f"<<<<<<< main\n{ours}||||||| base\n{base}=======\n{theirs}>>>>>>> topic\n"


def session(text):
    return ConflictedFile(SESSION, HEAD + text)


PORT = "[connections.prod]\ndriver = 'postgres'\n" + block("port = 2\n", "port = 70000\n")
SECRET = "[connections.prod]\ndriver = 'postgres'\n" + block(
    "password = 'hunter1'\n", "password = 'hunter2' # password = hunter3\n"
)


def test_a_file_is_read_with_its_conflicts(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(block("a = 1\n", "a = 2\n"))
    file = ConflictedFile.read(str(path))
    assert [file.title(i) for i in range(len(file.conflicts))] == ["a"]
    assert file.lines(0) == (1, 6)


def test_markers_that_belong_to_no_conflict_are_an_error_with_all_places(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("a = 1\n>>>>>>> x\n<<<<<<< y\n")
    with pytest.raises(DocumentError) as caught:
        ConflictedFile.read(str(path))
    assert caught.value.message.startswith(f"{path}:2:1: the end of a conflict")
    assert caught.value.hints[0].startswith(f"{path}:3:1: ")


def test_of_many_such_markers_the_first_are_told(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(">>>>>>> x\n" * 40)
    with pytest.raises(DocumentError) as caught:
        ConflictedFile.read(str(path))
    assert caught.value.hints[-2] == "and 30 more such markers"


def test_a_conflict_of_comments_goes_by_its_lines():
    assert session(block("# a\n", "# b\n")).title(0) == "lines 3 to 8"


def test_of_many_keys_the_first_are_told():
    file = session(block("a = 1\nb = 1\nc = 1\nd = 1\n", "e = 1\n"))
    assert file.title(0) == "a, b, c and 2 more"


# -- what is shown ---------------------------------------------------------------------


def test_a_secret_is_masked_in_every_side_and_in_comments():
    file = session(SECRET)
    assert file.shown(0, Side.OURS) == 'password = "***"\n'
    assert file.shown(0, Side.THEIRS) == 'password = "***" # password = ***\n'
    assert file.shown(0, Side.BASE) == ""
    assert file.has_secret(0)
    assert not session(PORT).has_secret(0)


def test_a_reference_to_a_secret_is_shown():
    text = SECRET.replace("'hunter1'", '{ secret = "prod" }')
    assert session(text).shown(0, Side.OURS) == 'password = { secret = "prod" }\n'


def test_what_only_the_schema_calls_secret_is_masked():
    text = "[connections.prod.password]\n" + block("x = [1, 'a']\n", "y = 1\n")
    assert session(text).shown(0, Side.OURS) == 'x = ["***", "***"]\n'


def test_a_secret_that_goes_on_outside_of_the_conflict_is_masked():
    text = 'password = """\n' + block("hunter1\n", "hunter2\n") + 'rest"""\n'
    file = ConflictedFile("a.toml", text)
    assert file.shown(0, Side.OURS) == '"***"'
    assert file.has_secret(0)


def test_where_the_text_is_no_toml_all_that_looks_like_a_secret_is_masked():
    file = ConflictedFile("a.toml", "= =\n" + block("token = 'hunter1'\n", "a = 1\n"))
    assert "hunter" not in (file.shown(0, Side.OURS) or "")


def test_without_a_base_nothing_is_shown_for_it():
    text = "<<<<<<< a\na = 1\n=======\na = 2\n>>>>>>> b\n"
    assert ConflictedFile("a.toml", text).shown(0, Side.BASE) is None


def test_the_meaning_of_a_key_comes_from_the_schema():
    meaning = session(PORT).meaning(0)
    assert meaning.kind == "an integer, from 1 to 65535"
    assert meaning.description == "The port of the server."


@pytest.mark.parametrize(
    "text",
    [
        block("# a\n", "# b\n"),
        "[preferences]\n" + block("x = 1\n", "x = 2\n"),
        block("nonsense = 1\n", "nonsense = 2\n"),
        "[connections.a]\n" + block("x = 1\ny = 1\n", ""),
    ],
)
def test_what_the_schema_does_not_know_has_no_meaning(text):
    assert session(text).meaning(0) == KeyMeaning()


def test_another_toml_file_has_no_meaning():
    assert ConflictedFile("a.toml", PORT).meaning(0) == KeyMeaning()


def test_a_key_that_is_one_of_few_words_tells_them():
    text = '[[windows]]\nname = "a"\n[[windows.panes]]\n' + block(
        'start = "run"\n', 'start = "type"\n'
    )
    assert session(text).meaning(0).kind == 'one of "run", "type" or "skip"'


def test_a_side_that_is_wrong_has_its_problems():
    file = session(PORT)
    (problem,) = file.side_problems(0, Side.THEIRS)
    assert problem.message == "expected a number of at most 65535, got 70000"
    assert file.side_problems(0, Side.OURS) == ()


# -- choices ---------------------------------------------------------------------------

THREE = (
    block('root = "a"\n', 'root = "b"\n', 'root = "c"\n')
    + '[[windows]]\nname = "ed"\n'
    + block('layout = "tiled"\n', 'layout = "even-vertical"\n')
    + "[connections.prod]\ndriver = 'postgres'\n"
    + block("port = 2\n", "port = 3\n")
)


@together(
    ("pattern", "chosen"),
    [
        ("root", [0]),
        ("windows[name=ed].layout", [1]),
        ("windows.layout", [1]),
        ("windows.*", [1]),
        ("windows", [1]),
        ("connections.prod", [2]),
        ("connections.*.port", [2]),
        ("*port", [2]),
        ("*", [0, 1, 2]),
    ],
)
def test_a_pattern_takes_the_conflicts_at_and_below_a_path(pattern, chosen):
    assert list(session(THREE).choose([Take(pattern, Side.THEIRS)])) == chosen


def test_a_star_takes_comments_too_which_have_no_key():
    file = session(block("# a\n", "# b\n"))
    assert file.choose([Take("*", Side.THEIRS)]) == {0: Side.THEIRS}
    with pytest.raises(KeyNotFoundError):
        file.choose([Take("#*", Side.THEIRS)])


def test_a_later_take_is_stronger_and_the_rest_goes_last():
    file = session(THREE)
    takes = [Take("*", Side.THEIRS), Take("root", Side.BASE)]
    assert file.choose(takes) == {0: Side.BASE, 1: Side.THEIRS, 2: Side.THEIRS}
    assert file.choose(takes[1:], Side.OURS) == {0: Side.BASE, 1: Side.OURS, 2: Side.OURS}


def test_a_pattern_without_a_conflict_is_an_error_that_lists_them():
    with pytest.raises(KeyNotFoundError, match="no conflict at port") as caught:
        session(THREE).choose([Take("port", Side.OURS)])
    assert "connections.prod.port" in caught.value.hints[0]


def test_both_is_to_be_had_only_where_it_is_toml():
    file = session(THREE)
    assert not file.can_keep_both(0)
    with pytest.raises(UsageError, match="root: both sides cannot be in one file"):
        file.choice(0, Side.BOTH)
    pair = session(block("x1 = 1\n", "x2 = 1\n"))
    assert pair.choice(0, Side.BOTH) is Side.BOTH


def test_the_base_is_to_be_had_only_where_it_is_written():
    file = ConflictedFile("a.toml", "<<<<<<< a\na = 1\n=======\na = 2\n>>>>>>> b\n")
    with pytest.raises(UsageError, match="do not hold the base") as caught:
        file.choice(0, Side.BASE)
    assert "conflictStyle" in caught.value.hints[0]


# -- checks and writing ----------------------------------------------------------------


def test_an_edited_text_must_be_toml_hold_to_the_schema_and_have_no_markers():
    file = session(PORT)

    def problems(text):
        return [(problem.span.start, problem.message) for problem in file.text_problems(0, text)]

    assert problems("port = 5\n") == []
    assert problems("port = \n") == [(7, "expected a value, found the end of the line")]
    (problem,) = file.text_problems(0, "port = 0\n")
    assert (problem.span.start, str(problem.key_path)) == (7, "connections.prod.port")
    for marked in (block("port = 1\n", ""), "<<<<<<< x\n"):
        assert problems(marked) == [(0, "there are still markers in it")]


def test_a_problem_has_the_line_of_its_conflict():
    ((problem, line),) = session(PORT).choice_problems({0: Side.THEIRS})
    assert (line, str(problem.key_path)) == (5, "connections.prod.port")
    assert problem.message == "expected a number of at most 65535, got 70000"


def test_a_problem_outside_of_the_conflicts_has_its_line_in_the_file():
    text = "a = 1\n" + block("a = 2\n", "b = 1\n") + "= =\n"
    ((problem, line),) = ConflictedFile("a.toml", text).choice_problems({0: Side.THEIRS})
    assert (line, problem.message) == (8, "expected a key before the equals sign")


def test_what_was_chosen_is_written_unless_the_file_changed(tmp_path):
    path = tmp_path / SESSION
    path.write_text(HEAD + THREE)
    file = ConflictedFile.read(str(path))
    assert file.write({0: Side.OURS}, open_store(None)).is_changed
    assert path.read_text() == file.resolve({0: Side.OURS})
    with pytest.raises(FileError, match="was changed by someone else"):
        file.write({0: Side.THEIRS}, open_store(None))
