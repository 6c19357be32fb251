"""Keys of those who label: with their place on the roster the right to take one ends, and so does the key."""

from __future__ import annotations

from typing import Any

import pytest

from apps.access.models import Grant, Request
from apps.access.queries.requests import current_decision
from apps.access.tasks import reevaluate, reevaluate_requests_after_check
from apps.catalog.models import Asset
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecord
from apps.credentials.commands import take_credential
from apps.credentials.models import Lease
from apps.credentials.tasks import recheck_every_key, recheck_keys, recheck_keys_after_check
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError, RuleBroken
from apps.kernel.events import subscribers_of
from apps.labeling.commands import change_annotator, end_annotator, lift_pause
from apps.labeling.events import AnnotatorPaused, AnnotatorPauseLifted, RedactionChecked
from apps.labeling.models import Annotator
from tests.factories import labels, lakes, roster
from tests.factories.lakes import Place
from tests.factories.records import kept, labeling_policy, restated
from tests.lab.demo_lake import DemoLake

LABEL = ("label",)


def governed(place: Place, asset: Asset, **given: Any) -> LegalRecord:
    content = labeling_policy(place.purpose.uid, datasets=(asset.uid,), **given)
    return kept(place.organization, LABELING_POLICIES, content, stage="active")


def listed(place: Place, policy: LegalRecord) -> Annotator:
    return roster.entered(policy, "17", person_id=place.scientist.person.uid)


def take(place: Place, grant: Grant) -> Lease:
    lease: Lease = take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease
    return lease


@pytest.fixture
def held(place: Place, lake: DemoLake) -> tuple[Annotator, Grant]:
    """Somebody on the roster, with a grant to label."""
    asset = lakes.dataset(place)
    row = listed(place, governed(place, asset))
    return row, lakes.grant(place, asset, actions=LABEL)


def test_who_is_not_on_the_roster_gets_no_grant(place: Place) -> None:
    asset = lakes.dataset(place)
    governed(place, asset)
    with pytest.raises(RuleBroken) as refused:
        lakes.ask(place, asset, actions=LABEL)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.facts["missing"]) == ("LABELER_NOT_QUALIFIED", ("roster",))
    assert lakes.grant(place, asset, actions=("read",)).state == "active"


def test_data_without_a_policy_are_labeled_as_before(place: Place) -> None:
    assert lakes.grant(place, lakes.dataset(place), actions=LABEL).state == "active"


def test_who_is_on_it_takes_keys_until_they_are_taken_off(
    place: Place, held: tuple[Annotator, Grant]
) -> None:
    row, grant = held
    assert take(place, grant).state == "issued"
    end_annotator(actor=SYSTEM, annotator_id=row.uid)
    with pytest.raises(LakewardenError) as refused:
        take(place, grant)
    assert "LABELER_NOT_QUALIFIED" in {reason.code for reason in refused.value.reasons}


def test_a_key_ends_with_the_place_on_the_roster(place: Place, held: tuple[Annotator, Grant]) -> None:
    row, grant = held
    lease = take(place, grant)
    recheck_keys()
    lease.refresh_from_db()
    assert lease.state == "issued"
    end_annotator(actor=SYSTEM, annotator_id=row.uid)
    recheck_keys()
    lease.refresh_from_db()
    assert lease.state in {"revoke_requested", "revoked"}


def test_a_policy_that_asks_for_more_is_held_against_the_roster(
    place: Place, held: tuple[Annotator, Grant]
) -> None:
    row, grant = held
    datasets = (grant.asset.uid,)
    restated(row.policy, labeling_policy(place.purpose.uid, datasets=datasets, test_score="0.97"))
    with pytest.raises(LakewardenError):
        take(place, grant)
    better = roster.somebody(test_score=0.98)
    change_annotator(actor=SYSTEM, annotator_id=row.uid, draft=better)
    assert take(place, grant).state == "issued"


def codes_of(request: Request) -> set[str]:
    """What hinders it now."""
    assert request.revision is not None
    found = current_decision(request.revision).trace["findings"]
    return {reason["code"] for each in found if each["effect"] == "block" for reason in each["reasons"]}


REDACTED = {"is_redacted": True, "redaction": "By hand."}


def test_keys_are_given_when_names_were_taken_out_and_end_where_a_later_check_meets_some(
    place: Place, lake: DemoLake
) -> None:
    asset = lakes.dataset(place)
    version = asset.versions.get()
    listed(place, governed(place, asset, **REDACTED))
    waiting = lakes.ask(place, asset, actions=LABEL)
    reevaluate(str(waiting.uid))
    assert codes_of(waiting) == {"LABELING_UNREDACTED"}
    labels.redaction_noted(version, seeds_found=380)
    reevaluate(str(waiting.uid))
    assert codes_of(waiting) == {"LABELING_REDACTION_MISSED"}
    assert not Grant.objects.filter(revision=waiting.revision).exists()
    labels.redaction_noted(version)
    reevaluate(str(waiting.uid))
    lease = take(place, Grant.objects.get(revision=waiting.revision))
    good = labels.redaction_noted(version)
    recheck_keys_after_check(good.uid)
    lease.refresh_from_db()
    assert lease.state == "issued"
    missed = labels.redaction_noted(version, direct_identifiers=1)
    recheck_keys_after_check(missed.uid)
    lease.refresh_from_db()
    assert lease.state in {"revoke_requested", "revoked"}


def test_a_check_wakes_the_requests_for_its_version_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset, other = (lakes.dataset(place, prefix) for prefix in ("ds/a/", "ds/b/"))
    for each in (asset, other):
        listed(place, governed(place, each, **REDACTED))
    waiting, _another = (lakes.ask(place, each, actions=LABEL) for each in (asset, other))
    woken: list[str] = []
    monkeypatch.setattr(reevaluate, "delay", woken.append)
    reevaluate_requests_after_check(labels.redaction_noted(asset.versions.get()).uid)
    assert woken == [str(waiting.uid)]


def test_a_check_is_told_to_keys_and_requests() -> None:
    told = set(subscribers_of(RedactionChecked.name).values())
    assert {recheck_keys_after_check, reevaluate_requests_after_check} <= told


def test_a_key_ends_where_its_holder_is_paused(place: Place, held: tuple[Annotator, Grant]) -> None:
    row, grant = held
    lease = take(place, grant)
    for event in (AnnotatorPaused, AnnotatorPauseLifted):
        assert recheck_every_key in subscribers_of(event.name).values()
    roster.paused(row, grant.asset.versions.get())
    recheck_keys()
    lease.refresh_from_db()
    assert lease.state in {"revoke_requested", "revoked"}
    with pytest.raises(LakewardenError) as refused:
        take(place, grant)
    assert "LABELER_PAUSED" in {reason.code for reason in refused.value.reasons}
    lift_pause(actor=SYSTEM, annotator_id=row.uid, why="They were trained anew.")
    assert take(place, grant).state == "issued"
