"""The page on the SDK names everything that there is, and nothing else."""

from __future__ import annotations

import re

import sessionctl
from sessionctl import sdk
from sessionctl.testing import __all__ as testing_names
from tests.world import CHECKOUT

TEXT = (CHECKOUT / "docs/sdk.md").read_text(encoding="utf-8")


def section(title):
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_public_name_is_listed_and_at_the_top():
    listed = set(re.findall(r"`(\w+)`", section("Names")))
    assert set(sdk.__all__) <= listed
    for name in sdk.__all__:
        assert getattr(sessionctl, name) is getattr(sdk, name)


def test_every_method_of_a_workspace_is_listed():
    public = {name for name in vars(sdk.Workspace) if not name.startswith("_")}
    listed = set(re.findall(r"`(\w+)`", section("Names")))
    assert public <= listed
    assert set(
        re.findall(r"`(\w+)`", section("Names").split("| `Workspace` |")[1].split("\n")[0])
    ) <= (public | {"file", "app", "hold"})


def test_every_status_has_a_row():
    assert {name.name for name in sdk.Status} == set(
        re.findall(
            r"`([A-Z_]+)`", "".join(re.findall(r"^\| (`[A-Z].*?) \|", section("Events"), re.M))
        )
    )


def test_the_names_of_the_test_kit_are_listed():
    listed = re.findall(r"(\w+)", section("Tests of a host"))
    assert set(testing_names) - {"CRASH_CODE"} <= set(listed)
