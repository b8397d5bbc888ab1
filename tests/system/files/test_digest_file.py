"""What is remembered in the cache: never anybody else's, never in the way."""

from __future__ import annotations

import os
from hashlib import blake2b

import pytest

from sessionctl.system.files.digest_file import MOST_BYTES, SIZE, DigestFile


def digest(number):
    return blake2b(str(number).encode(), digest_size=SIZE).digest()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache" / "sessionctl"


def remembered(folder, *numbers):
    return [digest(number) in DigestFile(str(folder), "d") for number in numbers]


def add(folder, *numbers):
    DigestFile(str(folder), "d").add(map(digest, numbers))


def test_what_was_added_is_there_for_others_and_nothing_else(folder):
    add(folder, 1, 2)
    add(folder, 3)
    assert remembered(folder, 1, 2, 3, 4) == [True, True, True, False]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "d").stat().st_mode & 0o777 == 0o600


def test_many_look_ups_find_what_few_find(folder):
    add(folder, *range(50))
    file = DigestFile(str(folder), "d")
    assert all(digest(number) in file for number in range(50))
    assert not any(digest(number) in file for number in range(50, 100))


def test_a_digest_that_only_lies_across_two_is_not_there(folder):
    add(folder, 1, 2)
    across = (folder / "d").read_bytes()[5 : 5 + SIZE]
    assert across not in DigestFile(str(folder), "d")


def test_the_file_never_grows_beyond_its_bound_and_keeps_the_newest(folder):
    most = MOST_BYTES // SIZE
    add(folder, *range(most))
    assert (folder / "d").stat().st_size == MOST_BYTES
    add(folder, "new")
    assert (folder / "d").stat().st_size <= MOST_BYTES // 2 + SIZE
    assert remembered(folder, 0, most - 1, "new") == [False, True, True]
    assert [file.name for file in folder.iterdir()] == ["d"]


def test_what_a_full_disk_cut_short_harms_nothing_and_is_put_right(folder):
    add(folder, 1, 2)
    (folder / "d").write_bytes((folder / "d").read_bytes()[:-7])
    assert remembered(folder, 1, 2) == [True, False]
    add(folder, 3)
    assert remembered(folder, 1, 2, 3) == [True, False, True]
    assert (folder / "d").stat().st_size % SIZE == 0


def _foreign_mode(folder):
    (folder / "d").chmod(0o644)  # as git would make it


def _others_may_add(folder):
    folder.chmod(0o777)


def _link(folder):
    (folder / "d").rename(folder.parent / "elsewhere")
    (folder / "d").symlink_to(folder.parent / "elsewhere")


def _second_name(folder):
    os.link(folder / "d", folder.parent / "elsewhere")


def _linked_folder(folder):
    folder.rename(folder.parent / "other")
    folder.symlink_to(folder.parent / "other")


def _pipe(folder):
    (folder / "d").unlink()
    os.mkfifo(folder / "d", 0o600)


def _directory(folder):
    (folder / "d").unlink()
    (folder / "d").mkdir()


HOSTILE = [
    _foreign_mode, _others_may_add, _link, _second_name, _linked_folder, _pipe, _directory
]  # fmt: skip


@pytest.mark.parametrize("spoil", HOSTILE, ids=lambda spoil: spoil.__name__.strip("_"))
def test_what_might_be_of_somebody_else_holds_nothing_and_stays_as_it_is(folder, spoil):
    add(folder, 1)
    spoil(folder)
    assert remembered(folder, 1) == [False]
    add(folder, 2)
    assert remembered(folder, 1, 2) == [False, False]
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written_is_no_obstacle(folder):
    folder.parent.mkdir(mode=0o500)
    add(folder, 1)
    assert remembered(folder, 1) == [False]


def test_a_place_that_is_a_file_is_no_obstacle(folder):
    folder.parent.write_text("")
    add(folder, 1)
    assert remembered(folder, 1) == [False]


def test_writers_at_the_same_time_lose_nothing_and_mix_nothing(folder):
    add(folder, "first")
    children = []
    for number in range(4):
        child = os.fork()
        if not child:
            for turn in range(50):
                add(folder, *((number, turn, item) for item in range(5)))
            os._exit(0)
        children.append(child)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    file = DigestFile(str(folder), "d")
    assert all(
        digest((number, turn, item)) in file
        for number in range(4)
        for turn in range(50)
        for item in range(5)
    )
