"""The threat model of secrets: what whoever can write to the repository tries, and is refused.

The attacker knows all public keys and can encrypt to them; he rewrites files and history as he
likes, and has no key that opens the vault. Each attack is followed by the honest commands that
would fall for it: exit code 5, and no value shown. docs/secrets.md says what is not promised.
"""

from __future__ import annotations

import base64
import os
import shutil
from dataclasses import replace

import pytest

from sessionctl.core.secrets.envelope import Envelope, seal_key, write_envelope
from sessionctl.core.secrets.secret import Secret
from sessionctl.core.secrets.sidecar import Sidecar, SidecarEntry
from sessionctl.system import age
from sessionctl.system.prompt import SilentPrompt
from tests import fake_age_plugin
from tests.desk import FILE, ID, NAME, SESSION, Desk
from tests.sidecars import in_armor
from tests.world import GitRepo, need

VALUE = "canary-hunter2"
NEWER = "canary-newer"
OTHER = "canary-other"
REFUSED = 5
END = ""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Return an empty folder for the desk that every test here begins with a copy of."""
    return tmp_path_factory.mktemp("victim")


@pytest.fixture
def victim(template, tmp_path):
    """Return a desk whose repository has a history: a value, a newer one, another secret."""
    need("git")
    made = Desk(template / "repo", template / "home")
    if not made.home.exists():  # now, as the environment is that of a test
        write_history(made)
    victim = made.copy_to(tmp_path / "repo", tmp_path / "home")
    repo = GitRepo(victim.folder)
    repo.run("update-index", "-q", "--refresh")  # it knows the files by inode and time
    victim.said.clear()
    victim.first = repo.run("show", "main~1:api.secrets.toml").stdout
    return victim


def write_history(desk):
    desk.folder.mkdir()
    desk.home.mkdir()
    desk.session.write_text(SESSION)
    repo = GitRepo(desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    desk.new_key()
    desk.set(VALUE)
    desk.set(OTHER, name="other")
    repo.commit("first")
    desk.set(NEWER)
    repo.commit("second")
    assert desk.reveal(code=0).stdout == NEWER


def assert_refused(desk, name=NAME, told=""):
    """Assert that neither reveal nor exec gives the value out, and what is said of it."""
    result = desk.reveal(name)
    assert result.exit_code == REFUSED, result.output
    assert result.stdout == ""
    assert told in result.stderr
    assert "sessionctl: hint:" in result.stderr
    ran = desk.run("secret", "exec", "--env", f"X={name}", FILE, "--", "env")
    assert ran.exit_code == REFUSED
    for value in (VALUE, NEWER, OTHER):
        assert value not in "".join(desk.said)


def entry_of(text, name=NAME):
    return Sidecar.parse(text).entries[name]


def put(desk, entry):
    desk.sidecar.write_text(Sidecar.parse(desk.sidecar.read_text()).put(entry).text)


def forged(desk, *, tag, **changes):
    """Return an entry as one without a key can make it: encrypted, but not sealed."""
    sidecar = Sidecar.parse(desk.sidecar.read_text())
    bind = {"driver": "postgres", "host": "db.example.org", "port": 5432, "user": "app"}
    envelope = Envelope(ID, NAME, 9, bind, sidecar.vault, Secret("evil"), tag=tag)
    content = write_envelope(envelope._replace(**changes))
    armor = age.encrypt(content, age.encryptors([sidecar.vault], SilentPrompt()))
    return SidecarEntry(NAME, armor)


# -- swapped, copied, rolled back, removed, forged, replaced ---------------------------------


def test_two_entries_swapped(victim):
    entries = victim.entries()
    put(victim, entries["other"]._replace(name=NAME))
    put(victim, entries[NAME]._replace(name="other"))
    assert_refused(victim, told="the entry of another secret")
    assert_refused(victim, "other", told="the entry of another secret")


def test_an_entry_copied_from_another_session(victim):
    other = "other.session.toml"
    text = SESSION.replace(ID, "11111111-6d1f-4c1e-9a53-0f2f7f0c4a11")
    (victim.folder / other).write_text(text)
    victim.set("canary-less-secret", file=other)
    put(victim, entry_of((victim.folder / "other.secrets.toml").read_text()))
    assert_refused(victim, told="belongs to another session")
    assert "canary-less" not in "".join(victim.said)


def test_a_sidecar_copied_from_another_session_with_its_id(victim):
    other = "other.session.toml"
    text = SESSION.replace(ID, "11111111-6d1f-4c1e-9a53-0f2f7f0c4a11")
    (victim.folder / other).write_text(text.replace("db.example.org", "evil.example.org"))
    (victim.folder / "other.secrets.toml").write_text(victim.sidecar.read_text())
    result = victim.reveal(file=other)
    assert (result.exit_code, result.stdout) == (REFUSED, "")


def test_an_entry_rolled_back(victim):
    put(victim, entry_of(victim.first))
    assert_refused(victim, told="an older one, generation 1 of 2")


def test_a_sidecar_rolled_back_in_a_commit(victim):
    victim.sidecar.write_text(victim.first)
    GitRepo(victim.folder).commit("innocent")
    assert_refused(victim, told="an older one")


def test_an_entry_deleted(victim):
    victim.sidecar.write_text(Sidecar.parse(victim.sidecar.read_text()).remove(NAME).text)
    assert_refused(victim, told="the entry is gone, it was there before")


def test_an_entry_deleted_that_this_machine_never_saw(victim):
    victim.sidecar.write_text(Sidecar.parse(victim.sidecar.read_text()).remove(NAME).text)
    victim.trust.unlink()
    assert_refused(victim, told="there is no secret prod.password")


def test_a_sidecar_deleted(victim):
    victim.sidecar.unlink()
    assert_refused(victim, told="the entry is gone")


def test_an_entry_forged_without_a_seal(victim):
    put(victim, forged(victim, tag=""))
    assert_refused(victim, told="it was written without a key")


@pytest.mark.parametrize("tag", ["0" * 64, "x", "é"])
def test_an_entry_forged_with_a_false_seal(victim, tag):
    put(victim, forged(victim, tag=tag))
    assert_refused(victim, told="its seal is false")
    result = victim.run("secret", "accept", "--yes", FILE, NAME)
    assert result.exit_code == REFUSED


def test_an_entry_forged_with_the_seal_of_a_key_of_the_attackers(victim):
    secret, _ = age.generate_identity()
    envelope = Envelope(ID, NAME, 9, {}, "age1x", Secret("evil")).sealed(seal_key(secret))
    put(victim, forged(victim, tag=envelope.tag))
    assert_refused(victim, told="its seal is false")


def test_the_whole_vault_swapped(victim, tmp_path):
    """The attacker makes a vault of his own for the same readers, and all entries anew."""
    (tmp_path / "evil-home").mkdir()
    evil = replace(victim, home=tmp_path / "evil-home", said=[])
    listed = victim.folder.joinpath(".age-recipients").read_text()
    for name in (".sessionctl/vault.age", ".sessionctl/vault.toml", "api.secrets.toml"):
        (victim.folder / name).unlink()
    (victim.folder / ".age-recipients").unlink()
    evil.new_key()
    evil.set("evil")
    for line in listed.splitlines():
        if line.startswith("age1"):
            evil.run("recipients", "add", line, code=0)
    assert_refused(victim, told="another vault than before")
    assert victim.set("canary-typed", code=REFUSED)
    assert "canary-typed" not in "".join(victim.said)


def test_a_bit_flipped(victim):
    entry = entry_of(victim.sidecar.read_text())
    lines = entry.armor.splitlines()
    for number, at in ((1, 30), (3, 10), (-2, 3)):
        flipped = list(lines)
        old = flipped[number][at]
        flipped[number] = (
            flipped[number][:at] + ("A" if old != "A" else "B") + lines[number][at + 1 :]
        )
        put(victim, entry._replace(armor="\n".join(flipped)))
        assert_refused(victim)


def test_the_vault_flipped(victim):
    text = victim.vault.read_text().splitlines()
    text[-2] = ("A" if text[-2][0] != "A" else "B") + text[-2][1:]
    victim.vault.write_text("\n".join(text) + "\n")
    result = victim.reveal()
    assert result.exit_code in (4, REFUSED)
    victim.vault.write_text("no age file\n")
    result = victim.reveal()
    assert (result.exit_code, result.stdout) == (REFUSED, "")
    assert "vault.age: damaged" in result.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("db.example.org", "evil.example.org"),
        ("port = 5432", "port = 5433"),
        ('user = "app"', 'user = "evil"'),
        ('driver = "postgres"', 'driver = "redis"'),
        ('user = "app"', 'user = "app"\nsslmode = "disable"'),
        ('user = "app"', 'user = "app"\noptions = { hostaddr = "192.0.2.1" }'),
        (END, "[connections.x]\nhost = 'e'\npassword = { secret = 'prod.password' }\n"),
        (END, "[[overrides]]\nwhen = { os = 'linux' }\nconnections.prod.host = 'e'\n"),
        (END, "[env]\nX = { secret = 'prod.password' }\n"),
    ],
)
def test_a_destination_changed(victim, old, new):
    text = victim.session.read_text()
    assert old in text
    victim.session.write_text(text.replace(old, new) if old else text + new)
    assert_refused(victim)


def test_a_recipient_injected(victim, tmp_path):
    """A key in the list reads nothing, until somebody who was shown it accepts it."""
    (tmp_path / "evil-home").mkdir()
    evil = replace(victim, home=tmp_path / "evil-home", said=[])
    key = evil.new_key()
    path = victim.folder / ".age-recipients"
    path.write_text(f"{path.read_text()}# Ada's new laptop\n{key}\n")
    victim.set("canary-set-after")
    result = evil.reveal()
    assert (result.exit_code, result.stdout) == (4, "")
    for command in (["secret", "rekey"], ["recipients", "add", evil_friend(tmp_path, victim)]):
        refused = victim.run(*command)
        assert refused.exit_code == REFUSED
        assert key in refused.stderr
    assert evil.reveal().exit_code == 4
    # A list that claims to be wrapped for the key changes nothing either.
    info = victim.folder / ".sessionctl" / "vault.toml"
    from sessionctl.core.secrets.recipients import Recipients

    digest = Recipients.parse(path.read_text()).fingerprint
    lines = [line for line in info.read_text().splitlines() if "wrapped_for" not in line]
    info.write_text("\n".join([*lines, f'wrapped_for = "{digest}"']) + "\n")
    assert victim.run("secret", "rekey").exit_code == REFUSED
    assert victim.run("recipients", "rm", "Ada's new laptop", code=0)
    assert evil.reveal().exit_code == 4
    assert "canary" not in "".join(evil.said + victim.said)


def evil_friend(tmp_path, victim):
    (tmp_path / "friend-home").mkdir(exist_ok=True)
    return replace(victim, home=tmp_path / "friend-home", said=[]).new_key()


def test_a_vault_that_vault_toml_does_not_name(victim):
    info = victim.folder / ".sessionctl" / "vault.toml"
    _, recipient = age.generate_identity()
    lines = [line for line in info.read_text().splitlines() if not line.startswith("recipient")]
    info.write_text("\n".join([*lines, f'recipient = "{recipient}"']) + "\n")
    assert_refused(victim, told="names another vault than vault.age holds")
    # One without a key believes vault.toml, but not against what the machine has seen.
    blind = replace(victim, said=victim.said)
    blind.identities.rename(blind.identities.with_name("away.txt"))
    result = blind.set("canary-blind", code=REFUSED)
    assert "another vault than before" in result.stderr


def test_a_vault_deleted(victim):
    victim.vault.unlink()
    result = victim.reveal()
    assert result.exit_code == REFUSED
    refused = victim.set("canary-typed", code=REFUSED)
    assert "the vault is gone, expected age1" in refused.stderr


# -- a rollback that the history hides -------------------------------------------------------


def stale_branch(repo, name="evil"):
    """Make a branch from before the newer value, with a commit of its own, and stay there."""
    repo.run("checkout", "--quiet", "-b", name, "main~1")
    repo.commit("innocent", README="hello")


def merge_that_keeps_the_old(repo):
    stale_branch(repo)
    repo.run("merge", "--quiet", "-s", "ours", "-m", "merge main", "main")


def fast_forward(repo, to="evil"):
    repo.run("checkout", "--quiet", "main")
    repo.run("merge", "--quiet", "--ff-only", to)


def hidden_by_a_merge(repo):
    merge_that_keeps_the_old(repo)
    fast_forward(repo)


def hidden_by_an_octopus(repo):
    repo.run("branch", "third", "main~1")
    repo.run("checkout", "--quiet", "third")
    repo.commit("third", OTHER="x")
    stale_branch(repo)
    repo.run("merge", "--quiet", "-s", "ours", "-m", "octopus", "main", "third")
    fast_forward(repo)


def hidden_by_two_merges(repo):
    merge_that_keeps_the_old(repo)
    repo.run("checkout", "--quiet", "-b", "more", "main~1")
    repo.commit("more", MORE="x")
    repo.run("merge", "--quiet", "-m", "again", "evil")
    repo.run("checkout", "--quiet", "main")
    repo.run("merge", "--quiet", "--ff-only", "more")


def hidden_by_a_replaced_commit(repo):
    first, second = (repo.run("rev-parse", name).stdout.strip() for name in ("main~1", "main"))
    hidden_by_a_merge(repo)
    repo.run("replace", second, first)


def hidden_by_a_graft(repo):
    hidden_by_a_merge(repo)
    head, parent = (repo.run("rev-parse", name).stdout.strip() for name in ("HEAD", "HEAD^1"))
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"{head} {parent}\n")


def hidden_by_a_reset_to_what_was_pushed(repo):
    stale_branch(repo)
    repo.run("checkout", "--quiet", "main")
    repo.run("reset", "--quiet", "--hard", "evil")


def hidden_by_a_rebase(repo):
    repo.run("checkout", "--quiet", "-b", "topic", "main")
    repo.commit("topic", TOPIC="x")
    repo.run("checkout", "--quiet", "main")
    repo.run("rebase", "--quiet", "--onto", "main~1", "main", "topic")
    repo.run("checkout", "--quiet", "-B", "main", "topic")


def hidden_by_an_amended_commit(repo):
    repo.run("checkout", "--quiet", "HEAD~1", "--", "api.secrets.toml")
    repo.run("commit", "--quiet", "--amend", "--allow-empty", "--no-edit")


def hidden_by_an_orphan(repo):
    tree = repo.run("rev-parse", "main~1^{tree}").stdout.strip()
    commit = repo.run("commit-tree", "-m", "fresh start", tree).stdout.strip()
    repo.run("branch", "fresh", commit)
    repo.run("checkout", "--quiet", "fresh")


def hidden_by_a_revert(repo):
    repo.run("revert", "--no-edit", "HEAD")


def hidden_by_a_cherry_pick(repo):
    repo.run("revert", "--no-edit", "HEAD")
    repo.run("checkout", "--quiet", "-b", "picked", "main~2")
    repo.run("cherry-pick", "--no-commit", "main")
    repo.run("commit", "--quiet", "--allow-empty", "-m", "picked")
    repo.run("merge", "--quiet", "-s", "ours", "-m", "m", "main")


def hidden_by_a_detached_head(repo):
    repo.run("checkout", "--quiet", "--detach")
    repo.run("checkout", "--quiet", "HEAD~1")


def hidden_by_a_deleted_branch(repo):
    stale_branch(repo)
    repo.run("branch", "--quiet", "-D", "main")


def hidden_by_a_renamed_sidecar(repo):
    old = repo.run("show", "main~1:api.secrets.toml").stdout
    repo.run("rm", "--quiet", "api.secrets.toml")
    repo.commit("gone")
    repo.commit("back", api__secrets__toml=old)


@pytest.mark.parametrize(
    "hide",
    [value for name, value in sorted(globals().items()) if name.startswith("hidden_by_")],
    ids=lambda hide: hide.__name__,
)
def test_a_rollback_that_the_history_hides(victim, hide):
    repo = GitRepo(victim.folder)
    hide(repo)
    assert victim.sidecar.read_text() == victim.first
    assert_refused(victim, told="an older one, generation 1 of 2")


def cloned(victim, *options, branch="main"):
    """Return the desk of the same user at a second clone of the repository."""
    where = victim.folder.with_name("clone")
    source = victim.folder.as_uri()
    GitRepo(victim.folder).run("clone", "--quiet", *options, "-b", branch, source, str(where))
    return replace(victim, folder=where)


@pytest.mark.parametrize("options", [(), ("--depth=1",), ("--single-branch",)])
def test_a_rollback_in_a_second_clone(victim, options):
    stale_branch(GitRepo(victim.folder))
    assert_refused(cloned(victim, "--single-branch", *options, branch="evil"), told="an older one")


def test_a_rollback_in_a_submodule(victim):
    """The commit of a submodule is chosen by the repository around it."""
    outer = GitRepo(victim.folder.with_name("outer"))
    outer.path.mkdir()
    outer.run("init", "--quiet")
    allowed = ("-c", "protocol.file.allow=always")
    outer.run(*allowed, "submodule", "--quiet", "add", victim.folder.as_uri(), "dots")
    inner = GitRepo(outer.path / "dots")
    at_inner = replace(victim, folder=inner.path)
    assert at_inner.reveal(code=0).stdout == NEWER
    victim.said.clear()
    inner.run("checkout", "--quiet", "HEAD~1")
    assert_refused(at_inner, told="an older one")


def test_a_rollback_in_a_worktree_of_a_branch_that_was_moved_back(victim):
    repo = GitRepo(victim.folder)
    hidden_by_a_merge(repo)
    repo.run("worktree", "add", "--quiet", "--detach", "../tree", "main")
    assert_refused(replace(victim, folder=victim.folder.with_name("tree")), told="an older one")


def test_a_branch_that_honestly_never_had_the_newer_value_is_no_attack(victim):
    repo = GitRepo(victim.folder)
    stale_branch(repo, "feature")
    result = victim.reveal(code=0)
    assert result.stdout == VALUE
    assert "the newer one is not in this history" in result.stderr


# -- what was removed, put back ----------------------------------------------------------------


def test_what_was_removed_and_set_again_is_newer_than_all_before(victim):
    second = victim.sidecar.read_text()
    victim.run("secret", "rm", FILE, NAME, code=0)
    for before in (second, victim.first):
        victim.sidecar.write_text(before)
        assert_refused(victim, told="it was removed on this machine")
    victim.sidecar.write_text(Sidecar.parse(second).remove(NAME).text)
    victim.set("canary-third")
    for before in (second, victim.first):
        victim.sidecar.write_text(before)
        assert_refused(victim, told="an older one")


def other_machine(desk, name="laptop"):
    """Return another machine of the same user: the same key, a memory of its own."""
    home = desk.home.with_name(f"home-{name}")
    (home / "config").mkdir(parents=True)
    shutil.copytree(desk.home / "config", home / "config", dirs_exist_ok=True)
    return replace(desk, home=home, said=[])


def test_another_machine_takes_the_honest_value_that_was_set_after_a_removal(victim):
    laptop = other_machine(victim)
    assert laptop.reveal(code=0).stdout == NEWER
    for turn in range(3):
        victim.run("secret", "rm", FILE, NAME, code=0)
        victim.set(f"again-{turn}")
        assert laptop.reveal(code=0).stdout == f"again-{turn}"


def test_a_machine_that_never_looked_counts_on_from_the_history(victim):
    laptop, tower = other_machine(victim), other_machine(victim, "tower")
    for turn in range(4):
        victim.set(f"canary-{turn}")
    GitRepo(victim.folder).commit("more")
    assert laptop.reveal(code=0).stdout == "canary-3"
    tower.run("secret", "rm", FILE, NAME, code=0)
    GitRepo(victim.folder).commit("removed")
    tower.trust.unlink()
    tower.set("honest")
    assert laptop.reveal(code=0).stdout == "honest"
    assert victim.reveal(code=0).stdout == "honest"


def test_a_removal_without_any_key_is_remembered_too(victim):
    before = victim.sidecar.read_text()
    victim.run("secret", "rm", FILE, NAME, env={"SESSIONCTL_IDENTITY_CMD": "false"}, code=0)
    victim.sidecar.write_text(before)
    assert_refused(victim, told="it was removed on this machine")


def test_all_removed_with_the_file_and_made_again(victim):
    laptop = other_machine(victim)
    assert laptop.reveal(code=0).stdout == NEWER
    before = victim.sidecar.read_text()
    victim.sidecar.unlink()
    victim.set("canary-new")
    assert laptop.reveal(code=0).stdout == "canary-new"
    victim.sidecar.write_text(before)
    victim.said.clear()
    assert_refused(victim, told="an older one")


# -- a vault of the attacker's in a nearer directory -------------------------------------------


def evil_vault(victim, where, session=SESSION):
    """Let the attacker make a vault in ``where`` for himself and the victim; return his desk."""
    home = victim.home.with_name("evil-home")
    home.mkdir(exist_ok=True)
    where.mkdir(parents=True, exist_ok=True)
    evil = replace(victim, folder=where, home=home, said=[])
    if not evil.identities.exists():
        evil.new_key()
    evil.session.write_text(session)
    key = next(
        line for line in victim.identities.read_text().splitlines() if "public key" in line
    ).split()[-1]
    (where / ".age-recipients").write_text(f"{key}\n{own_key(evil)}\n")
    evil.run("secret", "rekey", "--accept", key, code=0)
    evil.set("evil")
    evil.run("recipients", "list", code=0)
    return evil


def own_key(desk):
    text = desk.identities.read_text()
    return next(line for line in text.splitlines() if "public key" in line).split()[-1]


def assert_nearer_refused(desk):
    """Assert that a vault in the directory of ``desk`` neither shows nor gets a value."""
    before = desk.sidecar.read_bytes()
    result = desk.reveal()
    assert (result.exit_code, result.stdout) == (REFUSED, ""), result.output
    assert "another vault than" in result.stderr
    assert desk.run("secret", "exec", FILE, "--", "env").exit_code == REFUSED
    assert desk.set("canary-typed", code=None).exit_code == REFUSED
    assert desk.set("canary-typed", name="new", code=None).exit_code == REFUSED
    assert desk.run("secret", "accept", "--yes", FILE).exit_code == REFUSED
    assert desk.run("secret", "rotate", "--generate", FILE, NAME).exit_code == REFUSED
    assert desk.sidecar.read_bytes() == before


OTHER_ID = SESSION.replace(ID, "7" + ID[1:])
WITHOUT_ID = SESSION.replace(f'id = "{ID}"\n', "")


@pytest.mark.parametrize("text", [SESSION, OTHER_ID], ids=["same-id", "other-id"])
@pytest.mark.parametrize("where", ["sub", "a/b/c", ".sessionctl/x"])
def test_a_vault_in_a_directory_below(victim, where, text):
    evil_vault(victim, victim.folder / where, text)
    assert_nearer_refused(replace(victim, folder=victim.folder / where))


def test_a_vault_in_a_directory_below_and_a_session_without_an_id(victim):
    evil_vault(victim, victim.folder / "sub", OTHER_ID)
    below = replace(victim, folder=victim.folder / "sub")
    below.session.write_text(WITHOUT_ID)
    below.sidecar.unlink()
    assert below.set("canary-typed", code=None).exit_code == REFUSED
    assert below.reveal().exit_code == REFUSED


def test_a_vault_below_that_was_trusted_in_a_repository_of_the_attackers(victim, tmp_path):
    evil = evil_vault(victim, tmp_path / "bait", OTHER_ID)
    bait = replace(victim, folder=evil.folder)
    assert bait.reveal(code=0).stdout == "evil"
    shutil.copytree(evil.folder, victim.folder / "sub")
    assert_nearer_refused(replace(victim, folder=victim.folder / "sub"))


def test_a_vault_below_reached_through_a_link(victim):
    evil_vault(victim, victim.folder / "deep" / "sub", OTHER_ID)
    (victim.folder / "link").symlink_to("deep/sub")
    assert_nearer_refused(replace(victim, folder=victim.folder / "link"))


def test_a_vault_folder_below_that_is_a_link(victim):
    evil_vault(victim, victim.folder / "sub", OTHER_ID)
    (victim.folder / "sub" / ".sessionctl").rename(victim.folder / "sub" / "kept")
    (victim.folder / "sub" / ".sessionctl").symlink_to("kept")
    assert_nearer_refused(replace(victim, folder=victim.folder / "sub"))


def test_a_sidecar_that_is_a_link_to_a_directory_with_another_vault(victim):
    evil = evil_vault(victim, victim.folder / "sub", SESSION)
    victim.sidecar.unlink()
    victim.sidecar.symlink_to(evil.sidecar)
    assert_nearer_refused(victim)


def test_a_repository_of_its_own_below(victim):
    evil_vault(victim, victim.folder / "vendor" / "x", OTHER_ID)
    GitRepo(victim.folder / "vendor" / "x").run("init", "--quiet")
    assert_nearer_refused(replace(victim, folder=victim.folder / "vendor" / "x"))


@pytest.mark.parametrize("is_first", [True, False])
def test_a_vault_below_in_another_work_tree(victim, is_first):
    repo = GitRepo(victim.folder)
    repo.run("worktree", "add", "--quiet", "../tree", "-b", "tree")
    tree = victim.folder.with_name("tree")
    if not is_first:
        for name in (".sessionctl", "api.secrets.toml", ".age-recipients"):
            path = tree / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    evil_vault(victim, tree / "sub", OTHER_ID)
    assert_nearer_refused(replace(victim, folder=tree / "sub"))


def test_a_vault_below_in_a_second_clone(victim):
    clone = cloned(victim)
    evil_vault(victim, clone.folder / "sub", OTHER_ID)
    assert_nearer_refused(replace(victim, folder=clone.folder / "sub"))


def test_a_list_of_readers_below_founds_no_vault(victim):
    evil = victim.home.with_name("evil-home")
    evil.mkdir()
    key = replace(victim, home=evil, said=[]).new_key()
    below = replace(victim, folder=victim.folder / "sub")
    below.folder.mkdir()
    for text in (f"{key}\n", f"{own_key(victim)}\n", "", f"{key}\n{own_key(victim)}\n"):
        for session in (SESSION, OTHER_ID, WITHOUT_ID):
            (below.folder / ".age-recipients").write_text(text)
            below.session.write_text(session)
            assert below.set("canary-typed", code=None).exit_code == REFUSED
            assert below.reveal().exit_code == REFUSED
    assert sorted(path.name for path in below.folder.iterdir()) == [".age-recipients", FILE]


def test_a_vault_folder_below_that_is_a_file_changes_nothing(victim):
    below = replace(victim, folder=victim.folder / "sub")
    below.folder.mkdir()
    (below.folder / ".sessionctl").write_text("x")
    below.session.write_text(OTHER_ID)
    below.set("canary-below")
    assert below.reveal(code=0).stdout == "canary-below"
    assert not (below.folder / ".age-recipients").exists()


def test_a_vault_below_that_the_user_accepts(victim):
    """The word is asked for once, with a hint that works as it is typed."""
    evil_vault(victim, victim.folder / "sub", OTHER_ID)
    result = victim.reveal(file=f"sub/{FILE}", code=REFUSED)
    hint = next(line for line in result.stderr.splitlines() if "rekey" in line)
    words = hint.partition("sessionctl secret rekey ")[2].split()
    assert victim.run("secret", "rekey", *words).exit_code in (0, REFUSED)
    assert victim.reveal(file=f"sub/{FILE}", code=0).stdout == "evil"
    assert victim.reveal(code=0).stdout == NEWER, "the one above is trusted as before"


def test_a_vault_below_that_is_gone_does_not_sink_to_the_one_above(victim):
    below = replace(victim, folder=victim.folder / "sub")
    below.folder.mkdir()
    below.session.write_text(OTHER_ID)
    (below.folder / ".age-recipients").write_text(f"{own_key(victim)}\n")
    below.run("secret", "rekey", "--accept", own_key(victim), code=0)
    below.set("canary-below")
    for path in (".sessionctl", ".age-recipients", "api.secrets.toml"):
        gone = below.folder / path
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    for session in (OTHER_ID, WITHOUT_ID):
        below.session.write_text(session)
        refused = below.set("canary-typed", code=REFUSED)
    assert "another vault than" in refused.stderr
    hint = next(line for line in refused.stderr.splitlines() if "rekey" in line)
    below.run("secret", "rekey", *hint.partition("secret rekey ")[2].split(), code=0)
    below.set("canary-above", code=0)


# -- first use: readers whom the vault was never encrypted to -----------------------------------


def listed_too(victim, *keys, label="Ada's laptop"):
    """Let the attacker add keys to the list of readers, in git."""
    path = victim.folder / ".age-recipients"
    path.write_text(path.read_text() + "".join(f"# {label}\n{key}\n" for key in keys))
    GitRepo(victim.folder).commit("innocent")


def without_readers(victim):
    """Rewrite the vault as the sessionctl of before wrote it: it does not say whom it is for."""
    from sessionctl.core.secrets.identityfile import read_identity_file

    identity = age.load_identities(
        read_identity_file(Secret(victim.identities.read_bytes())), SilentPrompt()
    )
    content = age.decrypt(victim.vault.read_bytes(), identity)
    lines = str(content.text).splitlines(keepends=True)
    plain = Secret("".join(line for line in lines if not line.startswith("# reader:")))
    keys = age.encryptors([own_key(victim)], SilentPrompt())
    victim.vault.write_text(age.encrypt(plain, keys))


REWRAPS = [
    ("secret", "rekey"),
    ("secret", "rekey", "--new-key"),
    ("recipients", "add", "FRIEND"),
    ("recipients", "rm", "OWN"),
    ("secret", "rekey", "--accept", "FRIEND"),
]


@pytest.mark.parametrize("looks_first", [True, False], ids=["seen", "unseen"])
@pytest.mark.parametrize("is_old", [True, False], ids=["old-vault", "new-vault"])
@pytest.mark.parametrize("claims", [True, False], ids=["claimed", "unclaimed"])
def test_first_use_takes_over_nobody_whom_the_vault_is_not_encrypted_to(
    victim, tmp_path, looks_first, is_old, claims
):
    if is_old:
        without_readers(victim)
    (tmp_path / "evil-home").mkdir()
    evil = replace(victim, home=tmp_path / "evil-home", said=[])
    key = evil.new_key()
    listed_too(victim, key)
    if claims:
        claim_all(victim)
    laptop = other_machine(victim)
    if looks_first:
        assert laptop.reveal(code=0).stdout == NEWER
    friend = evil_friend(tmp_path, victim)
    for words in REWRAPS:
        named = [{"FRIEND": friend, "OWN": own_key(victim)}.get(word, word) for word in words]
        refused = laptop.run(*named)
        assert refused.exit_code == REFUSED, (words, refused.output)
        assert key in refused.stderr, "shown in full"
    laptop.set("canary-after")
    laptop.run("secret", "rotate", "--generate", FILE, "other", code=0)
    laptop.run("secret", "doctor")
    assert evil.reveal().exit_code == 4
    laptop.run("secret", "rekey", "--accept", key, code=0)
    assert evil.reveal(code=0).stdout == "canary-after", "who is accepted by name reads"


def claim_all(victim):
    """Let vault.toml say that the vault is encrypted to all who are listed."""
    from sessionctl.core.secrets.recipients import Recipients

    info = victim.folder / ".sessionctl" / "vault.toml"
    listed = Recipients.parse((victim.folder / ".age-recipients").read_text())
    lines = [line for line in info.read_text().splitlines() if "wrapped_for" not in line]
    info.write_text("\n".join([*lines, f'wrapped_for = "{listed.fingerprint}"']) + "\n")


def test_a_set_does_not_claim_that_the_vault_is_encrypted_to_all(victim, tmp_path):
    key = evil_friend(tmp_path, victim)
    listed_too(victim, key)
    (victim.folder / ".sessionctl" / "vault.toml").unlink()
    laptop = other_machine(victim)
    laptop.set("canary-after")
    result = laptop.run("recipients", "list", code=0)
    assert "the list was changed, but the vault was not" in result.stderr
    assert f"{key}  Ada's laptop  not accepted" in result.stdout
    assert laptop.run("secret", "rekey").exit_code == REFUSED


def test_no_plug_in_starts_for_a_reader_who_was_not_accepted(victim, tmp_path):
    log = fake_age_plugin.install(tmp_path)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "FAKE_PLUGIN_LOG": str(log)}
    listed_too(victim, fake_age_plugin.RECIPIENT)
    laptop = other_machine(victim)
    assert laptop.reveal(code=0, env=environ).stdout == NEWER
    for words in [*REWRAPS, ("secret", "doctor"), ("recipients", "list"), ("secret", "list", FILE)]:
        named = [{"FRIEND": own_key(victim), "OWN": own_key(victim)}.get(w, w) for w in words]
        laptop.run(*named, env=environ)
    laptop.set("canary-after", env=environ)
    assert log.read_text() == ""
    accept = ("secret", "rekey", "--accept", fake_age_plugin.RECIPIENT)
    laptop.run(*accept, env=environ, code=0)
    assert "recipient-v1" in log.read_text()


SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxPkCkJRQf3sJGtXBOJwbvbzMtAmbyCGJvZQfEgcr0"


@pytest.mark.parametrize(
    "line", [SSH, f"{SSH} ada@laptop", SSH.replace(" ", "   ", 1), "  {own}\n" + SSH]
)
def test_an_ssh_key_that_was_added_is_asked_for_however_it_is_written(victim, line):
    path = victim.folder / ".age-recipients"
    path.write_text(f"{path.read_text()}{line.format(own=own_key(victim))}\n")
    laptop = other_machine(victim)
    assert laptop.reveal(code=0).stdout == NEWER
    refused = laptop.run("secret", "rekey", code=REFUSED)
    assert SSH in refused.stderr


def test_honest_readers_are_known_at_first_use(victim, tmp_path):
    friend, third = evil_friend(tmp_path, victim), tmp_path / "third"
    third.mkdir()
    victim.run("recipients", "add", friend, code=0)
    laptop = other_machine(victim)
    assert laptop.reveal(code=0).stdout == NEWER
    other = replace(victim, home=third, said=[]).new_key()
    laptop.run("recipients", "add", other, code=0)
    assert victim.run("recipients", "list", code=0).stdout.count("not accepted") == 1


# -- destinations ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        'database = "host=evil.example.org"', 'database = "postgresql://evil.example.org/app"',
        'hostaddr = "192.0.2.1"', 'dsn = "host=evil.example.org"', 'service = "evil"',
        'proxy = "socks5://evil.example.org"', 'sslrootcert = "/tmp/evil.pem"', "unknown = 1",
        'options = { host = "evil.example.org" }', 'headers = { Host = "evil.example.org" }',
        'probe = "//evil.example.org/"', '"host " = "evil.example.org"',
        "[[overrides]]\nconnections.prod.hostaddr = '192.0.2.1'",
        "[[overrides]]\nconnections.prod.database = 'host=evil.example.org'",
        "[[overrides]]\nconnections.prod.dsn = 'host=evil.example.org'",
    ],
)  # fmt: skip
def test_what_could_lead_a_connection_elsewhere(victim, line):
    victim.session.write_text(f"{victim.session.read_text()}{line}\n")
    assert_refused(victim, told="its destination changed")


OUTSIDE = """
[preferences]
theme_token = { secret = "one" }

