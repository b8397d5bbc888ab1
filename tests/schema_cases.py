"""A good session, and what is wrong with others."""

from __future__ import annotations

GOOD = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
description = "the API"
root = "~/src/api"
last_saved = "2026-01-02T03:04:05Z"

[env]
RUST_LOG = "debug"
TOKEN = { secret = "api.token" }

[options]
remain-on-exit = true

[[windows]]
name = "editor"
index = 1
layout = "main-vertical"
focus = true

  [[windows.panes]]
  name = "code"
  cwd = "."
  run = ["nvim", "src/main.py"]
  size = 20
  zoomed = false

  [[windows.panes]]
  name = "tests"
  run = "watchexec pytest"
  start = "type"
  size = "30%"
  env = { CI = "1" }

[[windows]]
name = "logs"
layout = "b25d,80x24,0,0{40x24,0,0,1,39x24,41,0,2}"

[connections.prod]
driver = "postgres"
host = "db.example.org"
port = 5432
user = "app"
database = "app"
password = { secret = "prod.password" }
search_path = ["app", "public"]

[connections.cache]
driver = "redis"
database = 1

[connections.build]
driver = "ssh"
host = "build.example.org"
run = ["tmux", "attach"]
options = { ServerAliveInterval = 15 }

[connections.web]
driver = "http"
url = "https://api.example.org/v1"
token = { secret = "web.token" }
headers = { Accept = "application/json" }

[connections.repl]
driver = "line"
host = "localhost"
port = 7000

[connections.queue]
driver = "acme.kafka"
topics = ["a"]

[preferences]
theme = "dark"

[apps.pgdesk]
tab = "queries"

[[overrides]]
when = { host = ["laptop", "build-*"], os = "macos" }
root = "/Users/ada/api"

[overrides.connections.prod]
host = "localhost"

[history]
queries = ["select 1"]
"""
