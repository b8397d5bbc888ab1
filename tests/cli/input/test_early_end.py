"""Whether an editor went on without us, and how each kind of editor is made to wait."""

from __future__ import annotations

import subprocess

from sessionctl.cli.input.early_end import is_open_elsewhere, waiting_editor
from tests.together import together


@together(
    ("editor", "waiting"),
    [
        ("vim", None),
        ("", None),
        ("'no end of it", None),
        ("code", "code --wait"),
        ("/opt/bin/code -r", "/opt/bin/code -r --wait"),
        ("code -w", None),
        ("code -rw", None),
        ("code --wait", None),
        ("code wait", "code wait --wait"),
        ("gvim", "gvim -f"),
        ("gvim -R", "gvim -R -f"),
        ("gvim --nofork", None),
        ("kate --block", None),
        ("open", "open -W -n"),
        ("open -W", None),
        ("gedit --standalone", None),
        ("subl -n", None),
        ("emacsclient", None),
        ("emacsclient -c", None),
        ("emacsclient -n -c", "emacsclient -c"),
        ("emacsclient --no-wait 'a b'", "emacsclient 'a b'"),
        ("xdg-open", ""),
        ("gio open", ""),
        ("flatpak run com.vscodium.codium", "flatpak run com.vscodium.codium --wait"),
        ("flatpak run --command=gedit org.x", "flatpak run --command=gedit org.x --standalone"),
        ("snap run /snap/bin/Kate", "snap run /snap/bin/Kate --block"),
        ("flatpak run com.vscodium.codium --wait", None),
        ("flatpak run org.gnu.nano", None),
        ("flatpak", None),
    ],
)
def test_what_makes_an_editor_wait(editor, waiting):
    assert waiting_editor(editor) == waiting


def test_a_program_is_found_in_the_moment_at_which_it_starts(tmp_path):
    # Popen returns as soon as the child has its new memory, which has no arguments yet.
    for number in range(12):
        copy = str(tmp_path / f"{number}.toml")
        with subprocess.Popen(["sh", "-c", "read line; :", copy], stdin=subprocess.PIPE):
            assert is_open_elsewhere(copy)
        assert not is_open_elsewhere(copy)
