"""Keys to data that were closed: they end, none is given, and whoever had one is told. At the real lake."""

from __future__ import annotations

import pytest

from apps.access.models import GrantMode, Recall
from apps.access.tasks import act_on_occurrence
from apps.catalog.models import AssetVersion
from apps.compliance.commands import impact_of_taking_effect, leave_rows_out
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Occurrence
from apps.compliance.tasks import extend_occurrences
from apps.credentials.commands import take_credential
from apps.credentials.models import Lease
from apps.credentials.tasks import recall_and_cut
from apps.kernel.errors import InvalidState
from tests.access.refusals import refused
from tests.credentials.test_end_of_a_key import taken_by, works
from tests.factories import lakes
from tests.factories.lakes import Place
from tests.factories.occurrences import drafted, in_effect
from tests.lab.demo_lake import DemoLake


def occurs(place: Place, happening: Happening, version: AssetVersion) -> Occurrence:
    approver = place.officer2.actor if happening is Happening.ERASURE_GRANTED else None
    return in_effect(place.organization, happening, version, approver=approver)


@pytest.mark.parametrize("happening", [Happening.ERASURE_GRANTED, Happening.UNLAWFUL_COLLECTION])
def test_a_key_ends_none_is_given_and_whoever_had_one_attests(
    place: Place, lake: DemoLake, happening: Happening
) -> None:
    asset = lakes.dataset(place)
    used, unused = lakes.grant(place, asset), lakes.grant(place, asset)
    lease, client = taken_by(place, used, lake)
    assert works(client)
    occurrence = occurs(place, happening, asset.versions.get())
    with refused(InvalidState, "VERSION_CLOSED"):  # by computation, before anybody tidied up
        take_credential(actor=place.scientist.actor, grant_id=used.uid)
    recall_and_cut(occurrence.uid)
    act_on_occurrence(occurrence.uid)
    assert not works(client)
    assert Lease.objects.get(pk=lease.pk).state == "revoked"
    assert [recall.grant_id for recall in Recall.objects.filter(due_on__isnull=False)] == [used.pk]
    assert unused.pk != used.pk


def test_a_key_of_a_grant_that_follows_opens_only_the_version_without_the_rows(
    place: Place, lake: DemoLake
) -> None:
    asset = lakes.dataset(place)
    grant = lakes.grant(place, asset, mode=GrantMode.FOLLOWING)
    occurrence = occurs(place, Happening.ERASURE_GRANTED, asset.versions.get())
    later = lakes.version_at(place, asset, "ds/b/")
    lakes.classified(place, later, "open")
    extend_occurrences(str(asset.uid))
    with refused(InvalidState, "VERSION_CLOSED"):
        take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    leave_rows_out(actor=place.steward.actor, asset_version_id=later.uid, evidence="Run 12.")
    act_on_occurrence(occurrence.uid)
    lease, _client = taken_by(place, grant, lake)
    assert [scope.version_id for scope in lease.scopes.all()] == [later.pk]


def test_the_preview_tells_of_keys(place: Place, lake: DemoLake) -> None:
    asset = lakes.dataset(place)
    lease, _client = taken_by(place, lakes.grant(place, asset), lake)
    draft = drafted(place.organization, Happening.UNLAWFUL_COLLECTION, asset.versions.get())
    told = impact_of_taking_effect(actor=place.officer.actor, occurrence_id=draft.uid).affected
    assert ("lease", lease.uid) in {(each.kind, each.uid) for each in told}
