"""The scenes of many sidecars and of large ones: a rekey that is killed, a merge."""

# ruff: noqa: TID251 - a benchmark starts what it measures
from __future__ import annotations

import shutil
import signal
import subprocess
import time
import uuid
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scale_scenes import Place, Taken, Used

_ENTRIES = 10
_MOMENTS = 20
_VALUE = "hun{}ter-xK9{}q"

# What a person would do a thousand times: seal a value for a session. In one process, for it is
# not what is measured.
_SEAL = """\
import os, sys
from pathlib import Path
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.open_vault import encrypt_entry
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.secrets.access.session_secrets import SessionSecrets
from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
from sessionctl.core.secrets.envelope import Envelope
from sessionctl.core.secrets.secret import Secret

keeper = VaultKeeper(SecretContext(Machine(dict(os.environ)), "2026-01-01"))
for line in sys.stdin:
    file, first, count = line.split()
    one = SessionSecrets(keeper, file)
    vault, made = one.vault, []
    for number in range(int(first), int(first) + int(count)):
        name, value = f"n{number:05}", Secret(f"hun{number}ter-xK9{number}q")
        envelope = Envelope(one.session, name, 1, one.bind(name), vault.current.recipient, value)
        made.append(encrypt_entry(envelope, vault.current.recipient, vault))
    place, recipient = one.place.sidecar, vault.current.recipient
    before = one.sidecar or Sidecar.new(one.session, recipient, str(place))
    place.write_text(before.put_all(made).text)
"""


def rekeys(place: Place, count: int) -> Taken:
    """Encrypt the secrets of so many sessions with a new key, killed at many moments.

    After each, all of them are read, and the same command ends what was begun.
    """
    _seal_all(place, [(f"s{n:03}", n * _ENTRIES, _ENTRIES) for n in range(count)])
    kept = place.folder / "kept"
    shutil.copytree(place.files, kept / "files", symlinks=True)
    shutil.copytree(place.folder / "home", kept / "home", symlinks=True)
    began = time.monotonic()
    whole = place.run("secret", "rekey", "--new-key")
    whole_s = time.monotonic() - began
    unread = unended = 0
    for moment in range(_MOMENTS):
        for name in ("files", "home"):
            shutil.rmtree(place.folder / name)
            shutil.copytree(kept / name, place.folder / name, symlinks=True)
        process = place.start("secret", "rekey", "--new-key")
        time.sleep(whole_s * (moment + 0.5) / _MOMENTS)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        unread += not _all_read(place, count)
        ended = place.run("secret", "rekey", "--new-key")
        unended += ended.code != 0 or not _all_read(place, count)
    return {
        "rekey: all secrets, 10 a session": whole.cpu_s,
        "rekey: memory": whole.memory_mb,
        "rekey: kills after which a value was not read": float(unread),
        "rekey: kills after which it could not be ended": float(unended),
    }


def sidecar_merges(place: Place, count: int) -> Taken:
    """Merge two sidecars to which each side added so many entries."""
    place.git("init", "-q")
    _seal_all(place, [("api", 0, 1)])
    sidecar = place.files / "api.secrets.toml"
    sides = {"base": sidecar.read_bytes()}
    for side, first in (("ours", 1), ("theirs", count + 1)):
        sidecar.write_bytes(sides["base"])
        _seal(place, [("api", first, count)])
        sides[side] = sidecar.read_bytes()
    for side, data in sides.items():
        (place.files / f"{side}.secrets.toml").write_bytes(data)
    three = [f"{side}.secrets.toml" for side in ("base", "ours", "theirs")]
    by_name = place.run("merge", *three, "-o", "api.secrets.toml")
    is_right = by_name.code == 0 and _names_in(sidecar) == 2 * count + 1
    place.run("git", "install")
    driver = _merged_by_git(place, sidecar, sides)
    is_right &= driver.code == 0 and _names_in(sidecar) == 2 * count + 1
    is_right &= place.run("secret", "doctor", "api.session.toml").code == 0
    return {
        "sidecars: merge": by_name.cpu_s,
        "sidecars: memory of a merge": by_name.memory_mb,
        "sidecars: git merge": driver.cpu_s,
        "sidecars: merges that are wrong": float(not is_right),
    }


def _merged_by_git(place: Place, sidecar: Path, sides: dict[str, bytes]) -> Used:
    """Let git merge the two sides by the driver; return what that used."""
    from scale_scenes import finish

    def commit(side: str) -> None:
        sidecar.write_bytes(sides[side])
        place.git("add", "api.session.toml", sidecar.name)
        place.git("commit", "-qm", side)

    commit("base")
    place.git("checkout", "-q", "-b", "theirs")
    commit("theirs")
    place.git("checkout", "-q", "-")
    commit("ours")
    words = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "merge", "theirs"]
    # The driver is started by its name.
    found = f"{Path(place.python).parent}:{place.environ.get('PATH', '')}"
    process = subprocess.Popen(
        [*words, "-m", "merged"], cwd=place.files, env={**place.environ, "PATH": found},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return finish(process)


def _seal_all(place: Place, wanted: list[tuple[str, int, int]]) -> None:
    """Make sessions that refer to secrets, a vault, and the secrets: name, first, count."""
    for name, first, count in wanted:
        head = f'schema_version = 1\nid = "{uuid.uuid4()}"\nname = "{name}"\n\n[env]\n'
        lines = (f'V{n} = {{ secret = "n{n:05}" }}\n' for n in range(first, first + count))
        text = head + "".join(lines)
        (place.files / f"{name}.session.toml").write_text(text, encoding="utf-8")
    place.run("key", "new")
    _store_first(place, wanted[0][0])
    _seal(place, wanted)


def _store_first(place: Place, name: str) -> None:
    """Store the first value as a person does: that makes the vault."""
    words = [place.python, "-m", "sessionctl", "secret", "set", f"{name}.session.toml", "n00000"]
    subprocess.run(
        words, cwd=place.files, env=place.environ, input=b"first", check=True, capture_output=True
    )


def _seal(place: Place, wanted: list[tuple[str, int, int]]) -> None:
    lines = "".join(f"{name}.session.toml {first} {count}\n" for name, first, count in wanted)
    subprocess.run(
        [place.python, "-c", _SEAL], cwd=place.files, env=place.environ, input=lines.encode(),
        check=True,
    )  # fmt: skip


def _all_read(place: Place, count: int) -> bool:
    """Whether every value is opened, and is what it was."""
    program = _READ.format(count=count, entries=_ENTRIES)
    done = subprocess.run(
        [place.python, "-c", program], cwd=place.files, env=place.environ, capture_output=True,
        check=False,
    )  # fmt: skip
    return done.returncode == 0


_READ = """\
import os
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.secrets.access.session_secrets import SessionSecrets
from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

keeper = VaultKeeper(SecretContext(Machine(dict(os.environ)), "2026-01-01"))
for number in range({count}):
    one = SessionSecrets(keeper, f"s{{number:03}}.session.toml")
    names = [f"n{{n:05}}" for n in range(number * {entries}, (number + 1) * {entries})]
    for name, value in one.values(names).items():
        n = int(name[1:])
        assert value.text == f"hun{{n}}ter-xK9{{n}}q"
"""


def _names_in(sidecar: Path) -> int:
    return sidecar.read_text(encoding="utf-8").count("\n[secret.")
