"""What docs/secrets.md says of stock tools is true: age alone reads what sessionctl wrote."""

from __future__ import annotations

import os
import subprocess

import pytest

from sessionctl.core.secrets.recipients import Recipients
from tests.desk import FILE, ID, NAME, SESSION, Desk
from tests.transcripts import blocks
from tests.world import CHECKOUT, need

PAGE = CHECKOUT / "docs" / "secrets.md"
TITLE = "## Without sessionctl"


@pytest.fixture
def desk(tmp_path):
    need("age")
    folder, home = tmp_path / "home" / "dotfiles", tmp_path / "home"
    folder.mkdir(parents=True)
    made = Desk(folder, home)
    made.session.write_text(SESSION)
    # The page names the usual places.
    (home / ".config").mkdir()
    (home / "config").symlink_to(home / ".config")
    made.new_key()
    made.set("hunter2 ünïcode")
    return made


def documented():
    """Return the commands of the section, as one script."""
    line = PAGE.read_text(encoding="utf-8").split(TITLE)[0].count("\n")
    return next(block.text for block in blocks(PAGE, "sh") if block.line > line)


def run(script, desk):
    path = os.pathsep.join(
        folder
        for folder in os.environ["PATH"].split(os.pathsep)
        if not os.path.exists(os.path.join(folder, "sessionctl"))
    )
    return subprocess.run(
        ["sh", "-e", "-c", script],
        env={"HOME": str(desk.home), "PATH": path, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_stock_tools_read_a_secret_without_sessionctl(desk):
    assert run("command -v sessionctl", desk).returncode != 0
    done = run(documented(), desk)
    assert (done.returncode, done.stdout, done.stderr) == (0, "hunter2 ünïcode\n", "")


@pytest.mark.slow
def test_stock_tools_read_an_entry_of_an_older_vault_key(desk):
    before = desk.sidecar.read_text()
    desk.run("secret", "rekey", "--new-key", code=0)
    assert run(documented(), desk).stdout == "hunter2 ünïcode\n"
    desk.sidecar.write_text(before)
    assert run(documented(), desk).stdout == "hunter2 ünïcode\n"


def test_a_vault_that_age_wrapped_opens_here(desk):
    script = """
    cd ~/dotfiles
    age -d -i ~/.config/sessionctl/identities.txt .sessionctl/vault.age |
      age -R .age-recipients -a -o new.age
    mv new.age .sessionctl/vault.age
    """
    done = run(script, desk)
    assert done.returncode == 0, done.stderr
    assert desk.reveal(code=0).stdout == "hunter2 ünïcode"


def test_the_list_of_recipients_is_one_for_age(desk):
    desk.run("recipients", "add", desk.elsewhere("bob").new_key(), "--label", "Bob B", code=0)
    path = desk.folder / ".age-recipients"
    assert len(Recipients.parse(path.read_text()).keys) == 2
    done = run("cd ~/dotfiles && echo x | age -R .age-recipients | wc -c", desk)
    assert done.returncode == 0, done.stderr


def test_a_key_of_age_keygen_is_one_here(desk):
    need("age-keygen")
    desk.identities.unlink()
    key = run("age-keygen 2>/dev/null", desk).stdout
    desk.identities.write_text(key)
    desk.identities.chmod(0o600)
    other = Desk(desk.folder / "other", desk.home)
    other.folder.mkdir()
    other.session.write_text(SESSION.replace(ID, "11111111-6d1f-4c1e-9a53-0f2f7f0c4a11"))
    (other.folder / ".git").mkdir()
    other.run("secret", "set", FILE, NAME, stdin=b"x", code=0)
    assert other.reveal(code=0).stdout == "x"
