"""Headless Chromium, driven through a pipe: pages are opened, measured and photographed."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import subprocess
import time

from tests.world import need

_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--remote-debugging-pipe",
)  # fmt: skip
_TIMEOUT_S = 60
_FREE = 10
"""Where file descriptors of our own begin: the browser wants 3 and 4."""


class Browser:
    """One browser with one page; ``with`` closes it.

    ``events`` are what the page told of itself: requests, messages of its console.
    """

    def __init__(self, directory):
        ends = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FREE) for fd in (*os.pipe(), *os.pipe())]
        its_commands, commands, answers, its_answers = ends

        def hand_over():
            os.dup2(its_commands, 3)
            os.dup2(its_answers, 4)

        profile = f"--user-data-dir={directory / 'profile'}"
        self._process = subprocess.Popen(
            [need("chromium"), *_OPTIONS, profile, "about:blank"],
            preexec_fn=hand_over,  # noqa: PLW1509 - there are no threads here
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(its_commands)
        os.close(its_answers)
        self._commands, self._answers = commands, answers
        self._buffer = b""
        self._count = 0
        self._session = None
        self.events = []
        target = next(
            info["targetId"]
            for info in self.call("Target.getTargets")["targetInfos"]
            if info["type"] == "page"
        )
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._session = None
        self.call("Browser.close")
        self._process.wait(_TIMEOUT_S)
        os.close(self._commands)
        os.close(self._answers)

    def call(self, method, **params):
        """Return the answer to one command of the DevTools protocol."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def open(self, path):
        """Open the page at ``path`` and wait until it is there."""
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def evaluate(self, script):
        """Return the value of a JavaScript expression in the page."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def show_as(self, *, media="", scheme="light", width=900, height=1200):
        """Show the page on paper (``media="print"``) or on a screen of a colour scheme."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def photograph(self, path):
        """Write what is to be seen to the PNG file ``path`` and return its bytes."""
        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        path.write_bytes(data)
        return data

    def print(self):
        """Return the page as a PDF document."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def _read(self):
        end = time.monotonic() + _TIMEOUT_S
        while b"\0" not in self._buffer:
            left = max(0.0, end - time.monotonic())
            assert select.select([self._answers], [], [], left)[0], "the browser does not answer"
            data = os.read(self._answers, 1 << 16)
            assert data, "the browser is gone"
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)