[apps.pgdesk]
url = "https://hub.example.org"
token = { secret = "two" }

[env]
API_TOKEN = { secret = "three" }

[[windows]]
name = "w"

[[windows.panes]]
name = "a"
env = { T = { secret = "four" } }

[[windows.panes]]
name = "b"
env = { T = { secret = "five" } }
"""


@pytest.mark.parametrize(
    ("one", "other"), [("one", "two"), ("two", "three"), ("three", "four"), ("four", "five")]
)
def test_two_references_outside_of_connections_swapped(victim, one, other):
    victim.session.write_text(SESSION + OUTSIDE)
    for name in (one, other):
        victim.set(f"canary-{name}", name=name)
    text = victim.session.read_text()
    for old, new in ((one, "-"), (other, one), ("-", other)):
        text = text.replace(f'secret = "{old}"', f'secret = "{new}"')
    victim.session.write_text(text)
    for name in (one, other):
        assert_refused(victim, name, told="its destination changed")


def test_an_address_beside_a_secret_of_an_application_changed(victim):
    victim.session.write_text(SESSION + OUTSIDE)
    victim.set("canary-two", name="two")
    victim.session.write_text((SESSION + OUTSIDE).replace("hub.example", "evil.example"))
    assert_refused(victim, "two", told="evil.example.org")


# -- floods, and letters that look like others -------------------------------------------------


def flooded(armor, count):
    """Return an age file with ``count`` more ways to open it in its header."""
    lines = armor.strip().splitlines()[1:-1]
    data = base64.b64decode("".join(lines))
    head, rest = data.split(b"\n", 1)
    key = base64.b64encode(b"k" * 32).rstrip(b"=").decode()
    return in_armor(head + b"\n" + f"-> X25519 {key}\n{key}\n".encode() * count + rest)


def test_an_entry_with_thousands_of_stanzas_is_refused_before_any_is_tried(victim, monkeypatch):
    entry = entry_of(victim.sidecar.read_text())
    tried = []
    real = age.pyrage.decrypt
    monkeypatch.setattr(age.pyrage, "decrypt", lambda *a: (tried.append(len(a[0])), real(*a))[1])
    put(victim, entry._replace(armor=flooded(entry.armor, 10_000)))
    assert_refused(victim, told="an age file for more than")
    assert max(tried) < 10_000, "only the vault was opened"


def test_a_vault_with_thousands_of_stanzas_is_refused(victim):
    victim.vault.write_text(flooded(victim.vault.read_text(), 10_000))
    result = victim.reveal()
    assert (result.exit_code, result.stdout) == (REFUSED, "")
    assert "an age file for more than" in result.stderr


@pytest.mark.slow
def test_a_sidecar_of_absurd_size_is_refused(victim):
    text = victim.sidecar.read_text()
    victim.sidecar.write_text(text + "# x\n" * (1 << 22))
    result = victim.reveal()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "larger than" in result.stderr
    deep = "[" * 100_000
    victim.sidecar.write_text(f"{text}\n[secret.deep]\nage = {deep}\n")
    assert victim.reveal().exit_code in (1, REFUSED)


@pytest.mark.parametrize(
    "letter", ["\u0430", "\u200b", "\u202e", "\u2060", "\U000e0061", "\uff41", "\u00ad", "\u0251"]
)
def test_a_host_that_only_looks_like_the_right_one_is_shown_escaped(victim, letter):
    text = victim.session.read_text().replace("example.org", f"ex{letter}mple.org")
    victim.session.write_text(text, encoding="utf-8")
    assert_refused(victim, told="its destination changed")
    shown = victim.run("secret", "accept", FILE, "--no-input").stderr
    assert letter not in shown
    assert "\\u" in shown


@pytest.mark.parametrize("letter", ["\u0410", "\u200bA", "\u202eA", "\U000e0041A", "\uff21"])
def test_a_reader_whose_name_only_looks_like_another_is_shown_escaped(victim, tmp_path, letter):
    listed_too(victim, evil_friend(tmp_path, victim), label=f"{letter}da")
    refused = victim.run("secret", "rekey", code=REFUSED)
    listed = victim.run("recipients", "list", code=0)
    for shown in (refused.stderr, listed.stdout):
        assert letter[0] not in shown
        assert "\\u" in shown.lower()


def test_a_vault_that_was_founded_anew_is_accepted_once_with_its_values(victim):
    laptop = other_machine(victim)
    assert laptop.reveal(code=0).stdout == NEWER
    before = victim.vault.read_text(), victim.sidecar.read_text()
    for path in (victim.vault, victim.vault.with_name("vault.toml"), victim.sidecar, victim.trust):
        path.unlink()
    victim.set("founded-anew")
    refused = laptop.reveal(code=REFUSED)
    hint = next(line for line in refused.stderr.splitlines() if "rekey" in line)
    laptop.run("secret", "rekey", *hint.partition("secret rekey ")[2].split(), code=0)
    assert laptop.reveal(code=0).stdout == "founded-anew"
    victim.vault.write_text(before[0])
    victim.sidecar.write_text(before[1])
    assert laptop.reveal().exit_code == REFUSED
    assert victim.reveal().exit_code == REFUSED
