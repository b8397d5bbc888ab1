"""The half of the corpus that the rules were written against.

Each document is filled ``COPIES`` times with other values.
"""

from __future__ import annotations

SEED = 4711
COPIES = 6

SESSION_SECRETS = """
schema_version = 1
name = "((slug))"

[env]
DATABASE_URL = "postgres://((word)):<<url-password>>@((host))/((word))"
API_TOKEN = "<<opaque>>"
MYSQL_PWD = "<<short-password>>"
AWS_SECRET_ACCESS_KEY = "<<aws-secret>>"
AWS_ACCESS_KEY_ID = "<<aws-id>>"
SECRET_KEY_BASE = "<<hex>>"
NPM_TOKEN = "<<npm>>"
DB_PASS = "<<strong-password>>"

[[windows]]
name = "((word))"

  [[windows.panes]]
  run = "mysql -u root -p<<short-password>> ((word))"

  [[windows.panes]]
  run = ["psql", "postgresql://((word)):<<url-password>>@((host))/((word))"]

  [[windows.panes]]
  run = ["curl", "-u", "((word)):<<strong-password>>", "https://((host))/"]

  [[windows.panes]]
  run = "server --password=<<strong-password>> --port ((port))"

  [[windows.panes]]
  run = ["client", "--api-key", "<<opaque>>"]

  [[windows.panes]]
  run = "curl -H 'Authorization: Bearer <<jwt>>' https://((host))/x"

[connections.a]
driver = "postgres"
host = "((host))"
password = "<<short-password>>"

[connections.b]
driver = "http"
url = "https://((word)):<<url-password>>@((host))/"
token = '<<github>>'
# token = "<<gitlab>>"
headers = { Authorization = "Bearer <<opaque>>" }

[apps.pad]
credentials = { user = "((word))", password = "<<passphrase>>" }
keys = [{ name = "x", api_key = "<<hex>>" }]
"""

SERVICE_SECRETS = """
[db]
dsn = "host=((host)) user=((word)) password=<<strong-password>> dbname=((word))"
adonet = "Server=((host));Database=((word));User Id=((word));Password=<<strong-password>>;"
jdbc = "jdbc:postgresql://((host))/((word))?user=((word))&password=<<url-password>>"
mongo = "mongodb://((word)):<<url-password>>@((host)):27017/?authSource=admin"
password = "<<pin>>"
root_password = '<<passphrase>>'
user_password_old = "<<strong-password>>"

[mail]
pass = "<<strong-password>>"
imap_password = "<<strong-password>>"
oauthRefreshToken = "<<opaque>>"

[api]
api_key = "<<hex>>"
apiKey = "<<base64>>"
auth = "((word)):<<strong-password>>"
basic_auth = "((word)):<<strong-password>>"
bearer = "<<opaque>>"
link = "https://((host))/export?token=<<opaque>>&format=csv"
signed = "https://((host))/blob?sv=2022-11-02&sig=<<opaque>>"
encryption_key = "<<base64>>"
master_key = "<<hex>>"
private_key = '''
<<pem>>
'''
webhook = "<<slack-hook>>"

[bots]
a = "<<slack-bot>>"
b = "<<telegram>>"
c = "<<stripe>>"
d = "<<google-api>>"
e = "<<sendgrid>>"
f = "<<pypi>>"
g = "<<openai>>"
h = "<<anthropic>>"
i = "<<jwt>>"
j = "<<age>>"
k = "<<digitalocean>>"
l = "<<huggingface>>"
m = "<<shopify>>"
n = "<<vault>>"
o = "<<docker>>"
p = "<<github-fine>>"
q = "<<gitlab-runner>>"
r = "<<twilio>>"
s = "<<mailgun>>"
t = "<<openai-old>>"
"""

COMMENT_SECRETS = """
# password = "<<strong-password>>"
x = 1  # password: <<short-password>>
# TOKEN=<<opaque>>
# postgres://((word)):<<url-password>>@((host))/((word))
# curl -u ((word)):<<strong-password>> https://((host))
# old key <<github>>
# the admin password is <<strong-password>>
list = [
  1,  # api_key: "<<hex>>"
]
"""

COMMAND_SECRETS = """
[tasks]
a = "redis-cli -a <<strong-password>> ping"
b = "sshpass -p <<strong-password>> ssh ((host))"
c = "mysqldump -u root --password <<strong-password>> ((word))"
d = "TOKEN=<<opaque>> ./deploy.sh"
e = "docker run --env SECRET_KEY=<<hex>> app"
f = ["git", "clone", "https://((word)):<<url-password>>@((host))/x.git"]
g = "http -a ((word)):<<strong-password>> ((host))/x"
h = "7z a -p<<strong-password>> x.7z x"
i = "gpg --batch --passphrase <<strong-password>> -d x.gpg"
j = "export GITLAB_TOKEN=<<gitlab>>"
k = "sudo -u ((word)) psql 'password=<<strong-password>> host=((host))'"
l = "sqlcmd -S ((host)) -U sa -P <<strong-password>>"
m = "vault login <<vault>>"
n = "curl --data '{\\"password\\": \\"<<url-password>>\\"}' https://((host))/login"
"""

