"""Damages: what happens to the file and the state directory of a host, by kind and place."""

from __future__ import annotations

import os
import random
import shutil

from sessionctl import Document

KEPT = 8
"""How often a damage that is left to chance is done to a place."""


def truncated(path, chance):
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data) + 1)])


def flipped(path, chance):
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data) * 8)
    data[at // 8] ^= 1 << at % 8
    path.write_bytes(bytes(data))


def emptied(path, _chance):
    path.write_bytes(b"")


def blank(path, _chance):
    path.write_bytes(b"\n \n")


def zeroed(path, _chance):
    path.write_bytes(bytes(len(path.read_bytes())))


def torn(path, chance):
    """As after a power cut: the length is right, the last block never came."""
    data = path.read_bytes()
    cut = chance.randrange(len(data))
    path.write_bytes(data[:cut] + bytes(len(data) - cut))


def gone(path, _chance):
    path.unlink()


def a_directory(path, _chance):
    path.unlink()
    path.mkdir()


def a_full_directory(path, _chance):
    path.unlink()
    path.mkdir()
    (path / "x").write_text("x")


def a_link_to_nowhere(path, _chance):
    path.unlink()
    path.symlink_to("nowhere")


def a_link_to_itself(path, _chance):
    path.unlink()
    path.symlink_to(path.name)


def a_pipe(path, _chance):
    path.unlink()
    os.mkfifo(path)


def locked_away(path, _chance):
    path.chmod(0)


def appended(path, _chance):
    path.write_bytes(path.read_bytes() + b"\nslip of the hand\n")


def doubled(path, _chance):
    path.write_bytes(path.read_bytes() * 2)


def utf_16(path, _chance):
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def latin_1(path, _chance):
    path.write_bytes(path.read_bytes().replace(b"select", b"s\xe9lect"))


def _edit(old, new, count=-1):
    def edit(path, _chance):
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new, count))

    edit.__name__ = f"{old.decode().split('=')[0].strip() or 'text'}_{len(new)}"
    return edit


def newer_format(path, chance):
    _edit(b"schema_version = 1", b"schema_version = 99")(path, chance)


def older_format(path, chance):
    _edit(b"schema_version = 1", b"schema_version = 0")(path, chance)


def no_format(path, chance):
    _edit(b"schema_version = 1\n", b"")(path, chance)


def newer_state(path, _chance):
    path.write_bytes(path.read_bytes() + b"\n[apps.notes.versions]\neditor = 7\n")


def half_merged(path, chance):
    marked = b"<<<<<<< ours\ncursor = [1, 7]\n=======\ncursor = [2, 7]\n>>>>>>> theirs\n"
    _edit(b"cursor = [1, 7]\n", marked)(path, chance)


def half_resolved(path, chance):
    _edit(b"cursor = [1, 7]\n", b"cursor = [1, 7]\n=======\n>>>>>>> theirs\n")(path, chance)


def diff3_merged(path, chance):
    marked = b"<<<<<<< a\ntext = 1\n||||||| b\ntext = 2\n=======\ntext = 3\n>>>>>>> c\ncursor"
    _edit(b"cursor", marked, 1)(path, chance)


def crlf(path, chance):
    _edit(b"\n", b"\r\n")(path, chance)


def cr(path, chance):
    _edit(b"\n", b"\r")(path, chance)


def with_bom(path, _chance):
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def no_last_newline(path, _chance):
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


def of_the_last_release(path, _chance):
    """It began every file with the name of its schema."""
    path.write_bytes(b"#:schema urn:sessionctl:schema:session:v1\n\n" + path.read_bytes())


def wrong_type(path, chance):
    _edit(b"cursor = [1, 7]", b"cursor = 'here'")(path, chance)


def no_table(path, _chance):
    text = path.read_text().partition("[apps")[0]
    path.write_text(f"{text}[apps.notes]\neditor = 3\n")


def no_state(path, _chance):
    path.write_text(path.read_text().partition("[apps")[0])


