"""Versions: the order of versions, requirements, dates and numbers, where there is one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.merge.policy.versions import order, order_of_moments, read_moment
from tests.together import together

# Each is lower than the one behind it.
RISING = [
    ("1.2", "1.10"),
    ("1.2", "1.2.1"),
    ("v1.2.3", "v1.2.4"),
    ("1.9.9", "2"),
    ("1!0.1", "2!0.1"),
    ("2024.9", "1!1.0"),
    ("1.0.0-alpha", "1.0.0-alpha.1"),
    ("1.0.0-alpha.1", "1.0.0-alpha.2"),
    ("1.0.0-alpha.2", "1.0.0-beta"),
    ("1.0.0-beta.11", "1.0.0-rc.1"),
    ("1.0.0-rc.1", "1.0.0"),
    ("1.0.0-dev", "1.0.0"),
    ("1.0.0-dev", "1.0.0-rc.1"),
    ("1.0a1", "1.0b1"),
    ("1.0a2", "1.0a10"),
    ("1.0a1.dev3", "1.0a1"),
    ("1.0rc1", "1.0c2"),
    ("1.0rc1", "1.0"),
    ("1.0.dev4", "1.0"),
    ("1.0", "1.0.post1"),
    ("1.0.post1", "1.0.post2"),
    ("1.0rc1", "1.0rc1.post1"),
    ("1.0.post3", "1.1"),
    ("1.0-1", "1.0-2"),
    ("1.0-1", "1.1"),
    ("2.0-SNAPSHOT", "2.0"),
    ("0.2.17-qrlogin-SNAPSHOT", "0.2.20"),
    ("0.0.122", "0.0.123-beta"),
    ("1.2.0+build1", "1.3.0+build0"),
    ("5.3.1.Final", "5.4.0.Final"),
    ("3.11-slim", "3.12-slim"),
    ("3.11.1-slim", "3.12.0-alpine"),
    ("^1.2", "^1.3"),
    ("~1.2", "~1.10"),
    ("~=1.2", "~= 1.3"),
    (">=1.2", ">=1.10"),
    ("== 1.*", "==2.*"),
    ("1.x", "2.x"),
    ("=1.2.3", "= 1.2.4"),
    ("<2", "<3"),
    (">=1.2,<2", ">=1.3,<2"),
    (">=1.2,<2", ">= 1.3, < 3"),
    (">=1.2,<2", "<3,>=1.2"),
    ("requests>=1.2", "requests>=1.10"),
    ("my_lib==1", "My-Lib==2"),
    ("requests[security]>=2", "requests[security]>=3"),
    ("foo (>=1.2)", "foo (>=1.3)"),
    ("a>=1; python_version < '3.11'", "a>=2;  python_version < '3.11'"),
    ("org/tool@v3", "org/tool@v4"),
    ("left-pad@1.2", "left-pad@1.3"),
    ("group:name:25.7.7", "group:name:25.7.15"),
    ("rust 1.78", "rust 1.79"),
    ("nightly-2024-04-14", "nightly-2024-05-01"),
    ("2018", "2021"),
    ("123455", "123456"),
    ("20240414", "20240501"),
    ("2026-01-31", "2026-02-01"),
    ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00-01:00"),
    ("2026-01-31 10:00:00", "2026-01-31 10:00:00.5"),
    (1, 2),
    (1.5, 2.5),
    (float("-inf"), 0.0),
    (date(2026, 1, 31), date(2026, 2, 1)),
    (time(7, 30), time(7, 31)),
    (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
]

# Of these nothing is told.
APART = [
    ("1.2", "1.2.0"),
    ("1.2", "1.2"),
    ("1.0-1", "1.0"),
    ("1.0.dev1", "1.0a1"),
    ("1.0-pre1", "1.0-rc1"),
    ("1.0-nightly", "1.0-canary"),
    ("1.0.0-foo", "1.0.0"),
    ("1.0.0-foo", "1.0.0-bar"),
    ("1.0.0-alpha.x", "1.0.0-alpha"),
    ("1.0.0-alpha.x", "1.0.0-alpha.1"),
    ("3.11-slim", "3.12-alpine"),
    ("3.11-slim", "3.12"),
    ("1.0.0+a", "1.0.0+b"),
    ("1.*", "1.2.*"),
    ("1.*", "1.2"),
    ("^1.2", "1.3"),
    ("^1.2", ">=1.3"),
    ("!=1.2", "!=1.3"),
    (">=1.2", ">=1.3,<2"),
    (">=1.2,<3", ">=1.3,<2"),
    ("a>=1", "b>=2"),
    ("a[x]>=1", "a>=2"),
    ("a>=1; extra == 'x'", "a>=2; extra == 'y'"),
    ("v1.2", "1.3"),
    ("foo (>=1.2", "foo (>=1.3"),
    ("@1.2", "@1.3"),
    ("tool@v3", "tool:1.4"),
    ("10.0.0.1", "10.0.0.2"),
    ("user@10.0.0.1", "user@10.0.0.2"),
    ("localhost:8080", "localhost:8081"),
    ("https://example.org/1.2", "https://example.org/1.3"),
    ("editor-2", "editor-3"),
    ("d023c1c", "6924b63"),
    ("12345b67", "12345b68"),
    ("1234567", "7654321"),
    ("1.5G", "2.5G"),
    ("80x24", "90x24"),
    ("#102030", "#405060"),
    ("", "1.0"),
    ("*", "1.0"),
    ("one", "two"),
    ("version 1.2 of it", "version 1.3 of it"),
    ("1." * 150 + "1", "1." * 150 + "2"),
    ("2026-01-31", "2026-01-31T10:00:00Z"),
    ("2026-01-31", "2025"),
    ("2026-01-31", "2026-01-31-1"),
    ("2026-01-31T10:00:00Z", "2026-02-01T10:00:00"),
    ("2026-13-31", "2026-13-32T10:00:00Z"),
    (1, 2.0),
    (1, "2"),
    (True, False),
    (float("nan"), 1.0),
    ([1], [2]),
    ({"a": 1}, {"a": 2}),
    (date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC)),
    (datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), datetime(2026, 1, 2, tzinfo=UTC)),
]  # fmt: skip


@together(("lower", "higher"), RISING)
def test_of_two_that_can_be_compared_one_is_the_higher(lower, higher):
    assert order(lower, higher) == -1
    assert order(higher, lower) == 1


@together(("one", "two"), APART)
def test_of_two_that_cannot_be_compared_nothing_is_told(one, two):
    assert order(one, two) == order(two, one) == 0


@given(st.text(alphabet="0123456789.-+abrcv<>=~^*!,;@: ", max_size=12), st.text(max_size=12))
def test_no_text_is_higher_than_itself_or_both_higher_and_lower(one, two):
    assert order(one, one) == 0
    assert order(one, two) == -order(two, one)


versions = st.from_regex(
    r"v?[0-9]{1,3}(\.[0-9]{1,3}){0,3}(-?(a|b|rc|alpha|beta|dev|post)\.?[0-9]?)?", fullmatch=True
)


@given(versions, versions, versions)
def test_the_order_of_versions_has_no_circles(one, two, three):
    if order(one, two) > 0 and order(two, three) > 0:
        assert order(one, three) >= 0


def test_moments_are_dates_times_and_texts_that_read_as_such():
    assert read_moment("2026-01-31") == date(2026, 1, 31)
    assert read_moment(" 2026-01-31t08:00:00z ") == datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert read_moment(time(8)) == time(8)
    for other in ("2026-02-30", "8 o'clock", 20260131, "20260131"):
        assert read_moment(other) is None


def test_moments_of_one_kind_have_an_order():
    assert order_of_moments("2026-01-31", date(2026, 2, 1)) == -1
    assert order_of_moments("2026-01-31", "2026-02-01T00:00:00Z") == 0
    assert order_of_moments(1, 2) == 0
