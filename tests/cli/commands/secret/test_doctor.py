"""secret doctor tells what keeps secrets from being opened, and changes nothing."""

from __future__ import annotations

from sessionctl.core.secrets.sidecar import Sidecar
from tests.desk import FILE, NAME, files_of
from tests.record import note
from tests.together import together


def points(desk, code=None):
    found = desk.answer("secret", "doctor", code=code)
    return {point["what"]: (point["state"], point["message"]) for point in found["points"]}


def test_all_is_well(desk):
    before = files_of(desk.folder), desk.trust.read_bytes()
    result = desk.run("secret", "doctor", code=0)
    assert "hunter2" not in result.output
    assert "AGE-SECRET" not in result.output
    found = points(desk, 0)
    assert {state for state, _ in found.values()} == {"ok"}
    assert found[f"{FILE}: {NAME}"] == ("ok", "can be used")
    assert (files_of(desk.folder), desk.trust.read_bytes()) == before


def test_before_the_first_secret_it_tells_the_first_step(bare_desk):
    assert points(bare_desk, 0)["vault"][0] == "note"


def test_without_a_key_it_lists_every_place(desk):
    other = desk.elsewhere("carol")
    answer = other.answer("secret", "doctor", code=0)
    assert [one["outcome"] for one in answer["identities"]] == ["no such file"] * 5
    found = {point["what"]: point["state"] for point in answer["points"]}
    assert found["identity"] == "note"
    assert found[f"{FILE}: {NAME}"] == "note"


def test_a_place_that_is_refused_is_told_with_the_reason(desk):
    desk.identities.chmod(0o644)
    answer = desk.answer("secret", "doctor")
    assert "its mode is 0644" in answer["identities"][0]["outcome"]


def break_destination(desk):
    desk.session.write_text(desk.session.read_text().replace("5432", "5433"))


def break_entry(desk):
    desk.sidecar.write_text(Sidecar.parse(desk.sidecar.read_text()).remove(NAME).text)


def break_vault(desk):
    desk.vault.write_text("x")


def break_vault_gone(desk):
    desk.vault.unlink()


def break_info(desk):
    (desk.folder / ".sessionctl" / "vault.toml").unlink()


def break_info_text(desk):
    (desk.folder / ".sessionctl" / "vault.toml").write_text("x = 1\n")


def break_recipients(desk):
    (desk.folder / ".age-recipients").write_text("nonsense\n")


def break_stranger(desk):
    path = desk.folder / ".age-recipients"
    path.write_text(f"{path.read_text()}{desk.elsewhere('bob').new_key()}\n")


def break_pending(desk):
    path = desk.folder / ".age-recipients"
    path.write_text("")


def break_rotate(desk):
    key = desk.elsewhere("bob").new_key()
    desk.run("recipients", "add", key, code=0)
    desk.run("recipients", "rm", key, code=0)


def break_mark(desk):
    """Somebody takes the mark out; the envelope still tells."""
    break_rotate(desk)
    lines = desk.sidecar.read_text().splitlines(keepends=True)
    desk.sidecar.write_text("".join(line for line in lines if not line.startswith("rotate")))


def break_entry_text(desk):
    lines = desk.sidecar.read_text().splitlines(keepends=True)
    desk.sidecar.write_text("".join(lines[:-4] + lines[-2:]))


def break_trust(desk):
    desk.trust.unlink()


def break_vault_name(desk):
    text = desk.trust.read_text()
    vault = next(line.split('"')[1] for line in text.splitlines() if line.startswith("[vaults."))
    desk.trust.write_text(text.replace(vault, f"{vault[:-1]}_"))


def break_session_id(desk):
    """The sidecar is that of another session: no key is needed to see it."""
    lines = desk.sidecar.read_text().splitlines(keepends=True)
    other = 'session = "00000000-0000-4000-8000-000000000001"\n'
    desk.sidecar.write_text("".join(other if one.startswith("session") else one for one in lines))
    desk.identities.unlink()


def break_one_line(desk):
    path = desk.folder / ".age-recipients"
    path.write_text(f"{path.read_text()}nonsense\n<<<<<<< ours\n")


def break_own_line(desk):
    """The line of a reader was cut: the list was not changed for someone else."""
    path = desk.folder / ".age-recipients"
    path.write_text(f"{path.read_text().strip()[:-1]}\n{desk.elsewhere('bob').new_key()}\n")


def break_by_moving(desk):
    (desk.folder / ".git").mkdir()
    (desk.folder / "sub").mkdir()
    desk.session.rename(desk.folder / "sub" / FILE)


@together(
    "harm",
    [
        break_destination, break_entry, break_vault, break_vault_gone, break_info, break_info_text,
        break_recipients, break_stranger, break_pending, break_rotate, break_mark, break_entry_text,
        break_trust, break_vault_name, break_session_id, break_one_line, break_own_line,
        break_by_moving,
    ],
    ids=lambda harm: harm.__name__,
)  # fmt: skip
def test_what_is_wrong_is_a_problem_with_a_next_step(desk, harm):
    broken = desk.copy(harm.__name__)
    harm(broken)
    names = [str(path.relative_to(broken.folder)) for path in broken.folder.glob("*/*.session.*")]
    note(f"-- {harm.__name__}")
    said = broken.run("secret", "doctor", *names, code=0 if harm is break_trust else 1)
    assert "hunter2" not in said.output


def test_another_vault_is_told(desk):
    break_vault_name(desk)
    assert points(desk, 1)["trust"][0] == "problem"
    desk.trust.unlink()
    assert points(desk, 0)["trust"][0] == "note"
