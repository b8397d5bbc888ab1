"""Adapters of other packages: the one of the page, installed, kept open and cut."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from sessionctl.connections.connection_adapter import GROUP
from sessionctl.testing.adapters import Cut, run_cut, why_not
from tests.connections.servers.server_process import HOST, ServerProcess
from tests.transcripts import blocks
from tests.world import CHECKOUT

PAGE = CHECKOUT / "docs" / "adapters.md"
ADAPTER, BENCH = blocks(PAGE, "python")
# What the example needs of a beanstalkd, a queue of jobs: not the real one.
QUEUE = """
import socketserver, sys
class Queue(socketserver.StreamRequestHandler):
    def handle(self):
        used, watched = "default", ["default"]
        for line in self.rfile:
            words = line.decode().split()
            if words[0] == "use":
                used = words[1]
                self.say(f"USING {used}")
            elif words[0] == "watch":
                watched += [] if words[1] in watched else [words[1]]
                self.say(f"WATCHING {len(watched)}")
            elif words[0] == "list-tube-used":
                self.say(f"USING {used}")
            elif words[0] == "list-tubes-watched":
                self.many([f"- {tube}" for tube in watched])
            elif words[0] == "stats":
                self.many([f"version: {sys.argv[2]}", "hostname: here", "id: abc",
                           "current-jobs-reserved: 1"])
    def say(self, text):
        self.wfile.write(text.encode() + b"\\r\\n")
    def many(self, lines):
        text = "---\\n" + "".join(line + "\\n" for line in lines)
        self.say(f"OK {len(text)}\\r\\n{text}")
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
Server(("127.0.0.1", int(sys.argv[1])), Queue).serve_forever()
"""


class QueueServer(ServerProcess):
    kind = "queue"
    version = "1.13"

    def argv(self):
        return [sys.executable, "-IS", "-c", QUEUE, str(self.port), self.version]


@pytest.fixture
def queue():
    server = QueueServer()
    server.start()
    yield server
    server.remove()


class Package:
    """A home, and a directory on the path with an installed package that brings the driver."""

    def __init__(self, root, queue):
        self.home = root / "home"
        self.site = root / "site"
        self.home.mkdir()
        info = self.site / "acme_beanstalk-2.5.dist-info"
        info.mkdir(parents=True)
        name = "Metadata-Version: 2.1\nName: acme-beanstalk\nVersion: 2.5\n"
        (info / "METADATA").write_text(name)
        target = "acme_beanstalk:Beanstalk"
        (info / "entry_points.txt").write_text(f"[{GROUP}]\nacme.beanstalk = {target}\n")
        self.write(ADAPTER.text)
        self.file = self.home / "shop.session.toml"
        self.file.write_text(
            'schema_version = 1\nname = "shop"\n\n[connections.jobs]\n'
            f'driver = "acme.beanstalk"\nhost = "{HOST}"\nport = {queue.port}\n'
        )

    def write(self, text):
        (self.site / "acme_beanstalk.py").write_text(text)

    def run(self, *words, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "sessionctl", *words],
            cwd=self.home,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "PYTHONPATH": f"{self.site}{os.pathsep}{CHECKOUT}",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            input="",
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def package(tmp_path, queue):
    return Package(tmp_path, queue)


def test_the_adapter_of_the_page_is_short():
    assert len(ADAPTER.text.splitlines()) < 80


@pytest.mark.slow
def test_the_adapter_of_the_page_opens_and_brings_its_state_back(package):
    assert "beanstalkd" in package.run("connect", "--once", "shop.session.toml", "jobs")
    said = package.run("connect", "--once", "shop.session.toml", "jobs")
    assert "use default" in said
    assert "reserved jobs" in said
    said = package.run("connections", "test", "shop.session.toml", "jobs")
    assert re.search("connect.*\n.*validate", said)


@pytest.mark.slow
def test_another_version_is_refused_and_taken_when_asked(package, queue):
    queue.kill()
    queue.version = "1.1"
    queue.start()
    said = package.run("connect", "--once", "shop.session.toml", "jobs", code=3)
    assert "1.10" in said
    package.run("connect", "--once", "--any-version", "shop.session.toml", "jobs")


def test_what_an_adapter_raises_is_a_diagnosis(package):
    package.write(ADAPTER.text.replace("queue = Queue((", "queue = Queue(7, (", 1))
    assert "TypeError" in package.run("connect", "--once", "shop.session.toml", "jobs", code=3)


def test_an_adapter_of_another_version_of_the_protocol_is_refused(package):
    package.write(ADAPTER.text.replace('"acme.beanstalk", API', '"acme.beanstalk", 7'))
    said = package.run("connect", "--once", "shop.session.toml", "jobs", code=3)
    assert "acme-beanstalk 2.5" in said


@pytest.fixture
def bench(queue):
    names = {}
    exec(compile(ADAPTER.text + BENCH.text, str(PAGE), "exec"), names)

    class Bench(names["BeanstalkBench"]):
        """The bench of the page, with the server of these tests."""

        def __init__(self):
            self.server = queue
            self.port = queue.port

        def start(self):
            if queue.process is None:
                queue.start()

        def kill(self):
            queue.kill()

        def pause(self):
            queue.pause()

        def go_on(self):
            queue.go_on()

        def speak_as_old(self, client):
            client.recv(100)
            text = b"---\nversion: 1.0\nhostname: here\nid: abc\n"
            client.sendall(b"OK %d\r\n%b\r\n" % (len(text), text))

    return Bench()


@pytest.mark.slow
@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.name.lower())
def test_the_adapter_of_the_page_stands_every_cut(bench, cut):
    if why_not(bench, cut):
        assert cut in {Cut.WRONG_SECRET, Cut.TLS_REFUSED}
        return
    assert run_cut(bench, cut, allowance_s=10).problems == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "cut", "said"),
    [
        ("self.line.settimeout(deadline.timeout_s())", "self.line.settimeout(99)",
         Cut.BLACK_HOLE, ""),
        ("ResumeReport(restored,", "ResumeReport((),", Cut.RESET, "not reported as restored"),
        ("FailureKind.TRANSIENT if isinstance(error, OSError) else", "", Cut.RESET, ""),
        ("FailureKind.INCOMPATIBLE", "FailureKind.TRANSIENT", Cut.OLD_VERSION, "it was taken for"),
        (', found=version, wanted="1.10"', "", Cut.OLD_VERSION, "which version it found"),
    ],
)  # fmt: skip
def test_the_kit_finds_what_an_adapter_does_wrong(queue, bench, monkeypatch, old, new, cut, said):
    names = {}
    assert old in ADAPTER.text
    exec(compile(ADAPTER.text.replace(old, new), str(PAGE), "exec"), names)
    bench.adapter = names["Beanstalk"]()
    monkeypatch.setattr("sessionctl.testing.adapters._PATIENCE_S", 8)
    if said:
        problems = run_cut(bench, cut, allowance_s=10).problems
        assert any(said in problem for problem in problems), problems
    elif cut is Cut.RESET:
        with pytest.raises(AssertionError, match="it is open"):
            run_cut(bench, cut)
    else:
        # The manager cuts off what does not keep its deadline.
        assert "no answer within 2 s" in run_cut(bench, cut, allowance_s=10).failure.message
