"""Each sample becomes what is written below it: the session, and a line for all that is lost."""

from __future__ import annotations

import pytest

from tests.core.importers import reading_tools  # noqa: F401 - skips without the libraries
from tests.core.importers.sample_files import KINDS, become, samples
from tests.together import together

ALL = [sample for kind in KINDS for sample in samples(kind)]


@together("sample", ALL, ids=lambda sample: f"{sample.kind}: {sample.name}")
def test_a_sample_becomes_what_is_written_below_it(sample):
    assert become(sample) == sample.becomes


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_enough_samples_of_each_kind(kind):
    assert len(samples(kind)) >= 20
