"""The scenes of the benchmark at scale: what is set up, what is run, what it took."""

# ruff: noqa: TID251 - a benchmark starts what it measures
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from documents import entangled, session
from scale_repositories import changed, tracked
from scale_secrets import rekeys, sidecar_merges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Taken: TypeAlias = dict[str, float]

KB = 1000
_LIMIT_S = 300
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PARSE = "import sys, tomllib; tomllib.load(open(sys.argv[1], 'rb'))"


class Scene(NamedTuple):
    """What is played, at which sizes, and the numbers that come of it.

    Each number has its goal, its unit, and whether it may grow with the size at all.
    """

    play: Callable[[Place, int], Taken]
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    numbers: tuple[tuple[str, float | None, str, bool], ...]


class Used(NamedTuple):
    """What a process used: processor seconds, at most so many MB, seconds until its first line."""

    cpu_s: float
    memory_mb: float
    first_s: float = 0.0
    code: int = 0


class Place:
    """A directory and a home of its own, and the program that is measured."""

    def __init__(self, folder: Path, python: str, environ: dict[str, str]) -> None:
        self.folder = folder
        self.python = python
        self.files = folder / "files"
        self.files.mkdir()
        home = folder / "home"
        home.mkdir()
        names = ("STATE_HOME", "CACHE_HOME", "CONFIG_HOME", "RUNTIME_DIR")
        homes = {f"XDG_{name}": str(home / name.lower()) for name in names}
        self.environ = {**environ, "HOME": str(home), **homes}
        self.config = home / "config_home" / "sessionctl" / "config.toml"

    def write(self, count: int, folders: int = 0) -> list[Path]:
        """Write so many sessions of 5 KB, all different, into some folders."""
        text = session(5 * KB)
        paths = []
        for number in range(count):
            folder = self.files / f"d{number % folders:03}" if folders else self.files
            folder.mkdir(exist_ok=True)
            paths.append(folder / f"s{number:05}.session.toml")
            paths[-1].write_text(text.replace('"api"', f'"api-{number}"', 1), encoding="utf-8")
        return paths

    def git(self, *arguments: str) -> None:
        """Run git among the files."""
        name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(
            ["git", *name, *arguments], cwd=self.files, env=self.environ, check=True,
            capture_output=True,
        )  # fmt: skip

    def start(self, *arguments: str, module: str = "sessionctl") -> subprocess.Popen[bytes]:
        """Start the program among the files."""
        words = [self.python, "-m", module, *arguments]
        return subprocess.Popen(
            words, cwd=self.files, env=self.environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, *arguments: str) -> Used:
        """Run the program to its end."""
        return finish(self.start(*arguments))

    def parse_s(self, path: Path) -> float:
        """Return the processor time of a process that parses a file with tomllib."""
        taken = []
        for _ in range(3):
            process = subprocess.Popen([sys.executable, "-c", _PARSE, str(path)], stdout=-1)
            taken.append(finish(process).cpu_s)
        return min(taken)


def finish(process: subprocess.Popen[bytes]) -> Used:
    """Read what a process says, and return what it used."""
    assert process.stdout is not None
    began = time.monotonic()
    first = process.stdout.readline()
    first_s = time.monotonic() - began if first else 0.0
    while process.stdout.read(1 << 16):
        pass
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu_s = usage.ru_utime + usage.ru_stime
    return Used(cpu_s, usage.ru_maxrss / 1024, first_s, process.returncode)


def cpu_of(pid: int) -> float:
    """Return the processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_of(pid: int) -> float:
    """Return the memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


# -- the scenes -----------------------------------------------------------------------------


