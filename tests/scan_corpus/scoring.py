"""How well the scan tells secrets from lines that are none."""

from __future__ import annotations

import functools
import json
import random
from collections import Counter, defaultdict
from typing import NamedTuple

from sessionctl import Document
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from tests.scan_corpus.values import fill


class Score(NamedTuple):
    """What was found in one half of the corpus; ``missed`` and ``false`` are its lines."""

    secrets: Counter
    benign: int
    missed: list
    false: list

    @property
    def recall(self):
        return 1 - len(self.missed) / self.secrets.total()

    @property
    def false_alarms(self):
        return len(self.false) / self.benign


@functools.cache
def score(half):
    """Return how the scan does on ``half``, filled with the values of its seed."""
    r = random.Random(half.SEED)
    result = Score(Counter(), 0, [], [])
    for name, template in half.FORMS:
        for _ in range(half.COPIES):
            lines = fill(template, r)
            result = _judged(result, name, lines)
    return result


def _judged(result, name, lines):
    document = Document.parse("".join(f"{line}\n" for line, _ in lines), name)
    judgement = Judgement(in_session=name.endswith(".session.toml"))
    found = defaultdict(list)
    for finding in find_secrets(document, judgement):
        first, _ = document.source.place(finding.span.start)
        last, _ = document.source.place(finding.span.end - 1)
        for number in range(first, last + 1):
            found[number].append((first, last))
    benign = result.benign
    for number, (line, kind) in enumerate(lines, 1):
        if kind:
            result.secrets[kind] += 1
            if number not in found:
                result.missed.append((name, kind, line))
        elif line.strip():
            benign += 1
            # The lines around a private key are part of what is found.
            if any(not any(lines[n - 1][1] for n in range(a, b + 1)) for a, b in found[number]):
                result.false.append((name, line))
    return result._replace(benign=benign)


def cases(marked):
    """Yield the sessions of a set such as ``command_lines.SECRETS``, with their marks."""
    kind, block = "", []
    for line in [*marked.strip("\n").split("\n"), "@"]:
        if line.startswith("@") or line == "=":
            if block:
                yield "\n".join(block) + "\n"
            kind, block = line[1:] if line.startswith("@") else kind, []
        elif kind == "toml":
            block.append(line)
        else:
            yield f"{_PLACES[kind](line)}\n"


_PLACES = {
    "run": lambda line: f"[[windows]]\n[[windows.panes]]\nrun = {_quoted(line)}",
    "argv": lambda line: f"[[windows]]\n[[windows.panes]]\nrun = [{_listed(line)}]",
    "comment": lambda line: f"# {line}\n[preferences]\ntheme = 'dark'",
    "note": lambda line: f"[apps.x]\nnote = {_quoted(line)}",
}


def _quoted(text):
    return json.dumps(text, ensure_ascii=False)


def _listed(line):
    return ", ".join(map(_quoted, line.split("|")))
