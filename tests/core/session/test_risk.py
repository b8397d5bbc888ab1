"""Commands that are typed for the user to confirm instead of being run."""

from __future__ import annotations

import shlex

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


# Each starts "rm x" in the end: behind its options and their words, an operand, or in a line.
STARTED_BY_ANOTHER = """\
env -u A -C /d B=1 rm x
env --unset A --chdir /d rm x
env -S 'rm x'
nice -n 5 rm x
nice --adjustment 5 rm x
ionice -c 3 -n 7 -p 1 rm x
nohup -- rm x
setsid -w rm x
stdbuf -i 0 -o L -e 0 rm x
time -f %e -o log rm x
timeout -s KILL -k 5 10 rm x
timeout --signal KILL --kill-after 5 10 rm x
watch --interval 1 rm x
watch 'rm x'
xargs -n 1 -P 2 -I {} -d , -a list -E end -L 1 -s 99 rm
entr -r rm x
watchexec -w src -e py -f a -i b rm x
watchexec --watch src --exts py --filter a --ignore b -- rm x
script -c 'rm x' log
script -qc 'rm x'
busybox rm x
toybox rm x
chroot /mnt rm x
unshare -r rm x
strace -f -e open -o log -p 1 -s 99 -u ada rm x
parallel -j 2 rm
flock -w 5 -E 3 lock rm x
flock lock -c 'rm x'
unbuffer rm x
exec -a name rm x
command rm x
builtin eval rm x
eval 'rm x'
proxychains -f conf rm x
proxychains4 -f conf rm x
direnv exec . rm x
mise exec -- rm x
mise x node@20 -- rm x
poetry run rm x
uv run --no-sync -- rm x
npx --yes rm x
bundle exec rm x
A=1 B=2 nohup nice -n 5 rm x"""


@together("line", STARTED_BY_ANOTHER.split("\n"))
def test_what_another_program_starts_is_looked_at(line):
    assert risk_of(line) == risk_of(shlex.split(line)) == "rm: deletes"


@together(
    "line",
    [
        "poetry install rm",
        "uv pip rm",
        "mise use rm",
        "bundle update rm",
        "direnv allow rm",
        "npx 'a b'",
        "'/opt/my program' rm",
    ],
)
def test_a_word_that_starts_nothing_is_let_through(line):
    assert risk_of(line) == risk_of(shlex.split(line)) == ""


@given(st.text() | st.lists(st.text()))
def test_any_text_has_an_answer(command):
    assert isinstance(risk_of(command), str)


def test_endless_nesting_is_not_followed():
    assert risk_of("$(" * 2000 + "x" + ")" * 2000) == ""
    command = ["x"]
    for _ in range(50):
        command = ["bash", "-c", " ".join(["env", *command])]
    assert isinstance(risk_of(command), str)
