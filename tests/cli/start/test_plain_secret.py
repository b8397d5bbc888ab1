"""secret reveal and secret set without click: the same calls as the light start makes."""

from __future__ import annotations

import pytest

from sessionctl.cli.boundary import INTERRUPTED
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets import value_run
from sessionctl.cli.start.light_start import run_light
from sessionctl.cli.start.plain_secret import run_plain_secret
from sessionctl.errors import UsageError
from tests.together import together

FILE, NAME = "a.session.toml", "prod.password"


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """Return what is called, with what was given beside the defaults."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text('schema_version = 1\nname = "a"\n', encoding="utf-8")
    (tmp_path / "a").touch()
    found = []

    def noted(kind):
        def call(_console, *words, **flags):
            given = {key: value for key, value in flags.items() if value}
            found.append((kind, [word for word in words if word is not None], given))

        return call

    for kind in ("reveal_value", "store_value"):
        monkeypatch.setattr(value_run, kind, noted(kind))
    return found


@together(
    "words",
    [
        ["reveal", FILE, NAME],
        ["reveal", FILE, NAME, "--stdout"],
        ["reveal", "--stdout", FILE, NAME],
        ["reveal", FILE, "--no-input", NAME, "--stdout"],
        ["reveal", "a", NAME, "--stdout"],
        ["set", FILE, NAME],
        ["set", "--no-input", FILE, NAME],
        ["set", "a", "no name"],
    ],
)
def test_both_forms_call_the_same(calls, words):
    console = Console()
    assert run_plain_secret(["secret", *words], console) == 0
    assert run_light(["secret", *words], console) == 0
    plain, light = calls
    assert plain == light
    calls.clear()


@together(
    "words",
    [
        [],
        ["reveal"],
        ["reveal", FILE],
        ["reveal", FILE, NAME, "more"],
        ["reveal", "", NAME],
        ["reveal", "-", NAME],
        ["reveal", FILE, NAME, "--"],
        ["reveal", FILE, NAME, "--stdout", "--stdout"],
        ["reveal", FILE, NAME, "--std"],
        ["reveal", FILE, NAME, "--stdout=1"],
        ["reveal", FILE, NAME, "--identity", "x"],
        ["reveal", FILE, NAME, "--json"],
        ["set", FILE, NAME, "--stdout"],
        ["set", FILE, NAME, "-n"],
        ["set", FILE, "-5"],
        ["list", FILE, NAME],
        ["rm", FILE, NAME],
    ],
)
def test_every_other_command_line_is_left_to_others(calls, words):
    assert run_plain_secret(["secret", *words], Console()) is None
    assert calls == []


def test_errors_come_through_and_the_end_of_input_interrupts(calls, monkeypatch):
    with pytest.raises(UsageError, match="known for b"):
        run_plain_secret(["secret", "set", "b", NAME], Console())

    def ended(*_words, **_flags):
        raise EOFError

    monkeypatch.setattr(value_run, "store_value", ended)
    assert run_plain_secret(["secret", "set", FILE, NAME], Console()) == INTERRUPTED
    assert calls == []
