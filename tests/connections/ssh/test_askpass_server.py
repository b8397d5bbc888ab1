"""What ssh asks with: a program and a socket in a directory of their own, gone at the end."""

from __future__ import annotations

import os
import tempfile

from sessionctl.connections.ssh.askpass_server import AskpassServer


def test_all_that_is_made_is_in_the_directory_for_the_user_alone_and_goes_again():
    with tempfile.TemporaryDirectory(prefix="sc-") as directory:
        server = AskpassServer(directory, {})
        try:
            environ = server.environment()
            program = environ["SSH_ASKPASS"]
            assert os.path.dirname(program) == directory
            assert os.stat(program).st_mode & 0o777 == 0o700
            assert environ["SSH_ASKPASS_REQUIRE"] == "force"
            assert len(os.listdir(directory)) == 2
        finally:
            server.close()
        assert os.listdir(directory) == []
