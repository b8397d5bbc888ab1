"""Secrets in the forms that people type them in, one mechanism each."""

from __future__ import annotations

import time

import pytest

from sessionctl import Document
from sessionctl.core.render.masked_text import mask_text
from sessionctl.core.scan.broken_scan import find_in_broken
from sessionctl.core.scan.document_scan import find_secrets
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.scan.text_scan import text_parts
from tests.together import together


def found(text):
    document = Document.parse(text, "x.session.toml")
    places = (f.span for f in find_secrets(document, Judgement(in_session=True)))
    return [document.text[start:end].strip("\"'") for start, end in places]


def parts_of(text):
    return [text[part.start : part.end] for part in text_parts(text, is_strict=True)]


@together(
    "key",
    [
        "contraseña", "CONTRASENA_BD", "senhaDoBanco", "mot_de_passe", "motDePasse", "пароль_бд",
        "数据库密码", "パスワード", "비밀번호", "hasło", "Lösenord", "şifre", "heslo", "jelszó",
        "wachtwoord",
        "κωδικός", "admin_pass", "SSHPASS", "dbpass", "passcode", "unlock_code", "seed_phrase",
    ],
)  # fmt: skip
def test_a_key_of_any_language_holds_a_password(key):
    assert found(f'[apps.x]\n"{key}" = "gingerbread"\n') == ["gingerbread"]


@pytest.mark.parametrize(
    "key", ["compass", "bypass", "second_pass", "clave", "max_tokens", "keyboard", "PRIMARY_KEY"]
)
def test_a_key_that_only_sounds_like_it_holds_none(key):
    assert found(f'[apps.x]\n{key} = "gingerbread"\n') == []


@together(
    "text",
    [
        '[credentials]\nuser = "ada"\nvalue = "gingerbread"\n',
        '[apps.x.login]\nusername = "ada"\npass = "gingerbread"\n',
        '[apps.x.passwords]\nada = "gingerbread"\n',
        '[apps.x.secrets]\nfirst = "gingerbread"\n',
        '[apps.x]\npasswords = ["gingerbread"]\n',
        '[apps.x]\nenv = [{ name = "DB_PASSWORD", value = "gingerbread" }]\n',
        '[[apps.x.vars]]\nkey = "ADMIN_PASSWORD"\nvalue = "gingerbread"\n',
        '[apps.x]\npairs = [["DB_PASSWORD", "gingerbread"]]\n',
        '[connections.a]\npassword = { value = "gingerbread" }\n',
    ],
)
def test_where_a_value_stands_makes_it_a_secret(text):
    assert found(text) == ["gingerbread"]


@pytest.mark.parametrize(
    "text",
    [
        '[credentials]\nuser = "ada"\ntype = "oauth2"\nstore = "keyring"\n',
        '[login]\nshell = "/bin/zsh"\n',
        '[apps.x]\nentry = { name = "token", value = "ident" }\n',
        '[apps.x]\nenv = [{ name = "PASSWORD_FILE", value = "/run/x" }]\n',
        '[apps.x]\ntags = ["password", "token"]\n',
    ],
)
def test_what_stands_beside_a_secret_is_none(text):
    assert found(text) == []


@together(
    ("line", "secret"),
    [
        ("htpasswd -bB .htpasswd ada gingerbread", "gingerbread"),
        ("htpasswd -nb ada gingerbread", "gingerbread"),
        ("chpasswd <<< 'ada:gingerbread'", "gingerbread"),
        ("echo ada:gingerbread | sudo chpasswd", "gingerbread"),
        ("echo gingerbread | sudo -S reboot", "gingerbread"),
        ("printf '%s\\n' gingerbread | sudo -kS id", "gingerbread"),
        ("sudo -S id <<< gingerbread", "gingerbread"),
        ("echo gingerbread | docker login -u ada --password-stdin", "gingerbread"),
        ("wpa_passphrase Home gingerbread", "gingerbread"),
        ("nmcli dev wifi connect Home password gingerbread", "gingerbread"),
        ("rclone obscure gingerbread", "gingerbread"),
        ("sqlplus scott/gingerbread@ORCL", "gingerbread"),
        ("openssl enc -aes-256-cbc -k gingerbread -in a", "gingerbread"),
        ("keytool -list -storepass gingerbread", "gingerbread"),
        ("""expect -c 'expect assword:; send "gingerbread\\r"'""", "gingerbread"),
        ("curl -b 'sid=gingerbread; theme=dark' https://h/", "gingerbread"),
    ],
)
def test_what_a_program_is_given_is_found(line, secret):
    assert parts_of(line) == [secret]


