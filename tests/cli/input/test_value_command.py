"""Commands that read words which may be values: what counts as an option, and what does not."""

from __future__ import annotations

import click

from sessionctl.cli.input.value_command import ProgramCommand
from tests.together import together

_PROGRAM = ProgramCommand(
    "exec",
    params=[
        click.Argument(["file"]),
        click.Argument(["argv"], nargs=-1, type=click.UNPROCESSED),
        click.Option(["--env"], multiple=True),
        click.Option(["-q"], is_flag=True),
    ],
    context_settings={"allow_interspersed_args": False},
)


@together(
    ("typed", "file", "env", "program"),
    [
        ("--env A=b api -- env", "api", ("A=b",), ("--", "env")),
        ("api --env A=b -- env", "api", ("A=b",), ("--", "env")),
        (
            "api --env=A=b -q --env C=d env --env E=f",
            "api",
            ("A=b", "C=d"),
            ("env", "--env", "E=f"),
        ),
        ("--env A=b api -q sh -c x -- y", "api", ("A=b",), ("sh", "-c", "x", "--", "y")),
        ("api -- env --env A=b", "api", (), ("--", "env", "--env", "A=b")),
        ("-- -odd --env A=b", "-odd", (), ("--env", "A=b")),
        ("api", "api", (), ()),
    ],
)
def test_options_of_the_command_come_before_the_program_on_either_side_of_the_file(
    typed, file, env, program
):
    given = _PROGRAM.make_context("exec", typed.split()).params
    assert (given["file"], given["env"], given["argv"]) == (file, env, program)
