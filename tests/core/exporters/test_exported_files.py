"""Each session becomes the script and the file of tmuxp that are written below it, and the losses.

That they build what they say is looked at with real tmux and tmuxp in ``test_export.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

from sessionctl.core.exporters.outline import outline_of
from sessionctl.core.exporters.shell_script import render_script
from sessionctl.core.exporters.tmuxp_workspace import render_tmuxp
from sessionctl.core.exporters.words import shell_word, tmux_argument, tmux_name
from sessionctl.core.toml.document import Document
from tests.together import together

FILES = (Path(__file__).parent / "exported_files.txt").read_text(encoding="utf-8")
_FILE = re.compile(
    r"^=== [^\n]*\n(.*?)^--- lost\n(.*?)^--- script\n(.*?)^--- tmuxp\n(.*?)(?=^=== |\Z)",
    re.MULTILINE | re.DOTALL,
)
# What every script begins and ends with.
_HEAD, _TAIL = FILES[: FILES.index("--- end of all\n")].split("--- session\n")


def losses(found):
    return "".join(f"{loss.path}: {loss.why}\n" for loss in found)


def exported(text):
    outline = outline_of(Document.parse(text).value, "../src")
    script, lost_in_script = render_script(outline, "shop\t.session.toml")
    assert script.endswith(_TAIL)
    tmuxp, lost_in_tmuxp = render_tmuxp(outline)
    return (
        losses(outline.losses),
        losses(lost_in_script) + script.removesuffix(_TAIL),
        losses(lost_in_tmuxp) + tmuxp,
    )


@together(("text", "lost", "script", "tmuxp"), _FILE.findall(FILES))
def test_a_session_becomes_what_is_written_below_it(text, lost, script, tmuxp):
    found_lost, found_script, found_tmuxp = exported(text)
    assert found_lost == lost
    assert found_script.replace(_HEAD, "HEAD\n") == script
    assert found_tmuxp == tmuxp


@together(
    ("word", "spelled"),
    [
        ("", "''"),
        ("a", "a"),
        ("a=b", "a=b"),
        ("=b", "'=b'"),
        ("a b", "'a b'"),
        ("it's", "'it'\\''s'"),
        ("é", "'é'"),
        ("a\tb'\\!%", "\"$(printf 'a\\011b\\047\\134\\041%%')\""),
        ("a\x85é\n\n", "\"$(printf 'a\\302\\205é')\"'\n\n'"),
        ("\n", "'\n'"),
        ("\x7f", "\"$(printf '\\177')\""),
        ("a\0", None),
        ("\ud800", None),
        ("\udfff", None),
        ("\ud7ff\ue000", "'\ud7ff\ue000'"),
    ],
    ids=repr,
)
def test_a_word_of_a_shell_is_spelled_so_that_it_is_one_word(word, spelled):
    assert shell_word(word) == spelled


def test_tmux_takes_a_name_and_an_argument_as_they_are():
    assert tmux_name("#(a) #[b] ##[") == "##(a) #[b] ###["
    assert [tmux_argument(text) for text in ("a;", "a;b", ";", "")] == ["a\\;", "a;b", "\\;", ""]
