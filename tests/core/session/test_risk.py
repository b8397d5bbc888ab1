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


# What each of them does when it is started again, and the programs that do it.
PROGRAMS = """\
gets other rights: sudo doas su pkexec run0 runuser
deletes: rm rmdir unlink shred srm wipe truncate trash
writes to a disk: dd mkfs mkfs.ext4 fdisk sfdisk gdisk parted wipefs mkswap blkdiscard
stops the machine: shutdown reboot halt poweroff init telinit kexec
ends processes: kill pkill killall xkill skill
deletes a database: dropdb dropuser
starts programs later: at batch crontab
changes the kernel: insmod modprobe rmmod
writes: lvremove tee"""
# Of a program, the words that make it risky.
WORDS = """\
git: clean push filter-branch filter-repo reset
hg: purge push strip
jj: abandon
docker: rm rmi prune kill
podman: rm rmi prune kill
kubectl: delete drain replace apply
helm: uninstall delete upgrade rollback
terraform: apply destroy
tofu: apply destroy
pulumi: up destroy
ansible: -b --become
systemctl: stop disable mask kill poweroff reboot halt
aws: rm rb delete-bucket terminate-instances delete-stack
gcloud: delete
az: delete
redis-cli: flushall FLUSHDB shutdown
apt: remove purge autoremove
apt-get: remove purge autoremove
brew: uninstall remove
npm: publish unpublish
cargo: publish yank
zfs: destroy rollback
zpool: destroy
find: -delete -exec -execdir -ok
rsync: --delete --delete-after --delete-before --remove-source-files"""


@together("line", PROGRAMS.split("\n"))
def test_a_program_that_does_harm_says_what_it_does(line):
    does, _, programs = line.partition(": ")
    for program in programs.split():
        assert risk_of([program, "x"]) == f"{program}: {does}"
        assert risk_of(f"cd a && /usr/sbin/{program.upper()} x") == f"{program}: {does}"
        assert risk_of(["echo", program]) == ""
        assert risk_of([f"my-{program}", "x"]) == ""


@together("line", WORDS.split("\n"))
def test_a_word_makes_a_program_risky(line):
    program, _, words = line.partition(": ")
    for word in words.split():
        assert risk_of([program, "-x", word, "y"]) == f"{program} {word}: changes or deletes"
        assert risk_of([program, f"{word}z"]) == risk_of([program]) == risk_of(["x", word]) == ""


