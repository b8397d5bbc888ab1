"""Many processes save one file at the same time: all changes are there, none is torn."""

from __future__ import annotations

import gc
import multiprocessing
import os
import tempfile
import tomllib
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from sessionctl.errors import ChangedError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.documents.value_access import plan_set, write_change
from sessionctl.services.machine import Machine
from sessionctl.services.settings.settings_files import load_settings
from sessionctl.system.files.text import read_text, write_text

PROCESSES = 8
SAVES = 200
_spawn = multiprocessing.get_context("spawn")


def save_keys(process, file, state, count):
    store = open_store(state, lambda: load_settings(Machine({"HOME": state})).settings)
    for number in range(count):
        change = plan_set(file, f"p{process}.k{number}", str(number))
        assert write_change(change, store).is_changed


def save_keys_naively(process, file, _state, count):
    for number in range(count):
        change = plan_set(file, f"p{process}.k{number}", str(number))
        write_text(file, change.new.text)


def save_one_key(process, file, state, count, barrier, results):
    store = open_store(state)
    for round_ in range(count):
        change = plan_set(file, "key", f"round {round_} process {process}")
        barrier.wait(timeout=60)
        try:
            write_change(change, store)
            results.put((round_, process, True))
        except ChangedError:
            results.put((round_, process, False))
        barrier.wait(timeout=60)


def run_all(target, *arguments):
    processes = [
        _spawn.Process(target=target, args=(number, *arguments)) for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    return processes


def join_all(processes):
    for process in processes:
        process.join(timeout=300)
    assert [process.exitcode for process in processes] == [0] * PROCESSES


@pytest.fixture(scope="module", autouse=True)
def _no_tracker_is_left():
    """End the process that multiprocessing starts for itself, and keeps to the very end."""
    yield
    gc.collect()  # barriers and queues, which would start it again
    resource_tracker._resource_tracker._stop()


@pytest.fixture
def place(tmp_path):
    """Return a directory in memory, where there is one: 1600 saves flush 6400 times."""
    memory = "/dev/shm"
    if not (os.path.ismount(memory) and os.access(memory, os.W_OK)):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as directory:
        yield Path(directory)


@pytest.fixture
def file(place):
    path = place / "x.toml"
    path.write_text("".join(f"[p{number}]\n\n" for number in range(PROCESSES)))
    return path


@pytest.mark.slow
def test_saves_of_different_keys_are_all_there(file, place):
    join_all(run_all(save_keys, str(file), str(place / "state"), SAVES))
    wanted = {f"k{number}": number for number in range(SAVES)}
    found = tomllib.loads(file.read_text())
    assert found == {f"p{process}": wanted for process in range(PROCESSES)}
    assert sum(map(len, found.values())) == PROCESSES * SAVES
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
def test_the_same_saves_by_a_naive_writer_lose_many(file):
    join_all(run_all(save_keys_naively, str(file), "", 20))
    assert sum(map(len, tomllib.loads(file.read_text()).values())) < PROCESSES * 20


@pytest.mark.slow
def test_of_saves_of_one_key_one_wins_and_every_loser_is_told(file, place):
    rounds = 20
    file.write_text('key = "begin"\n')
    barrier, results = _spawn.Barrier(PROCESSES), _spawn.Queue()
    store = open_store(str(place / "state"))
    processes = run_all(save_one_key, str(file), store.directory, rounds, barrier, results)
    told = [results.get(timeout=60) for _ in range(PROCESSES * rounds)]
    join_all(processes)
    winners = {round_: process for round_, process, is_winner in told if is_winner}
    assert sum(is_winner for _, _, is_winner in told) == len(winners) == rounds
    last = f'key = "round {rounds - 1} process {winners[rounds - 1]}"\n'
    assert read_text(file) == last
    kept = {store.archive(file).read(entry.after) for entry in store.archive(file).entries()}
    for round_, process, _ in told:
        text = f'key = "round {round_} process {process}"\n'
        assert text.encode() in kept, "what was refused can be had back"
