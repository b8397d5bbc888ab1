"""Made-up values for the corpus: what looks like a secret, and what only looks odd.

Nothing here was ever valid anywhere. The heads of provider tokens are put together from
parts, so that no scanner which guards a push takes this file for a leak.
"""

from __future__ import annotations

import base64
import hashlib
import string
import uuid

UPPER, LOWER, DIGITS = string.ascii_uppercase, string.ascii_lowercase, string.digits
ALNUM = UPPER + LOWER + DIGITS
URLSAFE = ALNUM + "_-"
HEX = "0123456789abcdef"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
WORDS = [
    "amber", "anchor", "barley", "basalt", "birch", "bramble", "cedar", "cinder", "clover",
    "copper", "coral", "cosmos", "cricket", "dapple", "ember", "falcon", "fathom", "fennel",
    "flint", "garnet", "gopher", "gravel", "harbor", "hazel", "heron", "indigo", "ivory", "jasper",
    "juniper", "kestrel", "lantern", "larch", "lichen", "lupine", "magpie", "maple", "marble",
    "meadow", "mica", "nettle", "nimbus", "nutmeg", "obsidian", "olive", "onyx", "orchid",
    "osprey", "otter", "pebble", "pepper", "pewter", "plover", "quartz", "quill", "raven", "reed",
    "saffron", "sage", "sorrel", "sparrow", "spruce", "sumac", "tansy", "teal", "thistle",
    "timber", "topaz", "tundra", "umber", "velvet", "violet", "walnut", "willow", "wren", "yarrow",
    "zephyr",
]  # fmt: skip


def pick(r, alphabet, size):
    return "".join(r.choice(alphabet) for _ in range(size))


def words(r, count, joint):
    return joint.join(r.choice(WORDS) for _ in range(count))


def short_password(r):
    return r.choice(WORDS) + pick(r, DIGITS, r.randint(1, 3))


def strong_password(r):
    body = list(pick(r, ALNUM, r.randint(9, 18)) + pick(r, "!%^&*+-_.,;?", 2))
    r.shuffle(body)
    return "".join(body)


def url_password(r):
    return pick(r, ALNUM + "!*-_.~", r.randint(6, 20)) + r.choice(LOWER)


def passphrase(r):
    return words(r, r.randint(4, 6), r.choice([" ", "-", " "]))


def pin(r):
    return pick(r, DIGITS, r.choice([4, 6]))


def hex_secret(r):
    return pick(r, HEX, r.choice([32, 40, 64]))


def base64_secret(r):
    return base64.b64encode(r.randbytes(r.choice([24, 32, 48]))).decode()


def opaque_token(r):
    return pick(r, URLSAFE, r.randint(24, 48))


def wireguard_key(r):
    return base64.b64encode(r.randbytes(32)).decode()


def basic_auth(r):
    return base64.b64encode(f"{r.choice(WORDS)}:{strong_password(r)}".encode()).decode()


def _unpadded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(r):
    head = _unpadded(b'{"alg":"HS256","typ":"JWT"}')
    body = _unpadded(b'{"sub":"%d","iat":%d}' % (r.randrange(10**9), r.randrange(10**9)))
    return f"{head}.{body}.{_unpadded(r.randbytes(32))}"


def pem_line(r):
    label = r.choice(["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "])
    return "-----BEGIN " + label + "PRIVATE" + " KEY-----"


PROVIDERS = {
    "aws-id": lambda r: "AK" + "IA" + pick(r, UPPER + "234567", 16),
    "aws-secret": lambda r: pick(r, ALNUM + "/+", 40),
    "github": lambda r: r.choice(["gh" + "p_", "gh" + "o_", "gh" + "s_"]) + pick(r, ALNUM, 36),
    "github-fine": lambda r: "github" + "_pat_" + pick(r, ALNUM, 22) + "_" + pick(r, ALNUM, 59),
    "gitlab": lambda r: "gl" + "pat-" + pick(r, URLSAFE, 20),
    "gitlab-runner": lambda r: "gl" + "rt-" + pick(r, URLSAFE, 20),
    "slack-bot": lambda r: (
        "xo" + f"xb-{pick(r, DIGITS, 12)}-{pick(r, DIGITS, 12)}-{pick(r, ALNUM, 24)}"
    ),
    "slack-hook": lambda r: (
        "https://hooks.sl"
        + "ack.com/services/T"
        + pick(r, UPPER + DIGITS, 8)
        + "/B"
        + pick(r, UPPER + DIGITS, 8)
        + "/"
        + pick(r, ALNUM, 24)
    ),
    "stripe": lambda r: "sk" + "_live_" + pick(r, ALNUM, 24),
    "stripe-restricted": lambda r: "rk" + "_live_" + pick(r, ALNUM, 24),
    "google-api": lambda r: "AI" + "za" + pick(r, URLSAFE, 35),
    "google-oauth": lambda r: "GOC" + "SPX-" + pick(r, URLSAFE, 28),
    "npm": lambda r: "np" + "m_" + pick(r, ALNUM, 36),
    "pypi": lambda r: "pypi-" + "AgEIcHlwaS5vcmc" + pick(r, URLSAFE, 120),
    "openai": lambda r: "sk" + "-proj-" + pick(r, URLSAFE, 74),
    "openai-old": lambda r: "sk" + "-" + pick(r, ALNUM, 48),
    "anthropic": lambda r: "sk-" + "ant-api03-" + pick(r, URLSAFE, 93) + "AA",
    "sendgrid": lambda r: "S" + "G." + pick(r, URLSAFE, 22) + "." + pick(r, URLSAFE, 43),
    "twilio": lambda r: "S" + "K" + pick(r, HEX, 32),
    "digitalocean": lambda r: "do" + "p_v1_" + pick(r, HEX, 64),
    "huggingface": lambda r: "h" + "f_" + pick(r, UPPER + LOWER, 34),
    "telegram": lambda r: pick(r, "123456789", 10) + ":A" + "A" + pick(r, URLSAFE, 33),
    "mailgun": lambda r: "ke" + "y-" + pick(r, HEX, 32),
    "mailchimp": lambda r: pick(r, HEX, 32) + "-u" + "s" + str(r.randint(1, 21)),
    "shopify": lambda r: "shp" + "at_" + pick(r, HEX, 32),
    "vault": lambda r: "hv" + "s." + pick(r, URLSAFE, 90),
    "terraform": lambda r: pick(r, ALNUM, 14) + ".atlas" + "v1." + pick(r, ALNUM, 67),
    "docker": lambda r: "dckr" + "_pat_" + pick(r, URLSAFE, 27),
    "databricks": lambda r: "da" + "pi" + pick(r, HEX, 32),
    "linear": lambda r: "lin" + "_api_" + pick(r, ALNUM, 40),
    "grafana": lambda r: "gl" + "sa_" + pick(r, ALNUM, 32) + "_" + pick(r, HEX, 8),
    "doppler": lambda r: "dp" + ".pt." + pick(r, ALNUM, 43),
    "tailscale": lambda r: "tskey" + "-auth-" + pick(r, ALNUM, 12) + "-" + pick(r, ALNUM, 32),
    "newrelic": lambda r: "NR" + "AK-" + pick(r, UPPER + DIGITS, 27),
    "crates": lambda r: "ci" + "o" + pick(r, ALNUM, 32),
    "rubygems": lambda r: "ruby" + "gems_" + pick(r, HEX, 48),
    "notion": lambda r: "nt" + "n_" + pick(r, ALNUM, 46),
    "planetscale": lambda r: "psc" + "ale_pw_" + pick(r, URLSAFE, 43),
    "age": lambda r: "AGE-SEC" + "RET-KEY-1" + pick(r, BECH32.upper(), 58),
}