CARGO = """
[package]
name = "((slug))"
version = "((version))"
edition = "2021"
description = "Parses tokens; keeps no secrets"
keywords = ["lexer", "token", "key-value"]

[dependencies]
serde = { version = "1", features = ["derive"] }
token-parser = "((version))"
secrecy = { version = "0.8", optional = true }
password-hash = "0.5"
((slug)) = { git = "https://github.com/((word))/((slug))", rev = "((sha1))" }
logos = { version = "((version))", default-features = false }

[features]
default = ["token"]
secret = ["secrecy"]
api-key = []

[[bin]]
name = "passgen"
path = "src/bin/passgen.rs"
"""

LOCK = """
[[package]]
name = "((slug))"
version = "((version))"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "((sha256))"

[[package]]
name = "token-store"
version = "((version))"
files = [{ file = "token_store-((version)).whl", hash = "sha256:((sha256))" }]

[metadata]
hash = "((md5))"
integrity = "((sri))"
commit = "((sha1))"
"""

PYPROJECT = """
[project]
name = "((slug))"
version = "((version))"
requires-python = ">=3.11"
dependencies = ["click>=8", "pyrage>=1.2", "keyring", "itsdangerous~=2.1"]

[project.scripts]
passgen = "((name)).cli:main"

[tool.ruff.lint]
select = ["E", "F", "S"]
ignore = [
  "S105",  # hard-coded passwords: our tokens are those of a grammar
]

[tool.pytest.ini_options]
addopts = ["-ra", "--strict-markers"]
filterwarnings = ["error", "ignore:token:DeprecationWarning"]

[tool.coverage.report]
exclude_also = ["if TYPE_CHECKING:", "password = .*"]

[tool.importlinter]
forbidden_modules = ["secrets", "token", "getpass"]

[[tool.mypy.overrides]]
module = "keyring.*"
"""

SESSION = """
schema_version = 1
id = "((uuid))"
name = "((slug))"
root = "~/src/((slug))"

[env]
DB_PASSWORD = { secret = "db.password" }
PASSWORD_FILE = "/run/secrets/db"
API_KEY = "$API_KEY"
TOKEN = "${TOKEN:-none}"
KEYTIMEOUT = "1"
SECRET = "***"
COLUMNS = "80"
GPG_KEY = "((gpg-id))"

[[windows]]
name = "((word))"
layout = "((layout))"

  [[windows.panes]]
  name = "keys"
  run = ["nvim", "src/keys.py"]

  [[windows.panes]]
  run = "pytest -k 'password or token' -p no:randomly"
  start = "type"

  [[windows.panes]]
  run = "mysql -h ((host)) -u root -p ((word))"

  [[windows.panes]]
  run = "server --password-file ~/.pw --token-env TOKEN --key server.key"

  [[windows.panes]]
  run = ["ssh", "-p", "2222", "-i", "~/.ssh/id_ed25519", "((word))@((host))"]

  [[windows.panes]]
  run = "curl -u \\"$USER:$PASS\\" https://((host))/"

[connections.prod]
driver = "postgres"
host = "((host))"
port = ((port))
user = "((word))"
password = { secret = "prod.password" }

[connections.web]
driver = "http"
url = "https://((host)):((port))/health?key=((word))"
token = { secret = "web.token" }

[preferences]
theme = "dark"
accent = "((color))"
"""

DOTFILES = """
[keys]
leader = "space"
key = "((word))"
public = "((age-public))"

[ssh]
keys = ["((ssh-public))"]
private_key = "~/.ssh/id_ed25519"
fingerprint = "((fingerprint))"

[mail]
password_command = "pass show ((word))"
password = "!pass show ((word))"
pass_eval = "gpg -d ~/.pw.gpg"

[secrets]
api_key = "op://vault/((word))/key"
token = "env:TOKEN"
key = "<your key here>"
other = "{{ secret }}"
password = "changeme"
secret = "xxxxxxxx"

[colors]
keyword = "((color))"
token = "((color))"

[tokens]
comma = ","
ident = "[a-z]+"
"""

SERVICE = """
[http]
host = "((ip))"
etag = "((md5))"
id = "((uuid))"
image = "((word))@sha256:((sha256))"
key = "/etc/ssl/((word)).key"
token_url = "https://((host))/token"
token_type = "bearer"
max_tokens = ((int))
password_min_length = ((int))
auth = "basic"
authentication = "oauth2"
api_key_header = "X-Api-Key"
secret_name = "((slug))"
require_password = true
session_key_prefix = "sess:"
tokenizer = "cl100k_base"
passphrase_file = "((word)).txt"
url = "postgres://((word))@((host))/((word))"
url2 = "redis://${USER}:${PASS}@((host))/0"
ciphers = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"
text = "((words))"
updated = ((date))
"""

BENIGN_COMMENTS = """
# password: see the vault
# The token comes from ((word)); nothing is stored here.
# secret = { secret = "name" }
# api_key = "$API_KEY"
# https://((host))/tokens?page=1
# sha256:((sha256))
# ((uuid)) ((sha1))
# key: value
y = 1  # tokens per minute
"""

FORMS = [
    ("a.session.toml", SESSION_SECRETS), ("service.toml", SERVICE_SECRETS),
    ("notes.toml", COMMENT_SECRETS), ("mise.toml", COMMAND_SECRETS), ("Cargo.toml", CARGO),
    ("Cargo.lock", LOCK), ("pyproject.toml", PYPROJECT), ("b.session.toml", SESSION),
    ("dotfiles.toml", DOTFILES), ("config.toml", SERVICE), ("comments.toml", BENIGN_COMMENTS),
]  # fmt: skip
