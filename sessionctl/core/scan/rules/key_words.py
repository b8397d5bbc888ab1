"""Key words: what people call passwords and tokens, in the languages they configure in."""

from __future__ import annotations

from sessionctl.core.memory import remembered
from sessionctl.core.regex.lazy_pattern import late

# What people choose themselves.
PASSWORDS = frozenset(
    """adgangskode authtok bindpw contrasena contrasenya contrasinal entsperrcode geheimzahl geslo
    haslo heslo jelszo kennwort kodeord losenord losungswort lozinka matkhau mdp motdepasse nenosiri
    palavrapasse parola parool parooli passcode passord passphrase passwd password passwort
    pgpassword pswd psk pwd salasana senha sifre slaptazodis sysadminpassword turcode userpassword
    wachtwoord zaporka zugangscode""".split()
)
# What these are for stands behind them: "senha do banco".
HEAD_FIRST = frozenset(
    """clave contrasena contrasenya contrasinal haslo heslo kennwort mdp motdepasse palavrapasse
    parola passe passwort senha""".split()
)
# What a program made.
TOKENS = frozenset(
    """accesstoken apikey bearer credential credentials geheimnis jeton mnemonic seckey secret
    secreta secreto segredo segreto sekret tajemstvi tajemnica token""".split()
)
# Either, but only where the value looks like it.
LOOSE_WORDS = frozenset(
    """auth authorization basicauth clave clef cookie cookies cred creds geheim httpauth jwt login
    oauth otp parole pass passkey pat pepper pin proxyauth pw rpcauth salt seed signature totp
    userpass""".split()
)
# Many of them: what is below is one each.
PLURALS = {
    **dict.fromkeys(
        """contrasenas hasla hesla kennworter losenord motsdepasse passcodes passphrases passwoerter
    passwords passworter passwd pwds senhas wachtwoorden""".split(),
        "password",
    ),
    **dict.fromkeys(["apikeys", "credentials", "creds", "keys", "secrets", "tokens"], "loose"),
}
# Names that are written as one word end with these.
PASSWORD_ENDS = (
    "bindpw", "dbpw", "kennwort", "motdepasse", "palavrapasse", "passphrase", "passwd", "password",
    "passwort", "rootpw", "userpw", "wachtwoord",
)  # fmt: skip
TOKEN_ENDS = (
    "accesskey", "accountkey", "apikey", "apitoken", "authkey", "authtoken", "bottoken",
    "clientsecret", "encryptionkey", "masterkey", "privatekey", "privkey", "refreshtoken",
    "secretkey", "sessiontoken", "apischlussel", "zugangsschlussel", "geheimschlussel",
    "netzwerkschlussel", "sicherheitsschlussel", "wiederherstellungsschlussel",
    "sharedkey", "signingkey",
)  # fmt: skip
# "key" alone says nothing; behind one of these it does.
KEYS = frozenset(
    """access account api app application auth consumer cryptographic deploy encryption hmac jwt
    license master preshared private secret security service session shared signing storage
    subscription webhook wep wifi wpa""".split()
)
# Before "KEY" in the name of a variable, these say that it is no secret.
PLAIN_KEYS = frozenset(
    """cache compose foreign group hot index key leader lookup map menu meta mod object partition
    prefix primary pub public range registry row shortcut sort ssh super""".split()
)
# Before one of ``TOKENS``, these say that the name of one follows.
REFERRING = frozenset("existing external named pull sealed".split())
# Before "pass", these say that it is a turn or a way.
TURNS = frozenset(
    """all band boarding bus by color compiler day depth each first high last low multi no one opt
    per post press render second shader shadow single ski third two""".split()
)
# Two or more words that are one name: "mot de passe".
_PHRASES = {
    "passphrase": ("pass", "phrase"),
    "password": ("pass", "word"),
    "motdepasse": ("mot", "de", "passe"),
    "palavrapasse": ("palavra", "passe"),
    "matkhau": ("mat", "khau"),
    "mnemonic": ("seed", "phrase"),
    "passcode": ("pass", "code"),
}
PHRASES = {words: name for name, words in _PHRASES.items()} | {
    ("kata", "sandi"): "password",
    ("recovery", "phrase"): "mnemonic",
    ("recovery", "words"): "mnemonic",
    ("seed", "words"): "mnemonic",
    ("backup", "words"): "mnemonic",
    ("backup", "codes"): "passcodes",
    ("recovery", "codes"): "passcodes",
    ("recovery", "code"): "passcode",
    ("unlock", "code"): "passcode",
    ("unlock", "pin"): "passcode",
    ("pin", "code"): "passcode",
    ("security", "code"): "passcode",
    ("security", "answer"): "passcode",
    ("access", "code"): "passcode",
    ("snmp", "community"): "passcode",
    ("alarm", "code"): "passcode",
    ("door", "code"): "passcode",
    ("garage", "code"): "passcode",
    ("gate", "code"): "passcode",
    ("safe", "code"): "passcode",
    ("entry", "code"): "passcode",
    ("lock", "code"): "passcode",
    ("clave", "api"): "apikey",
    ("clave", "primaria"): "",
    ("clave", "foranea"): "",
    ("clave", "publica"): "",
    ("api", "anahtari"): "apikey",
    ("api", "klucz"): "apikey",
    ("klucz", "api"): "apikey",
    ("chiave", "api"): "apikey",
    ("chave", "secreta"): "secreta",
    ("cle", "secrete"): "secreta",
    ("phrase", "secrete"): "secreta",
    ("code", "secret"): "passcode",
    ("codigo", "de", "acceso"): "passcode",
    ("codigo", "acceso"): "passcode",
    ("code", "acces"): "passcode",
    ("codice", "accesso"): "passcode",
    ("codice", "di", "accesso"): "passcode",
    ("kod", "dostepu"): "passcode",
    ("gizli", "anahtar"): "secreta",
    ("chiave", "segreta"): "segreto",
    ("chiave", "privata"): "apikey",
    ("geheimer", "schlussel"): "secreta",
    ("api", "schlussel"): "apikey",
    ("api", "sleutel"): "apikey",
    ("api", "nyckel"): "apikey",
    ("cle", "api"): "apikey",
    ("cle", "privee"): "apikey",
    ("clave", "privada"): "apikey",
    ("chave", "api"): "apikey",
    ("chave", "privada"): "apikey",
    ("connection", "auth"): "token",
    ("secret", "id"): "auth",
}
PHRASE_ENDS = frozenset(words[-1] for words in PHRASES)
# In scripts that do not mark where a word ends; looked for inside of the name.
_FOREIGN = {
    "password": (
        "пароль", "гасло", "парола", "лозинка", "κωδικος", "συνθηματικο", "密码", "密碼", "口令",
        "パスワード", "暗証番号", "비밀번호", "암호", "كلمة المرور", "كلمة السر", "סיסמה", "รหัสผ่าน",
        "पासवर्ड", "գաղտնաբառ", "პაროლი",
    ),
    "token": (
        "секрет", "токен", "令牌", "密钥", "密鑰", "金鑰", "秘钥", "トークン", "秘密鍵",
        "シークレット", "토큰", "비밀키", "시크릿", "מפתח סודי",
    ),
}  # fmt: skip

