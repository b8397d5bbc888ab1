"""The half of the corpus that no rule was tuned on: other authors, programs and habits.

Written before the detector. Each document is filled ``COPIES`` times with other values.
"""

# ruff: noqa: E501 - lines of other programs are as long as they are
from __future__ import annotations

SEED = 90210
COPIES = 6

SESSION_SECRETS = """
schema_version = 1
id = "((uuid))"
name = "((slug))"
root = "~/work/((word))"

[env]
RUST_LOG = "info,((word))=debug"
PGPASSWORD = "<<short-password>>"
STRIPE_SECRET = "<<stripe>>"
SENTRY_AUTH_TOKEN = "<<hex>>"
BROKER_URL = "amqp://((word)):<<url-password>>@((host)):5671/((word))"
DJANGO_SECRET_KEY = '<<strong-password>>'
NODE_ENV = "development"
CACHE_URL = "rediss://:<<url-password>>@((host)):6380/0"
GH_TOKEN = "<<github>>"

[[windows]]
name = "((word))"

  [[windows.panes]]
  name = "db"
  run = ["mysql", "-h", "((host))", "-u", "((word))", "-p<<short-password>>", "((word))"]

  [[windows.panes]]
  name = "psql"
  run = "PGPASSWORD=<<short-password>> psql -h ((host)) -U ((word)) ((word))"

  [[windows.panes]]
  name = "api"
  run = "curl -s -u ((word)):<<strong-password>> https://((host))/v1/((word))"

  [[windows.panes]]
  name = "hooks"
  run = ["http", "POST", "https://((host))/deploy", "Authorization:Bearer <<opaque>>"]

  [[windows.panes]]
  name = "serve"
  run = ["./bin/serve", "--listen", "127.0.0.1:((port))", "--admin-password", "<<strong-password>>"]
  # the old one: --admin-password=<<strong-password>>

  [[windows.panes]]
  name = "redis"
  run = "redis-cli -h ((host)) -a <<strong-password>> monitor"

[connections.primary]
driver = "postgres"
host = "((host))"
port = 5432
user = "((word))"
password = "<<passphrase>>"

[connections.cache]
driver = "redis"
host = "((host))"
password = '<<strong-password>>'
# password = "<<short-password>>"   # before the move

[connections.billing]
driver = "http"
url = "https://((host))/api"
token = "<<jwt>>"
headers = { "X-Api-Key" = "<<opaque>>", Accept = "application/json" }
"""

SERVICE_SECRETS = """
# ((words))
title = "((word)) service"
listen = "0.0.0.0:((port))"

[database]
url = "postgresql://((name)):<<url-password>>@((host)):5432/((name))"
pool = ((int))
replica = "host=((host)) port=5432 dbname=((word)) user=((word)) password=<<strong-password>>"

[queue]
hosts = ["amqps://((word)):<<url-password>>@((host))/", "amqp://((host)):5672/"]

[mail]
server = "smtp.((host))"
username = "((word))@example.org"
passwd = "<<strong-password>>"
sendgrid = "<<sendgrid>>"

[storage]
endpoint = "https://((host))"
access_key_id = "<<aws-id>>"
secret_access_key = "<<aws-secret>>"
bucket = "((slug))"

[auth]
issuer = "https://((host))/realms/((word))"
client_id = "((slug))"
client_secret = "<<hex>>"
jwt_signing_key = "<<base64>>"
session_secret = "<<hex>>"
cookie_secret = "<<base64>>"
totp_secret = "<<opaque>>"

[telemetry]
dsn = "https://((word)):<<hex>>@((host))/42"
license_key = "<<newrelic>>"
dashboards_token = "<<grafana>>"

[chat]
webhook = "<<slack-hook>>"
bot = "<<slack-bot>>"
telegram = "<<telegram>>"

[payments]
key = "<<stripe-restricted>>"
webhook_secret = "<<opaque>>"

[legacy]
jdbc = "jdbc:mysql://((host)):3306/((word))?user=((word))&password=<<url-password>>"
odbc = "Driver={ODBC Driver 18};Server=((host));Uid=((word));Pwd=<<strong-password>>;"
callback = "https://((host))/notify?channel=((word))&access_token=<<opaque>>"
"""

