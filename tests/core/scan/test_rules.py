"""Each rule of the scan: what it takes for a secret, where it places it, what passes."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl import Document
from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.known_values import KnownValues
from sessionctl.core.scan.rules.plausibility import is_placeholder, is_strong, looks_random
from sessionctl.core.scan.text_scan import find_in_text, text_parts, without_secrets
from sessionctl.core.schema.model import Schema
from sessionctl.errors import ParseError
from tests.scan_corpus.values import PROVIDERS, SECRETS
from tests.together import together
from tests.world import IN_CI

SESSION = Judgement(in_session=True)
STRONG = "q9Zk2" + "VxT8w" + "Lm4Rb7"
KEY_HEAD = "-----BEGIN RSA PRIVATE" + " KEY-----"


def parts_of(text, **judged):
    return [text[part.start : part.end] for part in text_parts(text, **judged)]


def found(text, judgement=SESSION):
    document = Document.parse(text)
    return [
        (finding.rule, str(finding.key_path), text[finding.span.start : finding.span.end])
        for finding in find_secrets(document, judgement)
    ]


# -- by the key --------------------------------------------------------------------------


@together(
    ("text", "value"),
    [
        ('password = "hunter2"', '"hunter2"'),
        ("password = 'four words in a row'", "'four words in a row'"),
        ("[a]\nb = { db_pass = 'hunter2!' }", "'hunter2!'"),
        ("[[a]]\ntoken = 'x1'", "'x1'"),
        ("pwd = 1234", "1234"),
        ('"api key" = "x1y2"', '"x1y2"'),
        ("tokens = ['" + STRONG + "']", f"'{STRONG}'"),
        ("password_of_staging = '" + STRONG + "'", f"'{STRONG}'"),
        ("auth = 'me:hunter2'", "'me:hunter2'"),
    ],
)
def test_a_value_is_a_secret_by_its_key(text, value):
    assert [(rule, part) for rule, _, part in found(text)] == [("secret-key", value)]


@together(
    "value",
    ['""', '"${X}"', '"$X"', '"<password>"', '"***"', '"{{ x }}"', '"env:X"', '"op://a/b/c"',
     "true", '"/run/secrets/x"', '"~/.pw"', '"changeme"', '{ secret = "a.b" }', '"xxxxxxxx"',
     '"!pass show x"', '"sha256:0011"', '"%(PW)s"', '"YOUR-TOKEN-HERE"',
     '"age1' + "q" * 30 + '"'],
)  # fmt: skip
def test_what_stands_for_a_secret_passes(value):
    assert found(f"token = {value}\npassword = {value}") == []


@together(
    "line",
    ['token = "ident"', 'token = ","', 'secret = "prod.password"', 'access_key = "ctrl+k"',
     'password = "Enter your password:"', 'pin = "1.4"', "max_tokens = 4096", 'key = "value"',
     'signing_key = "0123456789ABCDEF0123456789ABCDEF01234567"', 'token = "cl100k_base"',
     "password_min_length = 12", 'token = "https://example.org/token"', 'pass = "first"'],
)  # fmt: skip
def test_other_files_have_other_uses_for_such_keys(line):
    assert found(line, Judgement()) == []


def test_a_session_has_no_other_use_for_them():
    assert found('token = "ident"') == [("secret-key", "token", '"ident"')]


def test_a_field_the_schema_marks_is_one_whatever_its_name():
    data = {"properties": {"a": {"writeOnly": True}, "b": {"format": "password"}, "c": {}}}
    text = "a = 'one'\nb = 2\nc = 'three'\n"
    judgement = Judgement(is_field=Schema(data).is_secret)
    assert found(text, judgement) == [("secret-field", "a", "'one'"), ("secret-field", "b", "2")]
    assert found("a = '${X}'", judgement) == []
    assert found("a = { secret = 'name' }", judgement) == []


def test_the_schema_of_sessions_marks_no_field_that_its_name_does_not_tell():
    def marked(schema, name=""):
        if isinstance(schema, dict):
            if schema.get("writeOnly") or schema.get("format") == "password":
                yield name
            for key, inner in schema.items():
                yield from marked(inner, key)

    names = set(marked(Schema.session().data))
    assert names
    assert all(found(f"{name} = 'x1'") for name in names)


def test_a_token_typed_for_the_name_in_a_reference_is_found():
    value = PROVIDERS["github"](random.Random(1))
    [(rule, path, _)] = found(f'password = {{ secret = "{value}" }}')
    assert (rule, path) == ("secret-token", "password.secret")


# -- in texts ----------------------------------------------------------------------------


@together(
    ("text", "secret"),
    [
        ("postgres://me:hunter2@db/x", "hunter2"),
        ("redis://:pw@h:1", "pw"),
        ("see amqp://a:b@c,amqp://d:ee@f", ["b", "ee"]),
        ("postgres://me:pa/ss@db/x", "pa/ss"),
        ("postgres://me:p@ss@db/x", "p@ss"),
        (f"https://{STRONG}@example.org/", STRONG),
        (f"https://h/x?a=1&access_token={STRONG}&b=2", STRONG),
        (f"https://h/x?sig={STRONG}", STRONG),
        ("https://h/x?password=pw#y", "pw"),
        ("mongodb+srv://u:p%40ss@h/?a=b", "p%40ss"),
    ],
)
def test_the_secret_part_of_an_address_is_found(text, secret):
    assert parts_of(text) == ([secret] if isinstance(secret, str) else secret)


@together(
    "text",
    ["https://h:8080/@x", "https://h/a:b@c", "http://[::1]:8080/@x", "git@h:a/b", "file:///a:b",
     "postgres://me@h/x", "https://${U}:${P}@h", "https://h/?key=value&auth=none", "a://b:@c",
     "https://0123456789abcdef0123456789abcdef@h/1", "x://y/z?token=$T"],
)  # fmt: skip
def test_an_address_without_a_secret_passes(text):
    assert parts_of(text) == []


@together(
    ("text", "secret"),
    [
        ("host=h user=u password=hunter2 dbname=x", "hunter2"),
        ("Server=h;Pwd=hunter2;X=1", "hunter2"),
        ("Server=h;Password=a;b;c", "a;b;c"),
        ("password: hunter2", "hunter2"),
        ('{"api_key": "' + STRONG + '"}', STRONG),
        (f"export TOKEN={STRONG}", STRONG),
        (f"X-Api-Key: {STRONG}", STRONG),
        (f"Authorization: Bearer {STRONG}", STRONG),
        (f"the old token was {STRONG}.", STRONG),
        ("password = 'it is \"it\"'", 'it is "it"'),
        ("db.password=hunter2", "hunter2"),
        ("password='unclosed", "unclosed"),
    ],
)
def test_the_value_given_to_a_name_is_found(text, secret):
    assert parts_of(text) == [secret]


@together(
    "text",
    ["password: see the vault", "token: required", "the password is asked for", "key=value",
     "password=", "Authorization: Bearer", "api_key: string", "password=$PW", "tokens: 12",
     "{ secret = 'some-name-123' }", "basic authentication1 scheme"],
)  # fmt: skip
def test_words_about_secrets_are_none(text):
    assert parts_of(text) == []


@together(
    ("text", "secret"),
    [
        ("mysql -u root -phunter2 db", "hunter2"),
        ("/usr/bin/mysqldump -phunter2", "hunter2"),
        ("curl -u me:hunter2 https://h/", "hunter2"),
        ("curl -ume:hunter2 https://h/", "hunter2"),
        ("curl --user=me:hunter2 h", "hunter2"),
        ("curl --user 'me:hun ter2' h", "hun ter2"),
        ("http -a me:hunter2 h", "hunter2"),
        ("redis-cli -a hunter2", "hunter2"),
        ("sshpass -p hunter2 ssh h", "hunter2"),
        ("sshpass -phunter2 ssh h", "hunter2"),
        ("docker login -u me -p hunter2", "hunter2"),
        ("smbclient -U me%hunter2 //h/s", "hunter2"),
        ("lftp -u me,hunter2 h", "hunter2"),
        ("tool --password hunter2", "hunter2"),
        ("tool --password=hunter2", "hunter2"),
        (f"tool -token {STRONG}", STRONG),
        ("sh -c 'mysql -phunter2'", "hunter2"),
        ("openssl enc -pass pass:hunter2", "hunter2"),
        ("xfreerdp /u:me /p:hunter2 /v:h", "hunter2"),
        (f"aws configure set aws_secret_access_key {STRONG}", STRONG),
        (f"vault login {STRONG}", STRONG),
        (f"nmcli dev wifi connect x password {STRONG}", STRONG),
    ],
)
def test_the_secret_argument_of_a_command_is_found(text, secret):
    assert parts_of(text) == [secret]


@together(
    "text",
    ["mysql -u root -p db", "ssh -p 2222 h", "docker run -p 80:80 -u 1000:1000 x",
     "curl -u $U:$P h", "tool --password-file f", "tool --password", "tool --token --verbose",
     "mkdir -p a/b",
     "curl -u me h", "docker login -u me --password-stdin", "mysql -p'' x", "redis-cli -a",
     "gzip -9", "curl -u me: h", "sshpass -e ssh h", "login -p x", "set token on", "7z a x.7z"],
)  # fmt: skip
def test_arguments_that_are_no_secrets_pass(text):
    assert parts_of(text) == []


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        (["mysql", "-phunter2"], "hunter2"),
        (["curl", "-u", "me:hunter2", "h"], "hunter2"),
        (["tool", "--api-key", STRONG, "x"], STRONG),
        (["sh", "-c", "mysql -phunter2 x"], "hunter2"),
        (["psql", "postgres://u:hunter2@h/x"], "hunter2"),
    ],
)
def test_the_words_of_a_list_are_arguments_too(words, secret):
    text = f"run = {words}\n"
    assert [part.strip("'") for _, _, part in found(text)] == [secret]


# -- tokens ------------------------------------------------------------------------------


@together("kind", sorted(PROVIDERS))
def test_the_token_of_each_provider_is_found_wherever_it_stands(kind):
    if kind == "aws-secret":  # has no shape of its own
        return
    r = random.Random(kind)
    for _ in range(50 if IN_CI else 10):
        value = PROVIDERS[kind](r)
        for text in (value, f"x {value}", f"a={value};b", f"({value})", f'"{value}"'):
            # What a token ends with may be taken for what stands behind it.
            assert any(part.rstrip("-_.") == value.rstrip("-_.") for part in parts_of(text)), text


def test_a_private_key_is_one_finding_to_its_end():
    key = f"{KEY_HEAD}\nMIIBOg==\n{KEY_HEAD.replace('BEGIN', 'END')}"
    assert parts_of(f"a\n{key}\nb") == [key]
    assert parts_of(f"{KEY_HEAD}\nMIIBOg==") == [f"{KEY_HEAD}\nMIIBOg=="]
    assert parts_of(KEY_HEAD) == []  # a pattern that looks for keys
    assert parts_of("PuTTY-User-Key-File-3: x\nPrivate-Lines: 1") != []


@together(
    "text",
    ["gh" + "p_" + "x" * 36, "AKIA" + "IOSFODNN7EXAMPLE", "sk-" + "0" * 48,
     "a-task-runner-named-so", "npm_package_config_registry_address", "pypi-AgENT" + "." * 60,
     "eyJhbGciOiJub25lIn0.x.y",
     "age1" + "q" * 58, "SKU-0123456789abcdef0123456789abcdef"],
)  # fmt: skip
def test_what_only_begins_like_a_token_passes(text):
    assert parts_of(text) == []


# -- comments, known values, hints -------------------------------------------------------


def test_comments_are_read_by_the_same_rules_wherever_they_stand():
    text = (
        "# password = 'one1'\n"
        "a = [  # curl -u me:two2 h\n"
        "  1,  # redis://:three3@h\n"
        "  # token: " + STRONG + "\n"
        "]\n"
        "b = '# password = no'  # db password: four4\n"
        "[c]  # nothing\n"
        "# password: see the vault\n"
        "#x\n"
    )
    document = Document.parse(text)
    findings = [finding for finding in find_secrets(document, SESSION) if finding.is_comment]
    told = [text[f.span.start : f.span.end] for f in findings]
    assert told == ["one1", "two2", "three3", STRONG, "four4"]
    assert all(finding.key_path == KeyPath() for finding in findings)
    assert findings[0].message == "a password is in plain text in this comment"


def test_a_private_key_in_comments_is_found():
    text = f"# {KEY_HEAD}\n# MIIBOg==\n"
    assert found(text) == [("secret-token", "", KEY_HEAD), ("secret-token", "", "MIIBOg==")]


@together(
    ("text", "part"),
    [
        ("x = 'tr0ub4dor&3'", "'tr0ub4dor&3'"),
        ("x = 'say tr0ub4dor&3!'", "tr0ub4dor&3"),
        ("# tr0ub4dor&3", "tr0ub4dor&3"),
        ("x = 'a?b=tr0ub4dor%263'", "tr0ub4dor%263"),
        ("x = 'bWU6dHIwdWI0ZG9yJjM='", None),  # base64 of me:tr0ub4dor&3
        ("x = 'dHIwdWI0ZG9yJjM='", None),
        ("x = 'YmFzZTY0OnRyMHViNGRvciYz'", None),
        ('x = "tr0ub4dor\\u00263"', '"tr0ub4dor\\u00263"'),
    ],
)
def test_a_known_value_is_found_however_it_is_spelled(text, part):
    known = KnownValues(["tr0ub4dor&3", "abc", " "])
    [(rule, _, told)] = found(text, Judgement(known=known))
    assert rule == "secret-known"
    assert part in (None, told)


def test_a_short_known_value_is_only_found_where_it_is_all():
    judgement = Judgement(known=KnownValues(["abc"]))
    assert [rule for rule, _, _ in found("x = 'abc'\ny = 'abcd'\n", judgement)] == ["secret-known"]


def test_known_values_do_not_show_themselves():
    assert repr(KnownValues(["hunter2"])) == "<KnownValues, 1 of them>"
    assert not KnownValues([])


def test_what_looks_random_is_a_hint_and_only_when_asked_for():
    value = "Zx8Qw2Er5Ty9Ui1Op4As7Df3Gh"
    document = Document.parse(f"x = '{value}'\ny = 'plain-words-and-more-of-them'\n")
    assert find_secrets(document) == []
    [finding] = find_secrets(document, Judgement(hints=True))
    assert (finding.rule, finding.severity, str(finding.key_path)) == (
        "secret-entropy", "warning", "x",
    )  # fmt: skip
    assert finding.message == "this looks random: is it a secret?"
    assert not looks_random("0123456789abcdef0123456789abcdef")
    assert not looks_random("zx8qw2er5ty9ui1op4as7df3gh")


# -- places ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('x = "a redis://:pw1@h b"', "pw1"),
        ("x = '''\na redis://:pw1@h b'''", "pw1"),
        ("x = '''\r\na redis://:pw1@h b'''\r\n", "pw1"),
        ('x = "\\u0061 redis://:pw1@h"', '"\\u0061 redis://:pw1@h"'),
        ("x = ['', 'a', 'redis://:pw1@h']", "pw1"),
    ],
)
def test_the_place_is_the_secret_itself_where_escapes_do_not_hide_it(text, told):
    assert [part for _, _, part in found(text)] == [told]


@given(st.sampled_from(sorted(SECRETS)), st.integers(0, 2**32), st.text(max_size=30))
def test_no_finding_holds_the_value(kind, seed, around):
    value = SECRETS[kind](random.Random(seed))
    text = f"password = '''{value}'''\n# {around!r} token={value}\n"
    try:
        document = Document.parse(text)
    except ParseError:
        return
    for finding in find_secrets(document, SESSION):
        told = f"{finding.rule} {finding.what} {finding.message} {finding.problem('h')}"
        assert value not in told


@given(st.text(alphabet="ab=:/@'\"\\ -#{}$<>.\n\r1Tpasword", max_size=80))
def test_any_text_can_be_scanned(text):
    for finding in find_in_text(text):
        assert 0 <= finding.span.start < finding.span.end <= len(text)
    is_placeholder(text)
    is_strong(text)


def test_findings_of_a_text_do_not_overlap():
    text = f"curl -u me:{STRONG} -H 'Authorization: Bearer {STRONG}' https://a:{STRONG}@h"
    spans = [finding.span for finding in find_in_text(text)]
    assert len(spans) == 3
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_an_empty_value_is_nothing_to_hide():
    assert without_secrets('password = ""  token: ') == 'password = ""  token: '


@pytest.mark.parametrize(
    "text",
    ["https://hooks." + "slack.com/services/" + "X" * 30, "1234567890:A" + "A" + "x" * 33],
)
def test_a_token_of_the_documentation_passes(text):
    assert parts_of(text) == []


@together(
    ("value", "expected"),
    [
        ("a1b2a1b2a1b2", False),
        ("0123456789ABCDEF", False),
        ("xy://ab1cd2ef3gh4", False),
        ("your-token-1a2b3c", False),
        ("env:a1b2c3d4e5f6g", False),
        ("two words 1a2b3c4d", False),
        ("Bearer q9Zk2VxT8wLm4", True),
        ("a1B2c3D4e5F6", True),
    ],
)
def test_a_strong_value_is_long_mixed_and_nothing_else(value, expected):
    assert is_strong(value) is expected


def test_a_value_that_may_be_one_only_where_it_is_mixed_is_not_strict():
    assert found("cookie = 'hello'") == []
    assert found("seed = 'ctrl+x9!'") == []
    assert found("pw = 'x1!aB'")[0][0] == "secret-key"
    assert found("token = '0x0123456789ABCDEF'") == []