@together(
    "line",
    [
        "NAME=$(pass show db)", "PGPASSWORD=`cat f` psql", "grep password= config",
        "rg 'token: ' src", "git grep -n secret=", "cargo test auth::token", "htpasswd -c f ada",
        "echo $PW | sudo -S true", "sudo -S true < f", "cat token | gh auth login --with-token",
        "docker login -u ada --password-stdin < f", "mysql -u root -p db", "sed -n '/token:/p' f",
    ],
)  # fmt: skip
def test_a_command_that_only_speaks_of_one_holds_none(line):
    assert parts_of(line) == []


@together(
    ("text", "secret"),
    [
        ("ada:gingerbread@tcp(10.0.0.1:3306)/shop?parseTime=true", "gingerbread"),
        ("jdbc:oracle:thin:scott/gingerbread@//ora:1521/x", "gingerbread"),
        ("Server=db;Uid=ada;Pwd=gingerbread;", "gingerbread"),
        ("host=db user=ada password='two words'", "two words"),
        ("db.example.org:5432:shop:ada:gingerbread", "gingerbread"),
        ("machine example.org\nlogin ada\npassword gingerbread\n", "gingerbread"),
        ("[client]\nuser = ada\npassword = gingerbread\n", "gingerbread"),
        ("create user ada identified by 'gingerbread'", "gingerbread"),
        ("WIFI:S:Home;T:WPA;P:ginger bread;;", "ginger bread"),
        ('<add key="ApiKey" value="g1nger8read77x"/>', "g1nger8read77x"),
        ("Cookie: a=1; sessionid=gingerbread; csrftoken=nutmegandcloves", "gingerbread"),
    ],
)
def test_a_line_of_a_known_kind_gives_its_password_away(text, secret):
    assert secret in parts_of(text)


def test_every_one_of_several_cookies_is_found():
    text = "Cookie: theme=dark; sid=gingerbread; csrftoken=nutmegandcloves"
    assert parts_of(text) == ["gingerbread", "nutmegandcloves"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("the root password is gingerbread", "gingerbread"),
        ("das Passwort lautet Lebkuchen7", "Lebkuchen7"),
        ("le mot de passe est gingerbread.", "gingerbread"),
        ("log in as ada, password Ginger8read", "Ginger8read"),
        ("login: ada / Ginger8read", "Ginger8read"),
        ("数据库密码:Ginger8read", "Ginger8read"),
        ("パスワードはGinger8read", "Ginger8read"),
        ("비밀번호: Ginger8read", "Ginger8read"),
    ],
)
def test_a_sentence_gives_a_password_away(text, secret):
    assert parts_of(text) == [secret]


@together(
    "text",
    [
        "the password is in the vault", "the password is required", "ask Ada for the password",
        "the token is expired", "reset password flow: mail -> link", "login as ada / see wiki",
        "def check(password: str) -> bool:", "const token = await getToken();",
    ],
)  # fmt: skip
def test_a_sentence_about_passwords_holds_none(text):
    assert parts_of(text) == []


def test_a_recovery_phrase_is_found_by_its_words():
    words = "cabin elder fancy jungle kitten ladder maple nephew olive pepper rabbit saddle"
    assert parts_of(f"wallet: {words}") == [words]
    assert parts_of(words.title()) == []
    assert parts_of("the cat ran over the hill and then the dog went home with the ball") == []


@pytest.mark.parametrize(
    "text",
    [
        "cG9zdGdyZXM6Ly9hZGE6Z2luZ2VyYnJlYWRAZGIvc2hvcA==",  # postgres://ada:gingerbread@db/shop
        "706f7374677265733a2f2f6164613a67696e676572627265616440",
        "postgres%3A%2F%2Fada%3Agingerbread%40db%2Fshop",
    ],
)
def test_a_secret_that_is_encoded_is_found(text):
    assert parts_of(text) == [text]


@pytest.mark.parametrize(
    "text", ["aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91", "9fceb02d0ae598e95dc970b74767f19372d61af8"]
)
def test_what_is_encoded_and_no_secret_is_none(text):
    assert parts_of(text) == []