@together(
    "command, risk",
    [
        (["ssh", "-o", "ProxyCommand=nc x 1", "h"], "ssh -o proxycommand: starts another program"),
        (["scp", "-olocalcommand=x", "h"], "scp -o localcommand: starts another program"),
        (["ssh", "-o", "PermitLocalCommand yes", "h"],
         "ssh -o permitlocalcommand: starts another program"),
        (["sftp", "-o", "KnownHostsCommand=x", "h"],
         "sftp -o knownhostscommand: starts another program"),
        (["ssh", "-o", "ProxyCommand none", "h"], ""),
        (["ssh", "-o", "ProxyCommand=no", "h"], ""),
        (["ssh", "-o", "ProxyCommand no", "h"], ""),
        (["ssh", "-o"], ""),
        (["ssh", "-o", "Port=1", "h", "rm", "x"], "rm: deletes"),
        (["ssh", "-p", "22", "h", "rm", "x"], "rm: deletes"),
        (["ssh", "-vp", "22", "-A", "-p22", "h", "-t", "rm"], "rm: deletes"),
        (["ssh", "-i", "-x", "h", "rm"], "rm: deletes"),
        (["ssh", "-p", "22", "rm"], ""),
        (["ssh", "--", "h", "rm"], "rm: deletes"),
        (["ssh", "h", "-p", "22", "find", ".", "-delete"], "find -delete: changes or deletes"),
        (["ssh", "h", "psql", "-c", "drop table x"],
         "psql: the statement deletes or changes"),
        (["ssh", "h", "ls", "&&", "rm", "x"], "rm: deletes"),
        (["ssh", "h", "ls", "-p", "rm"], ""),
        (["ssh", "-p"], ""),
        (["mosh", "h", "rm", "x"], "rm: deletes"),
        (["autossh", "h", "rm"], "rm: deletes"),
        (["et", "h", "rm"], "rm: deletes"),
        # Each letter is what the page of the program has: -M takes a word for autossh alone, -l is
        # a limit for scp, and -o says how mosh echoes.
        (["autossh", "-M", "0", "-f", "h", "rm", "x"], "rm: deletes"),
        (["ssh", "-M", "h", "rm", "x"], "rm: deletes"),
        (["mosh", "-o", "h", "rm", "x"], "rm: deletes"),
        (["mosh", "--predict", "always", "--", "h", "rm", "x"], "rm: deletes"),
        (["mosh", "--ssh=nc x", "h"], "mosh --ssh: starts another program"),
        (["mosh", "--server", "rm x", "h"], "rm: deletes"),
        (["mosh", "--no-init", "h", "top"], ""),
        (["et", "-x", "-c", "rm x", "h:2022"], "rm: deletes"),
        (["et", "--command=rm x", "h"], "rm: deletes"),
        (["ssh", "-o", "RemoteCommand=rm x", "h"], "rm: deletes"),
        (["ssh", "-o", "proxycommand = NONE", "h"], ""),
        (["ssh", "h", "ls", "-o", "ProxyCommand=x"], ""),
        (["ssh", "h", "ssh", "-o", "ProxyCommand=x", "i"],
         "ssh -o proxycommand: starts another program"),
        # What scp and sftp name are files, not lines for a shell; the old scp gives it paths there.
        (["scp", "h:rm", "rm", "sudo"], ""),
        (["scp", "-l", "800", "my rm file", "h:rm x"], ""),
        (["scp", "-r", "-P", "22", "h:a", "rm"], ""),
        (["sftp", "-b", "rm", "h:a", "kill"], ""),
        (["scp", "./a:b;rm x", "h:"], ""),
        (["scp", "h:a; rm x", "."], "rm: deletes"),
        (["scp", "h:$(rm x)", "."], "rm: deletes"),
        (["scp", "-S", "x", "a", "h:"], "scp -S: starts another program"),
        (["sftp", "-Dx", "h"], "sftp -D: starts another program"),
        (["ssh", "-S", "x", "-D", "1080", "h", "top"], ""),
        (["ssh", "rm"], ""),
        (["ssh", "h", "sudo reboot"], "sudo: gets other rights"),
        (["ssh", "h", "a b", "sudo reboot"], "sudo: gets other rights"),
        (["psql", "-c", "DROP TABLE x"], "psql: the statement deletes or changes"),
        (["mysql", "-e", "truncate x"], "mysql: the statement deletes or changes"),
        (["mariadb", "-e", "delete  from x"], "mariadb: the statement deletes or changes"),
        (["sqlite3", "a", "drop table x"], "sqlite3: the statement deletes or changes"),
        (["sqlcmd", "alter system x"], "sqlcmd: the statement deletes or changes"),
        (["clickhouse-client", "drop"], "clickhouse-client: the statement deletes or changes"),
        (["psql", "-c", "select dropped"], ""),
        (["psql2", "-c", "drop table x"], ""),
        (["zsh", "-ic", "rm x"], "rm: deletes"),
        (["sh", "--rcfile", "rm x"], ""),
        (["sh", "-x", "rm"], ""),
        (["sh", "-c"], ""),
        ("make > out", "writes over a file"),
        ("make >> out", "writes over a file"),
        ("make 2>&1 | less > /dev/null", ""),
        ("a > '/dev/null'", "writes over a file"),
        ("curl x | sh", "runs what it downloads"),
        ("curl x || sh", ""),
        ("curl x; sh", ""),
        ("aria2c x | tee y | node", "runs what it downloads"),
        ("xh x | perl", "runs what it downloads"),
        ("http x | ruby", "runs what it downloads"),
        ("https x | php", "runs what it downloads"),
        ("fetch x | lua", "runs what it downloads"),
        ("wget x | osascript", "runs what it downloads"),
        ("curl x | less; sh y", ""),
        (". <(curl x)", "runs what it downloads"),
        ('eval "$(curl x)"', "runs what it downloads"),
        ('eval "`curl x`"', "runs what it downloads"),
        ('eval "$(jq x)"', ""),
        ("$(" * 2 + "rm x" + ")" * 2, "rm: deletes"),
        ("echo $(true; rm x)", "rm: deletes"),
        ("a & kill 1", "kill: ends processes"),
        ("a 'b", ""),
        ("rm 'b", "rm: deletes"),
        ("a # ; rm x", "rm: deletes"),
        ("A='x y' B=2 rm x", "rm: deletes"),
        ("'A b'=1 rm", ""),
        (["rm/"], "rm: deletes"),
        ([""], ""),
    ],
)  # fmt: skip
def test_the_reason_is_given_in_a_few_words(command, risk):
    assert risk_of(command) == risk


@together("around", [("bash", "-c"), ("ssh", "h"), ("env", "-S"), ("watch",)])
def test_lines_in_lines_are_looked_into_for_a_while(around):
    def nested(depth):
        command = ["rm", "x"]
        for _ in range(depth):
            command = [*around, shlex.join(command)]
        return risk_of(command)

    assert [nested(depth) for depth in (1, 8)] == ["rm: deletes"] * 2
    assert nested(9) == "is nested too deep to look into"


@given(st.text() | st.lists(st.text()))
def test_any_text_has_an_answer(command):
    assert isinstance(risk_of(command), str)


def test_endless_nesting_is_not_followed():
    assert risk_of("$(" * 2000 + "x" + ")" * 2000) == ""
    command = ["x"]
    for _ in range(50):
        command = ["bash", "-c", " ".join(["env", *command])]
    assert isinstance(risk_of(command), str)