TOOL_SECRETS = """
[registry]
token = "<<crates>>"

[registries.((word))]
index = "sparse+https://((host))/index/"
token = "Bearer <<opaque>>"

[npm]
"//((host))/:_authToken" = "<<npm>>"

[pypi]
username = "__token__"
password = "<<pypi>>"

[[tool.uv.index]]
name = "((word))"
url = "https://((word)):<<url-password>>@((host))/simple"

[gitlab]
personal_token = "<<gitlab>>"
runner = "<<gitlab-runner>>"

[github]
oauth = "<<github-fine>>"

[llm]
openai = "<<openai>>"
OPENAI_API_KEY = "<<openai-old>>"
claude = "<<anthropic>>"
hf = "<<huggingface>>"

[cloud]
do_token = "<<digitalocean>>"
maps = "<<google-api>>"
oauth_client = "<<google-oauth>>"
tf = "<<terraform>>"
vault = "<<vault>>"
docker = "<<docker>>"
spark = "<<databricks>>"
tracker = "<<linear>>"
secrets_manager = "<<doppler>>"
mesh = "<<tailscale>>"
notes = "<<notion>>"
shop = "<<shopify>>"
mail = "<<mailgun>>"
news = "<<mailchimp>>"
sms = "<<twilio>>"
gems = "<<rubygems>>"
planet = "<<planetscale>>"

[keys]
identity = "<<age>>"
pem = '''
<<pem>>
'''

[wg]
PrivateKey = "<<wireguard>>"
PresharedKey = "<<wireguard>>"
PublicKey = "((fingerprint))"

[wifi.((word))]
ssid = "((words))"
psk = "<<passphrase>>"

[headers]
Authorization = "Basic <<basic-auth>>"
"""

COMMENT_SECRETS = """
# ((words))
# export API_TOKEN=<<opaque>>
name = "((word))"
# token = "<<hex>>"
endpoint = "https://((host))"  # staging login: ((word)) / password: <<strong-password>>
# try: curl -H "Authorization: Bearer <<jwt>>" https://((host))/me
retries = ((int))  # mysql -u root -p<<short-password>> when it hangs
# db: mongodb+srv://((word)):<<url-password>>@((host))/((word))
# {"api_key": "<<opaque>>"}
# sshpass -p '<<strong-password>>' ssh ((word))@((host))
# aws_secret_access_key = <<aws-secret>>
# rotated on ((date)), was <<gitlab>>
"""

COMMAND_SECRETS = """
[tasks.backup]
run = "mysqldump --user=((word)) --password=<<strong-password>> ((word)) > dump.sql"
[tasks.push]
run = "docker login -u ((word)) -p <<strong-password>> ((host))"
[tasks.deploy]
run = ["deployer", "--token=<<opaque>>", "--env", "prod"]
[tasks.fetch]
run = "wget --http-user=((word)) --http-password=<<strong-password>> https://((host))/x.tgz"
[tasks.run]
run = "docker run -e POSTGRES_PASSWORD=<<strong-password>> -p 5432:5432 postgres:16"
[tasks.clone]
run = "git clone https://oauth2:<<gitlab>>@((host))/((word)).git"
[tasks.mongo]
run = "mongosh --host ((host)) -u ((word)) -p <<strong-password>>"
[tasks.ldap]
run = "ldapsearch -x -H ldap://((host)) -D cn=((word)) -w <<strong-password>>"
[tasks.zip]
run = "zip -r -P <<strong-password>> out.zip dist"
[tasks.smb]
run = "smbclient //((host))/share -U ((word))%<<strong-password>>"
[tasks.helm]
run = "helm upgrade ((word)) ./chart --set auth.password=<<strong-password>>"
[tasks.openssl]
run = "openssl enc -aes-256-cbc -in a -out b -pass pass:<<strong-password>>"
"""

