"""Secrets in sentences: "the root password is ...", "login: carol / ..."."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import VERBOSE, late
from sessionctl.core.scan.finding import TEXT, SecretPart
from sessionctl.core.scan.rules.plausibility import (
    is_placeholder,
    is_strong,
    looks_chosen,
    names_a_place,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_NOUN = r"""(?:pass(?=\ (?:for|of|del?|d[aiou]|zum|f[uü]rs?)\ )
  |pass ?words?|pass ?phrase|pass ?code|passwd
  |pwd|pw|pin(?:[ -]?code)?|passwort|kennwort
  |mot\ de\ passe|contrase[nñ]a|clave|senha|wachtwoord|l[oö]senord(?:et)?|has[lł]o|heslo
  |parola|пароль
  |psk|pre-?shared\ key|shared\ secret|community(?:\ string)?|combo(?:\ code)?|combination|login
  |adgangskoden?|passord(?:et)?|salasana|jelsz[oó]|mdp|şifre|gasło|гасло|κωδικός
  |api[ -]?key|secret|token
  |(?:unlock|access|door|gate|alarm|safe|entry|recovery|backup)\ codes?|(?:t[uü]r|alarm|zugangs)code
  |cl[eé]\ (?:wi-?fi|wpa|wep|api|r[eé]seau|secr[eè]te)|klucz\ (?:api|wi-?fi)
  |chiave\ (?:api|wi-?fi|wpa)
  |code\ d['\u2019]acc[eè]s|code\ secret|c[oó]digo\ de\ acceso|codice\ di\ accesso|kod\ dost[eę]pu
  |code(?=\ (?:de|du|da|del|della|f[uü]r|for|of|to|from)\ ))"""
# Where a word begins with a letter that one of the nouns begins with: most words are not looked at.
_BEGINS = r"(?<!\w)(?=[a-ehj-mpr-uwz\u0433\u015f\u03ba\u043f])(?<!--)(?<!\s-)"
_VERB = r"""(?:(?:is|was|has\ been|got)\ (?:changed|set|reset)\ to
  |is\ (?:now|still|currently|simply|just)|remains|answers\ to|reads|ist\ (?:jetzt|noch|immer\ noch)
  |is|was|are|=|:|->|=>|→|ist|war|lautet|est|c['\u2019]est|es|era|é|è|to|jest|это|-|—
  |är|er|on|set\ to|changed\ to)"""
_OF = r"""(?P<of>\ (?:for|of|on|to|at|from|fürs?|vom?|zum|zur|des?|du|pour|para|por|do|da|del
  |della|dello|di|dla|od|till?|van|voor|pro|от|для|к|на|per)
  \ [\w.@-]{1,40}(?:\ [\w.@-]{1,40}){0,2}?|\ [^\W\d_]{3,24}(?=\ ?:)
  |\ \([^()\n]{1,40}\))"""
_SAID = late(
    rf"""(?i){_BEGINS}{_NOUN}{_OF}?[ ]?[ \t]{{0,3}}(?P<verb>{_VERB})[ \t]{{1,3}}
      (?P<quote>["'`«“„]?)(?P<secret>[^\s"'`«»“”]{{3,120}})""",
    VERBOSE,
)
# In one word with what it is for: Datenbankpasswort ist X.
_COMPOUND = late(
    rf"""(?i)(?:passwort|kennwort|l[oö]senord|wachtwoord){_OF}?[ ]?[ \t]{{0,3}}(?P<verb>{_VERB})
      [ \t]{{1,3}}(?P<quote>["'`«“„]?)(?P<secret>[^\s"'`«»“”]{{3,120}})""",
    VERBOSE,
)
# At once: root pw Steamboat1, with letters and digits.
_NEXT_TO = late(
    r"""(?i)(?<![\w=:-])(?:pass ?words?|pass ?phrase|passwd|pwd|pw|psk|passwort|kennwort|mdp
      |contrase[nñ]a|senha|wachtwoord|пароль|schl[uü]ssel|cl[eé])[ ](?=[^\s]*[^\W\d_])(?=[^\s]*\d)
      (?P<secret>[^\s"'`:=<>$(){}\[\]/]{8,120})(?=\s|[,;.)]|\Z)""",
    VERBOSE,
)
_KINDS = frozenset(
    "argon2id argon2 sha256 sha512 pbkdf2 md5crypt sha512crypt base64 oauth2".split()
)
# Scripts that put no space between words: 密码是 X, パスワードは X です.
_WRITTEN_ON = late(
    r"""(?:密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|密钥|รหัสผ่าน)[^\s:\uff1a=是は为為의는은]{0,12}
      \s?(?:是|为|為|は|는|은|[:\uff1a=])\s{0,2}["'`「“]?(?P<secret>[!-~]{4,120})""",
    VERBOSE,
)
# A number that opens something: PIN 4711.
_PIN = late(
    r"\b(?:PIN|PIN[ -]?[Cc]ode|pin code|PUK|TAN)[ :=]{1,3}(?:[\w-]{1,20}[ :=]{1,3}){0,2}?"
    r"(?P<secret>[0-9]{4}(?:-?[0-9]{2,4})?)\b(?![.\w])"
    r"|\b(?i:puk|alarmcode|t[uü]rcode|zugangscode|safecode)[ :=]{1,3}(?P<code>[0-9]{4,8})\b"
    r"|\b(?:alarm|door|gate|garage|safe|entry|access|building|lock(?:er)?|unlock) (?:code|pin)"
    r"(?: is)?[ :=]{1,3}"
    r"(?P<number>[0-9]{4,8})\b"
)
# Beside a name: as carol, password Steamboat1; user carol pw Steamboat1.
_BESIDE = late(
    rf"""(?i)\b(?:as|user|username|login|with|account|using|und|and|/|,)[ ]+[\w.@-]{{1,60}}
      [ ]?[,;/]?[ ]{{0,3}}(?:and[ ]+|with[ ]+|und[ ]+)?(?:the[ ]+)?{_NOUN}[ ]+
      (?P<quote>["'`]?)(?P<secret>[^\s"'`]{{4,120}})""",
    VERBOSE,
)
# Both in one: login with carol / Steamboat1.
_BOTH = late(
    r"""(?i)\b(?:log(?:s|ged)?[ -]?(?:in|on)|sign[ -]?in|creds?|credentials?|account|zugang|access
      |zugangsdaten|identifiants?|credenciales|wi-?fi|wlan|ssid|hotspot)\b
      [^\n/:]{0,30}?[ :]+[\w.@+-]{2,60}[ ]?(?:/|:|\|)[ ]?(?P<secret>[^\s"'`/:|,;]{4,120})
      (?=[\s"'`,;.)]|\Z)""",
    VERBOSE,
)
_ENDS_SENTENCE = late(
    r"""[ \t]*(?:[.,;!)"'`»”]*)[ \t]*(?:\r?\n|\Z|\(|and\b|und\b|et\b|y\b|for\b|on\b)"""
)
_ABOUT = late(
    r"(?i)\b(?:manager|policy|length|field|hint|prompt|file|store|hash|reset|rotation|expiry|type"
    r"|format|rules?|checker|generator|strength|app|vault|tool)s?\Z"
)
_SURE = late(r"(?i)mot de|code |c[oó]d|cl[eé] |klucz |chiave ")
_NUMBERED = late(r"暗証番号|비밀번호|密[码碼]|口令")
_CODE = late(r"(?=[^0-9]*[0-9])[0-9A-Za-z]{3,8}(?:-[0-9A-Za-z]{3,8}){1,4}|[0-9]{4,10}")
_CODES = late(r"(?i)(?:\w+ codes?|\w+code)\s?:")
# Of a second factor: TOTP seed JBSWY3DPEHPK3PXP.
_SEED = late(
    r"(?i)\b(?:totp|otp|2fa|mfa|authenticator)\b[^\n]{0,24}?(?:\b|:)"
    r"(?-i:(?P<secret>(?=[A-Z]*[2-7])[A-Z2-7]{16,64}))\b"
)
_WORDS = late(r"[^\W\d_]+(?:-[^\W\d_]+){0,4}")
_FACTORS = ("TOTP", "OTP ", "OTP:", "otp", "2FA", "2fa", "MFA", "mfa", "thenticator")
_GROUPS = ("secret", "number", "code")
_NUMBERS = ("puk ", "code ", "PIN", "PUK", "TAN", "pin code", " code ", " code:")
_ODD = late(r"[0-9!@#$%^&*+=?~|\\]")
_TRAILING = ".,;:!?)»”"
# What is said of passwords, and is none.
SAID_OF_THEM = frozenset(
    """a abgelaufen above absent admin again also always an any asked below blank broken case
    changed checked clear compromised correct default different disabled elsewhere empty enabled
    encrypted enough entered expired falsch fine geheim gone good hard hashed here hidden his
    hers ignored important in incorrect inside invalid it its kept known leaked limited locked
    long longer lost masked mandatory mine missing my needed never new no none not nothing now
    null off ok old on one only optional ours outdated plain private prompted public random read
    ready redacted required requested reset retrieved rotated safe same sealed secret secure
    sent set short shown shared somewhere static stored strong stronger supplied taken temporary
    that the their there this too true type typed unchanged undefined unknown unset used valid
    visible wanted weak what where wrong yes your yours
    abgesprochen abierto anders bekannt bloqueado caducado caduca cambiada cambiado desconocida
    erforderlich fehlt guardada geändert gespeichert gesperrt leer nötig obligatoria obligatorio
    obligatoire oubliée périmé perdida perdido requerida requise secreta secreto temporaire
    ungültig unten vacía verloren vergessen wichtig gratuit ouvert fermé changé inconnu faux
    correcta incorrecta errata scaduta sbagliata obbligatoria vazia errada obrigatória
    verplicht verlopen fout leeg wymagane puste нужен неверный обязателен пустой сменить""".split()
)
_ENDINGS = ("ed", "ing", "ion", "able", "ible", "less", "ful", "ly", "est", "ment")


def prose_parts(text: str) -> Iterator[SecretPart]:
    """Yield what ``text`` says in words to be a password."""
    for pattern in _patterns(text):
        for match in pattern.finditer(text):
            group = next(name for name in _GROUPS if match.groupdict().get(name))
            secret = match[group].rstrip(_TRAILING)
            is_quoted = bool(match.groupdict().get("quote"))
            end = match.start(group) + len(secret)
            if _is_one(text, secret, end, match, is_quoted=is_quoted):
                yield SecretPart(TEXT, "a password", match.start(group), end)


def _patterns(text: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that may fit; most texts need few, and each takes time to make."""
    if " " in text:
        yield _SAID
        if _ODD.search(text):
            yield _BESIDE
            yield _BOTH
            yield _NEXT_TO
    if not text.isascii():
        yield _WRITTEN_ON
    if "wort" in text or "senord" in text or "wachtw" in text:
        yield _COMPOUND
    if _ODD.search(text):
        if any(word in text for word in _FACTORS):
            yield _SEED
        if any(word in text for word in _NUMBERS):
            yield _PIN


def _is_about(match: re.Match[str]) -> bool:
    """Return whether this speaks of something beside a password: "password manager: X"."""
    return _ABOUT.search(match.groupdict().get("of") or "") is not None


def _is_one(text: str, secret: str, end: int, match: re.Match[str], *, is_quoted: bool) -> bool:
    if len(secret) < 3 or is_placeholder(secret) or names_a_place(secret):
        return False
    if secret.lower() in SAID_OF_THEM or secret.lower() in _KINDS or _is_about(match):
        return False
    is_phrase = _SURE.match(match[0]) is not None or _CODES.match(match[0]) is not None
    if match.groupdict().get("verb") in (":", "=") and not (match["of"] or is_phrase):
        return False  # "password: see the vault" has rules of its own
    if (is_phrase or _NUMBERED.match(match[0])) and _CODE.fullmatch(secret):
        return True
    if "number" in match.re.groupindex or looks_chosen(secret) or is_strong(secret):
        return True
    if match.re.groupindex.get("verb") is None or not _WORDS.fullmatch(secret):
        return False
    noun = match[0].lower()
    if noun.startswith(("secret", "api", "clave", "to")):
        return False
    if match["verb"] in ("=", "to", "-", "—", "er", "on", "är"):
        return False
    if is_quoted:
        return True
    is_last = _ENDS_SENTENCE.match(text, end) is not None
    return is_last and not secret.endswith(_ENDINGS)