def without_its_sidecar(path, _chance):
    text = '\n[connections.db]\ndriver = "postgres"\npassword = { secret = "db.password" }\n'
    path.write_text(path.read_text() + text)


def with_a_broken_sidecar(path, chance):
    without_its_sidecar(path, chance)
    path.with_name("notes.secrets.toml").write_text("format = 1\n[secret.db")


def with_a_foreign_sidecar(path, chance):
    without_its_sidecar(path, chance)
    path.with_name("notes.secrets.toml").write_text('format = 1\nsession = "other"\nvault = "x"\n')


def at_statements(path):
    """Return damages that cut the text before each statement, and in the middle of each."""
    statements = Document.parse(path.read_text(encoding="utf-8")).statements
    places = {place for one in statements for place in (one.key_start, one.value_start + 1)}

    def cut(at):
        def damage(path, _chance):
            path.write_bytes(path.read_bytes()[:at])

        damage.__name__ = f"cut_at_{at}"
        return damage

    return [cut(at) for at in sorted(places)]


BY_CHANCE = (truncated, flipped, torn)
ANY_FILE = (
    emptied, blank, zeroed, gone, a_directory, a_full_directory, a_link_to_nowhere,
    a_link_to_itself, a_pipe, locked_away, appended, doubled,
)  # fmt: skip
SESSION_ONLY = (
    utf_16, latin_1, newer_format, older_format, no_format, newer_state, half_merged,
    half_resolved, diff3_merged, crlf, cr, with_bom, no_last_newline, of_the_last_release,
    wrong_type, no_table, no_state, without_its_sidecar, with_a_broken_sidecar,
    with_a_foreign_sidecar,
)  # fmt: skip


# -- the state directory as a whole ----------------------------------------------------------


def _state(path):
    return path.parent.parent / "home/state/sessionctl"


def state_gone(path, _chance):
    shutil.rmtree(_state(path))


def state_a_file(path, _chance):
    shutil.rmtree(_state(path))
    _state(path).write_text("x")


def documents_a_file(path, _chance):
    shutil.rmtree(_state(path) / "documents")
    (_state(path) / "documents").write_text("x")


def archive_a_file(path, _chance):
    [archive] = (_state(path) / "documents").iterdir()
    shutil.rmtree(archive)
    archive.write_text("x")


def archive_without_texts(path, _chance):
    for one in (_state(path) / "documents").glob("*/*"):
        if len(one.name) == 40:
            one.unlink()


def archive_without_list(path, _chance):
    for one in (_state(path) / "documents").glob("*/*-*"):
        one.unlink()


def archive_full_of_strangers(path, _chance):
    [archive] = (_state(path) / "documents").iterdir()
    for name in ("1-2-3-4-5", "-----", "x", "9" * 40, "0000-a-b-c", "\udcff"):
        (archive / name).write_text("x")


def a_crash_between_two_files(path, _chance):
    """The new text lies beside the file, and nobody knows of it."""
    (path.parent / ".sessionctl-000000000000-abcdef.tmp").write_bytes(path.read_bytes()[:30])


def a_note_of_another_state(path, _chance):
    folder = _state(path) / "restoring"
    folder.mkdir(exist_ok=True)
    for one in ("x", "0" * 32):
        (folder / one).write_text("0" * 40)


def readable_by_all(path, _chance):
    for one in (_state(path), *_state(path).rglob("*")):
        one.chmod(0o777 if one.is_dir() else 0o666)


def volatile_broken(path, _chance):
    (_state(path) / "volatile").mkdir()
    (_state(path) / "volatile/x.toml").write_text("[[[")


WHOLE = (
    state_gone, state_a_file, documents_a_file, archive_a_file, archive_without_texts,
    archive_without_list, archive_full_of_strangers, a_crash_between_two_files,
    a_note_of_another_state, readable_by_all, volatile_broken,
)  # fmt: skip


def chance_of(*words):
    return random.Random(" ".join(map(str, words)))
