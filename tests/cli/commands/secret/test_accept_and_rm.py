"""Entries in doubt are accepted by a person who is told why; a secret is removed without a key."""

from __future__ import annotations

import json

import pytest

from tests.desk import FILE, NAME, files_of
from tests.main_inside import main_inside

REFUSED, LOCKED = 5, 4


def change_host(desk):
    desk.session.write_text(desk.session.read_text().replace("db.example", "db2.example"))


def test_a_changed_destination_is_accepted_by_a_person(desk):
    change_host(desk)
    assert desk.reveal().exit_code == REFUSED
    result = desk.run("secret", "accept", FILE, NAME, code=2)
    assert '"db.example.org" -> "db2.example.org"' in result.stderr
    assert "--yes" in result.stderr
    assert desk.reveal().exit_code == REFUSED
    desk.run("secret", "accept", "--yes", FILE, NAME, code=0)
    assert desk.reveal(code=0).stdout == "hunter2"
    back = desk.session.read_text().replace("db2.example", "db.example")
    desk.session.write_text(back)
    assert desk.reveal().exit_code == REFUSED, "the old destination is given up"


def test_the_old_entry_is_no_way_back_to_the_old_destination(desk):
    before = desk.sidecar.read_text()
    session = desk.session.read_text()
    change_host(desk)
    desk.run("secret", "accept", "--yes", FILE, code=0)
    desk.sidecar.write_text(before)
    desk.session.write_text(session)
    assert "an older one, generation 1 of 2" in desk.reveal(code=REFUSED).stderr
    desk.run("secret", "accept", "--yes", FILE, NAME, code=0)
    assert desk.reveal(code=0).stdout == "hunter2"


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (["set", "connections.prod.host", "b.example.org"], [NAME]),
        (["set", "connections.prod.port", "5433"], [NAME]),
        (["set", "connections.prod.timeout_s", "3"], []),
        (["set", "root", "~/src", "connections.prod.retry", "false"], []),
        (["set", "apps.x.key", '{ secret = "other" }'], ["other"]),
        (["set", "apps", f'{{ x = {{ y = [{{ secret = "{NAME}" }}, {{ secret = "other" }}] }} }}'],
         ["other", NAME]),
        (["set", "apps.x.key", '{ secret = "not-there" }', "--force"], []),
        (["unset", "connections.prod.host"], [NAME]),
        (["unset", "connections.prod"], []),
    ],
)  # fmt: skip
def test_an_edit_that_sends_a_secret_elsewhere_names_what_accepts_it(desk, change, refused):
    desk.set(b"x", name="other")
    said = desk.run(change[0], FILE, *change[1:], code=0).stderr
    command = f"sessionctl secret accept {' '.join([FILE, *refused])}\n"
    assert said.count("secret accept") == bool(refused)
    assert command in said or not refused
    for name in refused:
        assert desk.reveal(name=name).exit_code == REFUSED
    if refused:
        desk.run("secret", "accept", "--yes", FILE, *refused, code=0)


def test_a_name_that_begins_like_an_option_is_typed_as_a_name(desk):
    desk.run("secret", "set", FILE, "--", "-x", code=0, stdin=b"x")
    said = desk.run("set", FILE, "apps.x.key", '{ secret = "-x" }', code=0).stderr
    assert f"sessionctl secret accept {FILE} -- -x\n" in said
    desk.run("secret", "accept", "--yes", FILE, "--", "-x", code=0)


def test_accept_without_names_takes_all_in_doubt_and_leaves_the_rest(desk):
    desk.set(b"x", name="fine")
    before = desk.entries()
    change_host(desk)
    desk.run("secret", "accept", "--yes", FILE, code=0)
    after = desk.entries()
    assert before["fine"] == after["fine"]
    assert before[NAME] != after[NAME]
    again = desk.run("secret", "accept", FILE, code=0)
    assert again.stderr == "nothing to accept\n"


def test_accept_of_what_is_not_there_says_so(desk):
    assert desk.run("secret", "accept", FILE, "nope").exit_code == 1
    assert desk.run("secret", "accept", FILE, "a b").exit_code == 2


def test_accept_tells_in_json(desk):
    change_host(desk)
    refused = desk.run("secret", "accept", FILE, "--json", code=2)
    assert refused.stdout == ""
    answer = desk.answer("secret", "accept", FILE, "--dry-run")
    assert answer["accepted"][0]["objections"][0]["kind"] == "destination"
    assert answer["done"] is False
    assert desk.reveal().exit_code == REFUSED
    assert desk.answer("secret", "accept", FILE, "--yes")["done"] is True


