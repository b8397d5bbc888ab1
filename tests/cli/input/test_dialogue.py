"""The dialogue of resolve: what is asked, what the answers do."""

from __future__ import annotations

import io

import click
import pytest

from sessionctl.cli.input.dialogue import Dialogue
from sessionctl.cli.output.console import Console
from sessionctl.core.conflict.marked_text import CustomText, Side
from sessionctl.services.git.operation import Situation
from sessionctl.services.merging.resolution import ConflictedFile
from tests.together import together

NAME = "x.session.toml"
HEAD = 'schema_version = 1\nname = "x"\n'


def block(ours, theirs, base=None):
    middle = "" if base is None else f"||||||| base\n{base}"
    return f"<<<<<<< main\n{ours}{middle}=======\n{theirs}>>>>>>> topic\n"


ROOT = block('root = "a"\n', 'root = "b"\n', 'root = "c"\n')
PORT = "[connections.prod]\ndriver = 'postgres'\n" + block(
    "port = 2\n", "port = 70000\n", "port = 1\n"
)
PATHS = block("search_path = ['a']\n", "search_path = ['b']\n", "search_path = []\n")
MERGED = CustomText("search_path = ['a', 'b']\n", "both")
THREE = HEAD + ROOT + PORT + PATHS


class Talk:
    """One dialogue with prepared answers and edits; ``out`` is what was printed."""

    def __init__(self, text, answers, *, edits=(), force=False, operation="merge", settled=None):
        self.stdout = io.StringIO()
        self.asked = []
        self.edited = []
        self.answers = list(answers)
        self.edits = list(edits)
        self.file = ConflictedFile(NAME, text)
        dialogue = Dialogue(
            Console(stdout=self.stdout),
            self.file,
            Situation(operation),
            ask=self.ask,
            edit=self.edit,
            force=force,
        )
        self.choices = dialogue.run(settled or {})

    def ask(self, question):
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else None

    def edit(self, text):
        self.edited.append(text)
        saved = self.edits.pop(0)
        if isinstance(saved, Exception):
            raise saved
        return saved

    @property
    def out(self):
        return self.stdout.getvalue()

    @property
    def result(self):
        return self.file.resolve(self.choices)


def test_each_conflict_is_shown_with_what_the_schema_says_and_whose_side_is_whose():
    talk = Talk(THREE, ["o\n", "o\n", "q\n"])
    assert "(1/3) root   [schema: a string]\n" in talk.out
    assert "(2/3) connections.prod.port   [schema: an integer, from 1 to 65535]\n" in talk.out
    assert "  The port of the server.\n" in talk.out
    assert "  ours    main (your branch)\n          port = 2\n" in talk.out
    assert "          ! expected a number of at most 65535, got 70000\n" in talk.out
    assert talk.choices == {0: Side.OURS, 1: Side.OURS}


def test_in_a_rebase_theirs_is_your_work():
    talk = Talk(THREE, [], operation="rebase")
    assert "  theirs  topic (your work)\n" in talk.out
    assert "  ours    main (what you rebase onto)\n" in talk.out


def test_outside_of_an_operation_the_label_stands_alone_and_a_base_with_a_name_is_named():
    talk = Talk(THREE.replace("||| base", "||| 1a2b3c4"), [], operation=None)
    assert "  theirs  topic\n" in talk.out
    assert "  base    1a2b3c4\n" in talk.out
    talk = Talk(THREE.replace("<<< main", "<<<").replace(">>> topic", ">>>"), [])
    assert "  theirs  merged in\n" in talk.out


@together(
    ("answers", "choices"),
    [
        (["o", "o", "b"], {0: Side.OURS, 1: Side.OURS, 2: MERGED}),
        (["t", "B", "t"], {0: Side.THEIRS, 1: Side.BASE, 2: Side.THEIRS}),
        (["s", "o", "s"], {1: Side.OURS}),
        (["o", "u", "t", "s", "q"], {0: Side.THEIRS}),
        (["s", "u", "o", "q"], {0: Side.OURS}),
        (["s", "O"], {1: Side.OURS, 2: Side.OURS}),
        (["o", "ours", "Theirs"], {0: Side.OURS, 1: Side.OURS, 2: Side.THEIRS}),
        (["o", "s", "u", "u", "q"], {}),
        (["s", "o", "u", "O"], {1: Side.OURS, 2: Side.OURS}),
        ([], {}),
    ],
)  # fmt: skip
def test_letters_and_words_settle_conflicts(answers, choices):
    assert Talk(THREE, answers).choices == choices


def test_what_is_settled_already_is_not_asked():
    talk = Talk(THREE, ["o", "o"], settled={1: Side.OURS})
    assert "(2/2) connections.prod.search_path" in talk.out
    assert len(talk.asked) == 2
    assert talk.choices == {0: Side.OURS, 1: Side.OURS, 2: Side.OURS}


def test_only_what_can_be_had_is_offered():
    talk = Talk(THREE, ["o", "o", "o"])
    assert talk.asked[0] == (
        "Take [o]urs, [t]heirs, [B]ase, [e]dit, [s]kip, [O] all ours, [T] all theirs,\n"
        "     [q]uit, [?] > "
    )
    assert talk.asked[2] == (
        "Take [o]urs, [t]heirs, [b]oth, [B]ase, [e]dit, [s]kip, [u]ndo, [q]uit, [?] > "
    )


