"""An editor replaces the file every few milliseconds while an application saves flat out."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

import pytest

from sessionctl.errors import ChangedError
from sessionctl.services.documents.document_store import open_store
from sessionctl.system.files.text import read_text
from tests.durability.tracing import report

EDITS = 900
KEPT = 30
EDITOR = """
import os, random, sys, time
path, count, kept = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(7)
lost = 0
for number in range(count):
    with open(path) as stream:
        text = stream.read()
    # An old edit is taken out again, so that the file stays small. It must still be there.
    old = f"e{number - kept} = {number - kept}\\n"
    if number >= kept and old not in text:
        lost += 1
    text = text.replace(old, "").replace("[hand]\\n", f"[hand]\\ne{number} = {number}\\n", 1)
    with open(path + ".editor", "w") as stream:
        stream.write(text)
    os.replace(path + ".editor", path)
    time.sleep(random.uniform(0.006, 0.012))
print(lost)
"""


def race(file, save, edits=EDITS):
    """Let the editor make its edits while ``save(number)`` is called; return the lost ones."""
    file.write_text("[app]\ncounter = 0\n\n[hand]\n")
    editor = subprocess.Popen(
        [sys.executable, "-c", EDITOR, str(file), str(edits), str(KEPT)], stdout=subprocess.PIPE
    )
    number = 0
    try:
        while editor.poll() is None:
            number += 1
            save(number)
    finally:
        editor.kill()
    lost = int(editor.communicate()[0])
    assert editor.returncode == 0
    left = tomllib.loads(file.read_text())["hand"]
    lost += sum(f"e{number}" not in left for number in range(edits - KEPT, edits))
    report(f"{number} saves against {edits} edits: {lost} edits lost")
    return lost


def counted(text, number):
    """Return the text with the application's own key set."""
    lines = [f"counter = {number}" if line.startswith("counter") else line
             for line in text.split("\n")]  # fmt: skip
    return "\n".join(lines)


@pytest.mark.slow
def test_no_edit_by_hand_is_lost_to_an_application_that_saves_all_the_time(tmp_path):
    store = open_store(str(tmp_path / "state"))
    file = tmp_path / "x.toml"
    merged = refused = 0

    def save(number):
        nonlocal merged, refused
        text = read_text(file)
        try:
            merged += store.save(file, counted(text, number), expected=text).is_merged
        except ChangedError:
            refused += 1

    assert race(file, save) == 0
    assert merged > 0
    assert tomllib.loads(file.read_text())["app"]["counter"] > 0
    report(f"{merged} saves merged an edit, {refused} gave way")


@pytest.mark.slow
def test_an_application_that_replaces_the_file_blindly_loses_many(tmp_path):
    file = tmp_path / "x.toml"

    def save(number):
        text = counted(read_text(file), number)
        (tmp_path / "new").write_text(text)
        os.replace(tmp_path / "new", file)

    assert race(file, save, edits=300) > 5


@pytest.mark.slow
def test_an_application_that_looks_again_before_it_replaces_loses_some(tmp_path):
    file = tmp_path / "x.toml"

    def save(number):
        text = read_text(file)
        if read_text(file) == text:
            (tmp_path / "new").write_text(counted(text, number))
            os.replace(tmp_path / "new", file)

    assert race(file, save, edits=300) > 0
