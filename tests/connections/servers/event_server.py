"""A server of events, ours and for tests only: numbered, sent again behind Last-Event-ID."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.connections.servers.server_process import HOST


class EventServer:
    """Sends ``events`` at /events; /seen and all else answers 200. It keeps every request."""

    def __init__(self, port=0, *, has_ids=True, kind="text/event-stream"):
        self.events: list[str] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.changed = threading.Condition()
        self.has_ids, self.kind = has_ids, kind
        self.is_over = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers.items())))
                if self.path == "/events":
                    outer.stream(self)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer((HOST, port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def send(self, *events):
        """Send events to all who listen."""
        with self.changed:
            self.events += events
            self.changed.notify_all()

    def stream(self, handler):
        """Send what there is, and what comes."""
        handler.send_response(200)
        handler.send_header("Content-Type", self.kind)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        last = handler.headers.get("Last-Event-ID")
        position = int(last) if last else 0
        while not self.is_over:
            with self.changed:
                if len(self.events) <= position and not self.is_over:
                    self.changed.wait(1)
                fresh = self.events[position:]
            text = ""
            for data in fresh:
                position += 1
                lines = "".join(f"data: {line}\n" for line in data.split("\n"))
                text += (f"id: {position}\n" if self.has_ids else "") + lines + "\n"
            block = (text or ": idle\n\n").encode()
            try:
                handler.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
                handler.wfile.flush()
            except OSError:
                return
        handler.close_connection = True

    def stop(self):
        """End it, and every stream."""
        with self.changed:
            self.is_over = True
            self.changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.is_over:
            self.stop()
