"""The checks that records answer beside a file: each says nothing where nobody looked them up."""

from __future__ import annotations

from collections.abc import Iterator

from apps.labeling.checks.around import Around
from apps.labeling.checks.measured import Measured
from apps.labeling.checks.terms import Finding, Terms


def of_records(found: Measured, terms: Terms, around: Around) -> Iterator[Finding]:
    yield from ()