CARGO = """
[package]
name = "((slug))"
version = "((version))"
edition = "2021"
rust-version = "1.74"
authors = ["A. Nonymous <someone@example.org>"]
description = "Tokenizer and parser for ((word)) files, with secret sauce"
license = "MIT OR Apache-2.0"
repository = "https://github.com/((word))/((slug))"
homepage = "https://((host))"
documentation = "https://docs.rs/((slug))"
keywords = ["password", "token", "auth", "secrets", "vault"]
categories = ["authentication", "cryptography"]
exclude = ["/.github", "*.pem", "tests/keys/*"]

[lib]
name = "((name))"
crate-type = ["cdylib", "rlib"]

[features]
default = ["password-hash", "token-macros"]
password-hash = ["dep:argon2"]
token-macros = []
tokens = ["proc-macro2/span-locations"]
secret-service = ["dep:secret-service", "keyring/sync-secret-service"]
credentials = ["aws-credential-types"]

[dependencies]
jsonwebtoken = { version = "((version))", features = ["use_pem"] }
secrecy = "((version))"
tokio = { version = "1.38", features = ["macros", "rt-multi-thread"] }
keyring = "((version))"
password-hash = { version = "0.5", default-features = false }
oauth2 = { version = "4.4", default-features = false, features = ["reqwest", "rustls-tls"] }
aws-credential-types = "1.2"
token_store = { path = "../token_store" }
((slug)) = { git = "https://github.com/((word))/((slug))", rev = "((sha1))" }
((slug))-sys = { git = "ssh://git@github.com/((word))/((slug)).git", tag = "v((version))" }
proc-macro2 = "1"
zeroize = { version = "1.7", features = ["zeroize_derive"] }

[profile.release]
lto = "thin"
codegen-units = 1
debug = 1

[package.metadata.docs.rs]
all-features = true
rustdoc-args = ["--cfg", "docsrs"]
"""

LOCK = """
version = 3

[[package]]
name = "((slug))"
version = "((version))"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "((sha256))"
dependencies = [
 "((slug))",
 "((slug)) ((version))",
]

[[package]]
name = "passwords"
version = "((version))"
source = "git+https://github.com/((word))/((slug))?rev=((short-sha))#((sha1))"

[[package]]
name = "secret-sharing"
version = "((version))"
files = [
    {file = "secret_sharing-((version))-py3-none-any.whl", hash = "sha256:((sha256))"},
    {file = "secret_sharing-((version)).tar.gz", hash = "sha256:((sha256))"},
]

[[package]]
name = "tokenizers"
version = "((version))"
sdist = { url = "https://files.example.org/packages/ab/cd/((sha256))/tokenizers-((version)).tar.gz", hash = "sha256:((sha256))", size = ((port)) }
wheels = [
    { url = "https://files.example.org/packages/01/23/((sha256))/tokenizers-((version))-cp310-abi3-manylinux_2_17_x86_64.whl", hash = "sha256:((sha256))", size = ((port)) },
]

[metadata]
content-hash = "((sha256))"
integrity = "((sri))"
narHash = "((nix-hash))"
lastModified = ((port))
rev = "((sha1))"
"""

PYPROJECT = """
[build-system]
requires = ["setuptools>=68", "wheel"]
build-backend = "setuptools.build_meta"

[project]
name = "((slug))"
dynamic = ["version"]
description = "Keeps api keys and passwords out of ((word)) files"
readme = "README.md"
requires-python = ">=3.9"
license = { text = "BSD-3-Clause" }
authors = [{ name = "A. Nonymous", email = "someone@example.org" }]
dependencies = [
  "keyring>=((version))",
  "python-jose[cryptography]>=3.3",
  "passlib[bcrypt]==1.7.4",
  "tokenize-rt>=5",
  "secretstorage ; sys_platform == 'linux'",
  "requests[socks]>=2.31,<3",
]

[project.scripts]
rotate-password = "((name)).cli:rotate_password"
token = "((name)).cli:token"

[project.urls]
Homepage = "https://((host))/?ref=((word))"
Issues = "https://github.com/((word))/((slug))/issues"

[tool.ruff.lint]
select = ["E", "F", "S105", "S106"]
ignore = ["S107"]  # hardcoded-password-default

[tool.bandit]
skips = ["B105", "B106"]

[tool.pytest.ini_options]
addopts = "--strict-markers -p no:cacheprovider"
markers = ["secrets: needs a keyring", "token: slow"]
env = ["API_TOKEN=dummy", "DB_PASSWORD="]

[tool.mypy-secrets]
ignore_missing_imports = true

[tool.detect-secrets]
baseline = ".secrets.baseline"
exclude = "tests/.*|(^|/)package-lock[.]json$"

[tool.gitleaks.allowlist]
regexes = ['''219-09-9999''', '''(9[0-9]{2}|666)-\\d{2}-\\d{4}''']
paths = ['''(.*?)(jpg|gif|doc|pdf|bin)$''']

[[tool.gitleaks.rules]]
id = "generic-api-key"
regex = '''(?i)(?:key|api|token|secret|password)(?:[0-9a-z\\-_\\t .]{0,20})=.{10,150}'''
secretGroup = 1
entropy = 3.5
keywords = ["key", "api", "token", "secret", "password"]
"""

