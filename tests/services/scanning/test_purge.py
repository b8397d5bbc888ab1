"""What sessionctl keeps of a file loses the values that were taken out of it."""

from __future__ import annotations

import os

from sessionctl.core.secrets.secret import Secret
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.scanning.purge import purge, purge_backups
from tests.together import together


@together(
    ("secret", "before", "after"),
    [
        ("hunter2", 'a = "hunter2" # hunter2\n', 'a = "***" # ***\n'),
        ("hunte", 'hunter = "hunte"\n', 'hunter = "***"\n'),
        ("hunte", "a = 'hunte'\nb = \"u:hunte@h\"\n", "a = '***'\nb = \"u:***@h\"\n"),
        ("abcdef", "x-abcdefg", "x-***g"),
        ("abcde", "x-abcdefg", "x-abcdefg"),
        ('q"uo\\te', 'a = "q\\"uo\\\\te"\nb = \'q"uo\\te\'\n', "a = \"***\"\nb = '***'\n"),
        (b"caf\xe9 au lait", b"caf\xe9 au lait", b"***"),
    ],
)
def test_a_value_is_masked_as_it_may_stand_in_toml(tmp_path, secret, before, after):
    store, file = open_store(str(tmp_path / "state")), str(tmp_path / "x.toml")
    archive = store.archive(file)
    archive.make()
    data = before if isinstance(before, bytes) else before.encode()
    entry = archive.record(data, b"other", "edit")
    masked = purge_backups(store, file, [Secret("longest value"), Secret(secret)])
    kept = archive.entries()[0]
    wanted = after if isinstance(after, bytes) else after.encode()
    assert (masked, archive.read(kept.before)) == (int(before != after), wanted)
    assert archive.read(kept.after) == b"other"
    assert (kept.before == entry.before) == (before == after)


def test_the_longest_value_is_masked_first(tmp_path):
    store, file = open_store(str(tmp_path / "state")), str(tmp_path / "x.toml")
    archive = store.archive(file)
    archive.make()
    archive.record(b"hunter2 hunter2-long", None, "edit")
    assert purge(store, file, os.environ, [Secret("hunter2"), Secret("hunter2-long")]) == 1
    assert archive.read(archive.entries()[0].before) == b"*** ***"


def test_where_nothing_is_kept_nothing_is_masked(tmp_path):
    file = str(tmp_path / "x.toml")
    assert purge_backups(open_store(None), file, [Secret("hunter2")]) == 0
    assert purge_backups(open_store(str(tmp_path / "state")), file, [Secret("hunter2")]) == 0
    assert not (tmp_path / "state").exists()