def test_what_was_stored_without_a_key_is_used_once_it_is_accepted(desk):
    blind = desk.elsewhere("carol")
    result = blind.set(b"from carol")
    assert "first use of the vault" in result.stderr
    assert "sessionctl secret accept api.session.toml prod.password" in result.stderr
    assert desk.entries()[NAME].is_unsealed
    assert "unconfirmed" in desk.reveal(code=REFUSED).stderr
    listed = json.loads(desk.run("secret", "list", "--json", FILE).stdout)
    assert listed["files"][0]["secrets"][0]["unsealed"] is True
    desk.run("secret", "accept", "--yes", FILE, NAME, code=0)
    assert desk.reveal(code=0).stdout == "from carol"
    assert not desk.entries()[NAME].is_unsealed
    assert "from carol" not in "".join(desk.said).replace(desk.said[-1], "")


def test_a_seal_can_be_asked_for(desk):
    blind = desk.elsewhere("carol")
    before = files_of(desk.folder)
    blind.run("secret", "set", FILE, NAME, "--require-seal", stdin=b"x", code=LOCKED)
    blind.run("secret", "rotate", FILE, NAME, stdin=b"x", code=LOCKED)
    assert files_of(desk.folder) == before


def test_an_unsealed_entry_stays_unsealed_under_a_new_key(desk):
    desk.elsewhere("carol").set(b"x")
    desk.run("secret", "rekey", "--new-key", code=0)
    assert desk.entries()[NAME].is_unsealed
    assert "unconfirmed" in desk.reveal(code=REFUSED).stderr
    desk.run("secret", "accept", "--yes", FILE, code=0)
    assert desk.reveal(code=0).stdout == "x"


def test_a_secret_is_removed_without_a_key(desk):
    desk.set(b"x", name="other")
    before = desk.entries()["other"]
    blind = desk.elsewhere("carol")
    result = blind.run("secret", "rm", FILE, NAME, code=0)
    assert result.stdout == "api.secrets.toml: prod.password: removed\n"
    assert "sessionctl unset api.session.toml connections.prod.password" in result.stderr
    assert desk.entries() == {"other": before}
    refused = desk.reveal(code=REFUSED)
    assert "the entry is gone, it was there before" in refused.stderr
    result = desk.run("secret", "rm", FILE, NAME, code=0)
    assert "no longer expected" in result.stdout
    assert "there is no secret" in desk.reveal(code=REFUSED).stderr


def test_rm_of_what_never_was_says_so(desk):
    assert desk.run("secret", "rm", FILE, "nope").exit_code == 1
    assert "did you mean prod.password?" in desk.run("secret", "rm", FILE, "prod.pasword").stderr
    assert desk.run("secret", "rm", FILE, "a b").exit_code == 2
    before = files_of(desk.folder)
    assert "would be removed" in desk.run("secret", "rm", FILE, NAME, "-n", code=0).stdout
    assert files_of(desk.folder) == before


def test_rotate_makes_a_value_that_is_not_shown(desk):
    result = desk.run("secret", "rotate", "--generate", FILE, NAME, code=0)
    value = desk.reveal(code=0).stdout
    assert len(value) == 32
    assert value.isalnum()
    assert value not in result.output
    desk.run("secret", "rotate", "--generate", "--length", 64, "--symbols", FILE, NAME, code=0)
    longer = desk.reveal(code=0).stdout
    assert len(longer) == 64
    assert not longer.isalnum()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--length", "40"], 2, "belong to --generate"),
        (["--symbols"], 2, "belong to --generate"),
        (["--generate", "--length", "4"], 2, "12 to 4096 characters, got 4"),
    ],
)
def test_rotate_refuses_what_it_cannot_do(desk, arguments, code, told):
    assert told in desk.run("secret", "rotate", *arguments, FILE, NAME, code=code).stderr


def test_rotate_wants_a_secret_that_is_there(desk):
    assert desk.run("secret", "rotate", "--generate", FILE, "nope").exit_code == 1
    result = desk.run("secret", "rotate", FILE, NAME, "hunter3", code=2)
    assert "hunter3" not in result.output


def test_nobody_is_asked_where_there_is_no_terminal(desk):
    change_host(desk)
    done = main_inside("secret", "accept", "--no-input", FILE, cwd=desk.folder, env=desk.environ)
    assert done.returncode == 2