SESSION = """
#:schema urn:sessionctl:schema:session:v1

# The session of ((word)); passwords live in the sidecar.
schema_version = 1
id = "((uuid))"
name = "((slug))"
description = "((words))"
root = "~/src/((word))"

[env]
RUST_BACKTRACE = "1"
GPG_TTY = "/dev/pts/3"
SSH_AUTH_SOCK = "/run/user/1000/keyring/ssh"
GPG_SIGNING_KEY = "((gpg-id))"
PASSWORD_STORE_DIR = "~/.password-store"
SOPS_AGE_KEY_FILE = "~/.config/sops/age/keys.txt"
AWS_PROFILE = "((word))"
API_TOKEN = { secret = "((word)).token" }
DB_PASSWORD = { secret = "((word)).password" }
VAULT_ADDR = "https://((host)):8200"
GITHUB_TOKEN_FILE = "/run/secrets/github_token"
MAX_TOKENS = "4096"
KEYBOARD_LAYOUT = "de-latin1-nodeadkeys"
TOKENIZERS_PARALLELISM = "false"

[[windows]]
name = "((word))"
layout = "((layout))"

  [[windows.panes]]
  name = "code"
  cwd = "services/((word))"
  run = ["nvim", "src/tokens.rs", "+((int))"]

  [[windows.panes]]
  name = "tests"
  run = "watchexec -e py -- pytest -q tests/test_password_reset.py -k 'token and not secret'"
  start = "type"

  [[windows.panes]]
  name = "db"
  run = "psql -h ((host)) -p 5432 -U ((word)) ((word))"

  [[windows.panes]]
  name = "ports"
  run = ["docker", "run", "-p", "8080:80", "-e", "TOKEN", "-u", "1000:1000", "nginx:1.25"]

  [[windows.panes]]
  name = "keys"
  run = "ssh-keygen -t ed25519 -C ((word))@((word)) -f ~/.ssh/id_deploy"

  [[windows.panes]]
  name = "login"
  run = "vault login -method=oidc -path=((word)) && pass show ((word))/db"

  [[windows.panes]]
  name = "logs"
  run = ["kubectl", "logs", "-f", "deploy/token-service", "--since=1h"]

[connections.prod]
driver = "postgres"
host = "((host))"
port = ((port))
user = "((word))"
database = "((word))"
password = { secret = "prod.password" }

[connections.tunnel]
driver = "ssh"
host = "((host))"
user = "((word))"
identity_file = "~/.ssh/id_ed25519"

[connections.metrics]
driver = "http"
url = "https://((host))/api/v1/query?query=up&key=value"
token = { secret = "metrics.token" }
headers = { Accept = "application/json", "X-Request-Id" = "((uuid))" }

[preferences]
theme = "((word))"
accent = "((color))"
token_color = "((color))"
ask_password = true
password_min_length = 12
remember_tokens = false

[apps.editor]
last_commit = "((sha1))"
window_id = "((uuid))"
recent = ["src/auth/password.py", "src/auth/token.py", "docs/secrets.md"]
"""

DOTFILES = """
# ((words))
[colors.primary]
background = "((color))"
foreground = "((color))"

[theme.tokens]
keyword = "((color))"
string = { fg = "((color))", style = "italic" }

[[keyboard.bindings]]
key = "V"
mods = "Control|Shift"
action = "Paste"

[[keyboard.bindings]]
key = "Key0"
chars = "\\u001b[1;5P"

[keys.normal]
"C-s" = ":w"
"space" = { p = "file_picker", t = ":toggle token" }
access_key = "ctrl+k"

[git]
signingkey = "((gpg-id))"
user = "((word))"
email = "((word))@example.org"
credential_helper = "osxkeychain"

[ssh]
authorized = [
  "((ssh-public))",
  "((ssh-public))",
]
host_key = "((fingerprint))"
IdentityFile = "~/.ssh/id_rsa"

[age]
recipients = ["((age-public))", "((age-public))"]  # laptop, desktop
public_key = "((age-public))"
identity = "~/.config/age/keys.txt"

[password_manager]
command = ["op", "read", "op://Private/((word))/password"]
password_cmd = "pass show mail/((word))"
token_ref = "vault:kv/((word))#token"
secret_name = "((slug))"
prompt = "Password for %s: "

[starship.directory]
truncation_length = 3
format = "[$path]($style)[$read_only]($read_only_style) "

[env]
EDITOR = "nvim"
LESS = "-FRX"
LS_COLORS = "di=1;34:ln=36:so=32:pi=33:ex=1;32:bd=1;33"
PS1 = "\\\\u@\\\\h:\\\\w\\\\$ "
HOMEBREW_GITHUB_API_TOKEN = "$GITHUB_TOKEN"
NPM_TOKEN = "${NPM_TOKEN}"
SECRET = ""
PASS_EXT = "***"
DB_PASS = "<your password here>"
API_KEY = "{{ onepassword \\"api\\" }}"
KEY_FILE = "/etc/ssl/private/((word)).key"
"""

