"""The checks that records answer beside a file: each says nothing where nobody looked them up."""

from __future__ import annotations

from collections.abc import Iterator

from apps.labeling.checks.around import Around
from apps.labeling.checks.erasing import erased
from apps.labeling.checks.leakage import leaked
from apps.labeling.checks.measured import Measured
from apps.labeling.checks.redaction import redacted
from apps.labeling.checks.subgroups import compared
from apps.labeling.checks.terms import Finding, Terms


def of_records(found: Measured, terms: Terms, around: Around) -> Iterator[Finding]:
    if around.items is not None:
        yield from compared(around.items, found.subgroups, terms)
        yield from leaked(around.items)
    if around.redaction is not None:
        yield from redacted(around.redaction, terms)
    if around.erasures is not None:
        yield from erased(around.erasures)