def test_what_cannot_be_had_is_said():
    talk = Talk(HEAD + block('root = "a"\n', 'root = "b"\n'), ["b", "B", "u", "x", "", "?", "o"])
    assert "both sides cannot be in one file; take one of them, or edit it." in talk.out
    assert "the markers do not hold the base" in talk.out
    assert "There is nothing to undo." in talk.out
    assert '"x" is not one of the letters' in talk.out
    assert "Ctrl-C leaves the file as it was" in talk.out
    assert len(talk.asked) == 7
    assert talk.choices == {0: Side.OURS}


def test_a_choice_that_is_not_valid_is_not_taken():
    talk = Talk(THREE, ["s", "t", "T", "o", "q"])
    assert talk.out.count(f"not valid: {NAME}:12: connections.prod.port: expected a number") == 2
    assert talk.choices == {1: Side.OURS}


def test_with_force_it_is_taken():
    assert Talk(THREE, ["s", "t", "s"], force=True).choices == {1: Side.THEIRS}


def test_choices_that_clash_are_told_at_the_last_one():
    text = block("a = 1\n", "b = 1\n") + block("b = 2\n", "a = 2\n")
    talk = Talk(text, ["o", "t", "o"])
    assert 'the key "a" is defined twice' in talk.out
    assert talk.choices == {0: Side.OURS, 1: Side.OURS}


# -- secrets ---------------------------------------------------------------------------

SECRET = block("password = 'hunter1'\n", "password = 'hunter2'\n", "password = 'hunter3'\n")


def test_a_secret_is_neither_shown_nor_put_into_a_file_for_the_editor():
    talk = Talk(SECRET, ["e", "t"])
    assert "hunter" not in talk.out
    assert "[e]dit" not in talk.asked[0]
    assert "! differs from ours in a secret, which is not shown" in talk.out
    assert f"edit {NAME} itself, at line 1." in talk.out
    assert talk.edited == []


# -- editing ---------------------------------------------------------------------------


def test_an_edited_text_is_taken_up_to_the_line_that_says_so():
    talk = Talk(
        THREE, ["s", "e", "q"], edits=["port = 7\n# ---- all from this line on is left out ----\nx"]
    )
    assert talk.choices == {1: CustomText("port = 7\n")}
    (given,) = talk.edited
    assert given.startswith("port = 2\n# ---- all from")
    assert "# connections.prod.port: an integer, from 1 to 65535\n" in given
    assert "# theirs  topic (merged in)\n#   port = 70000\n" in given


def test_an_edited_text_that_is_wrong_is_edited_again():
    talk = Talk(THREE, ["s", "e", "e", "", "q"], edits=["port = \n", "port = 0\n", "port = 5"])
    assert "line 1, column 8: expected a value" in talk.out
    assert "connections.prod.port: expected a number of at least 1, got 0" in talk.out
    assert talk.edited[1].startswith("port = \n# ----")
    assert talk.choices == {1: CustomText("port = 5\n")}


@pytest.mark.parametrize("answers", [["e", "d", "q"], ["e"]])
def test_an_edited_text_can_be_discarded(answers):
    talk = Talk(THREE, answers, edits=["root = \n"])
    assert talk.choices == {}


def test_an_editor_that_saves_nothing_or_fails_changes_nothing():
    failure = click.ClickException("vi: Editing failed")
    talk = Talk(THREE, ["e", "e", "q"], edits=[None, failure])
    assert "Nothing was saved." in talk.out
    assert "vi: Editing failed" in talk.out
    assert talk.choices == {}


def test_a_statement_can_be_edited_away():
    assert Talk(HEAD + ROOT, ["e"], edits=["\n"]).result == HEAD


def test_where_ours_deleted_it_theirs_is_edited():
    talk = Talk(HEAD + block("", 'root = "b"\n'), ["e"], edits=['root = "c"\n'])
    assert talk.edited[0].startswith('root = "b"\n')


def test_line_ends_of_windows_come_back():
    talk = Talk((HEAD + ROOT).replace("\n", "\r\n"), ["e"], edits=['root = "d"\n'])
    assert "\r" not in talk.edited[0]
    assert talk.result == (HEAD + 'root = "d"\n').replace("\n", "\r\n")


def test_an_editor_is_opened_on_a_toml_file(monkeypatch):
    from sessionctl.cli.input import dialogue

    monkeypatch.setattr(
        click, "edit", lambda text, editor, extension: f"{editor}: {text}{extension}"
    )
    console = Console(environ={"VISUAL": "ed", "EDITOR": "vi"})
    assert dialogue._open_editor(console, "a") == "ed: a.toml"


VERSIONS = block('a = "1.2"\n', 'a = "1.10"\n', 'a = "1.0"\n') + block(
    "b = 1\n", "b = 2\n", "b = 0\n"
)


@pytest.mark.parametrize("word", ["m", "max", "MAX"])
def test_the_higher_of_two_versions_is_offered_and_taken(word):
    talk = Talk(VERSIONS, [f"{word}\n", "m\n"])
    assert "[m]ax" in talk.asked[0]
    assert "[m]ax" not in talk.asked[1]
    assert talk.result == 'a = "1.10"\nb = 2\n'


def test_what_cannot_be_compared_is_told():
    talk = Talk(ROOT, ["m\n", "q\n"])
    assert "  They are not two versions or dates that can be compared.\n" in talk.out


def test_both_is_offered_where_a_union_keeps_both_requirements():
    base, ours, theirs = (f"need = ['x>={n}', 'y']\n" for n in (1, 2, 3))
    talk = Talk(block(ours, theirs, base), ["b\n"])
    assert "[b]oth" in talk.asked[0]
    assert talk.result == "need = ['x>=2', 'x>=3', 'y']\n"
