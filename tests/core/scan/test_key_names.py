"""Which values are secrets by their key, and how they are masked."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.rules.key_names import (
    LOOSE,
    PASSWORD,
    TOKEN,
    is_key_option,
    is_secret_key,
    is_secret_path,
    name_for,
    pair_kind,
    plural_kind,
    secret_kind,
    secret_kind_at,
)
from sessionctl.core.values import is_reference
from tests.together import together


@together(
    "key",
    [
        "password", "PASSWORD", "db_password", "dbPassword", "DB_TOKEN", "api-key", "apiKey",
        "APIKEY", "passphrase", "client_secret", "aws_secret_access_key", "private.key", "pwd",
        "GITHUB_TOKEN", "credentials", "signing_key",
    ],
)  # fmt: skip
def test_a_key_that_holds_a_secret_is_known_by_its_last_word(key):
    assert is_secret_key(key)


@together(
    "key",
    ["", "---", "password_file", "token_count", "max_tokens", "key", "monkey", "name", "x-item-key",
     "passwords_allowed", "keyboard", "secretary"],
)  # fmt: skip
def test_a_key_that_only_tells_of_a_secret_is_none(key):
    assert not is_secret_key(key)


def test_a_reference_is_a_table_with_the_key_secret_and_nothing_else():
    assert is_reference({"secret": "prod.password"})
    assert not is_reference({"secret": "x", "more": 1})
    assert not is_reference({"secret": 1})
    assert not is_reference("secret")


@together(
    ("path", "in_session", "expected"),
    [
        ("connections.prod.password", True, True),
        ("connections.prod.password.secret", True, False),
        ("connections.prod.password.secret", False, False),
        ("env.FOO.secret", True, False),
        ("env.FOO.secret", False, True),
        ("secret", True, True),
        ("tokens[0]", False, False),
        ("token[0]", False, True),
        ("name", True, False),
        ("", True, False),
    ],
)
def test_the_name_in_a_reference_is_no_secret(path, in_session, expected):
    assert is_secret_path(KeyPath.parse(path), in_session=in_session) is expected


def test_each_item_of_a_list_of_passwords_is_one_whatever_it_is_in():
    for above in ((), ("apps",), ("users", "ada")):
        assert secret_kind_at((*above, "passwords", 0), in_session=False) == PASSWORD
        assert secret_kind_at((*above, "passwords"), in_session=False) != PASSWORD
        assert secret_kind_at((*above, "names", 0), in_session=False) == ""


@together(
    ("kind", "keys"),
    [
        (
            PASSWORD,
            """password db_password password2 2password DB_PASSWORD passwordOld password_base64
            password_base64_old motDePasse mot_de_passe mot-de-passe_x senha_do_banco user_pass
            adminpass sshpass db_pw dbpw mi_clave clave_del_banco hash_password Passwort contraseña
            пароль 密码 unlock_code une_passe pass_word pass_phrase palavra_passe palavra-passe
            mat_khau matKhau codigo_de_acceso codice_di_accesso mon_mot_de_passe
            my_pass_word pass_code kata_sandi""",
        ),
        (
            TOKEN,
            """token api_token token_old secret privateKey api-key myapitoken rustytoken
            githubsecret rustysecret next_token file_token seed_phrase recovery_phrase signing_key
            credentials""",
        ),
        (
            LOOSE,
            """password_of_ada foobarpass pw clave pass first_pass pass_first private_keys apiKeys
            X_KEY X_API tokens auth jwt passwörter passwords creds secrets pin""",
        ),
        (
            "",
            """xpass fpass bypass compass surpass token_count secret_name key keys KEY x_key
            PRIMARY_KEY x_api API API_X mysecret mytoken mytokens max_tokens input_auth max_auth
            jwt_ttl password_file password_hash_x code passe secretary monkey name existing_secret
            pull-secret""",
        ),
    ],
)
def test_the_words_of_a_key_and_their_order_say_what_it_holds(kind, keys):
    assert {key: secret_kind(key) for key in keys.split()} == dict.fromkeys(keys.split(), kind)


def test_a_list_of_many_holds_one_in_each_of_its_items():
    kinds = {
        PASSWORD: ("passwords", "db_passwords", "Passwords", "contraseñas"),
        LOOSE: ("api_keys", "tokens", "secrets", "creds", "keys"),
        "": ("password", "names", "x", ""),
    }
    for kind, keys in kinds.items():
        assert {key: plural_kind(key) for key in keys} == dict.fromkeys(keys, kind)


def test_an_option_takes_a_key_where_key_is_its_last_word():
    options = ("key", "enc-key", "encKey", "KEY", "public-key", "key-file", "monkey", "token", "")
    assert list(filter(is_key_option, options)) == ["key", "enc-key", "encKey", "KEY"]


@together(
    ("table", "found"),
    [
        ({"name": "DB_PASSWORD", "value": "x"}, ("value", PASSWORD)),
        ({"name": "token", "value": "x"}, ("value", LOOSE)),
        ({"name": "TOKEN", "value": 1}, ("value", TOKEN)),
        ({"name": "db_token", "val": 1}, ("val", TOKEN)),
        ({"key": "password", "value": "x"}, ("value", PASSWORD)),
        ({"name": 1, "key": "password", "content": "x"}, ("content", PASSWORD)),
        ({"id": "a", "name": "ada", "env": "DB_TOKEN", "data": 1, "value": 2}, ("data", TOKEN)),
        ({"text": "password", "name": "password"}, ("text", PASSWORD)),
        ({"name": "password", "x": 1}, ("", "")),
        ({"name": "x", "value": "password"}, ("", "")),
        ({"value": "x"}, ("", "")),
    ],
)
def test_a_table_with_a_name_and_a_value_holds_what_the_name_says(table, found):
    assert pair_kind(table) == found


@together(
    ("path", "name"),
    [
        (("connections", "prod", "password"), "prod.password"),
        (("a", "connections", "prod", "password"), "prod.password"),
        (("a", "connections"), "a.connections"),
        (("connections", "x"), "x"),
        (("a", "b", "c"), "b.c"),
        (("a", "x y!", "-c-"), "x-y.c"),
        (("a", 0, "b", 1), "a.b"),
        ((0,), "secret"),
        (("!",), "secret"),
    ],
)
def test_a_secret_is_named_by_the_last_two_keys(path, name):
    assert name_for(path) == name


# In a session, and in any other file.
KINDS_AT = """\
password password password
a.password password password
passwords[0] password password
passwords.ada password password
passwords.ada[0] password password
tokens[0] loose loose
token[0] token token
login.pass password password
login.value password password
login.code password password
auth.key password password
password.value password password
token.value token token
tokens.value loose loose
keys.value loose loose
tokens.x loose -
apikeys.x loose -
secrets.x token -
creds.x token -
credentials.first token -
secret token token
x.secret - token
env.secret - token
token.secret - -
secrets.secret - token
a.b - -
a[0] - -
db.passwords.user - -
db.passwords.file - -
login.user - -
password.file - -
tokens.id - -
secrets.x_file - -
secrets.id - -
secrets.x[0] - -
credentials.user - -
key.value - -"""


@together("line", KINDS_AT.split("\n"))
def test_the_table_above_a_key_says_what_it_holds_too(line):
    path = KeyPath.parse(line.split()[0])
    kinds = [secret_kind_at(path, in_session=in_session) for in_session in (True, False)]
    assert kinds == ["" if kind == "-" else kind for kind in line.split()[1:]]
