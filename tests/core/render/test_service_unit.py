"""The files that start the watcher: whole, with words that systemd and launchd would read apart."""

from __future__ import annotations

import plistlib

from sessionctl.core.render.service_unit import Service, is_ours, render_agent, render_unit
from tests.together import together

UNIT = """\
# Written by 'sessionctl service install'; 'sessionctl service uninstall' removes it.
[Unit]
Description=sessionctl: check session files and keep their copies in sync

[Service]
Type=exec
ExecStart=/usr/bin/sessionctl watch "/home/ada/my files"
Environment=PATH=/bin:/usr/bin
Environment="A=x y"
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=2
Nice=5
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


def test_a_unit_says_what_runs_when_it_ends_and_when_it_starts():
    service = Service(
        ("/usr/bin/sessionctl", "watch", "/home/ada/my files"),
        (("PATH", "/bin:/usr/bin"), ("A", "x y")),
    )
    assert render_unit(service) == UNIT
    assert is_ours(UNIT)
    assert not is_ours("[Unit]\n")


@together(
    "word, in_argv, in_environment",
    [
        ("plain-word_1.x", "plain-word_1.x", "plain-word_1.x"),
        ("", '""', '""'),
        ("a b", '"a b"', '"a b"'),
        ("a\tb\nc", '"a\\tb\\nc"', '"a\\tb\\nc"'),
        ('say "x"', '"say \\"x\\""', '"say \\"x\\""'),
        ("it's", '"it\'s"', '"it\'s"'),
        ("a;b", '"a;b"', '"a;b"'),
        ("a\\b", '"a\\\\b"', '"a\\\\b"'),
        ("50%", '"50%%"', '"50%%"'),
        ("$HOME", '"$$HOME"', "$HOME"),
        ("a\u00a0b", '"a\u00a0b"', '"a\u00a0b"'),
    ],
)
def test_a_word_stays_one_word_and_nothing_in_it_is_expanded(word, in_argv, in_environment):
    lines = render_unit(Service(("/bin/x", word), (("A", word),))).splitlines()
    assert f"ExecStart=/bin/x {in_argv}" in lines
    value = in_environment.removeprefix('"')
    quote = '"' if value != in_environment else ""
    assert f"Environment={quote}A={value}" in lines or not word


@together("program", ["/opt/it's/x", '/opt/"x"', "/opt/a\\b"])
def test_a_program_with_quotes_in_its_name_is_started_by_env(program):
    line = render_unit(Service((program, "watch"))).splitlines()[6]
    assert line.startswith('ExecStart=/usr/bin/env "/opt/')
    assert line.endswith('" watch')


@together("environment", [(), (("A", "x & <y>"), ("B", ""))])
def test_an_agent_is_a_property_list_of_the_same(environment):
    text = render_agent(Service(("/opt/a b", "<&>", ""), environment), "/log & more")
    assert is_ours(text)
    assert plistlib.loads(text.encode()) == {
        "Label": "sessionctl.watch",
        "ProgramArguments": ["/opt/a b", "<&>", ""],
        **({"EnvironmentVariables": dict(environment)} if environment else {}),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ProcessType": "Background",
        "StandardOutPath": "/log & more",
        "StandardErrorPath": "/log & more",
    }
