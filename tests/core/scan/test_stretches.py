"""The secrets that reach into a stretch of a text: those of the whole text, found without it."""

from __future__ import annotations

import random

import pytest

from sessionctl.core.problem import Span
from sessionctl.core.scan import judgement
from sessionctl.core.scan.document_scan import meet
from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.schema.undescribed_fields import is_undescribed
from sessionctl.core.toml.document import Document
from tests.core.toml.corpus import valid_texts
from tests.scan_corpus import held_back, tuned
from tests.scan_corpus.values import fill
from tests.world import IN_CI

MORE = {
    "pairs.session.toml": (
        'env = [\n  { name = "API_TOKEN", value = "kV8x2mQ9" },\n]\n'
        'name = "DB_PASSWORD"\nvalue = "correcthorse"\na.pass = "tr0ub4dor"\na.user = "x"\n'
        '[a.b]\nname = "x"\n[[apps.x]]\nkey = "SECRET_KEY"\nvalue = """\nfoo\nbar\n"""\n'
    ),
    "bom.session.toml": "\ufeffpassword = \"hunter2\"\r\n[b]\r\npwd = '''\r\nx\r\n'''\r\n",
    "phrase.toml": (
        "a = 1\n# legal winner thank year wave sausage\n# worth useful legal winner thank yellow\n"
        "b = 2\n"
    ),
    "dotted.session.toml": 'a.b.token = "x1y2z3w4v5u6"\n[c]\nd.e = [{ password = "p4ssw0rd!" }]\n',
    "connections.session.toml": '[connections.db]\nnourl = "postgres://a:b@h"\nx.y = 1\n',
}


def texts():
    r = random.Random(3)
    for half in (tuned, held_back):
        for name, template in half.FORMS:
            yield name, "".join(f"{line}\n" for line, _ in fill(template, r))
    yield from MORE.items()
    yield from valid_texts().items()


def stretches(text, count, r):
    """Yield stretches of whole lines, short ones mostly; and one at the end that is empty."""
    starts = [0, *(index + 1 for index, sign in enumerate(text) if sign == "\n")]
    ends = [*starts[1:], len(text)]
    for _ in range(count):
        first = r.randrange(len(starts))
        last = min(first + r.choice([0, 0, 0, 1, 2, 5, 50]), len(ends) - 1)
        yield Span(starts[first], ends[last])
    yield Span(len(text), len(text))


@pytest.mark.parametrize("is_field", [None, is_undescribed])
def test_they_are_those_of_the_whole_text(is_field):
    r = random.Random(7)
    found, count = 0, 24 if IN_CI else 6
    for name, text in texts():
        document = Document.parse(text, name)
        asked = {"in_session": name.endswith(".session.toml"), "is_field": is_field}
        hidden = hidden_places(document, **asked)
        for stretch in stretches(text, count, r):
            expected = [place for place in hidden if meet(place[0], stretch)]
            assert hidden_places(document, **asked, within=stretch) == expected, (name, stretch)
            found += len(expected)
    assert found > 20 * count


def test_nothing_else_is_looked_at(monkeypatch):
    text = "".join(
        f'[t{number}]\na = "v{number}"\npassword = "x{number}"\n' for number in range(99)
    )
    looked_at = []
    scalar = judgement.Judgement._scalar
    monkeypatch.setattr(
        judgement.Judgement,
        "_scalar",
        lambda self, value, *rest: looked_at.append(value) or scalar(self, value, *rest),
    )
    document = Document.parse(text)
    start = text.index('a = "v50"')
    hidden_places(document, in_session=True, within=Span(start, start + 10))
    assert set(looked_at) <= {"v50", "x50"}
