"""An sshd on loopback with keys of its own."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import subprocess
from pathlib import Path

from tests.connections.servers.server_process import HOST, ServerProcess, lacking, need_server
from tests.world import need

_CONFIG = """
Port {port}
ListenAddress {host}
HostKey {directory}/host_key
PidFile none
AuthorizedKeysFile {directory}/authorized
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
PrintMotd no
LogLevel VERBOSE
KexAlgorithms curve25519-sha256
SetEnv SHLVL=1
{more}
"""


class SshServer(ServerProcess):
    """Takes ``client_key``, and a password of this user, which only the server itself sees.

    ``more`` are further lines of its configuration. Its key exchange is the one that takes the
    least time (that of OpenSSH 9 takes a tenth of a second), and a shell that is not the
    outermost does not read the .bashrc of this user.
    """

    kind = "sshd"

    def __init__(self, password: str = "", more: str = ""):
        self._program = os.path.realpath(need_server("sshd"))
        need("ssh")
        if os.geteuid() == 0 and not Path("/run/sshd").is_dir():
            try:
                Path("/run/sshd").mkdir(mode=0o755)
            except OSError:
                lacking("sshd needs /run/sshd")
        super().__init__()
        self._password, self._more = password, more
        self.new_key("host_key")
        self.new_key("client_key")
        os.rename(self.directory / "client_key.pub", self.directory / "authorized")
        self.trust()

    def new_key(self, name, passphrase=""):
        """Make a key pair; one of this name is replaced."""
        path = self.directory / name
        path.unlink(missing_ok=True)
        # One round to make the passphrase harder to guess: 24 take a quarter of a second each time.
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", passphrase, "-C", name]
        subprocess.run([*command, "-f", path], check=True)
        return path

    def trust(self) -> None:
        """Write the host key into the client's known_hosts."""
        key = (self.directory / "host_key.pub").read_text().split()[:2]
        (self.directory / "known_hosts").write_text(f"[{HOST}]:* {' '.join(key)}\n")

    def argv(self):
        config = self.directory / "sshd_config"
        config.write_text(
            _CONFIG.format(port=self.port, host=HOST, directory=self.directory, more=self._more)
        )
        argv = [self._program, "-D", "-e", "-f", str(config)]
        return self._with_password(argv) if self._password else argv

    def _with_password(self, argv):
        """Let the server, and nobody else, see a file of passwords of our own."""
        if os.geteuid() != 0 or not shutil.which("unshare"):
            lacking("a server with a password of its own needs root and unshare")
        hashed = subprocess.run(
            [need("openssl"), "passwd", "-6", "-stdin"],
            input=self._password,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        shadow = self.directory / "shadow"
        shadow.write_text(f"{getpass.getuser()}:{hashed}:20000:0:99999:7:::\n")
        shadow.chmod(0o600)
        script = f"mount --bind {shadow} /etc/shadow && exec {shlex.join(argv)}"
        return ["unshare", "--mount", "sh", "-c", script]

    def settings(self, port: int | None = None, **more):
        """Return the table of a connection to it, by way of another port where one is given."""
        known = f"{self.directory}/known_hosts"
        options = {"UserKnownHostsFile": known, "GlobalKnownHostsFile": "/dev/null"}
        options |= {"IdentityAgent": "none", "IdentitiesOnly": True}
        return {
            "driver": "ssh",
            "host": HOST,
            "port": port or self.port,
            "user": getpass.getuser(),
            "identity_file": str(self.directory / "client_key"),
            "options": options | more.pop("options", {}),
        } | more
