"""The names that other programs import: each is there, and no other is."""

from __future__ import annotations

import importlib

import pytest

from tests.together import together


@together(
    "package",
    [
        "sessionctl",
        "sessionctl.connections",
        "sessionctl.sdk",
        "sessionctl.sdk.textual",
        "sessionctl.testing",
    ],
)
def test_a_package_has_the_names_that_it_lists_and_no_other(package):
    if package.endswith("textual"):
        pytest.importorskip("textual")
    module = importlib.import_module(package)
    assert module.__all__
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError) as caught:
        module.nothing  # noqa: B018
    assert str(caught.value) == f"module '{package}' has no attribute 'nothing'"