def interrupts(place: Place, count: int) -> Taken:
    """Send Ctrl-C to a check at so many moments; count those that were not silent."""
    place.write(50)
    loud = 0
    for number in range(count):
        process = subprocess.Popen(
            [place.python, "-m", "sessionctl", "validate"], cwd=place.files, env=place.environ,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(0.1 + 0.2 * number / count)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        loud += b"Traceback" in said and b"sessionctl/" in said
    return {"Ctrl-C: moments with a traceback of ours": float(loud)}


def secrets(place: Place, count: int) -> Taken:
    """Move so many typed secrets to a sidecar, hand them to a program, encrypt them anew."""
    place.git("init", "-q")
    entry = '\n[connections.c{0}]\ndriver = "postgres"\nhost = "db{0}.example.org"\n'
    text = 'schema_version = 1\nname = "api"\n' + "".join(
        f'{entry.format(number)}user = "app"\npassword = "hun{number}ter-xK9{number}q"\n'
        for number in range(count)
    )
    (place.files / "api.session.toml").write_text(text, encoding="utf-8")
    place.run("key", "new")
    taken = {
        "secrets: extract": place.run(
            "secret", "extract", "--no-history", "api.session.toml"
        ).cpu_s,
        "secrets: exec": place.run("secret", "exec", "api.session.toml", "--", "true").cpu_s,
        "secrets: rekey --new-key": place.run("secret", "rekey", "--new-key").cpu_s,
    }
    after = place.run("secret", "exec", "api.session.toml", "--", "true")
    return taken if after.code == 0 else {}


def unchanged(place: Place, count: int) -> Taken:
    """Ask for so many committed files that were found valid before."""
    place.write(count)
    place.git("init", "-q")
    place.git("add", "-A")
    place.git("commit", "-qm", "all")
    place.run("status")
    place.run("doctor")
    return {
        "unchanged: status": place.run("status").cpu_s,
        "unchanged: doctor": place.run("doctor").cpu_s,
        "unchanged: validate": place.run("validate").cpu_s,
    }


def log(place: Place, count: int) -> Taken:
    """Print the history of a file that so many commits changed."""
    place.git("init", "-q")
    text = session(5 * KB)
    name = "api.session.toml"
    lines = []
    for number in range(count):
        data = text.replace('"api"', f'"api-{number}"', 1).encode()
        who = f"committer a <a@example.org> {1_700_000_000 + number} +0000\n"
        lines.append(f"commit refs/heads/main\n{who}data 1\nx\nM 644 inline {name}\n")
        lines.append(f"data {len(data)}\n{data.decode()}\n")
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=place.files, env=place.environ, check=True,
        input="".join(lines).encode(),
    )  # fmt: skip
    place.git("symbolic-ref", "HEAD", "refs/heads/main")
    place.git("reset", "-q", "--hard")
    began = time.monotonic()
    used = finish(place.start("log", "--max-count", str(count), name))
    whole_s = time.monotonic() - began
    return {
        "log: all commits": used.cpu_s,
        "log: memory": used.memory_mb,
        "log: the first line, of the whole time": used.first_s / whole_s * 100,
    }


def huge(place: Place, size: int) -> Taken:
    """Show, edit and merge a session of so many kilobytes; against one parse by tomllib."""
    base = session(size * KB)
    ours, theirs = entangled(base)
    first, second = "hx", "ed"
    for window in range(110, 110 + 51):
        find = f'"src/main_{window}.py"'
        ours = ours.replace(find, f'"{first}_{window}.py"')
        theirs = theirs.replace(find, f'"{second}_{window}.py"')
    names = ("base.session.toml", "ours.session.toml", "theirs.session.toml")
    for name, text in zip(names, (base, ours, theirs), strict=True):
        (place.files / name).write_text(text, encoding="utf-8")
    parse_s = place.parse_s(place.files / names[0])
    bare = place.run("--version")
    show = place.run("show", names[0])
    edit = place.run("set", names[0], "preferences.service-150.theme", "sepia")
    merged = place.run("merge", *names, "-o", "out.session.toml")
    wrong = place.run("merge", *names, "-o", "missing/out.session.toml")
    megabyte = len(base) / (1 << 20)
    return {
        "huge: show, in parses": show.cpu_s / parse_s,
        "huge: set, in parses": edit.cpu_s / parse_s,
        "huge: merge with 51 conflicts": merged.cpu_s,
        "huge: memory of a merge, in files": (merged.memory_mb - bare.memory_mb) / megabyte,
        "huge: until a missing folder is reported": wrong.cpu_s,
    }


def many_saves(place: Place, count: int) -> Taken:
    """Save one file so many times."""
    path = place.files / "api.session.toml"
    path.write_text(session(5 * KB), encoding="utf-8")
    script = place.folder / "saves.py"
    script.write_text(_SAVES, encoding="utf-8")
    words = [place.python, str(script), str(path), place.environ["XDG_STATE_HOME"], str(count)]
    said = subprocess.run(words, env=place.environ, capture_output=True, check=True, text=True)
    first, last, kilobytes = map(float, said.stdout.split())
    return {
        "saves: the last 50 against the first": last / first,
        "saves: size of the state": kilobytes,
    }


