"""Each rule of the scan by itself: which part of a line it takes, and what it says it is."""

from __future__ import annotations

import re
from pathlib import Path

from sessionctl.core.scan.finding import SecretPart
from sessionctl.core.scan.redaction import typed_spans
from sessionctl.core.scan.rules.addresses import address_parts
from sessionctl.core.scan.rules.assignments import assignment_parts
from sessionctl.core.scan.rules.commands.argument_places import placed_parts
from sessionctl.core.scan.rules.commands.arguments import argument_parts, command_parts
from sessionctl.core.scan.rules.commands.operands import operand_parts
from sessionctl.core.scan.rules.commands.pipes import piped_parts
from sessionctl.core.scan.rules.config_lines import config_parts
from sessionctl.core.scan.rules.connection_lines import line_parts
from sessionctl.core.scan.rules.cookies import cookie_parts
from sessionctl.core.scan.rules.encoded import encoded_parts
from sessionctl.core.scan.rules.mnemonic import mnemonic_parts
from sessionctl.core.scan.rules.prose import prose_parts
from sessionctl.core.scan.rules.tokens import token_parts
from sessionctl.core.scan.veil import veiled_parts
from tests.together import together

# A section is a rule. In a line each part is in « and », twice where it is found twice, and behind
# the line stands what each is said to be; "\n" is the end of a line, "\t" a tab. Rules are laid
# over each other in a scan, so that what one of them no longer takes is seen here only.
LINES = (Path(__file__).parent / "rule_lines.txt").read_text(encoding="utf-8")


def words(text):
    return [(match[0], *match.span()) for match in re.finditer(r"\S+", text)]


RULES = {
    "operands": lambda text: operand_parts(words(text)),
    "places": lambda text: placed_parts(words(text)),
    "pipes": lambda text: piped_parts(words(text)),
    "commands": command_parts,
    "commands, strict": lambda text: command_parts(text, is_strict=True),
    "assignments": assignment_parts,
    "assignments, strict": lambda text: assignment_parts(text, is_strict=True),
    "assignments, wide": lambda text: assignment_parts(text, is_wide=True),
    "addresses": address_parts,
    "lines": line_parts,
    "config": config_parts,
    "prose": prose_parts,
    "tokens": token_parts,
    "encoded": lambda text: encoded_parts(text, lambda inside: "kupfer" in inside),
    "cookies": cookie_parts,
    "mnemonic": mnemonic_parts,
    "veil": veiled_parts,
    "typed": lambda text: (SecretPart("", "hidden", *span) for span in typed_spans(text)),
}
SECTIONS = [
    (section.partition("\n")[0], section.strip().split("\n")[1:])
    for section in re.split("^== ", LINES, flags=re.MULTILINE)[1:]
]


def shown(rule, line):
    text = line.replace("\\n", "\n").replace("\\t", "\t")
    parts = sorted(RULES[rule](text), key=lambda part: (part.start, -part.end, part.what))
    at = [(part.end, "»") for part in reversed(parts)] + [(part.start, "«") for part in parts]
    marked = text
    for position, sign in sorted(at, key=lambda one: one[0], reverse=True):
        marked = marked[:position] + sign + marked[position:]
    kinds = ", ".join(part.what for part in parts)
    return marked.replace("\n", "\\n").replace("\t", "\\t") + (f"   ← {kinds}" if parts else "")


@together("rule, lines", SECTIONS)
def test_a_rule_takes_this_of_a_line_and_no_more(rule, lines):
    bare = [re.sub("[«»]|   ←.*", "", line) for line in lines]
    assert [shown(rule, line) for line in bare] == lines


def test_arguments_that_are_words_already_hold_the_same_as_their_line():
    lines = [line for rule, lines in SECTIONS if rule == "commands" for line in lines]
    count = 0
    for line in lines:
        text = re.sub("[«»]|   ←.*", "", line)
        if any(sign in text for sign in "\"'\\`;|&<>()$"):
            continue
        places = [match.start() for match in re.finditer(r"\S+", text)]
        found = list(argument_parts(text.split()))
        assert [index for index, _ in found] == sorted(index for index, _ in found), text
        assert all(0 <= part.start < part.end <= len(text.split()[i]) for i, part in found), text
        shifted = [
            part._replace(start=part.start + places[index], end=part.end + places[index])
            for index, part in found
        ]
        assert sorted(shifted) == sorted(command_parts(text)), text
        count += bool(found)
    assert count > 20
