"""Who may read: added without touching a sidecar, removed with a new vault key."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pytest

from sessionctl.core.secrets.envelope import Envelope
from sessionctl.core.secrets.identityfile import read_identity_file
from sessionctl.core.secrets.recipients import Recipients
from sessionctl.core.secrets.secret import Secret
from sessionctl.core.secrets.sidecar import Sidecar
from sessionctl.core.secrets.trust_book import read_trust
from sessionctl.core.secrets.vault_keys import read_vault
from sessionctl.services.secrets.access.open_vault import encrypt_entry, open_keys
from sessionctl.system import age
from sessionctl.system.prompt import SilentPrompt
from tests.desk import FILE, NAME, SESSION, files_of
from tests.world import GitRepo, need

REFUSED, LOCKED = 5, 4


@pytest.fixture
def colleague(desk):
    """Return the desk of another person with a key of his own."""
    other = desk.elsewhere("bob")
    other.recipient = other.new_key()
    return other


def listed(desk):
    return Recipients.parse((desk.folder / ".age-recipients").read_text())


def changed(before, after):
    return {name for name in before | after if before.get(name) != after.get(name)}


@pytest.mark.parametrize("sign", [".git", "web.session.toml", ".age-recipients"])
def test_secrets_of_the_own_sessions_hinder_no_list_where_one_is_meant(desk, colleague, sign):
    sessions = desk.home / "config/sessionctl/sessions"
    shutil.copytree(desk.folder, sessions)
    bare = desk.home / "bare"
    bare.mkdir()
    other = replace(desk, folder=bare)
    result = other.run("recipients", "add", colleague.recipient, code=2)
    assert f"error: add: {bare}: no secrets are kept here" in result.stderr
    assert f" --dir={sessions} {colleague.recipient}\n" in result.stderr
    assert list(bare.iterdir()) == []
    text = f"{desk.recipient}\n" if sign == ".age-recipients" else ""
    (bare / sign).mkdir() if sign == ".git" else (bare / sign).write_text(text)
    other.run("recipients", "add", colleague.recipient, code=0)
    assert colleague.recipient in (bare / ".age-recipients").read_text()


def test_a_recipient_who_is_added_reads_and_no_sidecar_changes(desk, colleague):
    assert colleague.reveal().exit_code == LOCKED
    before = files_of(desk.folder)
    desk.run("recipients", "add", colleague.recipient, "--label", "Bob", code=0)
    assert changed(before, files_of(desk.folder)) == {
        ".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml",
    }  # fmt: skip
    assert colleague.reveal(code=0).stdout == "hunter2"
    assert listed(desk).find("Bob").key == colleague.recipient
    again = desk.run("recipients", "add", colleague.recipient, code=0)
    assert "is a recipient already" in again.stderr
    assert desk.run("secret", "rekey", code=0).stderr.startswith("the vault matches")


def test_a_recipient_who_is_removed_reads_nothing_new(desk, colleague):
    desk.set(b"more", name="other")
    desk.run("recipients", "add", colleague.recipient, "--label", "Bob", code=0)
    colleague.reveal(code=0)
    result = desk.run("recipients", "rm", "Bob", code=0)
    assert "sessionctl secret rotate api.session.toml other" in result.stdout
    assert f"sessionctl secret rotate {FILE} {NAME}" in result.stdout
    assert colleague.reveal().exit_code == LOCKED
    assert desk.reveal(code=0).stdout == "hunter2"
    assert {entry.rotate for entry in desk.entries().values()} != {""}
    for entry in desk.entries().values():
        identities = age.load_identities(_lines(colleague), SilentPrompt())
        assert age.decrypt(entry.armor.encode(), identities) is None
    desk.run("secret", "rotate", "--generate", FILE, NAME, code=0)
    marks = {name: bool(entry.rotate) for name, entry in desk.entries().items()}
    assert marks == {NAME: False, "other": True}
    assert len(desk.reveal(code=0).stdout) == 32


def _lines(desk):
    return read_identity_file(Secret(desk.identities.read_bytes()))


def test_a_mark_stays_until_the_value_is_another_one(desk, colleague):
    desk.run("recipients", "add", colleague.recipient, code=0)
    desk.run("recipients", "rm", colleague.recipient, code=0)
    result = desk.set(b"hunter2")
    assert "the same value, which a removed recipient knows" in result.stderr
    assert desk.entries()[NAME].rotate
    assert (
        "the same as before"
        in desk.run("secret", "rotate", FILE, NAME, stdin=b"hunter2", code=2).stderr
    )
    text = desk.session.read_text()
    desk.session.write_text(text.replace("5432", "5433"))
    desk.run("secret", "accept", "--yes", FILE, code=0)
    assert desk.entries()[NAME].rotate
    desk.set(b"another")
    assert not desk.entries()[NAME].rotate


def test_validate_lists_each_value_that_a_removed_recipient_knows(desk, colleague):
    desk.set(b"more", name="other")
    desk.run("recipients", "add", colleague.recipient, code=0)
    assert desk.run("validate", code=0)
    desk.run("recipients", "rm", colleague.recipient, code=0)
    result = desk.run("validate", code=1)
    for name in (NAME, "other"):
        assert f"secret rotate {FILE} {name}" in result.output
    assert result.output.count("error[unrotated-secret]") == 2
    assert desk.run("validate", "--allow-unrotated", code=0).output.count("warning[unrot") == 2
    for name in (NAME, "other"):
        desk.run("secret", "rotate", "--generate", FILE, name, code=0)
    assert "unrotated" not in desk.run("validate", code=0).output
    desk.elsewhere("carol").set(b"x", name="other")
    assert "warning[unsealed-secret]" in desk.run("validate", code=0).output


def test_a_commit_is_not_hindered_by_what_is_still_to_be_rotated(desk, colleague):
    need("git")
    repo = GitRepo(desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    desk.run("recipients", "add", colleague.recipient, code=0)
    desk.run("recipients", "rm", colleague.recipient, code=0)
    repo.run("add", "--all")
    assert "unrotated" in desk.run("git", "hook", "pre-commit", code=0).output


def test_another_machine_accepts_the_new_vault_once(desk, colleague):
    laptop = desk.elsewhere("laptop")
    laptop.identities.parent.mkdir(parents=True)
    laptop.identities.write_bytes(desk.identities.read_bytes())
    laptop.identities.chmod(0o600)
    desk.run("recipients", "add", colleague.recipient, code=0)
    laptop.reveal(code=0)
    desk.run("recipients", "rm", colleague.recipient, code=0)
    refused = laptop.reveal(code=REFUSED)
    hint = next(line for line in refused.stderr.splitlines() if "secret rekey --accept" in line)
    laptop.run(*hint.split("sessionctl ")[-1].split(), code=0)
    assert laptop.reveal(code=0).stdout == "hunter2"
    assert files_of(desk.folder) == files_of(laptop.folder)
    trusted = [read_trust(one.trust.read_text(), "trust").sessions for one in (laptop, desk)]
    assert trusted[0] == trusted[1]


def test_the_old_vault_is_refused_once_it_was_replaced(desk, colleague):
    desk.run("recipients", "add", colleague.recipient, code=0)
    before = files_of(desk.folder)
    desk.run("recipients", "rm", colleague.recipient, code=0)
    for name, content in before.items():
        (desk.folder / name).write_bytes(content)
    assert "an older vault, replaced on this machine" in desk.reveal(code=REFUSED).stderr


def test_an_entry_of_a_removed_recipient_is_refused(desk, colleague):
    """He knows the old vault key, and so can seal; but only with that key."""
    desk.run("recipients", "add", colleague.recipient, code=0)
    colleague.set(b"evil")
    evil = colleague.entries()[NAME]
    desk.run("recipients", "rm", colleague.recipient, code=0)
    desk.sidecar.write_text(Sidecar.parse(desk.sidecar.read_text()).put(evil).text)
    assert "an older vault key" in desk.reveal(code=REFUSED).stderr
    desk.run("secret", "accept", "--yes", FILE, NAME, code=0)
    assert desk.entries()[NAME].rotate, "the value is known to somebody who was removed"


def test_without_a_key_a_recipient_is_listed_and_pending(desk, colleague):
    stranger = desk.elsewhere("carol")
    result = stranger.run("recipients", "add", colleague.recipient, code=0)
    assert "listed, but cannot read yet" in result.stderr
    assert colleague.reveal().exit_code == LOCKED
    assert "the list was changed, but the vault was not" in desk.run("recipients", "list").stderr
    assert colleague.recipient in desk.run("secret", "rekey", code=REFUSED).stderr
    desk.run("secret", "rekey", "--accept", colleague.recipient, code=0)
    assert colleague.reveal(code=0).stdout == "hunter2"


def test_a_swapped_entry_is_as_wrong_after_a_new_key_as_before(desk):
    desk.set(b"x", name="other")
    swapped = desk.entries()[NAME]._replace(name="other")
    desk.sidecar.write_text(Sidecar.parse(desk.sidecar.read_text()).put(swapped).text)
    desk.run("secret", "rekey", "--new-key", code=0)
    assert set(desk.entries()) == {NAME, "other"}
    assert "the entry of another secret" in desk.reveal("other", code=REFUSED).stderr
    assert desk.reveal(code=0).stdout == "hunter2"


def test_without_a_key_nobody_is_removed_and_nothing_is_rekeyed(desk, colleague):
    desk.run("recipients", "add", colleague.recipient, code=0)
    stranger = desk.elsewhere("carol")
    before = files_of(desk.folder)
    for command in (["recipients", "rm", colleague.recipient], ["secret", "rekey"]):
        result = stranger.run(*command, code=LOCKED)
        assert "tried" in result.stderr
    assert files_of(desk.folder) == before


def test_one_who_is_taken_out_by_hand_reads_no_longer_after_rekey(desk, colleague):
    desk.run("recipients", "add", colleague.recipient, code=0)
    path = desk.folder / ".age-recipients"
    path.write_text(listed(desk).remove(colleague.recipient).text)
    third = desk.elsewhere("dave").new_key()
    assert "no longer listed" in desk.run("recipients", "add", third, code=REFUSED).stderr
    desk.run("secret", "rekey", code=0)
    assert colleague.reveal().exit_code == LOCKED
    assert desk.entries()[NAME].rotate
    desk.run("recipients", "add", third, code=0)


def test_a_new_vault_key_without_anybody_leaving_marks_nothing(desk):
    vault = desk.entries()
    desk.run("secret", "rekey", "--new-key", code=0)
    assert desk.entries()[NAME].armor != vault[NAME].armor
    assert not desk.entries()[NAME].rotate
    assert desk.reveal(code=0).stdout == "hunter2"


def test_a_lost_vault_toml_is_written_anew(desk):
    info = desk.folder / ".sessionctl" / "vault.toml"
    text = info.read_text()
    info.unlink()
    desk.run("secret", "rekey", code=0)
    assert info.read_text() == text
    info.unlink()
    desk.set(b"x")
    assert info.read_text() == text
    info.write_text("nonsense = 1\n")
    assert "write it again from vault.age" in desk.set(b"y", code=1).stderr
    desk.run("secret", "rekey", code=0)
    assert info.read_text() == text


def test_readers_who_were_added_on_two_branches_are_joined(desk):
    """A real merge: the vault conflicts, the list is joined, rekey writes it for all."""
    need("git")
    repo = GitRepo(desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    repo.commit("base")
    people = {name: desk.elsewhere(name) for name in ("bob", "carol")}
    keys = {name: person.new_key() for name, person in people.items()}
    path = desk.folder / ".age-recipients"
    base = path.read_text()
    repo.run("checkout", "--quiet", "-b", "other")
    desk.run("recipients", "add", keys["bob"], code=0)
    repo.commit("bob")
    repo.run("checkout", "--quiet", "main")
    desk.run("recipients", "add", keys["carol"], code=0)
    repo.commit("carol")
    assert repo.run("merge", "other", check=False).returncode == 1
    refused = desk.reveal(code=REFUSED)
    assert "both sides of a merge changed it" in refused.stderr
    repo.run("checkout", "--ours", "--", ".sessionctl")
    path.write_text(f"{base}{keys['bob']}\n{keys['carol']}\n")
    repo.run("add", "--all")
    armor = desk.entries()[NAME].armor
    desk.run("secret", "rekey", "--accept", keys["bob"], code=0)
    repo.commit("joined")
    for person in people.values():
        assert person.reveal(code=0).stdout == "hunter2"
    assert desk.entries()[NAME].armor == armor, "nobody left"


def test_oneself_is_not_locked_out(desk):
    refused = desk.run("recipients", "rm", desk.recipient, code=2)
    assert "no one could read" in refused.stderr
    colleague = desk.elsewhere("bob").new_key()
    desk.run("recipients", "add", colleague, code=0)
    before = files_of(desk.folder)
    assert "would be locked out" in desk.run("recipients", "rm", desk.recipient, code=2).stderr
    assert files_of(desk.folder) == before


def test_what_is_damaged_or_forged_stays_as_it_is(desk, colleague):
    desk.set(b"x", name="other")
    desk.run("recipients", "add", colleague.recipient, code=0)
    other = desk.entries()["other"]
    lines = other.armor.splitlines()
    lines[3] = f"{lines[3][:8]}AAAA{lines[3][12:]}"  # of the header, whatever key is in it
    broken = other._replace(armor="\n".join(lines) + "\n")
    desk.sidecar.write_text(Sidecar.parse(desk.sidecar.read_text()).put(broken).text)
    result = desk.run("recipients", "rm", colleague.recipient, code=0)
    assert "other: unchanged: " in result.stderr
    assert desk.entries()["other"] == broken
    assert desk.reveal(code=0).stdout == "hunter2"


def test_recipients_come_before_secrets_too(bare_desk):
    recipient = bare_desk.new_key()
    bob = bare_desk.elsewhere("bob")
    key = bob.new_key()
    bare_desk.run("recipients", "add", key, "--label", "Bob", code=0)
    assert set(listed(bare_desk).keys) == {recipient, key}
    bare_desk.set(b"hunter2")
    assert bob.reveal(code=0).stdout == "hunter2"


def test_a_list_that_was_there_is_not_believed(bare_desk):
    key = bare_desk.new_key()
    stranger = bare_desk.elsewhere("bob").new_key()
    (bare_desk.folder / ".age-recipients").write_text(f"{key}\n{stranger}\n")
    refused = bare_desk.set(b"hunter2", code=REFUSED)
    assert stranger in refused.stderr
    bare_desk.run("secret", "rekey", "--accept", stranger, code=0)
    bare_desk.set(b"hunter2")


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_ssh_keys_read_where_they_are_listed(desk, kind, tmp_path):
    need("ssh-keygen")
    other = desk.elsewhere("bob")
    key = other.home / ".ssh" / f"id_{kind}"
    key.parent.mkdir(mode=0o700)
    quick = ["-b", "2048"] if kind == "rsa" else []
    command = ["ssh-keygen", "-q", "-t", kind, *quick, "-N", "", "-f", key, "-C", "bob@laptop"]
    subprocess.run(command, check=True, timeout=60)
    assert "not a recipient" in other.reveal(code=LOCKED).stderr
    desk.run("recipients", "add", key.with_suffix(".pub").read_text().strip(), code=0)
    assert listed(desk).find("bob@laptop").kind == f"ssh-{kind}"
    assert other.reveal(code=0).stdout == "hunter2"
    key.chmod(0o644)
    assert "others may read or write it" in other.reveal(code=LOCKED).stderr
    desk.run("recipients", "rm", "bob@laptop", code=0)
    key.chmod(0o600)
    assert other.reveal().exit_code == LOCKED


@pytest.mark.slow
@pytest.mark.parametrize("form", ["RFC4716", "PEM"])
def test_an_ssh_key_with_a_passphrase_is_told_as_such(desk, form):
    need("ssh-keygen")
    other = desk.elsewhere("bob")
    key = other.home / ".ssh" / "id_rsa"
    key.parent.mkdir(mode=0o700)
    command = ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-a", "1", "-m", form]
    subprocess.run([*command, "-N", "correct", "-f", str(key)], check=True, timeout=60)
    desk.run("recipients", "add", key.with_suffix(".pub").read_text().strip(), code=0)
    assert "an ssh key with a passphrase" in other.reveal(code=LOCKED).stderr


@pytest.mark.parametrize(
    "word",
    ["hunter2", "AGE-SECRET-KEY-1QQQ", "age1qqqq", "ssh-ed25519 AAAA", "ssh-dss AAAA x", "-"],
)
def test_what_is_no_recipient_is_refused(desk, word):
    before = files_of(desk.folder)
    result = desk.run("recipients", "add", "--", word, code=2)
    assert "not a recipient" in result.stderr
    assert "SECRET" not in result.stderr
    assert files_of(desk.folder) == before


def test_a_label_is_one_line(desk):
    key = desk.elsewhere("other").new_key()
    before = files_of(desk.folder)
    result = desk.run("recipients", "add", key, "--label", f"x\n{key}", code=2)
    assert "label" in result.stderr
    assert files_of(desk.folder) == before


def test_a_dry_run_tells_and_writes_nothing(desk, colleague):
    before = files_of(desk.folder), desk.trust.read_bytes()
    result = desk.run("recipients", "add", colleague.recipient, "--dry-run", code=0)
    assert "would change" in result.stdout
    desk.run("secret", "rekey", "--new-key", "--dry-run", code=0)
    assert (files_of(desk.folder), desk.trust.read_bytes()) == before


def test_the_answers_in_json_keep_to_their_schemas(desk, colleague):
    assert desk.answer("recipients", "list")["pending"] is False
    added = desk.answer("recipients", "add", colleague.recipient)
    assert (added["state"], len(added["steps"])) == ("added", 3)
    assert desk.answer("recipients", "add", colleague.recipient)["state"] == "unchanged"
    assert len(desk.answer("recipients", "list")["recipients"]) == 2
    removed = desk.answer("recipients", "rm", colleague.recipient)
    assert [item["name"] for item in removed["rewrap"]["rotate"]] == [NAME]
    assert desk.answer("secret", "rekey")["rewraps"] == []
    rewrap = desk.answer("secret", "rekey", "--new-key")["rewraps"][0]
    assert removed["rewrap"]["vault_before"] == added["rewrap"]["vault_after"]
    assert rewrap["vault_before"] == removed["rewrap"]["vault_after"] != rewrap["vault_after"]
    assert rewrap["rotate"] == removed["rewrap"]["rotate"], "it stays to be done"
    assert desk.answer("secret", "rotate", FILE, NAME, stdin=b"x")["state"] == "changed"
    assert desk.answer("secret", "accept", FILE, "--yes") == {
        "schema": "sessionctl/v1", "command": "secret accept", "file": FILE, "accepted": [],
        "done": False,
    }  # fmt: skip
    assert desk.answer("secret", "rm", FILE, NAME)["removed"] is True


@pytest.mark.slow
def test_a_hundred_sessions_change_three_files_for_one_more_reader(bare_desk):
    need("git")
    repo = GitRepo(bare_desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    bare_desk.new_key()
    bare_desk.set(b"hunter2")
    recipient = Sidecar.parse(bare_desk.sidecar.read_text()).vault
    (identity,) = age.load_identities(_lines(bare_desk), SilentPrompt())
    content = age.decrypt(bare_desk.vault.read_bytes(), [identity])
    vault = open_keys(read_vault(content))
    for number in range(100):
        session = f"3f0d8c2e-6d1f-4c1e-9a53-{number:012d}"
        (bare_desk.folder / f"s{number}.session.toml").write_text(
            SESSION.replace("3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11", session)
        )
        made = Sidecar.new(session, recipient)
        for index in range(10):
            envelope = Envelope(session, f"n{index}", 1, {}, recipient, Secret(f"v{index}"))
            made = made.put(encrypt_entry(envelope, recipient, vault))
        (bare_desk.folder / f"s{number}.secrets.toml").write_text(made.text)
    repo.commit("all")
    key = bare_desk.elsewhere("bob").new_key()
    bare_desk.run("recipients", "add", key, code=0)
    stat = repo.run("diff", "--name-only").stdout.splitlines()
    assert stat == [".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml"]
    repo.commit("bob")
    bare_desk.run("recipients", "rm", key, code=0)
    changed_files = repo.run("diff", "--name-only").stdout.splitlines()
    assert len(changed_files) == 104
    marked = (bare_desk.folder / "s7.secrets.toml").read_text()
    assert marked.count("rotate = ") == 10
    assert bare_desk.reveal("n3", "s7.session.toml", code=0).stdout == "v3"


def test_what_is_refused_or_rehearsed_is_not_remembered(desk, colleague):
    """Only a rekey that is carried out accepts a vault; one that was refused has no effect."""
    laptop = desk.elsewhere("laptop")
    laptop.identities.parent.mkdir(parents=True)
    laptop.identities.write_bytes(desk.identities.read_bytes())
    laptop.identities.chmod(0o600)
    laptop.reveal(code=0)
    desk.run("secret", "rekey", "--new-key", code=0)
    vault = Sidecar.parse(desk.sidecar.read_text()).vault
    path = desk.folder / ".age-recipients"
    text = path.read_text()
    before = laptop.trust.read_bytes()
    path.write_text(f"{text}{colleague.recipient}\n")
    refused = laptop.run("secret", "rekey", "--accept", vault, code=REFUSED)
    assert colleague.recipient in refused.stderr
    assert laptop.trust.read_bytes() == before
    assert "another vault" in laptop.reveal(code=REFUSED).stderr
    path.write_text(text)
    would = laptop.run("secret", "rekey", "--accept", vault, "--dry-run", code=0)
    assert "would accept on this machine; the vault matches" in would.stderr
    assert laptop.trust.read_bytes() == before
    done = laptop.run("secret", "rekey", "--accept", vault, code=0)
    assert "accepted on this machine; the vault matches the list of recipients\n" in done.stderr
    assert laptop.reveal(code=0).stdout == "hunter2"


def test_a_rehearsal_on_a_new_machine_remembers_nothing(desk, colleague):
    desk.run("recipients", "add", colleague.recipient, code=0)
    third = desk.elsewhere("dave").new_key()
    for command in (
        ["recipients", "add", third],
        ["recipients", "rm", desk.recipient],
        ["secret", "rekey", "--new-key"],
        ["secret", "rotate", "--generate", FILE, NAME],
    ):
        colleague.run(*command, "--dry-run", code=0)
        assert not colleague.trust.exists()


def test_one_who_is_listed_by_hand_reads_once_he_is_added(desk, colleague):
    path = desk.folder / ".age-recipients"
    path.write_text(f"{path.read_text()}# Bob\n{colleague.recipient}\n")
    stranger = desk.elsewhere("carol")
    pending = stranger.run("recipients", "add", colleague.recipient, code=0)
    assert "listed, but cannot read yet" in pending.stderr
    assert colleague.reveal().exit_code == LOCKED
    added = desk.run("recipients", "add", colleague.recipient, code=0)
    assert "already" not in added.output
    assert colleague.reveal(code=0).stdout == "hunter2"
    assert path.read_text().count(colleague.recipient) == 1
    for one in (desk, stranger):
        again = one.run("recipients", "add", colleague.recipient, code=0)
        assert "is a recipient already" in again.stderr


def test_one_who_is_listed_before_there_is_a_vault_is_added_to_it(bare_desk):
    own = bare_desk.new_key()
    bob = bare_desk.elsewhere("bob")
    key = bob.new_key()
    (bare_desk.folder / ".age-recipients").write_text(f"{own}\n{key}\n")
    bare_desk.run("recipients", "add", key, code=0)
    bare_desk.set(b"hunter2")
    assert bob.reveal(code=0).stdout == "hunter2"


def test_a_machine_that_never_used_the_vault_accepted_nobody(desk, colleague):
    desk.run("recipients", "add", colleague.recipient, code=0)
    new = colleague.answer("recipients", "list")["recipients"]
    assert [one["accepted"] for one in new] == [False, False]
    assert "this machine has not used this vault yet" in colleague.run("recipients", "list").stderr
    colleague.reveal(code=0)
    known = colleague.answer("recipients", "list")["recipients"]
    assert [one["accepted"] for one in known] == [True, True]
    assert "not used" not in colleague.run("recipients", "list").stderr
