"""The checks that records answer beside a file: each says nothing where nobody looked them up."""

from __future__ import annotations

from collections.abc import Iterator

from apps.labeling.checks.around import Around, Shares
from apps.labeling.checks.drift import Now, of_sets
from apps.labeling.checks.erasing import erased
from apps.labeling.checks.leakage import leaked
from apps.labeling.checks.measured import Measured
from apps.labeling.checks.redaction import redacted
from apps.labeling.checks.renewal import renewed
from apps.labeling.checks.settling import settled_apart
from apps.labeling.checks.subgroups import compared
from apps.labeling.checks.terms import Finding, Terms
from apps.labeling.checks.twins import twins
from apps.labeling.checks.who import of_cited, of_roster


def of_records(found: Measured, terms: Terms, around: Around) -> Iterator[Finding]:
    if around.items is not None:
        yield from compared(around.items, found.subgroups, terms)
        yield from leaked(around.items, terms)
    if around.redaction is not None:
        yield from redacted(around.redaction, terms, around.when)
    if around.erasures is not None:
        yield from erased(around.erasures)
    if around.cited is not None:
        yield from of_cited(around.cited, around.when)
    if around.roster is not None:
        yield from of_roster(found, around.roster, around.when.work)
    if around.settled is not None:
        yield from settled_apart(around.settled)
    yield from twins(around.alike, around.same_bytes)
    if around.gold is not None:
        yield from renewed(around.gold)
    if around.before is not None:
        yield from of_sets(_now(found), around.before)


def _now(found: Measured) -> Now:
    interval = found.agreement.interval
    return Now(
        agreement=(interval.lower, interval.upper),
        coefficient=found.agreement.coefficient.value,
        gold=(found.gold.lower, found.gold.upper),
        classes=tuple(
            Shares(
                is_of_regions=part.is_of_regions,
                items=part.answered,
                by_label={each.value: each.share for each in part.classes},
            )
            for part in found.parts
        ),
    )