@together(
    ("line", "secret"),
    [
        ("curl -sSku ada:gingerbread https://h/", "gingerbread"),
        ("curl -fu g1nger8readAndMore: https://h/", "g1nger8readAndMore"),
        ("etl -u ada -p gingerbread run", "gingerbread"),
        ("etl --username=ada -p gingerbread", "gingerbread"),
        ("yt-dlp -u ada -p gingerbread https://h/", "gingerbread"),
        ("tool config set db/password gingerbread", "gingerbread"),
        ("tool secret create shop --value gingerbread", "gingerbread"),
        ("tool secret set SHOP --body=gingerbread", "gingerbread"),
        ("tool change_password ada gingerbread", "gingerbread"),
        ("fish -C 'set -gx DEPLOY_TOKEN gingerbread'", "gingerbread"),
        ("lftp -e 'open -u ada,gingerbread sftp://h'", "gingerbread"),
        ("kubectl create secret generic x --from-literal=db-password=gingerbread", "gingerbread"),
        ("ngrok config add-authtoken gingerbread", "gingerbread"),
        ("cmdkey /add:h /user:ada /pass:gingerbread", "gingerbread"),
        ("define('DB_PASSWORD', 'gingerbread');", "gingerbread"),
        ("ffmpeg -i a rtmp://h/live/g1nger8readAndMore", "g1nger8readAndMore"),
        ("PIN: 4711", "4711"),
        ("etl user add -e ada@example.org -p gingerbread", "gingerbread"),
        ("etl --user ada:gingerbread run", "gingerbread"),
        ("etl -password gingerbread run", "gingerbread"),
        ("user.set_password('gingerbread')", "gingerbread"),
        ("create_user('ada', 'ada@example.org', 'gingerbread')  # login", "gingerbread"),
        ("os.environ['API_SECRET'] = 'g1nger8readAndMore'", "g1nger8readAndMore"),
        ("root pw ginger8read (bmc)", "ginger8read"),
        ("the password was changed to gingerbread", "gingerbread"),
        ("Zugangsdaten: ada / Ginger8read", "Ginger8read"),
        ("password=gingerbread,uid=1000", "gingerbread"),
    ],
)
def test_what_another_word_names_is_found(line, secret):
    assert parts_of(line) == [secret]


@together(
    "line",
    [
        "restic --password-command 'pass show restic' -r /b ls", "restic --password-file f ls",
        "please set DB_PASSWORD first", "docker compose -p shop exec -u root web sh",
        "journalctl -u nginx -p warning", "psql -U ada -p 5433", "etl -u ada -p 8080:80",
        "tool secret get shop --value-only", "vault kv get -field=password secret/db",
        "etl -u ada -p prod", "aws ssm put-parameter --type String --name a --value northwind",
        "gcloud secrets versions access 1 --secret=db-password", "gpg -u ada -p x",
        "tool config set auth.existingSecret shop-auth", "curl -su ada https://h/",
        "spring.datasource.password=${DB_PASSWORD}", "'password' => env('DB_PASSWORD'),",
        "docker run -u 1000:staff -p 80:80 x", "get_password('db-main')",
        "hashes: password argon2id",
        "psql --user=ada -p 5433", "etl -e ada@example.org -p 8080",
    ],
)  # fmt: skip
def test_what_only_reads_like_it_holds_none(line):
    assert parts_of(line) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["cabin elder fancy jungle kitten ladder", "maple nephew olive pepper rabbit saddle"],
        ["1. cabin", "2. elder", "3. fancy", "4. jungle", "5. kitten", "6. ladder", "7. maple",
         "8. nephew", "9. olive", "10. pepper", "11. rabbit", "12. saddle"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["", "broken = [\n"])
def test_a_recovery_phrase_goes_on_from_one_comment_to_the_next(lines, end):
    text = "# wallet\n" + "".join(f"# {line}\n" for line in lines) + "[apps.x]\na = 1\n" + end
    if end:
        spans = [f.span for f in find_in_broken(text, Judgement(in_session=True))]
        spoken = " ".join(text[start:end] for start, end in spans)
    else:
        spoken = " ".join(found(text))
    assert all(word.split()[-1] in spoken for word in lines)
    assert "wallet" not in spoken
    masked = mask_text(text, "x.session.toml")
    assert "saddle" not in masked and "cabin" not in masked
    assert masked.count("#") == text.count("#")


def test_a_recovery_phrase_may_be_a_list_or_in_pieces():
    words = [
        "cabin",
        "elder",
        "fancy",
        "jungle",
        "kitten",
        "ladder",
        "maple",
        "nephew",
        "olive",
        "pepper",
        "rabbit",
        "saddle",
    ]
    assert found(f"[apps.x]\nw = {words}\n") == words
    assert found(f"[apps.x]\nw = [{' '.join(words[:6])!r}, {' '.join(words[6:])!r}]\n") == [
        " ".join(words[:6]), " ".join(words[6:]),
    ]  # fmt: skip
    assert (
        found("# the words of the list\n# are short and simple\n# as they should be\na = 1\n") == []
    )


@pytest.mark.parametrize(
    "piece",
    ["change_password ", "set a b ", "to set a ", "secret put --value ", "token (", "pw a "],
)
def test_a_line_of_many_words_takes_linear_time(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        start = time.process_time()
        parts_of(text)
        return time.process_time() - start

    seconds(1000)
    assert seconds(64_000) < 40 * max(seconds(8_000), 0.002)
