"""The benchmark measures what it says: its documents, its table, its verdict."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest

from sessionctl import Document, merge, validate
from tests.world import CHECKOUT

BENCH = CHECKOUT / "bench"


@pytest.fixture
def bench(monkeypatch):
    """Return a function that imports a module of bench/."""
    monkeypatch.syspath_prepend(str(BENCH))

    def load(name):
        spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.mark.parametrize("size_bytes", [5_000, 100_000])
def test_a_generated_session_is_valid_and_of_the_asked_size(bench, size_bytes):
    text = bench("documents").session(size_bytes)
    assert len(text) == pytest.approx(size_bytes, rel=0.1)
    assert not validate(Document.parse(text))


def test_the_broken_session_has_three_mistakes(bench):
    documents = bench("documents")
    text = documents.broken(documents.session(5_000))
    assert sorted(problem.rule for problem in validate(Document.parse(text))) == [
        "enum",
        "type",
        "unknown-key",
    ]


@pytest.mark.parametrize(("edit", "method"), [("apart", "lines"), ("entangled", "structure")])
def test_the_edits_merge_the_way_they_are_meant_to(bench, edit, method):
    documents = bench("documents")
    base = documents.session(5_000)
    ours, theirs = getattr(documents, edit)(base)
    result = merge(base, ours, theirs)
    assert len({base, ours, theirs, result.text}) == 4
    assert (result.is_clean, result.method) == (True, method)


def test_every_job_runs_once_a_round_and_the_first_round_does_not_count(bench, monkeypatch):
    measure = bench("measure")
    monkeypatch.setattr(measure.gc, "collect", lambda: None)  # it looks at all of this process
    calls = []
    jobs = {
        name: measure.Job(
            lambda name=name: calls.append(name), lambda name=name: calls.append(f"prepare {name}")
        )
        for name in ("a", "b")
    }
    taken = measure.medians_ms(jobs, rounds=2)
    assert calls == ["prepare a", "a", "prepare b", "b"] * 3
    assert set(taken) == {"a", "b"}


def test_a_process_that_fails_stops_the_benchmark(bench, tmp_path):
    run = bench("measure").process([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
    with pytest.raises(SystemExit, match="expected exit code 0, got 3"):
        run()


def test_a_ratio_above_its_goal_is_missed(bench):
    ratio = bench("measure").Ratio("x", "y", ratio=2.1, goal=2.0, median_ms=1)
    assert not ratio.is_met
    for name in ("documents", "measure"):
        bench(name)
    assert "MISSED" in bench("run").table_line(ratio)


@pytest.mark.slow
def test_the_benchmark_prints_its_ratios_as_json():
    done = subprocess.run(
        [sys.executable, BENCH / "run.py", "--quick", "--json", "merge"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode in (0, 1), done.stderr
    names = [ratio["name"] for ratio in json.loads(done.stdout)["ratios"]]
    assert names == ["merge 100 KB, clean by lines", "merge 100 KB, by structure"]


@pytest.mark.slow
def test_large_documents_are_measured_with_their_memory():
    done = subprocess.run(
        [sys.executable, BENCH / "run.py", "--quick", "--json", "large"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode in (0, 1), done.stderr
    ratios = {ratio["name"]: ratio["ratio"] for ratio in json.loads(done.stdout)["ratios"]}
    assert [*ratios][:4] == [
        "merge 100 KB, clean by lines",
        "merge 100 KB, by structure",
        "set 100 KB, process",
        "show 100 KB, process",
    ]
    if sys.platform == "linux":
        assert ratios["memory of a merge of 100 KB, by structure"] > 1


def test_files_that_are_held_to_a_schema_are_valid_and_differ(bench, tmp_path):
    for name in ("documents", "measure"):
        bench(name)
    names = bench("schemas").write_files(tmp_path, 3)
    texts = {(tmp_path / name).read_text() for name in names}
    assert len(texts) == 3
    schema = json.loads((tmp_path / "deploy.schema.json").read_text())
    assert "x-item-key" not in json.dumps(schema)
    assert [validate(Document.parse(text), schema) for text in texts] == [()] * 3


@pytest.mark.slow
def test_the_benchmark_of_schemas_measures_one_file_and_many():
    done = subprocess.run(
        [sys.executable, BENCH / "schemas.py", "--count", "3", "--rounds", "1", "--json"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode in (0, 1), done.stderr
    names = [ratio["name"].split(" (")[0] for ratio in json.loads(done.stdout)["ratios"]]
    assert {
        "one file, sessionctl",
        "3 files, sessionctl, cold",
        "3 files, sessionctl, unchanged",
    } <= {*names}
    assert names[-1] == "3 files, Ctrl-C until the end"


@pytest.mark.slow
def test_the_benchmark_of_the_watch_measures_both_ways():
    done = subprocess.run(
        [sys.executable, BENCH / "watch.py", "--count", "3", "--json"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode in (0, 1), done.stderr
    taken = json.loads(done.stdout)["taken"]
    assert [one["name"].split(",")[0] for one in taken] == [
        "file to live",
        "file to live",
        "live to file",
    ]
    assert all(one["p99_ms"] > 0 for one in taken)


@pytest.mark.slow
def test_the_benchmark_at_scale_compares_and_knows_its_goals(bench, capsys):
    for name in ("documents", "measure", "scale_secrets", "scale_repositories", "scale_scenes"):
        bench(name)
    scale = bench("scale")
    code = scale.main(["--quick", "--json", "log", "saves"])
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert code == 0
    assert [line["name"] for line in lines] == [
        "log: all commits (20)",
        "log: memory (20)",
        "log: the first line, of the whole time (20)",
        "saves: the last 50 against the first (100)",
        "saves: size of the state (100)",
    ]
    assert all(line["after"] > 0 for line in lines)
    missed = scale.Line("a", "s", None, 2.0, 1.0, None)
    assert not missed.is_met
    assert "MISSED" in missed.text()
    assert not scale.Line("a", "s", None, 2.0, None, 1.2).is_met
