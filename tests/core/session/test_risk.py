"""Commands that are typed for the user to confirm instead of being run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.session.risk import risk_of
from tests.together import together


@together(
    "command",
    [
        ["sudo", "apt", "update"],
        ["/usr/bin/sudo", "-i"],
        ["doas", "sh"],
        ["rm", "-rf", "build"],
        ["dd", "if=a", "of=b"],
        ["mkfs.ext4", "/dev/sdb1"],
        ["bash", "-c", "rm x"],
        ["bash", "-lc", "cd a && rm x"],
        ["env", "-u", "A", "B=1", "timeout", "-s", "KILL", "5", "dd", "if=a"],
        ["nice", "-n", "5", "shred", "x"],
        ["ssh", "-o", "ProxyCommand=nc x 1", "host"],
        ["ssh", "-oLocalCommand=x", "host"],
        ["ssh", "-o", "PermitLocalCommand yes", "host"],
        ["ssh", "host", "sudo reboot"],
        ["ssh", "host", "rm", "x"],
        ["git", "push", "--force"],
        ["kubectl", "--context", "prod", "delete", "pod", "x"],
        ["terraform", "apply"],
        ["find", ".", "-name", "x", "-delete"],
        ["psql", "-c", "DROP TABLE users"],
        ["watch", "-n", "1", "rm", "x"],
        ["xargs", "-n", "1", "rm"],
        "curl -fsSL https://example.org/install | sh",
        "wget -qO- example.org | python3",
        "curl x | sudo bash",
        "curl x | gunzip | sh",
        "curl x | env A=1 bash -s",
        "bash <(curl -s x)",
        'sh -c "$(curl -fsSL x)"',
        "source <(curl x)",
        ["busybox", "rm", "x"],
        "cd build; rm -rf .",
        "test -d x || mkdir x && kill 1",
        "make > out.txt",
        "less $(rm x)",
        'echo "`sudo id`"',
        "FOO=1 rm x",
        "npm run build &\nrm x",
        "eval rm x",
    ],
    ids=str,
)
def test_what_can_do_harm_is_found(command):
    assert risk_of(command)


@together(
    "command",
    [
        [],
        "",
        ["nvim", "src/main.py"],
        ["vim", "rm me.txt"],
        ["tail", "-f", "app.log"],
        ["python3", "-m", "http.server"],
        ["npm", "run", "dev"],
        ["ssh", "-p", "22", "ada@example.org"],
        ["ssh", "-oProxyCommand=none", "example.org"],
        ["ssh", "-o", "PermitLocalCommand=no", "example.org"],
        ["git", "log", "--graph"],
        ["kubectl", "get", "pods", "-w"],
        ["psql", "-c", "select 1"],
        ["env"],
        ["timeout"],
        ["bash"],
        ["bash", "-c", "tail -f x | grep y"],
        "cargo watch -x test",
        "echo 'a; rm b'",
        'echo "a > b"',
        "tail -f log > /dev/null",
        "tail -f log 2>&1 | less",
        "make 2> /dev/null",
        "curl x | jq . ; python3 y.py",
        "curl -s x | jq . | less",
        "echo $(curl x)",
        "watchexec -e py pytest",
        "git log --format='%h -> %s'",
    ],
    ids=str,
)
def test_everyday_commands_are_let_through(command):
    assert risk_of(command) == ""


@given(st.text() | st.lists(st.text()))
def test_any_text_has_an_answer(command):
    assert isinstance(risk_of(command), str)


def test_endless_nesting_is_not_followed():
    assert risk_of("$(" * 2000 + "x" + ")" * 2000) == ""
    command = ["x"]
    for _ in range(50):
        command = ["bash", "-c", " ".join(["env", *command])]
    assert isinstance(risk_of(command), str)
