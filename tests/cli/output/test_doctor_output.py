"""What doctor says of its checks, whole: short and with -v, with one fault or many, and the sum."""

from __future__ import annotations

import io

from sessionctl.cli.commands.doctor import _finding_data, _sum_up, _tell_all
from sessionctl.cli.output.console import Console
from sessionctl.services.doctor.check import Check, CheckFault, CheckFinding
from tests.together import together

FIX = "(or: sessionctl doctor --fix)"


def fault(severity="error", message="it is wrong", place="", fix="", *, remedy=False):
    return CheckFault(message, fix, place, severity, "install" if remedy else "")


def finding(*faults, name="git", skipped=""):
    return CheckFinding(Check(name, "git is there", lambda _: ()), faults, skipped)


def said(write, *arguments, verbosity=0, **more):
    console = Console(stdout=io.StringIO(), stderr=io.StringIO(), environ={"TERM": "xterm"})
    console.verbosity = verbosity
    write(console, *arguments, **more)
    return console.stdout.getvalue(), console.stderr.getvalue()


MANY = [fault(message=f"wrong {n}", place=f"a{n}", fix="chmod a") for n in range(12)]


@together(
    "found, lines, is_quiet",
    [
        (finding(), ["ok       git                git is there"], True),
        (finding(skipped="no repository"), ["skipped  git                no repository"], True),
        (finding(fault("note")), ["note     git                it is wrong"], True),
        (finding(fault("note", fix="git init")),
         ["note     git                it is wrong", "         fix: git init"], False),
        (finding(fault("warning")), ["warning  git                it is wrong"], False),
        (finding(fault(place="a\x1b:1", fix="git init", remedy=True)),
         ["error    git                it is wrong", "         at: a\u241b:1",
          f"         fix: git init   {FIX}"], False),
        (finding(fault("note", "one", "a", "x"), fault("error", "two", "b", "x")),
         ["error    git                2 times:", "         a: one", "         b: two",
          "         fix: x"], False),
        (finding(fault("note", "one", "a", "x", remedy=True), fault("note", "two", "b", "")),
         ["note     git                2 times:", "         a: one", f"         fix: x   {FIX}",
          "         b: two"], False),
        (finding(*MANY[:10], name="a-long-name-of-one"),
         ["error    a-long-name-of-one 10 times:",
          *(f"         a{n}: wrong {n}" for n in range(10)),
          "         fix: chmod a"], False),
        (finding(*MANY), ["error    git                12 times:",
                          *(f"         a{n}: wrong {n}" for n in range(10)),
                          "         and 2 more", "         fix: chmod a"], False),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_each_finding_is_said_with_its_place_and_fix(found, lines, is_quiet):
    text = "".join(f"{line}\n" for line in lines)
    assert said(_tell_all, [found], verbosity=1) == (text, "")
    assert said(_tell_all, [found], all_of_them=True) == (text, "")
    assert said(_tell_all, [found]) == ("" if is_quiet else text, "")


WARNING, ERROR, NOTE = (finding(fault(word)) for word in ("warning", "error", "note"))
HINT = "sessionctl: hint: fix what can be fixed: sessionctl doctor --fix\n"


@together(
    "findings, how, verbosity, text",
    [
        ([finding()], {}, 0, "1 checks: 1 ok (-v lists all)\n"),
        ([finding()], {}, 1, "1 checks: 1 ok\n"),
        ([WARNING, ERROR, ERROR], {}, 0, "3 checks: 1 warning, 2 errors\n"),
        ([NOTE, NOTE, finding(), finding(skipped="x")], {}, 0,
         "4 checks: 1 ok, 2 notes (2 only with -v), 1 skipped (-v lists all)\n"),
        ([NOTE, finding(fault("note", fix="x"))], {}, 1, "2 checks: 2 notes\n"),
        ([NOTE, finding(fault("note", fix="x"))], {}, 0,
         "2 checks: 2 notes (1 only with -v) (-v lists all)\n"),
        ([finding(fault(remedy=True))], {}, 0, f"1 checks: 1 error\n{HINT}"),
        ([finding(fault(remedy=True))], {"fix": True, "has_plan": True}, 0,
         "1 checks: 1 error\n"),
        ([ERROR], {"fix": True}, 0, "1 checks: 1 error\nnothing that --fix can fix\n"),
        ([finding(fault(fix="x"))], {"fix": True}, 0,
         "1 checks: 1 error\nnothing that --fix can fix; the lines after fix: are for you to"
         " run\n"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_the_sum_counts_each_kind(findings, how, verbosity, text):
    how = {"fix": False, "has_plan": False, **how}
    assert said(_sum_up, findings, verbosity=verbosity, **how) == ("", text)


def test_a_finding_as_data():
    assert _finding_data(finding(fault("note", "m", "p", "f", remedy=True), fault())) == {
        "id": "git", "title": "git is there", "status": "error", "skipped": None,
        "faults": [
            {"severity": "note", "message": "m", "place": "p", "fix": "f", "fixable": True},
            {"severity": "error", "message": "it is wrong", "place": None, "fix": None,
             "fixable": False},
        ],
    }  # fmt: skip
    assert _finding_data(finding(skipped="no repository")) == {
        "id": "git", "title": "git is there", "status": "skipped", "skipped": "no repository",
        "faults": [],
    }  # fmt: skip
