"""What is declared late: which commands are known without click."""

from __future__ import annotations

import click as real

from sessionctl.cli.start.late_click import click


def test_a_command_is_known_where_click_and_its_context_have_no_part_in_it():
    @click.command("plain")
    @click.option("--x", "x")
    def plain(x):
        """Do it."""

    @click.command("object")
    @click.pass_obj
    def of_object(console):
        """Do it."""

    @click.command("context")
    @click.pass_context
    def of_context(context):
        """Do it."""

    @click.command("mixed")
    @real.option("--x")
    def mixed(x):
        """Do it."""

    commands = (plain, of_object, of_context, mixed)
    assert [one.is_all_late for one in commands] == [True, True, False, False]
    assert [one.passes_object for one in commands] == [False, True, False, False]
    assert [len(one.parameters) for one in commands] == [1, 0, 0, 0]