_SAVES = """\
import os, sys, time
from pathlib import Path
from sessionctl.services.settings.user_store import user_store
from sessionctl.services.machine import Machine

os.fsync = lambda _: None  # the disk is not measured
path, state, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
# As every command opens it: without the user's settings nothing would ever be dropped.
store, text, taken = user_store(Machine(dict(os.environ))), Path(path).read_text(), []
for number in range(count):
    began = time.process_time()
    new = f"{text}# {number}\\n"
    store.save(path, new)
    taken.append(time.process_time() - began)
size = sum(one.stat().st_size for one in Path(state).rglob("*") if one.is_file())
print(sum(taken[:50]), sum(taken[-50:]), size / 1024)
"""


SCENES = {
    "interrupts": Scene(
        interrupts, (20,), (3,), (("Ctrl-C: moments with a traceback of ours", 0.0, "", False),)
    ),
    "secrets": Scene(
        secrets,
        (100, 1000),
        (10,),
        (
            ("secrets: extract", None, "s", True),
            ("secrets: exec", 2.5, "s", True),
            ("secrets: rekey --new-key", 4.0, "s", True),
        ),
    ),
    "rekeys": Scene(
        rekeys,
        (20, 200),
        (2,),
        (
            ("rekey: all secrets, 10 a session", 8.0, "s", True),
            ("rekey: memory", 60.0, "MB", False),
            ("rekey: kills after which a value was not read", 0.0, "", False),
            ("rekey: kills after which it could not be ended", 0.0, "", False),
        ),
    ),
    "sidecars": Scene(
        sidecar_merges,
        (100, 1000),
        (10,),
        (
            ("sidecars: merge", 1.0, "s", True),
            ("sidecars: memory of a merge", 60.0, "MB", False),
            ("sidecars: git merge", 1.2, "s", True),
            ("sidecars: merges that are wrong", 0.0, "", False),
        ),
    ),
    "unchanged": Scene(
        unchanged,
        (100, 10_000),
        (50,),
        (
            ("unchanged: status", None, "s", True),
            ("unchanged: doctor", None, "s", True),
            ("unchanged: validate", None, "s", True),
        ),
    ),
    "changed": Scene(
        changed,
        (100, 1000),
        (20,),
        (
            ("changed: status, first time", 4.0, "s", True),
            ("changed: status, first time, by the clock", None, "s", True),
            ("changed: status, again", 2.0, "s", True),
            ("changed: sync -n", 4.0, "s", True),
            ("changed: sync", 8.0, "s", True),
            ("changed: git hook pre-commit", 4.0, "s", True),
            ("changed: doctor, first time", 4.0, "s", True),
        ),
    ),
    "tracked": Scene(
        tracked,
        (100, 10_000),
        (50,),
        (
            ("tracked: doctor, first time", 30.0, "s", True),
            ("tracked: doctor, first time, by the clock", None, "s", True),
            ("tracked: doctor, again", 10.0, "s", True),
            ("tracked: memory of doctor", 100.0, "MB", False),
            ("tracked: status", 5.0, "s", True),
            ("tracked: sync -n", 5.0, "s", True),
        ),
    ),
    "log": Scene(
        log,
        (100, 1000),
        (20,),
        (
            ("log: all commits", None, "s", True),
            ("log: memory", 60.0, "MB", False),
            ("log: the first line, of the whole time", 50.0, "%", False),
        ),
    ),
    "huge": Scene(
        huge,
        (1700,),
        (100,),
        (
            ("huge: show, in parses", 2.0, "x", False),
            ("huge: set, in parses", 2.0, "x", False),
            ("huge: merge with 51 conflicts", None, "s", False),
            ("huge: memory of a merge, in files", 30.0, "x", False),
            ("huge: until a missing folder is reported", 1.0, "s", False),
        ),
    ),
    "saves": Scene(
        many_saves,
        (10_000,),
        (100,),
        (
            ("saves: the last 50 against the first", 2.0, "x", False),
            ("saves: size of the state", None, "KB", False),
        ),
    ),
}
