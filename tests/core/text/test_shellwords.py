"""Words quoted for a shell."""

from __future__ import annotations

import shlex
import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from sessionctl.core.text.shellwords import path_word, quoted
from tests.together import together
from tests.world import need


@together(
    ("word", "expected"),
    [
        ("api.session.toml", "api.session.toml"),
        ("a=b/~", "a=b/~"),
        ("a b", "'a b'"),
        ("", "''"),
        ("it's", "'it'\"'\"'s'"),
        ("windows[0]", "'windows[0]'"),
        ("日本", "日本"),
        ("~ada", "'~ada'"),  # a home, for every shell
        ("=ls", "'=ls'"),  # a program, for zsh
        ("~/a", "~/a"),
    ],
)
def test_a_word_is_quoted_where_it_needs_to_be(word, expected):
    assert quoted(word) == expected


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8")))
def test_a_shell_reads_the_word_again(word):
    assert shlex.split(quoted(word)) == [word]


@together(
    ("path", "expected"),
    [
        ("a.toml", "a.toml"),
        ("-x.toml", "./-x.toml"),
        (":x.toml", "./:x.toml"),
        ("it's -x", "'it'\"'\"'s -x'"),
        ("two\nlines", "$'two\\x0alines'"),
        ("-\x1b[31m'\\", "$'./-\\x1b[31m\\'\\\\'"),
        ("lat\udce9.toml", "$'lat\\xe9.toml'"),
        ("a\u202eb", "$'a\\xe2\\x80\\xaeb'"),
    ],
)
def test_a_path_is_a_word_that_can_be_typed_and_is_no_option(path, expected):
    assert path_word(path) == expected


@given(path=st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1))
@settings(max_examples=min(settings().max_examples, 20))
def test_bash_reads_the_path_again(path):
    script = f"printf %s {path_word(path)}"
    done = subprocess.run([need("bash"), "-c", script], capture_output=True, timeout=60)
    assert done.stdout.decode() == (f"./{path}" if path.startswith(("-", ":")) else path)
