"""Programs that are given secrets: which texts may call one, and which only look for something."""

from __future__ import annotations

from sessionctl.core.scan.rules.commands.programs import (
    is_granted,
    names_a_program,
    searched_spans,
)
from tests.together import together


@together(
    ("text", "may_call"),
    [
        ("sshpass", False),
        ("sshpass x", True),
        ("/usr/bin/sshpass x", True),
        ('sh -c "sshpass x"', True),
        ("a;sshpass x", True),
        ("a=sshpass x", True),
        ("expect x", True),
        ("foo x", False),
        ("foo /p:x", True),
        ("foo /q:x", False),
        ("foo -p Tr0ub4dor!3", True),
        ("foo -p kupfer", False),
        ("foo --code Tr0ub4dor!3", True),
        ("foo --name Tr0ub4dor!3", False),
        ("foo --who ada:P4ss!word", True),
        ("foo --who ada:kupfer", False),
        ("foo corp/ada:kupfer@web", True),
        ("foo ada@web", False),
        ("foo /d x", True),
        ("foo /p x", True),
        ("foo /P x", True),
        ("foo /x y", False),
        ("echo x | foo unlock", True),
        ("echo x | foo lock", False),
        ("foo unlock <<< x", True),
        ("foo lock <<< x", False),
        ("foo -u ada -p kupfer", True),
        ("foo -u ada -P kupfer", True),
        ("foo -u ada -pw kupfer", True),
        ("foo -u ada:kupfer", True),
        ("foo -u ada -q kupfer", False),
        ("foo --user=ada -p kupfer", True),
        ("foo --email=a -p kupfer", True),
        ("foo -x ada -p kupfer", False),
    ],
)
def test_a_text_may_call_a_program_that_takes_secrets(text, may_call):
    assert names_a_program(text) is may_call


def test_what_is_granted_has_the_length_of_a_token():
    texts = ["join " + "q" * 19, "join " + "q" * 20, "foo " + "q" * 30, "connect " + "Q9" * 12]
    assert list(map(is_granted, texts)) == [False, True, False, True]


@together(
    "text",
    [
        "«grep x y»",
        "sudo x",
        "«sudo grep x y»",
        "«sudo -n grep x »| wc",
        "a «| rg x»",
        "a«; cat x»; b",
        "«$( git log -S x)»",
        "«git --no-pager grep y»",
        "git push x",
        "«cargo test x»",
        "«go test 'a;b' \"c|d\"»; e",
        "grep",
        "«ls a»«\ncat b»",
        "foo grep x",
    ],
)
def test_calls_of_programs_that_only_look_for_something_are_known(text):
    bare = text.replace("«", "").replace("»", "")
    marked = bare
    for start, end in reversed(searched_spans(bare)):
        marked = f"{marked[:start]}«{marked[start:end]}»{marked[end:]}"
    assert marked == text
