"""What any program may be given: passwords by their shape, by what stands beside them, in files."""

from __future__ import annotations

from sessionctl.core.scan.rules.commands.programs import roles_of
from sessionctl.core.scan.text_scan import text_parts
from tests.together import together

GIVEN = """\
foo -p Tr0ub4dor!3 x
foo --who ada:«P4ss!word» x
foo /u ada /p «kupfer»
foo corp/ada:«P4ss!word»@web1
rpcdump.py corp/ada:«kupfer»@web1
foo activate «EQ8LR2VX0ZBT7MYC4AEH91K»
geth account import --password <(echo «kupfer») key.hex
echo kupfer | foo unlock
reg add HKLM\\x /v DefaultPassword /t REG_SZ /d «kupfer»
system-cli set user-password «kupfer»
sqlplus ada/«kupfer»@db"""
HARMLESS = """\
kwriteconfig5 --key BorderlessMaximizedWindows alpha
lolcat --seed 8149 file
docker compose -p Tienda2 up -d
foo /u ada /p *
foo -p $PASS x
sqlplus ada/$PASS@db
secretsdump.py corp/ada:$PASS@web1
mysqldump -u ada -p shop
foo --password <(pass show x)
ppp one two three *
ntp authentication-key 12345
foo -t image:v1.2
sudo -u postgres createuser -P ada"""


@together("line", GIVEN.split("\n"))
def test_a_password_is_found_whatever_the_program(line):
    line = line.replace("Tr0ub4dor!3", "«Tr0ub4dor!3»").replace("echo kupfer", "echo «kupfer»")
    text = line.replace("«", "").replace("»", "")
    shown = text
    for part in reversed(text_parts(text, is_strict=True)):
        shown = f"{shown[: part.start]}«{shown[part.start : part.end]}»{shown[part.end :]}"
    assert shown == line


@together("line", HARMLESS.split("\n"))
def test_a_call_without_a_password_has_none(line):
    assert not text_parts(line, is_strict=True)


# One for each way to find a password by what stands beside it.
ONLY_WHERE_IT_IS_GIVEN = """\
foo set user-password «kupfer»
foo secret set a --body «kupfer»
foo change_password ada «kupfer»
foo -u ada -p «kupfer»
foo -p «Tr0ub4dor!3» x"""


@together("line", ONLY_WHERE_IT_IS_GIVEN.split("\n"))
@together("program", ["grep", "rg", "awk", "vim", "pytest", "diff"])
def test_what_is_searched_for_is_no_password(program, line):
    text = line.replace("«", "").replace("»", "")
    assert text_parts(text, is_strict=True)
    for called in (program, f"/usr/bin/{program}", f"LC_ALL=C /usr/bin/{program}"):
        assert not text_parts(text.replace("foo", called, 1), is_strict=True)


def test_a_program_that_is_not_in_the_table_has_no_places():
    assert not roles_of("foo").is_any
    assert roles_of("/usr/bin/mysql").is_any
