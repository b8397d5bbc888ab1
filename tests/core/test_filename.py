"""What the name of a file says of it."""

from __future__ import annotations

import pytest

from sessionctl.core.filename import (
    is_session_name,
    is_sidecar_name,
    session_name,
    sidecar_name,
    sidecar_path,
    stem_of,
)


@pytest.mark.parametrize("rest", ["", "##os.Linux", "##class.work"])
def test_a_session_and_its_sidecar_are_known_by_their_names(rest):
    session, sidecar = f"api.session.toml{rest}", f"api.secrets.toml{rest}"
    assert is_session_name(session)
    assert is_sidecar_name(sidecar)
    assert not is_session_name(sidecar)
    assert not is_sidecar_name(session)
    assert sidecar_name(session) == sidecar == sidecar_name(sidecar)
    assert session_name(sidecar) == session == session_name(session)
    assert stem_of(session) == stem_of(sidecar) == "api"


@pytest.mark.parametrize("name", ["session.toml", "api.session.toml.orig", "Cargo.toml", ""])
def test_other_files_are_neither(name):
    assert not is_session_name(name)
    assert not is_sidecar_name(name)
    assert stem_of(name) == ""


@pytest.mark.parametrize("folder", ["", "/", "a/b/", "odd##os.Linux/", "x.session.toml/"])
def test_the_sidecar_lies_beside_its_session_whatever_the_directory_is_called(folder):
    assert sidecar_path(f"{folder}api.session.toml") == f"{folder}api.secrets.toml"
    assert sidecar_path(f"{folder}api.secrets.toml") == f"{folder}api.secrets.toml"
