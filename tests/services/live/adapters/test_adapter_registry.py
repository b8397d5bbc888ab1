"""Our own adapters go through the same door as those of other packages."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distribution
from types import SimpleNamespace

import pytest

from sessionctl.errors import ToolError, UsageError
from sessionctl.services.live.adapters.adapter_registry import (
    BUILT_IN,
    adapter_names,
    open_adapter,
)
from sessionctl.services.live.adapters.adapter_restore import plan_with
from sessionctl.services.live.adapters.guarded_adapter import METHODS
from sessionctl.services.live.adapters.workspace_adapter import GROUP, AdapterContext
from sessionctl.services.plan.runner import run


def test_the_table_of_our_own_is_what_the_package_registers():
    points = distribution("sessionctl").entry_points.select(group=GROUP)
    assert {point.name: point.value for point in points} == BUILT_IN
    for point in points:
        adapter = point.load()(AdapterContext({}))
        assert all(callable(getattr(adapter, method)) for method in METHODS)


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="no workspace adapter nothing") as caught:
        open_adapter("nothing", AdapterContext({}))
    assert all(name in caught.value.hints[0] for name in adapter_names())


def test_a_name_that_two_packages_bring_is_refused(monkeypatch):
    points = (
        SimpleNamespace(name="zed", value="a.b:c", dist=None),
        SimpleNamespace(name="zed", dist=SimpleNamespace(name="desk", version="1.0")),
        SimpleNamespace(name="abc", dist=None),
        SimpleNamespace(name="tmux", dist=None),
    )
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    assert adapter_names() == ("plain", "tmux", "abc", "zed")
    with pytest.raises(ToolError) as caught:
        open_adapter("zed", AdapterContext({}))
    assert caught.value.message == "adapter zed: 2 packages bring it: a.b:c, desk 1.0"
    assert list(caught.value.hints) == ["remove all but one of them"]


def test_our_own_are_found_without_looking_at_what_is_installed():
    program = (
        "import sys\n"
        "from sessionctl.services.live.adapters.adapter_registry import open_adapter\n"
        "from sessionctl.services.live.adapters.workspace_adapter import AdapterContext\n"
        "for name in ('tmux', 'plain'): open_adapter(name, AdapterContext({}))\n"
        "assert 'importlib.metadata' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_tmux_saves_and_restores_by_the_five_methods_alone(world):
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home, "-n", "ed")
    world.tmux("split-window", "-d", "-t", "work", "-c", world.home, "tail -f /dev/null")
    world.tmux("new-window", "-d", "-t", "work:3", "-n", "logs", "-c", world.home)
    world.wait_for_program("work", ("tail", "-f", "/dev/null"))
    context = AdapterContext(
        world.env, world.socket, str(world.home), world.machine.state, str(world.home / "run")
    )
    adapter = open_adapter("tmux", context)
    assert adapter.detect().sessions == ("work",)
    [standing] = adapter.capture(["work"])
    assert adapter.verify(standing.workspace) == ()
    world.tmux("kill-window", "-t", "work:0")
    kinds = [(one.where, one.what) for one in adapter.verify(standing.workspace)]
    assert kinds == [("window ed", "window")]
    for is_replacing in (False, True):
        now = adapter.capture(["work"])[0]
        plan = plan_with(adapter, standing.workspace, now, is_replacing=is_replacing)
        assert run(plan, adapter).failures == ()
        assert adapter.verify(standing.workspace) == ()
    assert adapter.detect().sessions == ("work",)
