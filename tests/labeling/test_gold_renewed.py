"""L07: gold that is older than the policy lets it be is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.catalog.models import AssetVersion
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.labeling.checks.terms import Verdict
from apps.labeling.commands import review_label_set
from apps.labeling.models import LabelSet
from tests.factories import accounts, labels

pytestmark = pytest.mark.django_db


def told(made: Any) -> list[dict[str, Any]]:
    return [each["reason"]["facts"] for each in made.findings if each["reason"]["code"] == "LABELS_GOLD_OLD"]


def sets(version: AssetVersion, *, days: int) -> tuple[LabelSet, LabelSet]:
    """The first was brought so many days before the second, which has its gold and ten items more."""
    first = labels.brought(version, at=database_now() - timedelta(days=days))
    more = "".join(f"\nmore-{item},expert,shale,1\nmore-{item},7,shale,0" for item in range(10))
    return first, labels.brought(version, labels.repeated(first, wrong=0) + more.encode())


def test_gold_that_is_known_for_longer_is_told_and_hinders_nothing() -> None:
    version = labels.labeled_version(accounts.world().domain, gold_days=2)
    first, second = sets(version, days=3)
    assert told(first) == []
    assert told(second) == [{"days": 2, "items": 130, "old": 120}]
    assert second.verdict == Verdict.RELEASE
    for made in (first, second):
        assert told(review_label_set(actor=SYSTEM, label_set_id=made.uid)) == told(made)


@pytest.mark.parametrize(("given", "days"), [({"gold_days": 5}, 3), ({}, 3)])
def test_gold_that_is_young_and_policies_that_say_nothing_tell_nothing(
    given: dict[str, Any], days: int
) -> None:
    _first, second = sets(labels.labeled_version(accounts.world().domain, **given), days=days)
    assert told(second) == []