_FOREIGN_ABOUT = (
    "管理", "文件", "长度", "策略", "提示", "ファイル", "マネージャ", "期限", "관리", "파일",
    "файл", "менеджер", "длина", "срок",
)  # fmt: skip

# Parts of the words above, as they stand in a text that is not in capitals. Latin letters with
# marks are left out of them, so that they fit with the marks and without.
SPOKEN = (
    "auth", "basic", "bearer", "cookie", "cred", "kennwort", "key", "login", "pass", "pat",
    "pin", "psk", "pw", "secret", "seed", "token", "senha", "contrase", "clave", "parol",
    "parool", "wachtwoord", "senord", "adgang", "salasana", "heslo", "jelsz", "ifre", "geslo",
    "lozink", "zaporka", "mdp", "segre", "geheim", "sekret", "tajem", "jeton", "khau", "sandi",
    "nenosiri", "slapta", "anahtar", "klucz", "chiave", "chave", "schl",
    "codigo", "codice", "dostepu", "kodeord", "losung", "communit", "mnemonic", "otp",
    "jwt", "salt", "pepper", "signature", "wallet", "recovery", "phrase", "identif", "haslo",
    "wifi", "wlan", "wi-fi", "zugang", "identifiants", "mysqli", "new pdo",
    "getconnection", "superuser", "puk", "_api",
    "code",
)  # fmt: skip
# "code" alone says nothing; with one of these before or behind it does.
CODES = late(
    r"(?:[kys]|or|rm|te|ge|fe|up|in|r)[ _-]?codes?|code_?[ -]?(?:de|du|da|del|d|of|f[uü]r|for)[ _']"
)
FOREIGN_SPOKEN = tuple(word for words in _FOREIGN.values() for word in words)
_HASLO = ("has\u0142o", "HAS\u0141O", "haslo")
GREP_SPOKEN = (*FOREIGN_SPOKEN, *_HASLO)
"""What else a text may have that speaks of secrets, spelled in full."""

_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "\u0131": "i", "ø": "o", "Ø": "O", "đ": "d", "ß": "ss"}
)


@remembered(1024)
def folded(text: str) -> str:
    """Return ``text`` without the marks on its letters: ``contraseña`` is ``contrasena``."""
    if text.isascii():
        return text
    import unicodedata  # with 200 microseconds, and most texts need none of it

    bare = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in bare if not unicodedata.combining(c)))


@remembered()
def _foreign() -> tuple[tuple[str, str], ...]:
    return tuple((folded(word), kind) for kind, words in _FOREIGN.items() for word in words)


@remembered()
def foreign_spoken() -> tuple[str, ...]:
    """Return the words of other scripts, folded."""
    return tuple(word for word, _ in _foreign())


def foreign_kind(key: str) -> str:
    """Return the kind of a folded name by the words of other scripts in it, or ""."""
    lower = key.lower()
    if any(word in lower for word in _FOREIGN_ABOUT):
        return ""
    return next((kind for word, kind in _foreign() if word in lower), "")