SERVICE = """
[server]
addr = "((ip)):((port))"
hostname = "((host))"
mac = "((mac))"
tls_cert = "/etc/ssl/certs/((word)).pem"
tls_key = "/etc/ssl/private/((word)).key"
request_id = "((uuid))"
build = "((short-sha))"
started = ((date))T10:00:00Z

[auth]
type = "token"
token_type = "Bearer"
token_ttl = "24h"
token_url = "https://((host))/oauth/token"
auth_url = "https://((host))/oauth/authorize?response_type=code&scope=openid%20profile"
password_policy = "min:12,upper:1"
password_hash = "argon2id"
passwordless = true
secret_rotation = "90d"
api_key_header = "X-Api-Key"
allowed_keys = ["kid-1", "kid-2"]
public_key = "((ssh-public))"
jwks = "https://((host))/.well-known/jwks.json"
key_id = "((uuid))"
key_size = 2048
session_cookie = "sid"
csrf_token_name = "csrf_token"
login_password_field = "user[password]"

[secrets]
backend = "vault"
path = "secret/data/((word))/config"
mount = "kv"
provider = "aws-secretsmanager"
arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:((word))-AbCdEf"
env = "APP_SECRET"

[tokens]
open = "{{"
close = "}}"
comment = "#"
separator = ","
max = 2048

[tls]
cipher = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
fingerprint = "((fingerprint))"
pin = "sha256//((word))"

[messages]
wrong_password = "That password is not right."
token_expired = "Your token expired, sign in again"
reset = "Use the link to set a new password: {url}"
keywords = "password, token, secret"
enter_pin = "Enter your PIN"

[images]
web = "registry.((host))/((word))/web@sha256:((sha256))"
db = "postgres:16.2-alpine@sha256:((sha256))"
logo = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"

[urls]
site = "https://((host)):8443/@((word))/posts?page=2#comments"
avatar = "https://((host))/u/((int))?v=4&size=64"
repo = "git@((host)):((word))/((word)).git"
mail = "mailto:((word))@example.org"
db = "postgres://((word))@((host)):5432/((word))"
template = "postgres://${DB_USER}:${DB_PASSWORD}@((host))/((word))"
redis = "redis://((host)):6379/0"
s3 = "s3://((slug))/backups/((date))/"

[schedule]
cron = "*/15 * * * *"
after = "((date))"
etag = "((md5))"
nonce_size = 12
"""

BENIGN_COMMENTS = """
# The password is asked for at the first connect; see docs/secrets.md.
# token: see the team's password manager
# TODO: rotate the API key every 90 days
# Set DB_PASSWORD in the environment, never here.
# secret = { secret = "((word)).key" }
# password = "${PGPASSWORD}"
# key = value pairs, one per line
# See https://((host))/docs#tokens and https://((host)):8080/@((word))
# commit ((sha1)): tokens are split at commas
# checksum sha256:((sha256))
# id ((uuid)), pinned on ((date))
# ((ssh-public))
# public key: ((age-public))
# usage: tool --password-file FILE --token-stdin -p PORT -u USER
# mysql -u root -p asks for the password
# max_tokens = 4096
# curl -u "$USER:$TOKEN" https://((host))/
# ((words)): ((words))
x = 1
"""

FORMS = [
    ("a.session.toml", SESSION_SECRETS), ("service.toml", SERVICE_SECRETS),
    ("credentials.toml", TOOL_SECRETS), ("notes.toml", COMMENT_SECRETS),
    ("mise.toml", COMMAND_SECRETS), ("Cargo.toml", CARGO), ("Cargo.lock", LOCK),
    ("pyproject.toml", PYPROJECT), ("b.session.toml", SESSION), ("dotfiles.toml", DOTFILES),
    ("config.toml", SERVICE), ("comments.toml", BENIGN_COMMENTS),
]  # fmt: skip
