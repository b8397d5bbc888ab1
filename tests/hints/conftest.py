"""The program on PATH, as for the tests of git."""

from __future__ import annotations

from tests.git.conftest import program_path  # noqa: F401 - a fixture
