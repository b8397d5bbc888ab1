"""What adds the libraries of an extra to this installation, whoever made its environment."""

from __future__ import annotations

import sys

import pytest

from sessionctl.system.optional_libraries import install_command


@pytest.mark.parametrize(
    ("prefix", "command"),
    [
        ("/home/ada/.venv", "{python} -m pip install"),
        ("/home/ada/.local/share/pipx/venvs/sessionctl", "pipx inject sessionctl"),
        ("/home/ada/.local/pipx/venvs/sessionctl-next", "pipx inject sessionctl-next"),
        ("/home/ada/.local/share/uv/tools/sessionctl", "uv pip install --python {python}"),
        ("/home/ada/uv/tools", "{python} -m pip install"),
    ],
)
def test_the_command_fits_the_environment(monkeypatch, prefix, command):
    monkeypatch.setattr(sys, "prefix", prefix)
    monkeypatch.setattr(sys, "executable", "/a b/python3")
    command = command.format(python="'/a b/python3'")
    assert install_command("ui").startswith(f"{command} 'textual>=")


def test_the_libraries_are_those_of_the_extra():
    step = install_command("import")
    assert all(name in step for name in ("pyyaml>", "tree-sitter>", "tree-sitter-kdl>"))
    assert "textual" not in step
    assert install_command("nothing").endswith("'sessionctl[nothing]'")
