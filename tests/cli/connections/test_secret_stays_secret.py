"""A known secret goes through connections, and shows nowhere: not in output, files, processes.

The server is ours; it refuses, accepts and, at its worst, sends the secret back in its words.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.desk import ID, files_of

CANARY = "c4n4ry-7f3e9d-token"
FORMS = [CANARY.encode(), CANARY.encode().hex().encode(), b"YzRuNHJ5LTdmM2U5Z"]
PATIENCE_S = 30


class Echoing(BaseHTTPRequestHandler):
    status = 401

    def do_GET(self):
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.server.seen.append(token)
        self.send_response(self.server.status, f"no entry for {token}")
        self.send_header("Server", f"x/{token}")
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(f"refused: {token}".encode())

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *args):
        return


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echoing)
    server.status, server.seen = 401, []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def desk(bare_desk, server):
    bare_desk.session.write_text(
        f'schema_version = 1\nid = "{ID}"\nname = "api"\n\n[connections.web]\ndriver = "http"\n'
        f'url = "http://127.0.0.1:{server.server_port}"\nstart = true\n'
        'token = { secret = "web.token" }\n'
    )
    bare_desk.new_key()
    bare_desk.set(CANARY.encode(), "web.token")
    return bare_desk


def where_it_shows(desk):
    """Return the files and the outputs that hold the secret, in any form."""
    places = {"output": "\n".join(desk.said).encode()}
    for folder in (desk.folder, desk.home):
        places |= {f"{folder}/{name}": data for name, data in files_of(folder).items()}
    return [name for name, data in places.items() if any(form in data for form in FORMS)]


@pytest.mark.parametrize("status", [200, 401, 403, 500, 503])
def test_whatever_a_server_answers_the_secret_shows_nowhere(desk, server, status):
    server.status = status
    for words in (
        ("connect", "--once", "api.session.toml", "web"),
        ("connect", "--once", "--json", "api.session.toml", "web"),
        ("connect", "--print", "api.session.toml", "web"),
        ("connections", "test", "api.session.toml"),
        ("connections", "test", "--json", "api.session.toml"),
        ("connections", "history", "api.session.toml"),
        ("connections", "status", "api.session.toml"),
        ("connections", "list", "api.session.toml"),
        ("trust", "-n", "api.session.toml"),
    ):
        desk.run(*words)
    assert CANARY in server.seen  # it was sent where it belongs
    assert where_it_shows(desk) == []


def test_a_refused_secret_says_how_to_store_another(desk):
    said = desk.run("connect", "--once", "api.session.toml", "web", code=3).output
    assert "authentication" in said
    assert "sessionctl secret set api.session.toml web.token" in said


def test_a_secret_that_no_key_opens_has_its_own_exit_code(desk, server):
    desk.identities.unlink()
    assert "sessionctl" in desk.run("connect", "--once", "api.session.toml", "web", code=4).output
    assert server.seen == []
    said = desk.run("connections", "test", "api.session.toml", code=3).output
    assert "authenticate failed" in said


def test_a_secret_whose_destination_changed_is_not_sent(desk, server):
    text = desk.session.read_text()
    desk.session.write_text(text.replace("http://127.0.0.1", "http://localhost"))
    said = desk.run("connect", "--once", "api.session.toml", "web", code=5).output
    assert "its destination changed" in said
    assert server.seen == []


def test_the_process_that_keeps_it_open_shows_it_to_nobody(desk, server, tmp_path):
    server.status = 200
    desk.run("trust", "api.session.toml", code=0)
    environ = {**desk.whole_environ(), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    (tmp_path / "run").mkdir(mode=0o700)
    with subprocess.Popen(
        [sys.executable, "-m", "sessionctl", "connections", "keep", "api.session.toml"],
        cwd=desk.folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as keeper:  # fmt: skip
        end = time.monotonic() + PATIENCE_S
        while CANARY not in server.seen:
            assert time.monotonic() < end
            time.sleep(0.05)
        said = subprocess.run(
            [sys.executable, "-m", "sessionctl", "connections", "status", "api.session.toml"],
            cwd=desk.folder, env=environ, capture_output=True,
        ).stdout  # fmt: skip
        for name in ("cmdline", "environ") if os.geteuid() == 0 else ("cmdline",):
            with open(f"/proc/{keeper.pid}/{name}", "rb") as stream:
                said += stream.read()
        keeper.terminate()
        said += keeper.communicate(timeout=PATIENCE_S)[0]
    assert keeper.returncode == 0
    desk.said.append(said.decode(errors="replace"))
    assert where_it_shows(desk) == []
    assert not any(CANARY.encode() in data for data in files_of(tmp_path / "run").values())
