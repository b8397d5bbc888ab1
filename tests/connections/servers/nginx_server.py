"""An nginx on loopback, with TLS beside it, and what tests ask of it."""

from __future__ import annotations

import subprocess

from tests.connections.servers.server_process import (
    HOST,
    ServerProcess,
    free_port,
    is_listening,
    need_server,
)
from tests.world import need

_CONFIG = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ }}
http {{
  access_log {directory}/access.log;
  log_format whole '$request $http_authorization $http_x_key';
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  keepalive_timeout 60;
  server {{
    listen {host}:{port};
    listen {host}:{tls_port} ssl;
    ssl_certificate {directory}/cert.pem;
    ssl_certificate_key {directory}/key.pem;
    access_log {directory}/whole.log whole;
    location = / {{ return 200 "hello\\n"; }}
    location = /healthz {{ return 200 "ok\\n"; }}
    location = /token {{
      if ($http_authorization != "Bearer {token}") {{ return 401; }}
      return 200;
    }}
    location = /basic {{ auth_basic "x"; auth_basic_user_file {directory}/users; }}
    location = /key {{ if ($http_x_key != "{token}") {{ return 403; }} return 200; }}
    location = /busy {{ add_header Retry-After 7 always; return 503; }}
    location = /limit {{ return 429; }}
    location = /broken {{ return 502; }}
    location = /upgrade {{ add_header Upgrade HTTP/9 always; return 426; }}
    location = /here {{ return 302 /healthz; }}
    location = /circle {{ return 302 /circle; }}
    location = /elsewhere {{ return 302 {elsewhere}/seen; }}
    {more}
  }}
}}
"""


class NginxServer(ServerProcess):
    """Knows one ``token``, which is the password of the user ada too."""

    kind = "nginx"

    def __init__(self, token="token-of-tests", elsewhere="http://127.0.0.1:1", more=""):
        self._program = need_server("nginx")
        openssl = need("openssl")
        super().__init__()
        self.tls_port = free_port()
        self.token, self.elsewhere, self.more = token, elsewhere, more
        subprocess.run(
            [
                openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost", "-keyout", self.directory / "key.pem", "-out",
                self.directory / "cert.pem",
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip
        done = subprocess.run(
            [openssl, "passwd", "-apr1", "-stdin"], input=token, capture_output=True, check=True,
            encoding="utf-8",
        )  # fmt: skip
        (self.directory / "users").write_text(f"ada:{done.stdout.strip()}\n")
        (self.directory / "html").mkdir()

    def argv(self):
        config = self.directory / "nginx.conf"
        config.write_text(
            _CONFIG.format(
                directory=self.directory, host=HOST, port=self.port, tls_port=self.tls_port,
                token=self.token, elsewhere=self.elsewhere, more=self.more,
            )
        )  # fmt: skip
        return [
            self._program, "-p", str(self.directory), "-c", str(config), "-e",
            str(self.directory / "error.log"),
        ]  # fmt: skip

    def is_ready(self):
        return is_listening(self.port) and is_listening(self.tls_port)

    @property
    def url(self):
        return f"http://{HOST}:{self.port}"

    @property
    def tls_url(self):
        return f"https://localhost:{self.tls_port}"

    def requests(self):
        """Return each request with its credentials, as nginx logged them."""
        return (self.directory / "whole.log").read_text().splitlines()
