"""What TLS goes by: a file of certificates that cannot be used is named with its reason."""

from __future__ import annotations

import ssl

import pytest

from sessionctl.connections import ConnectionFailure
from sessionctl.connections.tcp_stream import tls_context


def test_a_file_of_certificates_that_cannot_be_used_is_named(tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for file, reason in (
        (empty, "no certificate in it"),
        (tmp_path / "x", "no such file or directory"),
    ):
        with pytest.raises(ConnectionFailure) as caught:
            tls_context(is_checked=True, ca_file=str(file))
        failure = caught.value.failure
        assert (failure.kind.value, failure.message) == ("config", f"{file}: {reason}")
        assert failure.key == "ca_file"


def test_certificates_are_checked_unless_it_is_refused():
    checked, unchecked = (tls_context(is_checked=one, ca_file=None) for one in (True, False))
    assert (checked.check_hostname, checked.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert (unchecked.check_hostname, unchecked.verify_mode) == (False, ssl.CERT_NONE)
