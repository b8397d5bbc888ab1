"""The scenes of the benchmark at scale in which files are watched."""

# ruff: noqa: TID251 - a benchmark starts what it measures
from __future__ import annotations

import signal
import subprocess
import time

from scale_scenes import Place, Scene, cpu_of, finish, memory_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from scale_scenes import Taken

_LIMIT_S = 300
_NO_INOTIFY = "echo 0 > /proc/sys/user/max_inotify_instances"
_TWO_RESCANS_S = 60
_MOMENTS_S = (0.1, 0.5, 1.0, 2.0)


def _until(process: subprocess.Popen[bytes], mark: bytes, count: int = 1) -> None:
    """Read what a watch says until so many lines have ``mark``."""
    assert process.stdout is not None
    while count:
        line = process.stdout.readline()
        if not line:
            raise OSError("the watch ended")
        count -= mark in line


def _started(place: Place, *options: str) -> subprocess.Popen[bytes]:
    """Start a watch of the files, and wait until it looked at all of them."""
    process = place.start("watch", "--json", *options, str(place.files))
    _until(process, b'"started"')
    return process


def _ended(process: subprocess.Popen[bytes]) -> float:
    """End a watch; return how many seconds that took."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    finish(process)
    return time.monotonic() - began


def _rest(pid: int, seconds: int = 10) -> float:
    """Return how much of a processor is used, in percent."""
    before = cpu_of(pid)
    time.sleep(seconds)
    return (cpu_of(pid) - before) / seconds * 100


def _change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")


def watch(place: Place, count: int) -> Taken:
    """Start a watch, change files, let it rest, end it."""
    paths = place.write(count)
    early = place.start("watch", "--json", str(place.files))
    time.sleep(1.0)
    taken = {"watch: from SIGTERM at the start to its end": _ended(early)}
    process = _started(place)
    taken["watch: start"] = cpu_of(process.pid)
    taken["watch: memory"] = memory_of(process.pid)
    before = cpu_of(process.pid)
    for path in paths[:500]:
        _change(path)
    _until(process, b'"applied"', len(paths[:500]))
    taken["watch: until the last of 500 changes"] = cpu_of(process.pid) - before
    taken["watch: memory after 500 changes"] = memory_of(process.pid)
    _ended(process)
    known = _started(place)
    taken["watch: start, files known"] = cpu_of(known.pid)
    time.sleep(3)  # nothing is on its way to the disk, as it is after the first start
    taken["watch: at rest, of a processor"] = _rest(known.pid, 20)
    _ended(known)
    return taken


def many(place: Place, count: int) -> Taken:
    """Start a watch of very many files, let it rest, and end it at many moments."""
    place.write(count, folders=100)
    process = _started(place)
    taken = {"many: start": cpu_of(process.pid)}
    _ended(process)
    process = _started(place)
    taken["many: start, files known"] = cpu_of(process.pid)
    taken["many: memory, files known"] = memory_of(process.pid)
    time.sleep(5)
    taken["many: at rest, of a processor"] = _rest(process.pid, 60)
    slowest_s = _ended(process)
    for moment_s in _MOMENTS_S:
        process = place.start("watch", "--json", str(place.files))
        time.sleep(moment_s)
        slowest_s = max(slowest_s, _ended(process))
    taken["many: from SIGTERM to its end, at the slowest"] = slowest_s
    return taken


def checkout(place: Place, count: int) -> Taken:
    """Let git exchange so many files; then end the watch in the midst of that."""
    paths = place.write(count, folders=10)
    place.git("init", "-q")
    place.git("add", "-A")
    place.git("commit", "-qm", "one")
    place.git("checkout", "-qb", "other")
    for path in paths:
        _change(path)
    place.git("commit", "-qam", "two")
    process = _started(place)
    before = cpu_of(process.pid)
    place.git("checkout", "-q", "-")
    _until(process, b'"applied"', count)
    taken = {"checkout: until the last change is reported": cpu_of(process.pid) - before}
    place.git("checkout", "-q", "other")
    _until(process, b'"applied"', 1)
    taken["checkout: from SIGTERM in the midst to its end"] = _ended(process)
    return taken


def folders(place: Place, count: int) -> Taken:
    """Let a watch of so many folders rest: untouched, after a change, without inotify."""
    paths = place.write(count, folders=count)
    _ended(_started(place))  # what is kept of new files is on its way to the disk for a while
    process = _started(place)
    time.sleep(3)
    taken = {"folders: at rest, of a processor": _rest(process.pid, _TWO_RESCANS_S)}
    _change(paths[-1])
    _until(process, b'"applied"')
    time.sleep(3)
    taken["folders: at rest after a change"] = _rest(process.pid, _TWO_RESCANS_S)
    _ended(process)
    process = _started(place, "--poll")
    taken["folders: at rest with --poll"] = _rest(process.pid, 20)
    _ended(process)
    limited = _started_without_inotify(place)
    if limited is not None:
        taken["folders: at rest where inotify has no more instances"] = _rest(limited.pid, 20)
        before = cpu_of(limited.pid)
        _change(paths[0])
        _until(limited, b'"applied"')
        taken["folders: a change is reported without inotify"] = cpu_of(limited.pid) - before
        _ended(limited)
    return taken


def _started_without_inotify(place: Place) -> subprocess.Popen[bytes] | None:
    """Start a watch that the kernel allows no inotify; None where that cannot be done here."""
    tried = ["unshare", "-Ur", "sh", "-c", _NO_INOTIFY]
    if subprocess.run(tried, check=False, capture_output=True).returncode != 0:
        return None
    words = [place.python, "-m", "sessionctl", "watch", "--json", str(place.files)]
    process = subprocess.Popen(
        [*tried[:-1], f'{_NO_INOTIFY}; exec "$@"', "sh", *words],
        cwd=place.files, env=place.environ, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _until(process, b'"started"')
    return process


def mirror(place: Place, count: int) -> Taken:
    """Keep a mirror with 50 folders in step, whose other side is empty."""
    place.write(count, folders=50)
    other = place.folder / "other"
    other.mkdir()
    place.config.parent.mkdir(parents=True)
    sides = f'live = "{place.files}"\nrepository = "{other}"\n'
    place.config.write_text(f"[[mirrors]]\n{sides}", encoding="utf-8")
    process = place.start("watch", "--json")
    assert process.stdout is not None
    end = time.monotonic() + _LIMIT_S
    said = 0
    while said < count and time.monotonic() < end:
        line = process.stdout.readline()
        if b'"failed"' in line:
            break
        said += b'"saved"' in line
    taken = {"mirror: all files copied": cpu_of(process.pid)}
    _ended(process)
    return taken if len([*other.rglob("*.session.toml")]) == count else {}


WATCH_SCENES = {
    "mirror": Scene(mirror, (100, 1000), (20,), (("mirror: all files copied", None, "s", True),)),
    "watch": Scene(
        watch,
        (100, 1000),
        (20,),
        (
            ("watch: from SIGTERM at the start to its end", 1.0, "s", False),
            ("watch: start", 3.0, "s", True),
            ("watch: start, files known", 3.0, "s", True),
            ("watch: memory", 40.0, "MB", False),
            ("watch: memory after 500 changes", 40.0, "MB", False),
            ("watch: until the last of 500 changes", 5.0, "s", False),
            ("watch: at rest, of a processor", 0.5, "%", False),
        ),
    ),
    "many": Scene(
        many,
        (100, 10_000),
        (20,),
        (
            ("many: start", None, "s", True),
            ("many: start, files known", None, "s", True),
            ("many: memory, files known", None, "MB", True),
            ("many: at rest, of a processor", 0.3, "%", False),
            ("many: from SIGTERM to its end, at the slowest", 1.0, "s", False),
        ),
    ),
    "checkout": Scene(
        checkout,
        (50, 500),
        (20,),
        (
            ("checkout: until the last change is reported", 5.0, "s", True),
            ("checkout: from SIGTERM in the midst to its end", 1.0, "s", False),
        ),
    ),
    "folders": Scene(
        folders,
        (500,),
        (20,),
        (
            ("folders: at rest, of a processor", 0.3, "%", False),
            ("folders: at rest after a change", 0.3, "%", False),
            ("folders: at rest with --poll", 2.5, "%", False),
            ("folders: at rest where inotify has no more instances", 2.5, "%", False),
            ("folders: a change is reported without inotify", 1.0, "s", False),
        ),
    ),
}
