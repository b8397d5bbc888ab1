"""A schema that asks for too much: the scan goes on without it, and soon without trying."""

from __future__ import annotations

import json

from sessionctl.core.schema.check import budget
from sessionctl.services.scanning.file_scan import Scanner
from tests.hostile_schemas import doubling

TEXT = '#:schema h.json\nuser = "ada"\npassword = "hunter2hunter2"\n'


def test_the_second_file_of_such_a_schema_gets_few_steps_and_both_are_scanned(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(budget, "STEPS", 40)
    monkeypatch.setattr(budget, "MOST_STEPS", 40)
    schema = doubling("allOf")
    (tmp_path / "h.json").write_text(json.dumps(schema))
    files = [tmp_path / f"{name}.toml" for name in "ab"]
    for file in files:
        file.write_text(TEXT)
    scanner = Scanner()
    limits = []
    for file in files:
        [problem] = scanner.scan(str(file)).problems
        assert problem.message == "a password is in plain text here"
        limits.append(scanner._schema(str(file), TEXT).budget)
    assert [one.spent_on for one in limits] == [str(files[0])] * 2
    assert limits[1].limit == 40 // budget.SPENT_PART