SECRETS = PROVIDERS | {
    "short-password": short_password,
    "strong-password": strong_password,
    "url-password": url_password,
    "passphrase": passphrase,
    "pin": pin,
    "hex": hex_secret,
    "base64": base64_secret,
    "opaque": opaque_token,
    "wireguard": wireguard_key,
    "basic-auth": basic_auth,
    "jwt": jwt,
    "pem": pem_line,
}


def _sri(r):
    return "sha512-" + base64.b64encode(r.randbytes(64)).decode()


def _ssh_public(r):
    head = base64.b64decode("AAAAC3NzaC1lZDI1NTE5AAAAI") if r.random() < 0 else b""
    body = base64.b64encode(head + r.randbytes(32)).decode().rstrip("=")
    return f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{body[:43]} {r.choice(WORDS)}@{r.choice(WORDS)}"


BENIGN = {
    "sha1": lambda r: hashlib.sha1(r.randbytes(8), usedforsecurity=False).hexdigest(),
    "sha256": lambda r: hashlib.sha256(r.randbytes(8)).hexdigest(),
    "short-sha": lambda r: pick(r, HEX, 7),
    "md5": lambda r: pick(r, HEX, 32),
    "sri": _sri,
    "nix-hash": lambda r: "sha256-" + base64.b64encode(r.randbytes(32)).decode(),
    "uuid": lambda r: str(uuid.UUID(bytes=r.randbytes(16), version=4)),
    "age-public": lambda r: "age1" + pick(r, BECH32, 58),
    "ssh-public": _ssh_public,
    "fingerprint": lambda r: "SHA256:" + base64.b64encode(r.randbytes(32)).decode().rstrip("="),
    "word": lambda r: r.choice(WORDS),
    "words": lambda r: words(r, r.randint(3, 7), " "),
    "slug": lambda r: words(r, 2, "-"),
    "name": lambda r: words(r, 2, "_"),
    "host": lambda r: f"{words(r, 2, '-')}.example.{r.choice(['org', 'net', 'com'])}",
    "port": lambda r: str(r.randint(1024, 65000)),
    "int": lambda r: str(r.randint(2, 999)),
    "version": lambda r: f"{r.randint(0, 9)}.{r.randint(0, 40)}.{r.randint(0, 20)}",
    "date": lambda r: f"20{r.randint(18, 26)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "ip": lambda r: f"10.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}",
    "mac": lambda r: ":".join(pick(r, HEX, 2) for _ in range(6)),
    "color": lambda r: "#" + pick(r, HEX, 6),
    "gpg-id": lambda r: pick(r, "0123456789ABCDEF", 40),
    "layout": lambda r: (
        f"{pick(r, HEX, 4)},{r.randint(80, 300)}x{r.randint(20, 90)},0,0,{r.randint(0, 40)}"
    ),
}


def fill(template, r):
    """Return the lines of a template, each with the kind of the secret in it or "".

    ``<<kind>>`` stands for a made-up secret, ``((kind))`` for a value that is none.
    """
    lines = []
    for line in template.strip("\n").split("\n"):
        kind = ""
        while "<<" in line:
            head, _, rest = line.partition("<<")
            kind, _, tail = rest.partition(">>")
            line = f"{head}{SECRETS[kind](r)}{tail}"
        while "((" in line:
            head, _, rest = line.partition("((")
            harmless, _, tail = rest.partition("))")
            line = f"{head}{BENIGN[harmless](r)}{tail}"
        lines.append((line, kind))
    return lines
