"""Whatever way an editor saves, its edit is noticed once, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time

import pytest

from tests.services.watching.conftest import message, session
from tests.world import need

WANTED = session(port=5433)
# Vim writes in place below the temporary directory, where tests are, unless it is told not to.
VIM = ["vim", "-N", "-u", "NONE", "-i", "NONE", "-es", "-c", "set backupskip= noswapfile"]
EMACS = """(progn (setq make-backup-files {backups} vc-follow-symlinks t)
  (find-file "api.session.toml") (goto-char 1)
  (search-forward "5432") (replace-match "5433") (save-buffer))"""


def run(argv, folder):
    done = subprocess.run(
        argv, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def shell(command):
    return lambda folder: run(["sh", "-c", command], folder)


def vim(*settings):
    def edit(folder):
        need("vim")
        options = [word for setting in settings for word in ("-c", f"set {setting}")]
        run([*VIM, *options, "-c", "%s/5432/5433/", "-c", "wq", "api.session.toml"], folder)

    return edit


def emacs(backups):
    def edit(folder):
        need("emacs")
        script = EMACS.format(backups=backups)
        run(["emacs", "-Q", "--batch", "--eval", script], folder)

    return edit


def truncate_and_write(folder):
    with (folder / "api.session.toml").open("w") as stream:
        stream.flush()
        time.sleep(0.05)
        stream.write(WANTED[:60])
        stream.flush()
        time.sleep(0.05)
        stream.write(WANTED[60:])


def slow_writer(folder):
    """Write a text of which the first half is a valid session too, and pause in the middle."""
    with (folder / "api.session.toml").open("w") as stream:
        stream.write(WANTED[: WANTED.index("[preferences]")])
        stream.flush()
        time.sleep(0.5)
        stream.write(WANTED[WANTED.index("[preferences]") :])


SAVES = {
    "vim, backupcopy=auto": vim("backupcopy=auto", "backup"),
    "vim, backupcopy=yes": vim("backupcopy=yes", "backup"),
    "vim, backupcopy=no": vim("backupcopy=no", "backup"),
    "vim, with swap and undo files": vim("backupcopy=auto", "swapfile", "undofile"),
    "emacs": emacs("nil"),
    "emacs, with backups": emacs("t"),
    "sed -i": shell("sed -i s/5432/5433/ api.session.toml"),
    "perl -i": shell("perl -pi -e s/5432/5433/ api.session.toml"),
    "truncate and write": truncate_and_write,
    "truncate, write half, pause": slow_writer,
    "mv inside": shell("sed s/5432/5433/ api.session.toml > t && mv t api.session.toml"),
    "mv from outside": shell(
        "sed s/5432/5433/ api.session.toml > ../t && mv ../t api.session.toml"
    ),
    "mv away and back": shell(
        "mv api.session.toml ../t && sed -i s/5432/5433/ ../t && sleep 0.2"
        " && mv ../t api.session.toml"
    ),
    "rm and write": shell(
        "sed s/5432/5433/ api.session.toml > ../t && rm api.session.toml && sleep 0.1"
        " && cat ../t > api.session.toml"
    ),
    "cp over it": shell("sed s/5432/5433/ api.session.toml > ../t && cp ../t api.session.toml"),
    "dd without truncation": shell(
        "sed s/5432/5433/ api.session.toml > ../t"
        " && dd if=../t of=api.session.toml conv=notrunc 2>/dev/null"
    ),
}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES.keys())
def test_an_edit_reaches_the_live_side_once(watching, folder, file, save):
    save(folder)
    assert file.read_text() == WANTED
    watching.until(lambda: watching.live_text(file) == WANTED)
    watching.rests()
    assert watching.whats == ["applied"], watching.messages
    assert "5432 -> 5433" in message(watching.hears("applied"))


# These put a file in the place of a symlink.
_BREAK_LINKS = {
    "vim, backupcopy=no", "sed -i", "perl -i", "mv inside", "mv from outside",
    "mv away and back", "rm and write",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SAVES.keys() - _BREAK_LINKS))
def test_an_edit_through_a_symlink_is_noticed_and_the_symlink_stays(start, folder, tmp_path, name):
    farm = tmp_path / "farm"
    farm.mkdir()
    (farm / "api.session.toml").symlink_to("../sessions/api.session.toml")
    watching = start(farm)
    SAVES[name](farm)
    watching.until(lambda: watching.live_text(farm / "api.session.toml") == WANTED)
    assert (farm / "api.session.toml").is_symlink()
    assert (folder / "api.session.toml").read_text() == WANTED


@pytest.mark.parametrize("save", ["sed -i", "mv inside", "rm and write"])
def test_a_symlink_that_became_a_file_is_watched_as_a_file(start, folder, tmp_path, save):
    farm = tmp_path / "farm"
    farm.mkdir()
    (farm / "api.session.toml").symlink_to("../sessions/api.session.toml")
    watching = start(farm)
    SAVES[save](farm)
    watching.until(lambda: watching.live_text(farm / "api.session.toml") == WANTED)
    assert not (farm / "api.session.toml").is_symlink()


@pytest.mark.parametrize(
    "touch",
    [
        "touch api.session.toml",
        "chmod 600 api.session.toml",
        "cp api.session.toml ../t && mv ../t api.session.toml",
        "cp -p api.session.toml ../t && cat ../t > api.session.toml",
        "cat api.session.toml",
        "echo x > .api.session.toml.swp; touch '#api.session.toml#' 4913 api.session.toml~",
    ],
)
def test_equal_content_raises_nothing(watching, folder, touch):
    shell(touch)(folder)
    watching.rests()
    assert watching.whats == []


def test_nano_in_a_terminal_is_noticed(watching, folder, file, monkeypatch):
    need("tmux")
    need("nano")
    with tempfile.TemporaryDirectory() as sockets:
        monkeypatch.setenv("TMUX_TMPDIR", sockets)
        server = ["tmux", "-L", f"sessionctl-nano-{os.getpid()}", "-f", os.devnull]
        run(
            [*server, "new-session", "-d", "-x", "80", "-y", "24", "nano -I api.session.toml"],
            folder,
        )
        try:
            screen = ""
            while "schema_version" not in screen:
                done = subprocess.run(
                    [*server, "capture-pane", "-p"], capture_output=True, text=True
                )
                screen = done.stdout
            # Replace, all, write out, exit.
            for keys in ("M-\\", "C-\\", "5432", "Enter", "5433", "Enter", "A", "C-s", "C-x"):
                run([*server, "send-keys", keys], folder)
            watching.until(lambda: watching.live_text(file) == WANTED)
            watching.rests()
            assert watching.whats == ["applied"]
        finally:
            subprocess.run([*server, "kill-server"], capture_output=True)
