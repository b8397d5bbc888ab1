from __future__ import annotations

import pytest

from tests.git.inprocess import run_inside

HEAD = 'schema_version = 1\nid = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"\nname = "x"\n'
SECRET = '{ secret = "prod.password" }'


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            f'driver = "postgres"\nhost = "db"\npassword = {SECRET}',
            "sessionctl secret exec --env PGPASSWORD=prod.password x.session.toml -- psql",
        ),
        (
            f'driver = "http"\nurl = "https://api.example.org"\ntoken = {SECRET}',
            "sessionctl secret exec --env SESSIONCTL_TOKEN=prod.password x.session.toml -- curl",
        ),
        (f'driver = "ssh"\nhost = "build"\npassword = {SECRET}', "ssh -- build\n"),
        ('driver = "http"\nurl = "https://api.example.org/v1"', "curl --include https://api."),
    ],
)
def test_the_command_names_the_secrets_that_it_needs_without_reading_any(tmp_path, settings, line):
    (tmp_path / "x.session.toml").write_text(f"{HEAD}[connections.c]\n{settings}\n")
    done = run_inside("connect", "x.session.toml", "c", "--print", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(line)


def test_a_setting_that_cannot_work_is_named_and_no_command_printed(tmp_path):
    settings = 'driver = "ssh"\nhost = "build"\nidentity_file = "none"\n'
    (tmp_path / "x.session.toml").write_text(f"{HEAD}[connections.c]\n{settings}")
    done = run_inside("connect", "x.session.toml", "c", "--print", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "x.session.toml:7:17: connections.c.identity_file: " in done.stderr
    assert "none: no such file" in done.stderr
    done = run_inside("connect", "x.session.toml", "c", "--print", "--json", cwd=tmp_path)
    assert (done.returncode, '"state": "stopped"' in done.stdout) == (3, True)
