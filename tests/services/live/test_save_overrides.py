"""Saving on one of several machines: each change goes where its value came from."""

from __future__ import annotations

import tomllib

import pytest

from sessionctl.core.schema.verdict import validate
from sessionctl.core.session.session import resolve_overrides
from sessionctl.core.toml.document import Document
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.workspace_restore import read_session_file
from sessionctl.services.live.workspace_save import SaveRequest, save_workspace
from sessionctl.services.machine import Machine

SESSION = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
root = "~/src/api"  # everywhere

[[windows]]
name = "editor"
layout = "main-vertical"
panes = [{ run = ["vim"] }, { cwd = "docs" }]

[[windows]]
name = "logs"

  [[windows.panes]]
  name = "tail"
  cwd = "/var/log"
  run = ["tail", "-f", "syslog"]

# the laptop keeps its sources elsewhere
[[overrides]]
when = { host = "laptop" }
root = "/opt/api"  # a faster disk

  [[overrides.windows]]
  name = "logs"
  panes = [{ name = "tail", cwd = "~/log", run = ["tail", "-f", "messages"] }]

[[overrides]]
when = { host = "server" }
env = { STAGE = "live" }
windows = [{ name = "logs", options = { monitor-activity = true } }, { name = "top" }]
"""


class Machines:
    """A session file that several machines have, and what stands on one of them."""

    def __init__(self, root):
        self.home = root / "home"
        self.home.mkdir()
        self.file = self.home / "api.session.toml"
        self.file.write_text(SESSION)

    def context(self, host):
        state = self.home / f"state-{host}"
        machine = Machine({"HOME": str(self.home)}, host=host)
        return LiveContext(open_store(str(state)), machine)

    def stands(self, host):
        """Return the session as it stands when it was restored on ``host``."""
        asked = read_session_file(str(self.file), self.context(host)).workspace
        windows = tuple(
            window._replace(number=number, layout="" if len(window.panes) < 2 else window.layout)
            for number, window in enumerate(asked.windows)
        )
        return asked._replace(windows=windows)

    def save(self, host, workspace):
        request = SaveRequest(StandingWorkspace(workspace), str(self.file))
        outcome = save_workspace(request, self.context(host))
        assert list(validate(Document.parse(outcome.after, "x"))) == []
        return outcome

    def on(self, host):
        return resolve_overrides(tomllib.loads(self.file.read_text()), host, "linux")

    def lines(self):
        """Return the lines that were removed from the file, and those that came."""
        before, after = SESSION.splitlines(), self.file.read_text().splitlines()
        return (
            [line for line in before if line not in after],
            [line for line in after if line not in before],
        )


@pytest.fixture
def machines(tmp_path):
    return Machines(tmp_path)


def with_pane(workspace, window, pane, **changes):
    windows = list(workspace.windows)
    panes = list(windows[window].panes)
    panes[pane] = panes[pane]._replace(**changes)
    windows[window] = windows[window]._replace(panes=tuple(panes))
    return workspace._replace(windows=tuple(windows))


@pytest.mark.parametrize("host", ["laptop", "server", "other"])
def test_what_stands_as_the_file_says_on_a_machine_writes_nothing(machines, host):
    assert not machines.save(host, machines.stands(host)).is_change
    assert machines.file.read_text() == SESSION


def test_a_directory_that_an_override_says_is_changed_in_the_override(machines):
    others = [machines.on("server"), machines.on("other")]
    stands = machines.stands("laptop")
    machines.save("laptop", with_pane(stands, 1, 0, cwd="/opt/log"))
    assert machines.lines() == (
        ['  panes = [{ name = "tail", cwd = "~/log", run = ["tail", "-f", "messages"] }]'],
        ['  panes = [{ name = "tail", cwd = "/opt/log", run = ["tail", "-f", "messages"] }]'],
    )
    assert [machines.on("server"), machines.on("other")] == others


def test_the_root_of_a_machine_is_changed_in_its_override_with_its_comment(machines):
    stands = machines.stands("laptop")
    windows = tuple(
        window._replace(
            panes=tuple(
                pane._replace(cwd=pane.cwd.replace("/opt/api", "/opt/api2"))
                for pane in window.panes
            )
        )
        for window in stands.windows
    )
    machines.save("laptop", stands._replace(root="/opt/api2", windows=windows))
    assert machines.lines() == (
        ['root = "/opt/api"  # a faster disk'],
        ['root = "/opt/api2"  # a faster disk'],
    )


def test_a_value_of_the_session_itself_is_changed_there(machines):
    stands = machines.stands("laptop")
    machines.save("laptop", with_pane(stands, 0, 0, run=("nvim", "x.py")))
    assert machines.lines()[1] == ['panes = [{ run = ["nvim", "x.py"] }, { cwd = "docs" }]']


def test_a_variable_of_a_machine_is_changed_and_removed_in_its_override(machines):
    stands = machines.stands("server")
    assert stands.env == {"STAGE": "live"}
    machines.save("server", stands)
    machines.save("server", stands._replace(env={"STAGE": "test"}))
    assert machines.lines()[1] == ['env = { STAGE = "test" }']
    machines.save("server", stands._replace(env={}))
    assert "STAGE" not in machines.file.read_text()


def test_a_window_that_only_one_machine_has_is_changed_in_its_override(machines):
    stands = machines.stands("server")
    machines.save("server", stands)
    machines.save("server", with_pane(stands, 2, 0, run=("top", "-d", "1")))
    assert '{ name = "top", panes = [{ run = ["top", "-d", "1"] }] }' in machines.file.read_text()
    assert [window["name"] for window in machines.on("other")["windows"]] == ["editor", "logs"]


def test_a_renamed_window_is_renamed_for_all_machines(machines):
    stands = machines.stands("laptop")
    machines.save("laptop", stands)
    windows = (stands.windows[0], stands.windows[1]._replace(name="trouble"))
    machines.save("laptop", stands._replace(windows=windows))
    names = [[w["name"] for w in machines.on(host)["windows"]] for host in ("laptop", "server")]
    assert names == [["editor", "trouble"], ["editor", "trouble", "top"]]


def test_a_closed_window_is_closed_for_all_machines(machines):
    stands = machines.stands("laptop")
    machines.save("laptop", stands)
    machines.save("laptop", stands._replace(windows=stands.windows[:1]))
    names = [[w["name"] for w in machines.on(host)["windows"]] for host in ("laptop", "server")]
    assert names == [["editor"], ["editor", "top"]]
    assert "# the laptop keeps its sources elsewhere" in machines.file.read_text()


def test_a_new_window_between_those_of_an_override_comes_where_it_belongs(machines):
    stands = machines.stands("server")
    machines.save("server", stands)
    new = WorkspaceWindow("new", (WorkspacePane(cwd=stands.root),), number=3)
    first, second, third = stands.windows
    machines.save("server", stands._replace(windows=(first, second, third, new)))
    text = machines.file.read_text()
    assert text.index('name = "new"') < text.index("[[overrides]]")
    assert not machines.save("server", Workspace(**machines_fields(machines, "server"))).is_change


def machines_fields(machines, host):
    return machines.stands(host)._asdict()


def test_short_forms_in_an_override_stay_while_they_lead_there(machines):
    stands = machines.stands("laptop")
    real = str(machines.home / "log")
    assert stands.windows[1].panes[0].cwd == real
    machines.save("laptop", with_pane(stands, 1, 0, run=("tail", "-f", "kern.log")))
    assert 'cwd = "~/log", run = ["tail", "-f", "kern.log"]' in machines.file.read_text()


def test_edits_by_hand_in_an_override_and_changes_of_the_session_are_merged(machines):
    stands = machines.stands("laptop")
    machines.save("laptop", stands)
    text = machines.file.read_text().replace('STAGE = "live"', 'STAGE = "prod"')
    machines.file.write_text(text.replace("# a faster disk", "# the fast disk"))
    outcome = machines.save("laptop", with_pane(stands, 1, 0, run=("tail", "-f", "kern.log")))
    assert outcome.conflicts == ()
    after = machines.file.read_text()
    assert 'STAGE = "prod"' in after
    assert "# the fast disk" in after
    assert "kern.log" in after
